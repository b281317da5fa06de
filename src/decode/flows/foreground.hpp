// The pixels of a picture that belong to cells, with the flows there: all that masks are made of.
#ifndef MUSCLEMAP_DECODE_FLOWS_FOREGROUND_HPP_
#define MUSCLEMAP_DECODE_FLOWS_FOREGROUND_HPP_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace musclemap::decode {

/// Of a picture (y, x) or a volume (z, y, x). A row is what lies along x.
struct FlowShape {
  std::int64_t depth;  ///< along z; 1 for a picture
  std::int64_t height;
  std::int64_t width;
  int axes;  ///< components of a flow: 2 or 3

  std::int64_t rows() const { return depth * height; }
  std::int64_t pixels() const { return rows() * width; }
};

/// Some rows of a network's outputs, contiguous; borrowed.
struct FlowRows {
  std::array<const float*, 3> flows;  ///< each component, the slowest axis first; the third of a volume alone
  const float* cellprob;              ///< logits
  std::int64_t begin;                 ///< number of the first row
  std::int64_t count;
};

/// Foreground pixels [begin, end) of a row, numbered from `first` on.
struct ForegroundRun {
  std::int32_t begin;
  std::int32_t end;
  std::uint32_t first;
};

/// Pixels whose logit is above the threshold, numbered in raster order. Filled row by row from the top, then
/// immutable. Memory: 4 bytes for each component of a pixel's step, 12 a run.
class Foreground {
 public:
  /// Rows are added so many at a time, the last ones excepted.
  static constexpr std::int64_t kBlockRows = 64;

  /// So that a pixel's number leaves a bit free.
  static constexpr std::int64_t kMostPixels = std::numeric_limits<std::int32_t>::max();

  /// Error `argument`, reason `limit`, for more than kMostPixels pixels.
  Foreground(const FlowShape& shape, double cellprob_threshold);

  /// The next rows, a multiple of kBlockRows of them or all that are left. Errors: `argument`, reason
  /// `nonfinite`, with the position of a flow that is NaN or infinite and of a logit that is NaN.
  void add_rows(const FlowRows& rows, int threads);

  /// Frees the steps; for_runs() hands over null from then on.
  void forget_steps();

  const FlowShape& shape() const { return shape_; }
  std::int64_t pixels() const { return pixels_; }

  /// Calls body(run, steps) for each run of a row from left to right; steps[axes * n + a] is the step along
  /// axis a, the flow over 5, at the n-th pixel of the run.
  template <class Body>
  void for_runs(std::int64_t row, const Body& body) const {
    for_runs(row, 0, static_cast<std::int32_t>(shape_.width), body);
  }
  /// Of the runs that have pixels in columns [x_begin, x_end).
  template <class Body>
  void for_runs(std::int64_t row, std::int32_t x_begin, std::int32_t x_end, const Body& body) const {
    const Block& block = blocks_[static_cast<std::size_t>(row / kBlockRows)];
    const std::size_t* ends = block.row_runs.data() + row % kBlockRows;
    const ForegroundRun* end = block.runs.data() + ends[1];
    const ForegroundRun* run =
        std::partition_point(block.runs.data() + ends[0], end,
                             [x_begin](const ForegroundRun& each) { return each.end <= x_begin; });
    for (; run != end && run->begin < x_end; ++run) {
      const std::size_t first = (run->first - block.first) * static_cast<std::size_t>(shape_.axes);
      body(*run, block.steps.empty() ? nullptr : block.steps.data() + first);
    }
  }

 private:
  struct Block {
    std::vector<ForegroundRun> runs;
    std::array<std::size_t, kBlockRows + 1> row_runs{};  // runs before each row
    std::vector<float> steps;
    std::uint32_t first = 0;
  };

  Block block_of(const FlowRows& rows, std::int64_t begin) const;

  FlowShape shape_;
  float threshold_;
  std::int64_t pixels_ = 0;
  std::vector<Block> blocks_;
};

}  // namespace musclemap::decode

#endif  // MUSCLEMAP_DECODE_FLOWS_FOREGROUND_HPP_
