// The runs of a label map, joined into connected parts.
#ifndef MUSCLEMAP_IMAGE_LABELS_RUN_FOREST_HPP_
#define MUSCLEMAP_IMAGE_LABELS_RUN_FOREST_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/labels/label_runs.hpp"

namespace musclemap::image {

/// Numbers runs in the order in which they come, keeps them and joins those that touch: 16 bytes a run, 4 a
/// row. Rows have fewer than 2^32 voxels, and there are fewer than 2^32 runs. One thread at a time.
class RunForest {
 public:
  struct Run {
    std::uint32_t begin;
    std::uint32_t end;
    std::int32_t label;
    std::uint32_t parent;  ///< a run of the same part, never a later one; after number_parts() the part
  };

  /// `rows` in a slice; room for `runs` to begin with.
  RunForest(std::int64_t rows, std::size_t runs) : rows_(static_cast<std::size_t>(rows)) {
    runs_.reserve(runs);
  }

  /// The next row: j rises within a slice, k from slice to slice; none is left out.
  void add_row(const std::vector<LabelRun>& runs);
  std::size_t runs() const { return runs_.size(); }
  /// Ends the forest: `parent` of every run becomes its 6-connected part. Returns the number of parts, which
  /// are numbered by their first runs.
  std::size_t number_parts();

  /// Calls body(run, j, k) for every run in order.
  template <class Body>
  void for_each(const Body& body) const {
    for (std::size_t row = 0; row < first_.size(); ++row) {
      const std::size_t end = row + 1 < first_.size() ? first_[row + 1] : runs_.size();
      for (std::size_t run = first_[row]; run < end; ++run) {
        body(runs_[run], static_cast<std::int64_t>(row % rows_), static_cast<std::int64_t>(row / rows_));
      }
    }
  }

 private:
  void join_touching(std::size_t row, std::size_t neighbour);

  std::size_t rows_;
  std::vector<std::uint32_t> first_;  // number of each row's first run
  std::vector<Run> runs_;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_RUN_FOREST_HPP_
