#include "image/labels/watershed.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <limits>
#include <tuple>
#include <vector>

#include "base/checked.hpp"
#include "base/parallel.hpp"
#include "image/labels/equal_regions.hpp"

namespace musclemap::image {
namespace {

// A pixel that waits. Keys are in the order of (value, age): the value's bits, made to rise as the values do,
// above the age.
struct Waiting {
  std::uint64_t key;
  std::uint32_t pixel;
};

std::uint64_t key_of(float value, std::uint32_t age) {
  const float without_sign_of_zero = value + 0.0F;
  std::uint32_t bits;
  std::memcpy(&bits, &without_sign_of_zero, sizeof bits);
  constexpr std::uint32_t kSign = 0x80000000U;
  bits = (bits & kSign) != 0 ? ~bits : bits | kSign;
  return (std::uint64_t{bits} << 32U) | age;
}

// A binary heap. Markers of one value all have age 0; which of them comes first is how this heap moves them,
// which is therefore that of scikit-image step by step.
class WaitingHeap {
 public:
  bool empty() const { return items_.empty(); }

  void push(const Waiting& item) {
    std::size_t at = items_.size();
    items_.push_back(item);
    while (at > 0) {
      const std::size_t parent = (at + 1) / 2 - 1;
      if (item.key >= items_[parent].key) break;
      items_[at] = items_[parent];
      at = parent;
    }
    items_[at] = item;
  }

  Waiting pop() {
    const Waiting first = items_.front();
    const Waiting last = items_.back();
    items_.pop_back();
    if (!items_.empty()) sink(last);
    return first;
  }

 private:
  // From the top down to its place.
  void sink(const Waiting& item) {
    const std::size_t count = items_.size();
    std::size_t at = 0;
    for (;;) {
      const std::size_t left = 2 * at + 1;
      const std::size_t right = left + 1;
      if (left >= count) break;
      std::size_t smallest = at;
      std::uint64_t key = item.key;
      if (items_[left].key < key) {
        smallest = left;
        key = items_[left].key;
      }
      if (right < count && items_[right].key < key) smallest = right;
      if (smallest == at) break;
      items_[at] = items_[smallest];
      at = smallest;
    }
    items_[at] = item;
  }

  std::vector<Waiting> items_;
};

// Calls visit(neighbour) for the neighbours above, left, right and below.
template <class Visit>
void for_neighbours(std::int64_t pixel, std::int64_t columns, std::int64_t pixels, const Visit& visit) {
  const std::int64_t x = pixel % columns;
  if (pixel >= columns) visit(pixel - columns);
  if (x > 0) visit(pixel - 1);
  if (x + 1 < columns) visit(pixel + 1);
  if (pixel + columns < pixels) visit(pixel + columns);
}

// Takes what waits until nothing does.
class Flood {
 public:
  Flood(const float* values, const std::uint8_t* mask, const PlaneShape& shape, std::uint32_t* labels)
      : values_(values), mask_(mask), columns_(shape[1]), pixels_(shape[0] * shape[1]), labels_(labels) {}

  void add_marker(std::int64_t pixel) { push(pixel, 0); }
  void run() {
    std::uint32_t age = 0;
    while (!waiting_.empty()) {
      const std::int64_t from = waiting_.pop().pixel;
      for_neighbours(from, columns_, pixels_, [&](std::int64_t to) {
        if (mask_[to] == 0 || labels_[to] != 0) return;
        labels_[to] = labels_[from];
        push(to, ++age);
      });
    }
  }

 private:
  void push(std::int64_t pixel, std::uint32_t age) {
    waiting_.push({key_of(values_[pixel], age), static_cast<std::uint32_t>(pixel)});
  }

  const float* values_;
  const std::uint8_t* mask_;
  std::int64_t columns_;
  std::int64_t pixels_;
  std::uint32_t* labels_;
  WaitingHeap waiting_;
};

// A marker with a neighbour to label.
struct OpenMarker {
  std::uint32_t region;  // of the mask
  std::uint32_t label;
  std::uint64_t key;
  std::int64_t pixel;
};

// By regions.
std::vector<OpenMarker> open_markers(const float* values, const std::uint8_t* mask, const PlaneShape& shape,
                                     const std::uint32_t* labels) {
  const std::int64_t pixels = shape[0] * shape[1];
  std::vector<std::uint32_t> regions(mask, mask + pixels);
  number_equal_regions(shape, regions.data());
  std::vector<OpenMarker> markers;
  for (std::int64_t p = 0; p < pixels; ++p) {
    if (labels[p] == 0) continue;
    bool open = false;
    for_neighbours(p, shape[1], pixels, [&](std::int64_t to) { open |= mask[to] != 0 && labels[to] == 0; });
    if (open) markers.push_back({regions[static_cast<std::size_t>(p)], labels[p], key_of(values[p], 0), p});
  }
  std::sort(markers.begin(), markers.end(), [](const OpenMarker& a, const OpenMarker& b) {
    return std::tie(a.region, a.key, a.pixel) < std::tie(b.region, b.key, b.pixel);
  });
  return markers;
}

// Whether two markers of a region have one value and different labels.
bool have_ties(const std::vector<OpenMarker>& markers) {
  return std::adjacent_find(markers.begin(), markers.end(), [](const OpenMarker& a, const OpenMarker& b) {
           return a.region == b.region && a.key == b.key && a.label != b.label;
         }) != markers.end();
}

// No flood leaves its region, and the order within a region is that of (value, age) alone.
void flood_regions(const std::vector<OpenMarker>& markers, const float* values, const std::uint8_t* mask,
                   const PlaneShape& shape, int threads, std::uint32_t* labels) {
  std::vector<std::size_t> begins;
  for (std::size_t m = 0; m < markers.size(); ++m) {
    if (m == 0 || markers[m].region != markers[m - 1].region) begins.push_back(m);
  }
  begins.push_back(markers.size());
  base::parallel_for(static_cast<std::int64_t>(begins.size()) - 1, threads, [&](std::int64_t region) {
    Flood flood(values, mask, shape, labels);
    const auto at = static_cast<std::size_t>(region);
    for (std::size_t m = begins[at]; m < begins[at + 1]; ++m) flood.add_marker(markers[m].pixel);
    flood.run();
  });
}

}  // namespace

void watershed(const float* values, const std::uint8_t* mask, const PlaneShape& shape, int threads,
               std::uint32_t* labels) {
  const std::int64_t pixels = base::checked_mul(shape[0], shape[1]);
  base::check_number(pixels, 0, std::numeric_limits<std::uint32_t>::max(), "the pixels of a plane");
  const std::vector<OpenMarker> markers = open_markers(values, mask, shape, labels);
  if (!have_ties(markers)) {
    flood_regions(markers, values, mask, shape, threads, labels);
    return;
  }
  // Which of two comes first depends on every marker.
  Flood flood(values, mask, shape, labels);
  for (std::int64_t p = 0; p < pixels; ++p) {
    if (labels[p] != 0) flood.add_marker(p);
  }
  flood.run();
}

}  // namespace musclemap::image
