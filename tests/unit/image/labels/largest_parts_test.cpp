#include "image/labels/largest_parts.hpp"

#include <cstdint>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::image {
namespace {

using Map = std::vector<std::uint32_t>;

TEST_CASE("largest parts: of each label the largest stays, of equal ones the first", "[image]") {
  Map labels{9, 0, 70000, 70000, 9,  //
             0, 9, 70000, 9,     9,  //
             3, 0, 0,     9,     0,  //
             0, 3, 70000, 0,     3};
  keep_largest_parts({1, 4, 5}, &labels);
  CHECK(labels == Map{0, 0, 70000, 70000, 9,  //
                      0, 0, 70000, 9,     9,  //
                      3, 0, 0,     9,     0,  //
                      0, 0, 0,     0,     0});
}

TEST_CASE("largest parts: planes of a volume are joined over faces", "[image]") {
  Map labels{1, 0, 0, 1,  //
             0, 0, 0, 1};
  keep_largest_parts({2, 2, 2}, &labels);
  CHECK(labels == Map{0, 0, 0, 1, 0, 0, 0, 1});
  labels.assign(8, 0);
  keep_largest_parts({2, 2, 2}, &labels);
  CHECK(labels == Map(8));
}

}  // namespace
}  // namespace musclemap::image
