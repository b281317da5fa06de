#include "image/labels/stitch_planes.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "image/labels/fill_label_holes.hpp"
#include "image/labels/label_sizes.hpp"
#include "support/catch.hpp"
#include "support/cell_vectors.hpp"

namespace musclemap::image {
namespace {

using Map = std::vector<std::uint32_t>;

Map stitched(Map labels, double least, StitchAfterEmpty after_empty, std::int64_t planes) {
  const auto width = static_cast<std::int64_t>(labels.size()) / planes;
  stitch_planes({planes, 1, width}, least, after_empty, &labels);
  return labels;
}

TEST_CASE("stitched planes: a label goes on as the one that it covers best", "[image]") {
  const auto fixed = StitchAfterEmpty::new_numbers;
  // 1 covers 2 by 2/3 and 1 by 1/5; 3 meets no label.
  CHECK(stitched({1, 1, 1, 2, 2, 0, 0,  //
                  0, 0, 1, 1, 1, 0, 3},
                 0.25, fixed, 2) == Map{1, 1, 1, 2, 2, 0, 0, 0, 0, 2, 2, 2, 0, 4});
  CHECK(stitched({1, 1, 1, 2, 2, 0, 0,  //
                  0, 0, 1, 1, 1, 0, 3},
                 0.7, fixed, 2) == Map{1, 1, 1, 2, 2, 0, 0, 0, 0, 3, 3, 3, 0, 5});
  // Of two labels on one the larger goes on; equal ones both.
  CHECK(stitched({5, 5, 5, 5, 5,  //
                  1, 1, 1, 2, 2},
                 0.1, fixed, 2) == Map{5, 5, 5, 5, 5, 5, 5, 5, 6, 6});
  CHECK(stitched({5, 5, 5, 5,  //
                  1, 1, 2, 2},
                 0.1, fixed, 2) == Map{5, 5, 5, 5, 5, 5, 5, 5});
  // One label on two takes the first of equal ones.
  CHECK(stitched({1, 1, 2, 2,  //
                  1, 1, 1, 1},
                 0.1, fixed, 2) == Map{1, 1, 2, 2, 1, 1, 1, 1});
}

TEST_CASE("stitched planes: numbers before an empty plane come again in Cellpose 3.1.1.2 alone", "[image]") {
  const Map planes{1, 2, 0,  //
                   0, 0, 0,  //
                   0, 1, 2,  //
                   1, 0, 2};
  CHECK(stitched(planes, 0.5, StitchAfterEmpty::new_numbers, 4) == Map{1, 2, 0, 0, 0, 0, 0, 3, 4, 5, 0, 4});
  CHECK(stitched(planes, 0.5, StitchAfterEmpty::own_numbers, 4) == Map{1, 2, 0, 0, 0, 0, 0, 1, 2, 3, 0, 2});
  const Map later{1, 2, 0,  //
                  1, 2, 0,  //
                  0, 0, 0,  //
                  0, 1, 0};
  for (const auto after : {StitchAfterEmpty::new_numbers, StitchAfterEmpty::own_numbers}) {
    CHECK(stitched(later, 0.5, after, 4) == Map{1, 2, 0, 1, 2, 0, 0, 0, 0, 0, 3, 0});
  }
  CHECK(stitched(Map(6), 0.5, StitchAfterEmpty::new_numbers, 2) == Map(6));
}

TEST_CASE("stitched planes: volumes of planes are Cellpose's", "[image]") {
  if (test::shared_data().empty()) return;
  const auto planes = test::cell_vector<std::uint32_t>("stitch.planes");
  const std::array<std::int64_t, 3> shape{planes.shape[0], planes.shape[1], planes.shape[2]};
  for (const auto& [name, least] : {std::pair{"stitch_0.1", 0.1}, {"stitch_0.5", 0.5}}) {
    Map labels = planes.values;
    stitch_planes(shape, least, StitchAfterEmpty::own_numbers, &labels);
    CHECK(labels == test::cell_vector<std::uint32_t>(std::string(name) + ".stitched").values);
    drop_small_labels(15, SmallLabels::by_rank, &labels);
    fill_label_holes(shape, true, &labels);
    drop_small_labels(15, SmallLabels::by_rank, &labels);
    CHECK(labels == test::cell_vector<std::uint32_t>(std::string(name) + ".masks").values);
  }
}

}  // namespace
}  // namespace musclemap::image
