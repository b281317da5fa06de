#include <cmath>

#include "image/polish/components.hpp"
#include "image/polish/grow.hpp"
#include "image/polish/keep_within.hpp"
#include "image/polish/relabel.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/original_vectors.hpp"
#include "support/volumes.hpp"

namespace musclemap::image {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Shorts = std::vector<std::int16_t>;

template <class Rule, class T>
std::vector<T> polished(const Rule& rule, const std::vector<T>& line, const PolishContext& context = {}) {
  Volume labels = test::line_of(line);
  polish(rule, labels, context);
  return test::voxels_of<T>(labels);
}

TEST_CASE("polish: labels are dropped, kept and renumbered by a table, in either type", "[image]") {
  CHECK(polished(DropLabels{At::task, {3, 4, 300}}, Bytes{0, 1, 3, 4, 44, 255}) ==
        Bytes{0, 1, 0, 0, 44, 255});
  CHECK(polished(DropLabels{At::task, {-1, 300}}, Shorts{-1, 1, 300, 301}) == Shorts{0, 1, 0, 301});
  CHECK(polished(KeepOnly{At::image, {1, 44}}, Bytes{0, 1, 3, 44, 255}) == Bytes{0, 1, 0, 44, 0});
  CHECK(polished(KeepOnly{At::image, {}}, Shorts{5, -5}) == Shorts{0, 0});
  CHECK(polished(Relabel{At::image, {0, 2, 1, 0}}, Bytes{0, 1, 2, 3, 4}) == Bytes{0, 2, 1, 0, 0});
}

TEST_CASE("polish: the largest component of each of the labels stays, others as they are", "[image]") {
  CHECK(polished(KeepLargestOf{At::task, {1, 2}}, Bytes{1, 0, 1, 1, 2, 0, 2, 3, 0, 3}) ==
        Bytes{0, 0, 1, 1, 2, 0, 0, 3, 0, 3});
}

TEST_CASE("polish: small components are dropped up to and with the stated volume, in single precision",
          "[image]") {
  const Bytes line{1, 0, 1, 1, 0, 1, 1, 1, 0, 2, 2};
  CHECK(polished(DropSmall{At::task, {}, 2}, line) == Bytes{0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0});
  CHECK(polished(DropSmall{At::task, {2}, 2}, line) == Bytes{1, 0, 1, 1, 0, 1, 1, 1, 0, 0, 0});
  // Voxels of 0.1 x 1 x 1 mm: 0.3 / 0.1 is 3 in single precision, and less in double of the same sizes.
  PolishContext thin;
  thin.zooms_mm = {0.1F, 1, 1};
  REQUIRE(0.3 / static_cast<double>(0.1F) < 3);
  CHECK(polished(DropSmall{At::task, {}, 0.3}, Bytes{1, 1, 1, 0, 1, 1, 1, 1}, thin) ==
        Bytes{0, 0, 0, 0, 1, 1, 1, 1});
}

TEST_CASE("polish: vertebrae are told apart by volume, then grow", "[image]") {
  PolishContext context;
  context.zooms_mm = {2, 2, 2};
  SeparateVertebrae rule;
  rule.least_mm3 = 16;
  Volume map = test::volume_of<std::uint8_t>(test::grid({1, 1, 9}), {7, 8, 0, 9, 0, 0, 3, 3, 0});
  polish(rule, map, context);
  CHECK(test::voxels_of<std::uint8_t>(map) == Bytes{8, 8, 0, 0, 0, 0, 7, 7, 0});
  polish(DilateLabels{At::task, 2}, map, context);
  CHECK(test::voxels_of<std::uint8_t>(map) == Bytes{8, 8, 8, 0, 0, 7, 7, 7, 7});
}

TEST_CASE("polish: labels stay within another label map and around it", "[image]") {
  const Volume other = test::line_of(Shorts{0, 0, 0, 5, 0, 0, 0, 6});
  PolishContext context;
  context.other = &other;
  const Bytes line(8, 9);
  CHECK(polished(KeepWithin{{5}, 0}, line, context) == Bytes{0, 0, 0, 9, 0, 0, 0, 0});
  CHECK(polished(KeepWithin{{5}, 2.5}, line, context) == Bytes{0, 9, 9, 9, 9, 9, 0, 0});
  CHECK(polished(KeepWithin{{5, 6}, 1}, line, context) == Bytes{0, 0, 9, 9, 9, 0, 9, 9});
  // 0 steps where some were wanted: everything is within, unless there is nothing to grow.
  CHECK(polished(KeepWithin{{5}, 0.5}, line, context) == line);
  CHECK(polished(KeepWithin{{7}, 0.5}, line, context) == Bytes(8, 0));
  CHECK(outside_steps(KeepWithin{{5}, 10}, {0.75F, 0.75F, 1.5F}) == 10);
  const auto refusal = [&](const Bytes& labels, const PolishContext& with) {
    return test::error_of([&] { polished(KeepWithin{{5}, 1}, labels, with); });
  };
  CHECK(test::contains(refusal({1, 2}, context), "2x1x1"));
  CHECK(test::contains(refusal(line, {}), "there is none"));
}

}  // namespace
}  // namespace musclemap::image
