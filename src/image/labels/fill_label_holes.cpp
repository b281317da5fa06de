#include "image/labels/fill_label_holes.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace musclemap::image {
namespace {

using Place = std::array<std::int64_t, 3>;

struct LabelBox {
  Place begin{std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max(),
              std::numeric_limits<std::int64_t>::max()};
  Place end{};
};

std::vector<LabelBox> label_boxes(const Place& shape, const std::vector<std::uint32_t>& labels) {
  const auto greatest = std::max_element(labels.begin(), labels.end());
  std::vector<LabelBox> boxes(greatest == labels.end() ? 1 : std::size_t{*greatest} + 1);
  const std::uint32_t* label = labels.data();
  for (std::int64_t z = 0; z < shape[0]; ++z) {
    for (std::int64_t y = 0; y < shape[1]; ++y) {
      for (std::int64_t x = 0; x < shape[2]; ++x, ++label) {
        if (*label == 0) continue;
        LabelBox& box = boxes[*label];
        box.begin = {std::min(box.begin[0], z), std::min(box.begin[1], y), std::min(box.begin[2], x)};
        box.end = {z + 1, std::max(box.end[1], y + 1), std::max(box.end[2], x + 1)};
      }
    }
  }
  return boxes;
}

// One label after the other in its box, with a wall around it.
class HoleFiller {
 public:
  HoleFiller(const Place& shape, bool volume, std::vector<std::uint32_t>* labels)
      : shape_(shape), volume_(volume), labels_(*labels) {}

  void fill(std::uint32_t label, const LabelBox& box, std::uint32_t number) {
    for (std::size_t axis = 0; axis < 3; ++axis) size_[axis] = box.end[axis] - box.begin[axis];
    row_ = size_[2] + 2;
    plane_ = row_ * (size_[1] + 2);
    cells_.assign(static_cast<std::size_t>(plane_ * (size_[0] + 2)), kWall);
    each_row(box, [&](std::uint32_t* row, std::uint8_t* cell) {
      for (std::int64_t x = 0; x < size_[2]; ++x) cell[x] = row[x] == label ? kWall : kOpen;
    });
    drain_border();
    each_row(box, [&](std::uint32_t* row, std::uint8_t* cell) {
      for (std::int64_t x = 0; x < size_[2]; ++x) row[x] = cell[x] == kOutside ? row[x] : number;
    });
  }

 private:
  static constexpr std::uint8_t kOpen = 0;
  static constexpr std::uint8_t kWall = 1;
  static constexpr std::uint8_t kOutside = 2;

  template <class Body>
  void each_row(const LabelBox& box, const Body& body) {
    for (std::int64_t z = 0; z < size_[0]; ++z) {
      for (std::int64_t y = 0; y < size_[1]; ++y) {
        const std::int64_t from =
            ((box.begin[0] + z) * shape_[1] + box.begin[1] + y) * shape_[2] + box.begin[2];
        body(labels_.data() + from, cells_.data() + (z + 1) * plane_ + (y + 1) * row_ + 1);
      }
    }
  }

  void drain_border() {
    for (std::int64_t z = 1; z <= size_[0]; ++z) {
      const bool whole = volume_ && (z == 1 || z == size_[0]);
      for (std::int64_t y = 1; y <= size_[1]; ++y) {
        const bool border = whole || y == 1 || y == size_[1];
        const std::int64_t step = border ? 1 : std::max<std::int64_t>(size_[2] - 1, 1);
        for (std::int64_t x = 1; x <= size_[2]; x += step) drain(z * plane_ + y * row_ + x);
      }
    }
  }

  void drain(std::int64_t from) {
    reach(from);
    while (!open_.empty()) {
      const std::int64_t at = open_.back();
      open_.pop_back();
      reach(at - 1);
      reach(at + 1);
      reach(at - row_);
      reach(at + row_);
      if (!volume_) continue;
      reach(at - plane_);
      reach(at + plane_);
    }
  }
  void reach(std::int64_t at) {
    std::uint8_t& cell = cells_[static_cast<std::size_t>(at)];
    if (cell != kOpen) return;
    cell = kOutside;
    open_.push_back(at);
  }

  Place shape_;
  bool volume_;
  std::vector<std::uint32_t>& labels_;
  Place size_{};
  std::int64_t row_ = 0;
  std::int64_t plane_ = 0;
  std::vector<std::uint8_t> cells_;
  std::vector<std::int64_t> open_;
};

}  // namespace

void fill_label_holes(const Place& shape, bool volume, std::vector<std::uint32_t>* labels) {
  const std::vector<LabelBox> boxes = label_boxes(shape, *labels);
  HoleFiller filler(shape, volume, labels);
  std::uint32_t number = 0;
  for (std::size_t label = 1; label < boxes.size(); ++label) {
    if (boxes[label].end[0] == 0) continue;
    filler.fill(static_cast<std::uint32_t>(label), boxes[label], ++number);
  }
}

}  // namespace musclemap::image
