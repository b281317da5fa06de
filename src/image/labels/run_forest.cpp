#include "image/labels/run_forest.hpp"

#include <algorithm>

#include "image/labels/touching_runs.hpp"

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

// `row` is the last one.
void RunForest::join_touching(std::size_t row, std::size_t neighbour) {
  const auto parent = [this](std::uint32_t run) -> std::uint32_t& { return runs_[run].parent; };
  Run* const runs = runs_.data();
  const auto number = [runs](const Run& run) { return static_cast<std::uint32_t>(&run - runs); };
  for_touching_runs(runs + first_[row], runs + runs_.size(), runs + first_[neighbour],
                    runs + first_[neighbour + 1], [&](const Run& run, const Run& other) {
                      const std::uint32_t a = root_of(number(run), parent);
                      const std::uint32_t b = root_of(number(other), parent);
                      parent(std::max(a, b)) = std::min(a, b);
                    });
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
