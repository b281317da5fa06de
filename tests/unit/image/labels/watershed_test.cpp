#include "image/labels/watershed.hpp"

#include <cstdint>
#include <random>
#include <set>
#include <tuple>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::image {
namespace {

struct Field {
  PlaneShape shape;
  std::vector<float> values;
  std::vector<std::uint8_t> mask;
  std::vector<std::uint32_t> markers;
};

// `levels` different values; two of three pixels in the mask, one of forty a marker.
Field random_field(const PlaneShape& shape, unsigned levels, unsigned seed) {
  std::mt19937 random(seed);
  Field field{shape, {}, {}, {}};
  for (std::int64_t p = 0; p < shape[0] * shape[1]; ++p) {
    field.values.push_back(static_cast<float>(random() % levels) / 8.0F - 4.0F);
    field.mask.push_back(random() % 3 != 0 ? 1 : 0);
    const bool marker = field.mask.back() == 1 && random() % 40 == 0;
    field.markers.push_back(marker ? static_cast<std::uint32_t>(p + 1) : 0);
  }
  return field;
}

// The rule as it is stated, all regions in one ordered set.
std::vector<std::uint32_t> stated(const Field& field) {
  std::vector<std::uint32_t> labels = field.markers;
  std::set<std::tuple<float, std::int64_t, std::int64_t>> waiting;  // value, age, pixel
  const std::int64_t columns = field.shape[1];
  for (std::size_t p = 0; p < labels.size(); ++p) {
    if (labels[p] != 0) waiting.insert({field.values[p], 0, static_cast<std::int64_t>(p)});
  }
  std::int64_t age = 0;
  while (!waiting.empty()) {
    const std::int64_t from = std::get<2>(*waiting.begin());
    waiting.erase(waiting.begin());
    const std::int64_t x = from % columns;
    const std::vector<std::pair<bool, std::int64_t>> neighbours{
        {true, from - columns}, {x > 0, from - 1}, {x + 1 < columns, from + 1}, {true, from + columns}};
    for (const auto& [inside, to] : neighbours) {
      if (!inside || to < 0 || to >= static_cast<std::int64_t>(labels.size())) continue;
      const auto at = static_cast<std::size_t>(to);
      if (field.mask[at] == 0 || labels[at] != 0) continue;
      labels[at] = labels[static_cast<std::size_t>(from)];
      waiting.insert({field.values[at], ++age, to});
    }
  }
  return labels;
}

TEST_CASE("watershed: regions side by side are those of one queue", "[image]") {
  for (const PlaneShape& shape : {PlaneShape{1, 1}, {1, 60}, {60, 1}, {70, 90}}) {
    for (unsigned seed = 0; seed < 5; ++seed) {
      const Field field = random_field(shape, 1U << 24U, seed);
      for (const int threads : {1, 2}) {
        std::vector<std::uint32_t> labels = field.markers;
        watershed(field.values.data(), field.mask.data(), shape, threads, labels.data());
        CHECK(labels == stated(field));
      }
    }
  }
}

TEST_CASE("watershed: with few levels every pixel that a marker reaches is labelled, by one it reaches",
          "[image]") {
  const Field field = random_field({50, 40}, 3, 7);
  std::vector<std::uint32_t> labels = field.markers;
  watershed(field.values.data(), field.mask.data(), field.shape, 1, labels.data());
  const std::vector<std::uint32_t> reached = stated(field);
  for (std::size_t p = 0; p < labels.size(); ++p) CHECK((labels[p] != 0) == (reached[p] != 0));
  std::vector<std::uint32_t> again = field.markers;
  watershed(field.values.data(), field.mask.data(), field.shape, 2, again.data());
  CHECK(again == labels);
}

TEST_CASE("watershed: negative and positive zero are one value", "[image]") {
  const std::vector<float> values{0.0F, -0.0F, 0.0F, 0.0F, -0.0F};
  const std::vector<std::uint8_t> mask(5, 1);
  std::vector<std::uint32_t> labels{1, 0, 0, 0, 2};
  watershed(values.data(), mask.data(), {1, 5}, 1, labels.data());
  CHECK(labels == std::vector<std::uint32_t>{1, 1, 1, 2, 2});
}

}  // namespace
}  // namespace musclemap::image
