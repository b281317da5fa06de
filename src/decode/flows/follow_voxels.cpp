// After steps3D of cellpose/dynamics.py, Cellpose 3.1.1.2.
#include "decode/flows/follow_voxels.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

#include "base/parallel.hpp"
#include "base/progress.hpp"

namespace musclemap::decode {
namespace {

// z, y, x.
using Voxel = std::array<float, 3>;

class StepsOfVoxels {
 public:
  explicit StepsOfVoxels(const Foreground& foreground)
      : shape_(foreground.shape()),
        last_{static_cast<float>(shape_.depth - 1), static_cast<float>(shape_.height - 1),
              static_cast<float>(shape_.width - 1)},
        number_(static_cast<std::size_t>(shape_.pixels()), 0),
        steps_(static_cast<std::size_t>(foreground.pixels()) + 1) {
    for (std::int64_t row = 0; row < shape_.rows(); ++row) {
      foreground.for_runs(row, [&](const ForegroundRun& run, const float* steps) {
        std::uint32_t number = run.first;
        for (std::int32_t x = run.begin; x < run.end; ++x, steps += 3) {
          number_[static_cast<std::size_t>(row * shape_.width + x)] = ++number;
          steps_[number] = {steps[0], steps[1], steps[2]};
        }
      });
    }
  }

  std::size_t index(const Voxel& at) const {
    const auto z = static_cast<std::int64_t>(at[0]);
    const auto y = static_cast<std::int64_t>(at[1]);
    return static_cast<std::size_t>((z * shape_.height + y) * shape_.width +
                                    static_cast<std::int64_t>(at[2]));
  }

  Voxel end_of(Voxel at, std::int64_t steps) const {
    Voxel before;
    before.fill(std::numeric_limits<float>::quiet_NaN());
    for (std::int64_t left = steps; left > 0; --left) {
      const Voxel& step = steps_[number_[index(at)]];
      Voxel next;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        next[axis] = std::clamp(at[axis] + step[axis], 0.0F, last_[axis]);
      }
      if (next == at) return at;
      // Of two positions in turns the one that an even number of steps leads to.
      if (next == before) return left % 2 == 0 ? at : next;
      before = at;
      at = next;
    }
    return at;
  }

 private:
  FlowShape shape_;
  Voxel last_;
  std::vector<std::uint32_t> number_;  // of a voxel's step; 0: no foreground
  std::vector<Voxel> steps_;           // the first is 0
};

}  // namespace

FlowEnds follow_voxels(const Foreground& foreground, const FollowOptions& options,
                       const RunControl& control) {
  const StepsOfVoxels field(foreground);
  const FlowShape& shape = foreground.shape();
  const auto pixels = static_cast<std::size_t>(foreground.pixels());
  FlowEnds ends;
  ends.pixels.resize(pixels);
  if (options.positions) ends.positions.resize(3 * pixels);
  base::parallel_for(shape.rows(), base::resolve_threads(control.threads), [&](std::int64_t row) {
    base::stop_if_cancelled(control);
    foreground.for_runs(row, [&](const ForegroundRun& run, const float* /*steps*/) {
      for (std::int32_t x = run.begin; x < run.end; ++x) {
        const std::size_t pixel = run.first + static_cast<std::size_t>(x - run.begin);
        const std::int64_t plane = row / shape.height;
        const Voxel end = field.end_of(
            {static_cast<float>(plane), static_cast<float>(row % shape.height), static_cast<float>(x)},
            options.steps);
        ends.pixels[pixel] = static_cast<std::uint32_t>(field.index(end));
        for (std::size_t axis = 0; options.positions && axis < 3; ++axis) {
          ends.positions[axis * pixels + pixel] = end[axis];
        }
      }
    });
  });
  return ends;
}

}  // namespace musclemap::decode
