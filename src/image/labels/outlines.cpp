// Sides between a label and what is not it are walked with the label on the right hand. Where two ways lead
// on, the right one keeps to the same pixel, so that parts that touch by a corner stay apart.
#include "image/labels/outlines.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace musclemap::image {
namespace {

// Directions of a walk, each the right turn of the one before.
constexpr std::array<std::int64_t, 4> kAlongX = {1, 0, -1, 0};
constexpr std::array<std::int64_t, 4> kAlongY = {0, 1, 0, -1};

// A side of a pixel, from a corner in a direction.
struct Side {
  std::uint32_t label;
  std::int64_t y;
  std::int64_t x;
  int direction;
};

bool before(const Side& a, const Side& b) {
  return std::tie(a.label, a.y, a.x, a.direction) < std::tie(b.label, b.y, b.x, b.direction);
}

std::vector<Side> sides_of(const std::uint32_t* labels, std::int64_t height, std::int64_t width) {
  std::vector<Side> sides;
  const auto at = [&](std::int64_t y, std::int64_t x) -> std::uint32_t {
    return y < 0 || x < 0 || y >= height || x >= width ? 0 : labels[y * width + x];
  };
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      const std::uint32_t label = labels[y * width + x];
      if (label == 0) continue;
      if (at(y - 1, x) != label) sides.push_back({label, y, x, 0});
      if (at(y, x + 1) != label) sides.push_back({label, y, x + 1, 1});
      if (at(y + 1, x) != label) sides.push_back({label, y + 1, x + 1, 2});
      if (at(y, x - 1) != label) sides.push_back({label, y + 1, x, 3});
    }
  }
  std::sort(sides.begin(), sides.end(), before);
  return sides;
}

// A closed walk: its corners, and the pixel of the label beside its first side.
struct Walk {
  Ring corners;
  Corner pixel;
};

// The sides of one label.
class Walker {
 public:
  Walker(const Side* begin, const Side* end)
      : begin_(begin), end_(end), used_(static_cast<std::size_t>(end - begin), false) {}

  std::vector<Walk> walks() {
    std::vector<Walk> walks;
    for (const Side* side = begin_; side != end_; ++side) {
      if (!used_[index(side)]) walk_from(side, &walks);
    }
    return walks;
  }

 private:
  std::size_t index(const Side* side) const { return static_cast<std::size_t>(side - begin_); }

  // The side that leads on from a corner after a walk in that direction.
  const Side* next(std::int64_t y, std::int64_t x, int direction) const {
    for (const int turn : {1, 0, 3}) {
      const Side wanted{begin_->label, y, x, (direction + turn) % 4};
      const Side* found = std::lower_bound(begin_, end_, wanted, before);
      if (found != end_ && !before(wanted, *found) && !used_[index(found)]) return found;
    }
    return nullptr;
  }

  // A loop is cut off wherever the walk comes to a corner again.
  void walk_from(const Side* side, std::vector<Walk>* walks) {
    std::vector<const Side*> path;
    std::unordered_map<std::int64_t, std::size_t> visited;  // place in the path of a corner
    const auto key = [](const Side* at) { return (at->y << 32) ^ at->x; };
    while (side != nullptr) {
      used_[index(side)] = true;
      visited[key(side)] = path.size();
      path.push_back(side);
      const std::int64_t x = side->x + kAlongX[static_cast<std::size_t>(side->direction)];
      const std::int64_t y = side->y + kAlongY[static_cast<std::size_t>(side->direction)];
      const int direction = side->direction;
      const auto loop = visited.find((y << 32) ^ x);
      if (loop != visited.end()) {
        const std::size_t start = loop->second;
        walks->push_back(closed(path, start));
        for (std::size_t n = start; n < path.size(); ++n) visited.erase(key(path[n]));
        path.resize(start);
        if (path.empty()) return;
      }
      side = next(y, x, direction);
    }
  }

  static Walk closed(const std::vector<const Side*>& path, std::size_t start) {
    Walk walk;
    int last = path.back()->direction;
    for (std::size_t n = start; n < path.size(); ++n) {
      const Side& side = *path[n];
      if (side.direction != last) walk.corners.push_back({side.x, side.y});
      last = side.direction;
    }
    const Side& first = *path[start];
    constexpr std::array<std::int64_t, 4> kPixelX = {0, -1, -1, 0};
    constexpr std::array<std::int64_t, 4> kPixelY = {0, 0, -1, -1};
    const auto direction = static_cast<std::size_t>(first.direction);
    walk.pixel = {first.x + kPixelX[direction], first.y + kPixelY[direction]};
    return walk;
  }

  const Side* begin_;
  const Side* end_;
  std::vector<bool> used_;
};

// Whether the middle of a pixel lies inside: upright sides to its left are counted.
bool holds(const Ring& ring, const Corner& pixel) {
  bool inside = false;
  for (std::size_t n = 0; n < ring.size(); ++n) {
    const Corner& from = ring[n];
    const Corner& to = ring[(n + 1) % ring.size()];
    if (from.x == to.x && from.x <= pixel.x && (from.y <= pixel.y) != (to.y <= pixel.y)) inside = !inside;
  }
  return inside;
}

Outline outline_of(std::uint32_t label, std::vector<Walk> walks) {
  Outline outline;
  outline.label = label;
  std::vector<const Walk*> holes;
  for (Walk& walk : walks) {
    if (twice_area(walk.corners) > 0) {
      outline.parts.push_back({std::move(walk.corners), {}});
    } else {
      holes.push_back(&walk);
    }
  }
  for (const Walk* hole : holes) {
    OutlinePart* around = &outline.parts.front();
    if (outline.parts.size() > 1) {
      // Of parts inside of each other's holes the smallest one is the hole's.
      std::int64_t least = 0;
      for (OutlinePart& part : outline.parts) {
        const std::int64_t area = twice_area(part.outer);
        if (!holds(part.outer, hole->pixel) || (least != 0 && area >= least)) continue;
        least = area;
        around = &part;
      }
    }
    around->holes.push_back(hole->corners);
  }
  return outline;
}

}  // namespace

std::int64_t twice_area(const Ring& ring) {
  std::int64_t sum = 0;
  for (std::size_t n = 0; n < ring.size(); ++n) {
    const Corner& from = ring[n];
    const Corner& to = ring[(n + 1) % ring.size()];
    sum += from.x * to.y - to.x * from.y;
  }
  return sum;
}

std::vector<Outline> outlines_of(const std::uint32_t* labels, std::int64_t height, std::int64_t width) {
  const std::vector<Side> sides = sides_of(labels, height, width);
  std::vector<Outline> outlines;
  for (std::size_t begin = 0; begin < sides.size();) {
    std::size_t end = begin;
    while (end < sides.size() && sides[end].label == sides[begin].label) ++end;
    outlines.push_back(
        outline_of(sides[begin].label, Walker(sides.data() + begin, sides.data() + end).walks()));
    begin = end;
  }
  return outlines;
}

}  // namespace musclemap::image
