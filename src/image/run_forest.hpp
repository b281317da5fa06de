// The runs of a label map, joined into connected parts.
#ifndef MUSCLEMAP_IMAGE_RUN_FOREST_HPP_
#define MUSCLEMAP_IMAGE_RUN_FOREST_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/label_runs.hpp"

namespace musclemap::image {

/// Numbers runs in the order in which they come and joins those that touch: four bytes a run. One thread at a
/// time.
class RunForest {
 public:
  /// `rows` in a slice.
  explicit RunForest(std::int64_t rows);

  /// The next row: j rises within a slice, k from slice to slice; none is left out.
  void add_row(const std::vector<LabelRun>& runs);
  std::size_t runs() const { return parent_.size(); }
  /// Ends the forest: the 6-connected part of every run; parts are numbered by their first runs.
  std::vector<std::uint32_t> take_parts(std::size_t* count);

 private:
  struct Row {
    std::uint32_t first = 0;  // number of the first run
    std::vector<LabelRun> runs;
  };

  std::uint32_t root(std::uint32_t run);
  void join_touching(const Row& row, const Row& neighbour);

  std::size_t j_ = 0;
  std::vector<Row> below_;
  std::vector<Row> rows_;
  std::vector<std::uint32_t> parent_;  // never larger than the run's own number
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_RUN_FOREST_HPP_
