// The connected parts of every label, found in one pass that remembers the parts of two slices.
#ifndef MUSCLEMAP_IMAGE_LABELS_LABEL_PARTS_HPP_
#define MUSCLEMAP_IMAGE_LABELS_LABEL_PARTS_HPP_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "image/labels/label_runs.hpp"
#include "musclemap/geometry.hpp"

namespace musclemap::image {

/// A 6-connected part of a label, or what is known of it so far.
struct LabelPart {
  std::int32_t label;
  std::int64_t voxels;
  std::int64_t first;  ///< the voxel that comes first with the first axis slowest and the third fastest
};

/// Of two components of a label the one that is kept: the larger, of equal ones that which comes first.
inline bool is_larger(const LabelPart& a, const LabelPart& b) {
  return a.voxels != b.voxels ? a.voxels > b.voxels : a.first < b.first;
}

/// Takes a label map row by row and tells of each part when it is complete. One thread at a time.
class LabelParts {
 public:
  LabelParts(const Index3& shape, std::function<void(const LabelPart&)> on_part);

  /// The next row: j rises within a slice, k from slice to slice; none is left out.
  void add_row(const std::vector<LabelRun>& runs);

 private:
  struct Run {
    std::int64_t begin;
    std::int64_t end;
    std::int32_t label;
    std::size_t part;
  };
  using Row = std::vector<Run>;

  std::size_t root(std::size_t part);
  void join(std::size_t a, std::size_t b);
  void join_touching(const Row& row, const Row& neighbour);
  void end_slice();

  Index3 shape_;
  std::function<void(const LabelPart&)> on_part_;
  std::int64_t j_ = 0;
  std::int64_t k_ = 0;
  std::vector<Row> below_;
  std::vector<Row> rows_;
  std::vector<LabelPart> parts_;
  std::vector<std::size_t> parent_;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_LABEL_PARTS_HPP_
