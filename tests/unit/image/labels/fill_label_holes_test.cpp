#include "image/labels/fill_label_holes.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "image/labels/label_sizes.hpp"
#include "support/catch.hpp"
#include "support/cell_vectors.hpp"

namespace musclemap::image {
namespace {

using Map = std::vector<std::uint32_t>;

TEST_CASE("holes of labels: what no step over edges reaches from the box is filled", "[image]") {
  Map labels{0, 4, 4, 4, 0,  //
             4, 0, 4, 0, 4,  //
             4, 4, 0, 4, 4,  //
             0, 4, 4, 4, 0};
  fill_label_holes({1, 4, 5}, false, &labels);
  CHECK(labels == Map{0, 1, 1, 1, 0,  //
                      1, 1, 1, 1, 1,  //
                      1, 1, 1, 1, 1,  //
                      0, 1, 1, 1, 0});
}

TEST_CASE("holes of labels: a label inside is filled by the one around, and uses up its number", "[image]") {
  Map labels{5, 5, 5, 0,  //
             5, 9, 5, 0,  //
             5, 5, 5, 9,  //
             0, 0, 0, 0};
  fill_label_holes({1, 4, 4}, false, &labels);
  CHECK(labels == Map{1, 1, 1, 0,  //
                      1, 1, 1, 0,  //
                      1, 1, 1, 2,  //
                      0, 0, 0, 0});
  labels = {7, 7, 7,  //
            7, 3, 7,  //
            7, 7, 7};
  fill_label_holes({1, 3, 3}, false, &labels);
  CHECK(labels == Map(9, 2));
}

TEST_CASE("holes of labels: in a volume the first and the last plane are borders too", "[image]") {
  Map ring{1, 1, 1, 1, 0, 1, 1, 1, 1};
  Map labels(27, 1);
  labels[13] = 0;
  fill_label_holes({3, 3, 3}, true, &labels);
  CHECK(labels == Map(27, 1));
  labels = Map(27, 1);
  labels[4] = labels[13] = 0;
  const Map open = labels;
  fill_label_holes({3, 3, 3}, true, &labels);
  CHECK(labels == open);
  const Map flat = ring;
  fill_label_holes({1, 3, 3}, true, &ring);
  CHECK(ring == flat);
  fill_label_holes({1, 3, 3}, false, &ring);
  CHECK(ring == Map(9, 1));
}

TEST_CASE("holes of labels: a map without labels, and one without pixels", "[image]") {
  Map labels(6);
  fill_label_holes({1, 2, 3}, false, &labels);
  CHECK(labels == Map(6));
  labels.clear();
  fill_label_holes({0, 2, 3}, true, &labels);
  CHECK(labels.empty());
}

TEST_CASE("holes of labels: with small labels dropped the map is Cellpose's", "[image]") {
  if (test::shared_data().empty()) return;
  const auto labels = test::cell_vector<std::uint32_t>("fill.labels");
  for (const std::int64_t least : {-1, 10, 15}) {
    for (const auto& [which, ending] :
         {std::pair{SmallLabels::by_rank, ".masks"}, {SmallLabels::by_number, ".masks_fixed"}}) {
      Map map = labels.values;
      if (least > 0) drop_small_labels(least, which, &map);
      fill_label_holes({1, labels.shape[0], labels.shape[1]}, false, &map);
      if (least > 0) drop_small_labels(least, which, &map);
      CHECK(map == test::cell_vector<std::uint32_t>("fill_" + std::to_string(least) + ending).values);
    }
  }
}

}  // namespace
}  // namespace musclemap::image
