#include "decode/flows/foreground.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "base/checked.hpp"
#include "base/parallel.hpp"
#include "musclemap/error.hpp"

namespace musclemap::decode {
namespace {

// Without a branch, so that the compiler looks at many at a time.
bool all_finite(const float* values, std::int64_t count) {
  std::uint32_t bad = 0;
  for (std::int64_t n = 0; n < count; ++n) {
    bad |= static_cast<std::uint32_t>(!(std::fabs(values[n]) <= std::numeric_limits<float>::max()));
  }
  return bad == 0;
}

bool no_nan(const float* values, std::int64_t count) {
  std::uint32_t bad = 0;
  for (std::int64_t n = 0; n < count; ++n) bad |= static_cast<std::uint32_t>(values[n] != values[n]);
  return bad == 0;
}

[[noreturn]] void refuse(const FlowShape& shape, const std::string& what, std::int64_t row, std::int64_t x,
                         float value) {
  const std::string z = shape.axes == 3 ? "z " + std::to_string(row / shape.height) + ", " : "";
  throw Error(ErrorCode::argument, Reason::nonfinite,
              "the " + what + " at " + z + "y " + std::to_string(row % shape.height) + ", x " +
                  std::to_string(x) + " is " + (std::isnan(value) ? "NaN" : "infinite") +
                  "; finite numbers are allowed");
}

// Of a row of which it is known that it has a number that is not allowed.
[[noreturn]] void refuse_row(const FlowShape& shape, const FlowRows& rows, std::int64_t row) {
  const std::int64_t at = (row - rows.begin) * shape.width;
  for (std::int64_t x = 0; x < shape.width; ++x) {
    for (int axis = 0; axis < shape.axes; ++axis) {
      const float value = rows.flows[static_cast<std::size_t>(axis)][at + x];
      if (std::isfinite(value)) continue;
      static constexpr std::array<const char*, 3> kNames{"z flow", "y flow", "x flow"};
      refuse(shape, kNames[static_cast<std::size_t>(axis + 3 - shape.axes)], row, x, value);
    }
    if (std::isnan(rows.cellprob[at + x])) refuse(shape, "cell logit", row, x, rows.cellprob[at + x]);
  }
  throw Error(ErrorCode::internal, "a row was taken for one with NaN");
}

}  // namespace

Foreground::Foreground(const FlowShape& shape, double cellprob_threshold)
    : shape_(shape), threshold_(static_cast<float>(cellprob_threshold)) {
  const std::int64_t pixels = base::checked_mul(base::checked_mul(shape.depth, shape.height), shape.width);
  if (pixels > kMostPixels) {
    throw Error(ErrorCode::argument, Reason::limit,
                "the flows have " + std::to_string(pixels) + " pixels; " + std::to_string(kMostPixels) +
                    " at most are allowed");
  }
}

Foreground::Block Foreground::block_of(const FlowRows& rows, std::int64_t begin) const {
  Block block;
  const std::int64_t end = std::min(begin + kBlockRows, rows.begin + rows.count);
  const std::int64_t width = shape_.width;
  std::uint32_t pixels = 0;
  for (std::int64_t row = begin; row < end; ++row) {
    const std::int64_t at = (row - rows.begin) * width;
    const float* logits = rows.cellprob + at;
    bool good = no_nan(logits, width);
    for (int axis = 0; axis < shape_.axes; ++axis) {
      good = good && all_finite(rows.flows[static_cast<std::size_t>(axis)] + at, width);
    }
    if (!good) refuse_row(shape_, rows, row);
    for (std::int64_t x = 0; x < width;) {
      while (x < width && !(logits[x] > threshold_)) ++x;
      const std::int64_t run = x;
      while (x < width && logits[x] > threshold_) ++x;
      if (run == x) break;
      block.runs.push_back({static_cast<std::int32_t>(run), static_cast<std::int32_t>(x), pixels});
      pixels += static_cast<std::uint32_t>(x - run);
    }
    block.row_runs[static_cast<std::size_t>(row - begin) + 1] = block.runs.size();
  }
  block.first = pixels;  // their number, until those of the blocks before it are known
  block.steps.resize(static_cast<std::size_t>(pixels) * static_cast<std::size_t>(shape_.axes));
  float* step = block.steps.data();
  for (std::int64_t row = begin; row < end; ++row) {
    const auto in_block = static_cast<std::size_t>(row - begin);
    for (std::size_t n = block.row_runs[in_block]; n < block.row_runs[in_block + 1]; ++n) {
      for (std::int64_t x = block.runs[n].begin; x < block.runs[n].end; ++x) {
        for (int axis = 0; axis < shape_.axes; ++axis) {
          *step++ = rows.flows[static_cast<std::size_t>(axis)][(row - rows.begin) * width + x] / 5.0F;
        }
      }
    }
  }
  return block;
}

void Foreground::add_rows(const FlowRows& rows, int threads) {
  const std::size_t first = blocks_.size();
  const std::int64_t blocks = (rows.count + kBlockRows - 1) / kBlockRows;
  blocks_.resize(first + static_cast<std::size_t>(blocks));
  base::parallel_for(blocks, threads, [&](std::int64_t n) {
    blocks_[first + static_cast<std::size_t>(n)] = block_of(rows, rows.begin + n * kBlockRows);
  });
  for (std::size_t n = first; n < blocks_.size(); ++n) {
    const std::uint32_t pixels = blocks_[n].first;
    blocks_[n].first = static_cast<std::uint32_t>(pixels_);
    for (ForegroundRun& run : blocks_[n].runs) run.first += blocks_[n].first;
    pixels_ += pixels;
  }
}

void Foreground::forget_steps() {
  for (Block& block : blocks_) block.steps = {};
}

}  // namespace musclemap::decode
