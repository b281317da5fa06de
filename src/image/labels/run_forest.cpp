#include "image/labels/run_forest.hpp"

namespace musclemap::image {

void RunForest::add_row(const std::vector<LabelRun>& runs) {
  const std::size_t row = first_.size();
  first_.push_back(static_cast<std::uint32_t>(runs_.size()));
  for (const LabelRun& run : runs) {
    runs_.push_back({static_cast<std::uint32_t>(run.begin), static_cast<std::uint32_t>(run.end), run.label,
                     static_cast<std::uint32_t>(runs_.size())});
  }
  if (row % rows_ > 0) join_touching(row, row - 1);
  if (row >= rows_) join_touching(row, row - rows_);
}

std::uint32_t RunForest::root(std::uint32_t run) {
  while (runs_[run].parent != run) {
    runs_[run].parent = runs_[runs_[run].parent].parent;
    run = runs_[run].parent;
  }
  return run;
}

// Joins every pair of runs of one label that overlap along the first axis; `row` is the last one.
void RunForest::join_touching(std::size_t row, std::size_t neighbour) {
  std::uint32_t other = first_[neighbour];
  const std::uint32_t others = first_[neighbour + 1];
  for (std::uint32_t n = first_[row]; n < runs_.size(); ++n) {
    const Run& run = runs_[n];
    while (other < others && runs_[other].end <= run.begin) ++other;
    for (std::uint32_t m = other; m < others && runs_[m].begin < run.end; ++m) {
      if (runs_[m].label != run.label) continue;
      const std::uint32_t a = root(n);
      const std::uint32_t b = root(m);
      if (a < b) {
        runs_[b].parent = a;
      } else {
        runs_[a].parent = b;
      }
    }
  }
}

std::size_t RunForest::number_parts() {
  std::uint32_t parts = 0;
  // Parents come before their children, so one pass in order turns them into numbers of parts.
  for (std::uint32_t run = 0; run < runs_.size(); ++run) {
    Run& each = runs_[run];
    each.parent = each.parent == run ? parts++ : runs_[each.parent].parent;
  }
  return parts;
}

}  // namespace musclemap::image
