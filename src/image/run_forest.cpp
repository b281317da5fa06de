#include "image/run_forest.hpp"

#include <utility>

namespace musclemap::image {

RunForest::RunForest(std::int64_t rows)
    : below_(static_cast<std::size_t>(rows)), rows_(static_cast<std::size_t>(rows)) {}

void RunForest::add_row(const std::vector<LabelRun>& runs) {
  Row& row = rows_[j_];
  row.first = static_cast<std::uint32_t>(parent_.size());
  row.runs = runs;
  for (std::size_t n = 0; n < runs.size(); ++n) parent_.push_back(static_cast<std::uint32_t>(parent_.size()));
  if (j_ > 0) join_touching(row, rows_[j_ - 1]);
  join_touching(row, below_[j_]);
  if (++j_ == rows_.size()) {
    std::swap(below_, rows_);
    j_ = 0;
  }
}

std::uint32_t RunForest::root(std::uint32_t run) {
  while (parent_[run] != run) {
    parent_[run] = parent_[parent_[run]];
    run = parent_[run];
  }
  return run;
}

// Joins every pair of runs of one label that overlap along the first axis.
void RunForest::join_touching(const Row& row, const Row& neighbour) {
  std::size_t other = 0;
  for (std::size_t n = 0; n < row.runs.size(); ++n) {
    const LabelRun& run = row.runs[n];
    while (other < neighbour.runs.size() && neighbour.runs[other].end <= run.begin) ++other;
    for (std::size_t m = other; m < neighbour.runs.size() && neighbour.runs[m].begin < run.end; ++m) {
      if (neighbour.runs[m].label != run.label) continue;
      const std::uint32_t a = root(row.first + static_cast<std::uint32_t>(n));
      const std::uint32_t b = root(neighbour.first + static_cast<std::uint32_t>(m));
      if (a < b) {
        parent_[b] = a;
      } else {
        parent_[a] = b;
      }
    }
  }
}

std::vector<std::uint32_t> RunForest::take_parts(std::size_t* count) {
  std::uint32_t parts = 0;
  // Parents come before their children, so one pass in order turns them into numbers of parts.
  for (std::size_t run = 0; run < parent_.size(); ++run) {
    parent_[run] = parent_[run] == run ? parts++ : parent_[parent_[run]];
  }
  *count = parts;
  return std::move(parent_);
}

}  // namespace musclemap::image
