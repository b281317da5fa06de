#include "decode/flows/grid_sample.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "base/aligned.hpp"
#include "base/parallel.hpp"
#include "base/progress.hpp"

namespace musclemap::decode {
namespace {

// Along each axis, the slowest first.
template <std::size_t Axes>
using Position = std::array<float, Axes>;

// Of one axis at a position: the pixel before it, counted from the border of zeros, and the weights of that
// and the next.
struct Share {
  std::int64_t first;
  float before;
  float behind;
};

// The steps, dense, with a pixel of zeros around, in units of positions.
template <std::size_t Axes>
class Field {
 public:
  Field(const Foreground& foreground, int threads) : steps_(0) {
    const FlowShape& shape = foreground.shape();
    if constexpr (Axes == 3) sizes_[0] = shape.depth;
    sizes_[Axes - 2] = shape.height;
    sizes_[Axes - 1] = shape.width;
    strides_[Axes - 1] = Axes;
    for (std::size_t axis = Axes - 1; axis > 0; --axis) {
      strides_[axis - 1] = strides_[axis] * (sizes_[axis] + 2);
    }
    steps_ = base::AlignedFloats(strides_[0] * (sizes_[0] + 2));
    Position<Axes> scale;
    for (std::size_t axis = 0; axis < Axes; ++axis) {
      scale[axis] = sizes_[axis] > 1 ? static_cast<float>(2.0 / static_cast<double>(sizes_[axis] - 1)) : 0;
    }
    base::parallel_for(shape.rows(), threads, [&](std::int64_t row) {
      std::int64_t begin = strides_[Axes - 1] + strides_[Axes - 2] * (row % shape.height + 1);
      if constexpr (Axes == 3) begin += strides_[0] * (row / shape.height + 1);
      foreground.for_runs(row, [&](const ForegroundRun& run, const float* steps) {
        float* to = steps_.data() + begin + run.begin * strides_[Axes - 1];
        for (std::int32_t x = run.begin; x < run.end; ++x) {
          for (std::size_t axis = 0; axis < Axes; ++axis) *to++ = *steps++ * scale[axis];
        }
      });
    });
  }

  std::int64_t size(std::size_t axis) const { return sizes_[axis]; }

  /// One step on.
  Position<Axes> next(const Position<Axes>& at) const {
    Position<Axes> step = step_at(at);
    for (std::size_t axis = 0; axis < Axes; ++axis) {
      step[axis] = std::clamp(at[axis] + step[axis], -1.0F, 1.0F);
    }
    return step;
  }

 private:
  // Of pictures, where torch has vectors of several positions.
  Share share_of_vector(float at, std::int64_t size) const {
    const float place = std::fma(at + 1.0F, static_cast<float>(size) / 2.0F, -0.5F);
    const float first = std::floor(place);
    const float behind = place - first;
    return {static_cast<std::int64_t>(first) + 1, 1.0F - behind, behind};
  }
  Share share_of_one(float at, std::int64_t size) const {
    const float place = ((at + 1.0F) * static_cast<float>(size) - 1.0F) / 2.0F;
    const float first = std::floor(place);
    return {static_cast<std::int64_t>(first) + 1, first + 1.0F - place, place - first};
  }

  Position<Axes> step_at(const Position<Axes>& at) const {
    Position<Axes> step{};
    if constexpr (Axes == 2) {
      const Share y = share_of_vector(at[0], sizes_[0]);
      const Share x = share_of_vector(at[1], sizes_[1]);
      const float* upper = steps_.data() + y.first * strides_[0] + x.first * strides_[1];
      const float* lower = upper + strides_[0];
      for (std::size_t axis = 0; axis < 2; ++axis) {
        step[axis] = upper[axis] * (x.before * y.before);
        step[axis] = std::fma(upper[axis + 2], x.behind * y.before, step[axis]);
        step[axis] = std::fma(lower[axis], x.before * y.behind, step[axis]);
        step[axis] = std::fma(lower[axis + 2], x.behind * y.behind, step[axis]);
      }
    } else {
      const Share z = share_of_one(at[0], sizes_[0]);
      const Share y = share_of_one(at[1], sizes_[1]);
      const Share x = share_of_one(at[2], sizes_[2]);
      const float* first =
          steps_.data() + z.first * strides_[0] + y.first * strides_[1] + x.first * strides_[2];
      for (std::int64_t corner = 0; corner < 8; ++corner) {
        const std::int64_t dz = corner / 4;
        const std::int64_t dy = corner / 2 % 2;
        const std::int64_t dx = corner % 2;
        const float weight = (dx == 0 ? x.before : x.behind) * (dy == 0 ? y.before : y.behind) *
                             (dz == 0 ? z.before : z.behind);
        const float* values = first + dz * strides_[0] + dy * strides_[1] + dx * strides_[2];
        for (std::size_t axis = 0; axis < 3; ++axis) step[axis] += values[axis] * weight;
      }
    }
    return step;
  }

  std::array<std::int64_t, Axes> sizes_{};
  std::array<std::int64_t, Axes> strides_{};
  base::AlignedFloats steps_;
};

template <std::size_t Axes>
Position<Axes> end_of(const Field<Axes>& field, Position<Axes> at, std::int64_t steps) {
  Position<Axes> before;
  before.fill(std::numeric_limits<float>::quiet_NaN());
  for (std::int64_t left = steps; left > 0; --left) {
    const Position<Axes> next = field.next(at);
    if (next == at) return at;
    // Of two positions in turns the one that an even number of steps leads to.
    if (next == before) return left % 2 == 0 ? at : next;
    before = at;
    at = next;
  }
  return at;
}

template <std::size_t Axes>
FlowEnds follow_sampled(const Foreground& foreground, const FollowOptions& options,
                        const RunControl& control) {
  const int threads = base::resolve_threads(control.threads);
  const Field<Axes> field(foreground, threads);
  const FlowShape& shape = foreground.shape();
  const auto pixels = static_cast<std::size_t>(foreground.pixels());
  FlowEnds ends;
  ends.pixels.resize(pixels);
  if (options.positions) ends.positions.resize(Axes * pixels);
  Position<Axes> last;  // pixel along each axis
  for (std::size_t axis = 0; axis < Axes; ++axis) last[axis] = static_cast<float>(field.size(axis) - 1);
  base::parallel_for(shape.rows(), threads, [&](std::int64_t row) {
    base::stop_if_cancelled(control);
    foreground.for_runs(row, [&](const ForegroundRun& run, const float* /*steps*/) {
      for (std::int32_t x = run.begin; x < run.end; ++x) {
        const std::size_t pixel = run.first + static_cast<std::size_t>(x - run.begin);
        Position<Axes> at;
        const std::int64_t plane = row / shape.height;
        if constexpr (Axes == 3) at[0] = static_cast<float>(plane);
        at[Axes - 2] = static_cast<float>(row % shape.height);
        at[Axes - 1] = static_cast<float>(x);
        for (std::size_t axis = 0; axis < Axes; ++axis) {
          at[axis] = last[axis] > 0 ? at[axis] / last[axis] * 2.0F - 1.0F : 0;
        }
        at = end_of(field, at, options.steps);
        std::int64_t end = 0;
        for (std::size_t axis = 0; axis < Axes; ++axis) {
          at[axis] = (at[axis] + 1.0F) * 0.5F * last[axis];
          end = end * field.size(axis) + static_cast<std::int64_t>(at[axis]);
          if (options.positions) ends.positions[axis * pixels + pixel] = at[axis];
        }
        ends.pixels[pixel] = static_cast<std::uint32_t>(end);
      }
    });
  });
  return ends;
}

}  // namespace

FlowEnds follow_by_grid_sample(const Foreground& foreground, const FollowOptions& options,
                               const RunControl& control) {
  return foreground.shape().axes == 2 ? follow_sampled<2>(foreground, options, control)
                                      : follow_sampled<3>(foreground, options, control);
}

}  // namespace musclemap::decode
