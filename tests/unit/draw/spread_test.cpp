#include "draw/spread.hpp"

#include <vector>

#include "support/catch.hpp"

using musclemap::draw::spread;
using musclemap::draw::Stretch;

TEST_CASE("spread: what has room stays where it is", "[draw]") {
  std::vector<Stretch> stretches{{10, 5}, {20, 5}, {90, 10}};
  CHECK(spread(stretches, 0, 100) == 3);
  CHECK(stretches[0].begin == 10);
  CHECK(stretches[1].begin == 20);
  CHECK(stretches[2].begin == 90);
}

TEST_CASE("spread: crowded stretches keep their order, inside and without overlap", "[draw]") {
  std::vector<Stretch> stretches{{-50, 30}, {95, 20}, {95, 20}, {96, 20}};
  REQUIRE(spread(stretches, 0, 100) == 4);
  int end = 0;
  for (const Stretch& stretch : stretches) {
    CHECK(stretch.begin >= end);
    end = stretch.begin + stretch.length;
  }
  CHECK(end <= 100);
}

TEST_CASE("spread: what finds no room is taken off the end", "[draw]") {
  std::vector<Stretch> stretches{{0, 60}, {10, 30}, {20, 20}, {30, 1}};
  CHECK(spread(stretches, 0, 100) == 2);
  CHECK(stretches.size() == 2);
  std::vector<Stretch> none;
  CHECK(spread(none, 0, 0) == 0);
}
