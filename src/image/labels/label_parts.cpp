#include "image/labels/label_parts.hpp"

#include <algorithm>
#include <utility>

#include "image/labels/touching_runs.hpp"

namespace musclemap::image {

LabelParts::LabelParts(const Index3& shape, std::function<void(const LabelPart&)> on_part)
    : shape_(shape),
      on_part_(std::move(on_part)),
      below_(static_cast<std::size_t>(shape[1])),
      rows_(static_cast<std::size_t>(shape[1])) {}

void LabelParts::add_row(const std::vector<LabelRun>& runs) {
  const auto j = static_cast<std::size_t>(j_);
  Row& row = rows_[j];
  row.clear();
  for (const LabelRun& run : runs) {
    row.push_back({run.begin, run.end, run.label, parts_.size()});
    parent_.push_back(parts_.size());
    parts_.push_back({run.label, run.end - run.begin, (run.begin * shape_[1] + j_) * shape_[2] + k_});
  }
  if (j > 0) join_touching(row, rows_[j - 1]);
  join_touching(row, below_[j]);
  if (++j_ == shape_[1]) end_slice();
}

std::size_t LabelParts::root(std::size_t part) {
  return root_of(part, [this](std::size_t n) -> std::size_t& { return parent_[n]; });
}

void LabelParts::join(std::size_t a, std::size_t b) {
  a = root(a);
  b = root(b);
  if (a == b) return;
  parent_[b] = a;
  parts_[a].voxels += parts_[b].voxels;
  parts_[a].first = std::min(parts_[a].first, parts_[b].first);
}

void LabelParts::join_touching(const Row& row, const Row& neighbour) {
  for_touching_runs(row.data(), row.data() + row.size(), neighbour.data(),
                    neighbour.data() + neighbour.size(),
                    [this](const Run& run, const Run& other) { join(run.part, other.part); });
}

// Parts that this slice does not touch cannot grow any more; the others get new, dense numbers.
void LabelParts::end_slice() {
  constexpr auto kUntouched = static_cast<std::size_t>(-1);
  const bool last = k_ + 1 == shape_[2];
  std::vector<std::size_t> number(parts_.size(), kUntouched);
  std::vector<LabelPart> kept;
  for (Row& row : rows_) {
    if (last) break;
    for (Run& run : row) {
      const std::size_t part = root(run.part);
      if (number[part] == kUntouched) {
        number[part] = kept.size();
        kept.push_back(parts_[part]);
      }
      run.part = number[part];
    }
  }
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    if (root(part) == part && number[part] == kUntouched) on_part_(parts_[part]);
  }
  parts_ = std::move(kept);
  parent_.resize(parts_.size());
  for (std::size_t part = 0; part < parent_.size(); ++part) parent_[part] = part;
  std::swap(below_, rows_);
  j_ = 0;
  ++k_;
}

}  // namespace musclemap::image
