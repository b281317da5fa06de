#include "image/labels/label_sizes.hpp"

#include <cstdint>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::image {
namespace {

using Map = std::vector<std::uint32_t>;

TEST_CASE("sizes of labels: small ones go, the others are numbered by their first pixels", "[image]") {
  Map labels{0, 7, 7, 2, 9, 9, 9, 2, 0, 4};
  CHECK(label_sizes(labels) == std::vector<std::int64_t>{2, 0, 2, 0, 1, 0, 0, 2, 0, 3});
  CHECK(drop_small_labels(2, SmallLabels::by_number, &labels) == 3);
  CHECK(labels == Map{0, 1, 1, 2, 3, 3, 3, 2, 0, 0});
  CHECK(drop_small_labels(9, SmallLabels::by_number, &labels) == 0);
  CHECK(labels == Map(10));
}

TEST_CASE("sizes of labels: Cellpose 3.1.1.2 drops the rank of a small label, not the label", "[image]") {
  // 2, 4, 7 and 9 have ranks 1 to 4; 4 is small, so that label 2 goes.
  Map labels{0, 7, 7, 2, 9, 9, 9, 2, 0, 4};
  CHECK(drop_small_labels(2, SmallLabels::by_rank, &labels) == 3);
  CHECK(labels == Map{0, 1, 1, 0, 2, 2, 2, 0, 0, 3});
  // Without a background the first label is not counted: the small 1 stays, the small 3 has rank 2.
  labels = {1, 2, 2, 3, 4, 4};
  CHECK(drop_small_labels(2, SmallLabels::by_rank, &labels) == 3);
  CHECK(labels == Map{1, 0, 0, 2, 3, 3});
}

}  // namespace
}  // namespace musclemap::image
