#include "infer/mirrored_run.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/aligned.hpp"
#include "base/parallel.hpp"

namespace musclemap::infer {
namespace {

using Flags = std::array<bool, 3>;  // of the axes z, y, x

// Every combination of at least one axis, as itertools.combinations() of 1, 2, .. of them gives them.
std::vector<Flags> combinations(const std::vector<int>& axes, int spatial_axes) {
  std::vector<std::vector<std::size_t>> chosen;
  for (std::size_t bits = 1; bits < std::size_t{1} << axes.size(); ++bits) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < axes.size(); ++i) {
      if ((bits >> i & 1U) != 0) places.push_back(i);
    }
    chosen.push_back(places);
  }
  std::sort(chosen.begin(), chosen.end(),
            [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  std::vector<Flags> result;
  for (const std::vector<std::size_t>& places : chosen) {
    Flags flags{};
    for (const std::size_t i : places) flags[static_cast<std::size_t>(axes[i] + 3 - spatial_axes)] = true;
    result.push_back(flags);
  }
  return result;
}

/// Calls row(from, to) for every row of the maps, numbered [map][z][y], that mirroring takes to one another.
class Mirror {
 public:
  Mirror(const std::vector<std::int64_t>& shape, const Flags& flags)
      : nz_(shape.size() == 5 ? shape[2] : 1),
        ny_(shape[shape.size() - 2]),
        nx_(shape[shape.size() - 1]),
        flags_(flags) {}

  template <class Take>
  void maps(const float* from, std::int64_t count, int threads, float* to, const Take& take) const {
    base::parallel_for(count * nz_, threads, [&](std::int64_t item) {
      const std::int64_t z = item % nz_;
      const std::int64_t plane = item - z + (flags_[0] ? nz_ - 1 - z : z);
      for (std::int64_t y = 0; y < ny_; ++y) {
        const float* row = from + (plane * ny_ + (flags_[1] ? ny_ - 1 - y : y)) * nx_;
        float* out = to + (item * ny_ + y) * nx_;
        for (std::int64_t x = 0; x < nx_; ++x) take(row[flags_[2] ? nx_ - 1 - x : x], out + x);
      }
    });
  }

 private:
  std::int64_t nz_;
  std::int64_t ny_;
  std::int64_t nx_;
  Flags flags_;
};

}  // namespace

void mirrored_run(Engine& engine, const std::vector<float>& window, const std::vector<std::int64_t>& shape,
                  std::int64_t classes, const std::vector<int>& axes, int threads, const ScoreTaker& taker) {
  if (axes.empty()) return engine.stream(window.data(), shape, classes, threads, taker);
  const std::int64_t channels = shape[1];
  const std::int64_t voxels = static_cast<std::int64_t>(window.size()) / channels;
  // Of their own for every window: their pages are taken once the network has given back its maps.
  base::AlignedFloats scores(classes * voxels);
  engine.run(window.data(), shape, classes, scores.data());
  std::vector<float> mirrored(window.size());
  const std::vector<Flags> all = combinations(axes, static_cast<int>(shape.size()) - 2);
  for (const Flags& flags : all) {
    const Mirror mirror(shape, flags);
    mirror.maps(window.data(), channels, threads, mirrored.data(),
                [](float value, float* out) { *out = value; });
    base::AlignedFloats others(classes * voxels);
    engine.run(mirrored.data(), shape, classes, others.data());
    mirror.maps(others.data(), classes, threads, scores.data(),
                [](float value, float* out) { *out += value; });
  }
  const auto count = static_cast<float>(all.size() + 1);
  base::parallel_for(classes, threads, [&](std::int64_t c) {
    float* of_class = scores.data() + c * voxels;
    for (std::int64_t i = 0; i < voxels; ++i) of_class[i] /= count;
  });
  take_rows(scores.data(), shape, threads, taker);
}

}  // namespace musclemap::infer
