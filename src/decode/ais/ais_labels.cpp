#include "decode/ais/ais_labels.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "base/checked.hpp"
#include "decode/ais/gaussian.hpp"
#include "image/labels/equal_regions.hpp"
#include "image/labels/watershed.hpp"
#include "musclemap/error.hpp"

namespace musclemap::decode {
namespace {

void check_map(const std::vector<float>& map, std::int64_t pixels, const char* name) {
  if (static_cast<std::int64_t>(map.size()) != pixels) {
    throw Error(ErrorCode::argument, std::string("the ") + name + " has " + std::to_string(map.size()) +
                                         " values; " + std::to_string(pixels) + " are allowed");
  }
  const auto odd = std::find_if(map.begin(), map.end(), [](float value) { return std::isnan(value); });
  if (odd == map.end()) return;
  throw Error(
      ErrorCode::argument, Reason::nonfinite,
      std::string("value ") + std::to_string(odd - map.begin()) + " of the " + name + " is not a number");
}

void drop_small(std::int64_t min_size, AisLabels* cells) {
  if (min_size <= 0) return;
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(cells->count) + 1);
  for (const std::uint32_t label : cells->labels) ++sizes[label];
  std::vector<std::uint32_t> numbers(sizes.size());
  std::uint32_t kept = 0;
  for (std::size_t label = 1; label < sizes.size(); ++label) {
    if (sizes[label] >= min_size) numbers[label] = ++kept;
  }
  for (std::uint32_t& label : cells->labels) label = numbers[label];
  cells->count = kept;
}

}  // namespace

AisLabels ais_markers(const AisMaps& maps, const image::PlaneShape& shape, const AisOptions& options) {
  // Thresholds are compared in the maps' precision, as NumPy does.
  const auto foreground = static_cast<float>(options.foreground_threshold);
  const auto center = static_cast<float>(options.center_distance_threshold);
  const auto boundary = static_cast<float>(options.boundary_distance_threshold);
  AisLabels markers;
  markers.labels.resize(maps.foreground.size());
  for (std::size_t p = 0; p < markers.labels.size(); ++p) {
    const bool seed = maps.foreground[p] > foreground && maps.center_distance[p] < center &&
                      maps.boundary_distance[p] < boundary;
    markers.labels[p] = seed ? 1 : 0;
  }
  markers.count = image::number_equal_regions(shape, markers.labels.data());
  return markers;
}

AisLabels ais_labels(AisMaps maps, const image::PlaneShape& shape, const AisOptions& options, int threads) {
  const std::int64_t pixels = base::checked_mul(shape[0], shape[1]);
  check_map(maps.foreground, pixels, "foreground");
  check_map(maps.center_distance, pixels, "distance to the centre");
  check_map(maps.boundary_distance, pixels, "distance to the boundary");
  smooth_gaussian(shape, options.foreground_smoothing, threads, &maps.foreground);
  smooth_gaussian(shape, options.distance_smoothing, threads, &maps.center_distance);
  smooth_gaussian(shape, options.distance_smoothing, threads, &maps.boundary_distance);
  AisLabels cells = ais_markers(maps, shape, options);
  const auto foreground = static_cast<float>(options.foreground_threshold);
  std::vector<std::uint8_t> mask(maps.foreground.size());
  std::transform(maps.foreground.begin(), maps.foreground.end(), mask.begin(),
                 [&](float value) { return static_cast<std::uint8_t>(value > foreground); });
  image::watershed(maps.boundary_distance.data(), mask.data(), shape, threads, cells.labels.data());
  drop_small(options.min_size, &cells);
  return cells;
}

}  // namespace musclemap::decode
