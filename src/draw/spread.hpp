// Labels along a line, moved so that none covers another.
#ifndef MUSCLEMAP_DRAW_SPREAD_HPP_
#define MUSCLEMAP_DRAW_SPREAD_HPP_

#include <vector>

namespace musclemap::draw {

/// A stretch of a line.
struct Stretch {
  int begin = 0;  ///< where it would like to be, then where it is
  int length = 0;
};

/// Moves the stretches, in the order given, into [begin, end) without overlap, each near its wish. What finds
/// no room is taken off the end; returns how many remain.
std::size_t spread(std::vector<Stretch>& stretches, int begin, int end);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_SPREAD_HPP_
