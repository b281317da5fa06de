#include "image/labels/stitch_planes.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>

#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

std::uint32_t greatest_of(const std::uint32_t* plane, std::size_t pixels) {
  return pixels == 0 ? 0 : *std::max_element(plane, plane + pixels);
}

std::vector<std::int64_t> areas_of(const std::uint32_t* plane, std::size_t pixels, std::uint32_t greatest) {
  std::vector<std::int64_t> areas(std::size_t{greatest} + 1);
  for (std::size_t n = 0; n < pixels; ++n) ++areas[plane[n]];
  return areas;
}

// Two labels that meet.
struct Meeting {
  std::uint32_t here;
  std::uint32_t before;
  std::int64_t pixels;
};

// By `here`, then by `before`.
std::vector<Meeting> meetings_of(const std::uint32_t* here, const std::uint32_t* before, std::size_t pixels) {
  std::vector<std::uint64_t> pairs;
  for (std::size_t n = 0; n < pixels; ++n) {
    if (here[n] != 0 && before[n] != 0) pairs.push_back(std::uint64_t{here[n]} << 32U | before[n]);
  }
  std::sort(pairs.begin(), pairs.end());
  std::vector<Meeting> meetings;
  for (std::size_t n = 0; n < pairs.size(); ++n) {
    if (n == 0 || pairs[n] != pairs[n - 1]) {
      meetings.push_back(
          {static_cast<std::uint32_t>(pairs[n] >> 32U), static_cast<std::uint32_t>(pairs[n]), 0});
    }
    ++meetings.back().pixels;
  }
  return meetings;
}

// The number that each label of `here` takes over from `before`, 0 where there is none.
std::vector<std::uint32_t> linked(const std::uint32_t* here, const std::uint32_t* before, std::size_t pixels,
                                  double least) {
  const std::uint32_t greatest = greatest_of(here, pixels);
  const std::uint32_t greatest_before = greatest_of(before, pixels);
  const std::vector<std::int64_t> area = areas_of(here, pixels, greatest);
  const std::vector<std::int64_t> area_before = areas_of(before, pixels, greatest_before);
  const std::vector<Meeting> meetings = meetings_of(here, before, pixels);
  std::vector<double> overlaps;
  std::vector<double> most_of(area_before.size());
  for (const Meeting& each : meetings) {
    const double overlap = static_cast<double>(each.pixels) /
                           static_cast<double>(area[each.here] + area_before[each.before] - each.pixels);
    overlaps.push_back(overlap < least ? 0 : overlap);
    most_of[each.before] = std::max(most_of[each.before], overlaps.back());
  }
  std::vector<std::uint32_t> numbers(area.size());
  std::vector<double> best(area.size());
  for (std::size_t n = 0; n < meetings.size(); ++n) {
    const Meeting& each = meetings[n];
    if (overlaps[n] < most_of[each.before] || overlaps[n] <= best[each.here]) continue;
    best[each.here] = overlaps[n];
    numbers[each.here] = each.before;
  }
  return numbers;
}

}  // namespace

void stitch_planes(const std::array<std::int64_t, 3>& shape, double least, StitchAfterEmpty after_empty,
                   std::vector<std::uint32_t>* labels) {
  const auto pixels = static_cast<std::size_t>(shape[1] * shape[2]);
  std::uint64_t used = shape[0] > 0 ? greatest_of(labels->data(), pixels) : 0;
  bool linked_before = false;
  for (std::int64_t z = 1; z < shape[0]; ++z) {
    std::uint32_t* here = labels->data() + static_cast<std::size_t>(z) * pixels;
    const std::uint32_t* before = here - pixels;
    const std::uint32_t greatest = greatest_of(here, pixels);
    const bool link = greatest > 0 && greatest_of(before, pixels) > 0;
    if (!link && !linked_before && after_empty == StitchAfterEmpty::own_numbers) {
      used = greatest;
      continue;
    }
    linked_before = linked_before || link;
    // Numbers that do not occur are counted as labels.
    std::vector<std::uint32_t> numbers(std::size_t{greatest} + 1);
    if (link) numbers = linked(here, before, pixels, least);
    for (std::size_t label = 1; label < numbers.size(); ++label) {
      if (numbers[label] == 0) numbers[label] = static_cast<std::uint32_t>(++used);
    }
    if (used > std::uint64_t{std::numeric_limits<std::int32_t>::max()}) {
      throw Error(ErrorCode::argument, Reason::limit,
                  "the planes have " + std::to_string(used) + " labels; fewer than 2^31 are allowed");
    }
    for (std::size_t n = 0; n < pixels; ++n) here[n] = numbers[here[n]];
  }
}

}  // namespace musclemap::image
