#include "draw/surface_net.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace musclemap::draw {
namespace {

// Towards the neighbours' mean and back again, or all would shrink (Taubin, "A signal processing
// approach to fair surface design", SIGGRAPH 1995).
constexpr int kRounds = 10;
constexpr std::array<float, 2> kPulls{0.65F, -0.5F};
constexpr float kReach = 0.45F;  // of a step, from the middle of the cell
constexpr int kNormalRounds = 4;

// Classes of a cell's corners; bit 0 of the index is along the first axis, bit 2 along the third.
using Corners = std::array<std::uint16_t, 8>;

struct Link {
  std::uint32_t a;
  std::uint32_t b;
};

// Builds points, links between them and quads, cell by cell in rising order.
class NetBuilder {
 public:
  NetBuilder(const LabelGrid& grid, const std::vector<char>& shown)
      : grid_(grid),
        shown_(shown),
        layer_(static_cast<std::size_t>(grid.shape[0] * grid.shape[1])),
        here_(layer_),
        below_(layer_) {}

  Mesh build() {
    for (std::int64_t z = 0; z + 1 < grid_.shape[2]; ++z) {
      for (std::int64_t y = 0; y + 1 < grid_.shape[1]; ++y) row(y, z);
      std::swap(here_, below_);
    }
    relax();
    add_normals();
    for (int round = 0; round < kNormalRounds; ++round) smooth_normals();
    return std::move(mesh_);
  }

 private:
  bool inside(std::uint16_t value) const { return shown_[value] != 0; }

  void row(std::int64_t y, std::int64_t z) {
    const std::array<const std::uint16_t*, 4> rows{
        &grid_.classes[grid_.at(0, y, z)], &grid_.classes[grid_.at(0, y + 1, z)],
        &grid_.classes[grid_.at(0, y, z + 1)], &grid_.classes[grid_.at(0, y + 1, z + 1)]};
    // How many of four corners are inside: 0 or 8 of eight need no point.
    const auto count = [&](std::int64_t x) {
      int sum = 0;
      for (const std::uint16_t* line : rows) sum += inside(line[x]) ? 1 : 0;
      return sum;
    };
    int left = count(0);
    for (std::int64_t x = 0; x + 1 < grid_.shape[0]; ++x) {
      const int right = count(x + 1);
      if (left + right != 0 && left + right != 8) {
        Corners corners;
        for (std::size_t n = 0; n < 8; ++n) corners[n] = rows[n >> 1][x + static_cast<std::int64_t>(n & 1)];
        cell(x, y, z, corners);
      }
      left = right;
    }
  }

  std::uint32_t id(std::int64_t x, std::int64_t y, bool below) const {
    return (below ? below_ : here_)[static_cast<std::size_t>(x + grid_.shape[0] * y)];
  }

  void cell(std::int64_t x, std::int64_t y, std::int64_t z, const Corners& corners) {
    const auto number = static_cast<std::uint32_t>(mesh_.points.size());
    here_[static_cast<std::size_t>(x + grid_.shape[0] * y)] = number;
    const std::array<std::int64_t, 3> place{x, y, z};
    Point3 middle{};
    for (std::size_t a = 0; a < 3; ++a) {
      middle[a] = grid_.first_mm[a] + (static_cast<float>(place[a]) + 0.5F) * grid_.step_mm[a];
    }
    mesh_.points.push_back(middle);
    seams_.push_back(meets(corners) ? 1 : 0);
    // Neighbours that share a face which the surface passes.
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (!passes_face(corners, axis)) continue;
      links_.push_back({number, id(x - (axis == 0 ? 1 : 0), y - (axis == 1 ? 1 : 0), axis == 2)});
    }
    for (std::size_t axis = 0; axis < 3; ++axis) edge(x, y, axis, corners);
  }

  // Whether two classes inside touch each other here.
  bool meets(const Corners& corners) const {
    std::uint16_t first = 0;
    for (const std::uint16_t value : corners) {
      if (!inside(value)) continue;
      if (first != 0 && value != first) return true;
      first = value;
    }
    return false;
  }

  bool passes_face(const Corners& corners, std::size_t axis) const {
    int sum = 0;
    for (std::size_t n = 0; n < 8; ++n) {
      if ((n >> axis & 1) == 0) sum += inside(corners[n]) ? 1 : 0;
    }
    return sum != 0 && sum != 4;
  }

  // The quad around the pair of voxels along `axis` at the cell's lower corner, from the four cells there.
  void edge(std::int64_t x, std::int64_t y, std::size_t axis, const Corners& corners) {
    const std::uint16_t low = corners[0];
    const std::uint16_t high = corners[std::size_t{1} << axis];
    if (inside(low) == inside(high)) return;
    Quad quad{};
    quad.inside = inside(low) ? low : high;
    if (axis == 0) {
      quad.corner = {id(x, y - 1, true), id(x, y, true), id(x, y, false), id(x, y - 1, false)};
    } else if (axis == 1) {
      quad.corner = {id(x - 1, y, true), id(x - 1, y, false), id(x, y, false), id(x, y, true)};
    } else {
      quad.corner = {id(x - 1, y - 1, false), id(x, y - 1, false), id(x, y, false), id(x - 1, y, false)};
    }
    if (!inside(low)) std::reverse(quad.corner.begin(), quad.corner.end());
    mesh_.quads.push_back(quad);
  }

  // A seam's point follows seams alone.
  bool pulls(std::uint32_t other, std::uint32_t point) const {
    return seams_[point] == 0 || seams_[other] != 0;
  }

  void relax() {
    const std::vector<Point3> middles = mesh_.points;
    std::vector<Point3> sums(middles.size());
    std::vector<std::uint8_t> counts(middles.size());
    for (const Link& link : links_) {
      counts[link.a] = static_cast<std::uint8_t>(counts[link.a] + (pulls(link.b, link.a) ? 1 : 0));
      counts[link.b] = static_cast<std::uint8_t>(counts[link.b] + (pulls(link.a, link.b) ? 1 : 0));
    }
    const auto add = [&](std::uint32_t to, std::uint32_t from) {
      if (!pulls(from, to)) return;
      for (std::size_t a = 0; a < 3; ++a) sums[to][a] += mesh_.points[from][a];
    };
    for (int round = 0; round < 2 * kRounds; ++round) {
      const float pull = kPulls[static_cast<std::size_t>(round % 2)];
      std::fill(sums.begin(), sums.end(), Point3{0, 0, 0});
      for (const Link& link : links_) {
        add(link.a, link.b);
        add(link.b, link.a);
      }
      for (std::size_t n = 0; n < middles.size(); ++n) {
        if (counts[n] == 0) continue;
        for (std::size_t a = 0; a < 3; ++a) {
          float& here = mesh_.points[n][a];
          here += pull * (sums[n][a] / static_cast<float>(counts[n]) - here);
          const float reach = kReach * grid_.step_mm[a];
          here = std::clamp(here, middles[n][a] - reach, middles[n][a] + reach);
        }
      }
    }
  }

  void add_normals() {
    mesh_.normals.assign(mesh_.points.size(), Point3{0, 0, 0});
    for (const Quad& quad : mesh_.quads) {
      const auto along = [&](std::size_t from, std::size_t to) {
        const Point3& p = mesh_.points[quad.corner[from]];
        const Point3& q = mesh_.points[quad.corner[to]];
        return Point3{q[0] - p[0], q[1] - p[1], q[2] - p[2]};
      };
      const Point3 u = along(0, 2);
      const Point3 v = along(1, 3);
      const Point3 normal{u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
      for (const std::uint32_t corner : quad.corner) {
        for (std::size_t a = 0; a < 3; ++a) mesh_.normals[corner][a] += normal[a];
      }
    }
  }

  // What is left of the steps from voxel to voxel would show in the shades.
  void smooth_normals() {
    std::vector<Point3> sums = mesh_.normals;
    for (const Link& link : links_) {
      for (std::size_t a = 0; a < 3; ++a) {
        sums[link.a][a] += mesh_.normals[link.b][a];
        sums[link.b][a] += mesh_.normals[link.a][a];
      }
    }
    mesh_.normals = std::move(sums);
  }

  const LabelGrid& grid_;
  const std::vector<char>& shown_;
  std::size_t layer_;
  std::vector<std::uint32_t> here_;  // points of the cells of this layer and of the one below
  std::vector<std::uint32_t> below_;
  Mesh mesh_;
  std::vector<char> seams_;
  std::vector<Link> links_;
};

}  // namespace

Mesh surface_net(const LabelGrid& grid, const std::vector<char>& shown) {
  return NetBuilder(grid, shown).build();
}

}  // namespace musclemap::draw
