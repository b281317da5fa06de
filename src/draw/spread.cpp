#include "draw/spread.hpp"

#include <algorithm>

namespace musclemap::draw {

std::size_t spread(std::vector<Stretch>& stretches, int begin, int end) {
  int room = end - begin;
  std::size_t kept = 0;
  while (kept < stretches.size() && room >= stretches[kept].length) room -= stretches[kept++].length;
  stretches.resize(kept);
  int from = begin;
  for (Stretch& stretch : stretches) {
    stretch.begin = std::max(from, stretch.begin);
    from = stretch.begin + stretch.length;
  }
  int until = end;
  for (auto stretch = stretches.rbegin(); stretch != stretches.rend(); ++stretch) {
    stretch->begin = std::min(stretch->begin, until - stretch->length);
    until = stretch->begin;
  }
  return kept;
}

}  // namespace musclemap::draw
