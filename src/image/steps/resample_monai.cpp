#include "image/steps/resample_monai.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/parallel.hpp"
#include "image/sampling_grid.hpp"

namespace musclemap::image {
namespace {

SamplingGrid grid_of(const ResampleMonai& step, const Grid& from) {
  return sampling_grid(from.shape, from.to_world, step.spacing_mm);
}

class Resampled : public Field {
 public:
  Resampled(Field& below, Resampler resampler, int threads)
      : below_(below), resampler_(std::move(resampler)), threads_(threads) {}

  void read(const Block& block, float* out) override {
    const std::int64_t nz = block.shape()[2];
    for (std::int64_t n = 0; n < nz; ++n) read_slice(slice_of(block, block.begin[2] + n), nz, out + n);
  }

 private:
  void hold(std::int64_t z) {
    const SliceRange range = resampler_.source_slices(z);
    std::map<std::int64_t, std::vector<float>> needed;
    const Block all = whole(resampler_.source_shape());
    for (std::int64_t s = range.begin; s < range.end; ++s) {
      const auto held = held_.find(s);
      needed[s] = held != held_.end() ? std::move(held->second) : below_.values(slice_of(all, s));
    }
    held_ = std::move(needed);
  }

  // Values lie `step` floats apart.
  void read_slice(const Block& slice, std::int64_t step, float* out) {
    const std::int64_t z = slice.begin[2];
    hold(z);
    const auto slice_of_source = [&](std::int64_t s) { return held_.find(s)->second.data(); };
    const std::int64_t ny = slice.shape()[1];
    base::parallel_for(slice.shape()[0], threads_, [&](std::int64_t n) {
      thread_local SampleRow row;
      resampler_.row(slice.begin[0] + n, z, &row);
      float* to = out + n * ny * step;
      for (std::int64_t y = slice.begin[1]; y < slice.end[1]; ++y, to += step)
        *to = sample(resampler_, row, static_cast<std::size_t>(y), slice_of_source);
    });
  }

  Field& below_;
  Resampler resampler_;
  int threads_;
  std::map<std::int64_t, std::vector<float>> held_;
};

}  // namespace

Grid forward(const ResampleMonai& step, const Grid& from, const Measured&) {
  const SamplingGrid grid = grid_of(step, from);
  return {grid.shape, grid.to_world};
}

std::unique_ptr<Field> apply(const ResampleMonai& step, Field& below, const Grid& from, const Measured&,
                             int threads) {
  const SamplingGrid grid = grid_of(step, from);
  if (grid.identity) return nullptr;
  return std::make_unique<Resampled>(below, Resampler(from.shape, grid.shape, grid.to_source), threads);
}

void undo(const ResampleMonai& step, const Grid& from, const Measured&, WayBack* back) {
  const SamplingGrid grid = grid_of(step, from);
  back->target = from.shape;
  if (!grid.identity)
    back->resampler = std::make_shared<const Resampler>(grid.shape, from.shape, grid.from_source);
}

std::size_t held_bytes(const ResampleMonai& step, const Grid& from, int /*channels*/) {
  const SamplingGrid grid = grid_of(step, from);
  if (grid.identity) return 0;
  const Resampler resampler(from.shape, grid.shape, grid.to_source);
  std::int64_t most = 0;
  for (std::int64_t z = 0; z < grid.shape[2]; ++z) {
    const SliceRange range = resampler.source_slices(z);
    most = std::max(most, range.end - range.begin);
  }
  return static_cast<std::size_t>(most * from.shape[0] * from.shape[1]) * sizeof(float);
}

}  // namespace musclemap::image
