// The structure that a point lies deepest in, among those it is compared with.
#ifndef MUSCLEMAP_EXAMPLES_PHANTOM_NEAREST_HPP_
#define MUSCLEMAP_EXAMPLES_PHANTOM_NEAREST_HPP_

#include <algorithm>

namespace phantom {

/// Least and second least distance offered so far; `second` may start at the distance of what is no
/// candidate.
template <class Structure>
struct Nearest {
  double best = 1e9;
  double second;
  const Structure* structure = nullptr;

  explicit Nearest(double second_start) : second(second_start) {}

  void offer(double distance, const Structure& candidate) {
    if (distance < best) {
      second = std::min(second, best);
      best = distance;
      structure = &candidate;
    } else {
      second = std::min(second, distance);
    }
  }
};

}  // namespace phantom

#endif  // MUSCLEMAP_EXAMPLES_PHANTOM_NEAREST_HPP_
