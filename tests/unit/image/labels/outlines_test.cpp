#include "image/labels/outlines.hpp"

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::image {
namespace {

using Labels = std::vector<std::uint32_t>;

// Labels drawn as digits, a string a row; a dot is 0.
Labels drawn(const std::vector<std::string>& rows) {
  Labels labels;
  for (const std::string& row : rows) {
    for (const char each : row) labels.push_back(each == '.' ? 0 : static_cast<std::uint32_t>(each - '0'));
  }
  return labels;
}

std::vector<Outline> outlines(const std::vector<std::string>& rows) {
  return outlines_of(drawn(rows).data(), static_cast<std::int64_t>(rows.size()),
                     static_cast<std::int64_t>(rows[0].size()));
}

// Even-odd rule for the middle of a pixel.
bool inside(const Outline& outline, std::int64_t x, std::int64_t y) {
  bool odd = false;
  const auto count = [&](const Ring& ring) {
    for (std::size_t n = 0; n < ring.size(); ++n) {
      const Corner& a = ring[n];
      const Corner& b = ring[(n + 1) % ring.size()];
      if (a.x == b.x && a.x > x && std::min(a.y, b.y) <= y && y < std::max(a.y, b.y)) odd = !odd;
    }
  };
  for (const OutlinePart& part : outline.parts) {
    count(part.outer);
    for (const Ring& hole : part.holes) count(hole);
  }
  return odd;
}

TEST_CASE("outlines: a rectangle has four corners, clockwise", "[image]") {
  const auto found = outlines({"....", ".77.", ".77."});
  REQUIRE(found.size() == 1);
  CHECK(found[0].label == 7);
  REQUIRE(found[0].parts.size() == 1);
  CHECK(found[0].parts[0].outer == Ring{{1, 1}, {3, 1}, {3, 3}, {1, 3}});
  CHECK(found[0].parts[0].holes.empty());
  CHECK(twice_area(found[0].parts[0].outer) == 8);
}

TEST_CASE("outlines: parts that touch by a corner stay apart, holes too", "[image]") {
  const auto apart = outlines({"1.", ".1"});
  REQUIRE(apart.size() == 1);
  CHECK(apart[0].parts.size() == 2);
  const auto holes = outlines({"1111", "1.11", "11.1", "1111"});
  REQUIRE(holes[0].parts.size() == 1);
  REQUIRE(holes[0].parts[0].holes.size() == 2);
  for (const Ring& hole : holes[0].parts[0].holes) CHECK(twice_area(hole) == -2);
}

TEST_CASE("outlines: a hole belongs to the part around it", "[image]") {
  const auto found = outlines({"11111.1", "1...1..", "1.1.1..", "1...1..", "11111.."});
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].parts.size() == 3);
  CHECK(found[0].parts[0].holes.size() == 1);
  CHECK(found[0].parts[1].holes.empty());
  CHECK(found[0].parts[2].holes.empty());
  const auto nested = outlines({"1111111", "1.....1", "1.111.1", "1.1.1.1", "1.111.1", "1.....1", "1111111"});
  REQUIRE(nested[0].parts.size() == 2);
  CHECK(nested[0].parts[0].holes.size() == 1);
  CHECK(twice_area(nested[0].parts[0].holes[0]) == -50);
  REQUIRE(nested[0].parts[1].holes.size() == 1);
  CHECK(nested[0].parts[1].holes[0] == Ring{{3, 3}, {3, 4}, {4, 4}, {4, 3}});
}

TEST_CASE("outlines: none, and a map that is one label", "[image]") {
  CHECK(outlines({"..", ".."}).empty());
  CHECK(outlines({"3"})[0].parts[0].outer.size() == 4);
}

TEST_CASE("outlines: random labels are what their outlines hold", "[image]") {
  std::mt19937 random(5);
  for (int round = 0; round < 60; ++round) {
    const std::int64_t height = 1 + static_cast<std::int64_t>(random() % 12);
    const std::int64_t width = 1 + static_cast<std::int64_t>(random() % 12);
    Labels labels(static_cast<std::size_t>(height * width));
    const std::uint32_t most = 1 + static_cast<std::uint32_t>(random() % 3);
    for (std::uint32_t& each : labels) each = static_cast<std::uint32_t>(random()) % (most + 1);
    CAPTURE(round, height, width);
    std::int64_t area = 0;
    std::int64_t pixels = 0;
    for (const std::uint32_t each : labels) pixels += each > 0 ? 2 : 0;
    for (const Outline& outline : outlines_of(labels.data(), height, width)) {
      for (const OutlinePart& part : outline.parts) {
        std::vector<Ring> rings = part.holes;
        rings.push_back(part.outer);
        for (const Ring& ring : rings) {
          area += twice_area(ring);
          std::set<std::pair<std::int64_t, std::int64_t>> corners;
          for (const Corner& corner : ring) corners.emplace(corner.x, corner.y);
          CHECK(corners.size() == ring.size());
        }
        CHECK(twice_area(part.outer) > 0);
        for (const Ring& hole : part.holes) CHECK(twice_area(hole) < 0);
      }
      bool same = true;
      for (std::int64_t y = 0; y < height; ++y) {
        for (std::int64_t x = 0; x < width; ++x) {
          const bool is_label = labels[static_cast<std::size_t>(y * width + x)] == outline.label;
          same = same && inside(outline, x, y) == is_label;
        }
      }
      CHECK(same);
    }
    CHECK(area == pixels);
  }
}

}  // namespace
}  // namespace musclemap::image
