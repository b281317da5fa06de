#include "draw/surface_picture.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace musclemap::draw {
namespace {

constexpr int kFine = 2;  // samples per pixel along each side
constexpr float kNothing = -std::numeric_limits<float>::infinity();

float dot3(const Point3& a, const Point3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

Point3 unit(const Point3& v) {
  const float length = std::sqrt(dot3(v, v));
  if (!(length > 0)) return {0, 1, 0};
  return {v[0] / length, v[1] / length, v[2] / length};
}

// What lies nearest behind each sample.
class DepthBuffer {
 public:
  DepthBuffer(int width, int height)
      : width_(width),
        height_(height),
        depth_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), kNothing),
        normals_(depth_.size()),
        classes_(depth_.size()) {}

  std::size_t at(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x);
  }
  bool covered(std::size_t n) const { return depth_[n] != kNothing; }
  float depth(std::size_t n) const { return depth_[n]; }
  const Point3& normal(std::size_t n) const { return normals_[n]; }
  std::uint16_t value(std::size_t n) const { return classes_[n]; }

  struct Corner {
    float x, y, depth;
    Point3 normal;
  };

  // Only if it faces the viewer: corners clockwise as y goes down.
  void triangle(const Corner& a, const Corner& b, const Corner& c, std::uint16_t value) {
    const float area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    if (!(area < 0)) return;
    const int left = std::max(0, static_cast<int>(std::ceil(std::min({a.x, b.x, c.x}))));
    const int right = std::min(width_ - 1, static_cast<int>(std::floor(std::max({a.x, b.x, c.x}))));
    const int top = std::max(0, static_cast<int>(std::ceil(std::min({a.y, b.y, c.y}))));
    const int bottom = std::min(height_ - 1, static_cast<int>(std::floor(std::max({a.y, b.y, c.y}))));
    for (int y = top; y <= bottom; ++y) {
      for (int x = left; x <= right; ++x) {
        const auto px = static_cast<float>(x);
        const auto py = static_cast<float>(y);
        const float wb = ((px - a.x) * (c.y - a.y) - (py - a.y) * (c.x - a.x)) / area;
        const float wc = ((b.x - a.x) * (py - a.y) - (b.y - a.y) * (px - a.x)) / area;
        const float wa = 1 - wb - wc;
        if (wa < 0 || wb < 0 || wc < 0) continue;
        const float depth = wa * a.depth + wb * b.depth + wc * c.depth;
        const std::size_t n = at(x, y);
        if (depth <= depth_[n]) continue;
        depth_[n] = depth;
        classes_[n] = value;
        for (std::size_t k = 0; k < 3; ++k) {
          normals_[n][k] = wa * a.normal[k] + wb * b.normal[k] + wc * c.normal[k];
        }
      }
    }
  }

  // Depth averaged over squares of 2 * reach + 1 samples; what is not covered counts as the farthest.
  std::vector<float> blurred(int reach) const {
    float farthest = std::numeric_limits<float>::infinity();
    for (const float depth : depth_) {
      if (depth != kNothing) farthest = std::min(farthest, depth);
    }
    std::vector<float> values(depth_);
    for (float& value : values) value = value == kNothing ? farthest : value;
    blur(values, width_, height_, 1, width_, reach);
    blur(values, height_, width_, width_, 1, reach);
    return values;
  }

 private:
  // Running mean along lines of `count` values that lie `step` apart.
  static void blur(std::vector<float>& values, int count, int lines, int step, int next, int reach) {
    std::vector<double> sums(static_cast<std::size_t>(count) + 1);
    for (int line = 0; line < lines; ++line) {
      const std::size_t first = static_cast<std::size_t>(line) * static_cast<std::size_t>(next);
      const auto place = [&](int n) {
        return first + static_cast<std::size_t>(n) * static_cast<std::size_t>(step);
      };
      for (int n = 0; n < count; ++n) {
        sums[static_cast<std::size_t>(n) + 1] =
            sums[static_cast<std::size_t>(n)] + static_cast<double>(values[place(n)]);
      }
      for (int n = 0; n < count; ++n) {
        const int begin = std::max(0, n - reach);
        const int end = std::min(count, n + reach + 1);
        values[place(n)] = static_cast<float>(
            (sums[static_cast<std::size_t>(end)] - sums[static_cast<std::size_t>(begin)]) / (end - begin));
      }
    }
  }

  int width_;
  int height_;
  std::vector<float> depth_;  // mm to the front
  std::vector<Point3> normals_;
  std::vector<std::uint16_t> classes_;
};

DepthBuffer rasterised(const Box& box, const FrontView& view, const Mesh& mesh) {
  DepthBuffer buffer(box.width * kFine, box.height * kFine);
  const auto scale = static_cast<float>(view.px_per_mm * kFine);
  const auto corner = [&](std::uint32_t n) {
    const Point3& p = mesh.points[n];
    return DepthBuffer::Corner{(static_cast<float>(view.right_mm) - p[0]) * scale - 0.5F,
                               (static_cast<float>(view.head_mm) - p[2]) * scale - 0.5F, p[1],
                               unit(mesh.normals[n])};
  };
  for (const Quad& quad : mesh.quads) {
    const auto a = corner(quad.corner[0]);
    const auto c = corner(quad.corner[2]);
    buffer.triangle(a, corner(quad.corner[1]), c, quad.inside);
    buffer.triangle(a, c, corner(quad.corner[3]), quad.inside);
  }
  return buffer;
}

// Light from the upper left in front, a little gloss, darker in the shade of what lies in front.
std::array<float, 3> shaded(const Colour& colour, const Point3& normal, float shade) {
  static const Point3 light = unit({0.45F, 0.75F, 0.5F});
  static const Point3 halfway = unit({light[0], light[1] + 1, light[2]});
  const Point3 n = unit(normal);
  const float lit = (0.32F + 0.78F * std::max(0.0F, dot3(n, light))) * shade;
  const float gloss = 42 * std::pow(std::max(0.0F, dot3(n, halfway)), 24.0F) * shade;
  std::array<float, 3> result{};
  for (std::size_t c = 0; c < 3; ++c)
    result[c] = std::min(255.0F, static_cast<float>(colour[c]) * lit + gloss);
  return result;
}

}  // namespace

void draw_surface(Canvas& canvas, const Box& box, const FrontView& view, const Mesh& mesh,
                  const std::vector<Colour>& colours) {
  if (mesh.quads.empty()) return;
  const DepthBuffer buffer = rasterised(box, view, mesh);
  // Depth darkening (Luft, Colditz, Deussen, "Image enhancement by unsharp masking the depth buffer", 2006).
  const int reach = std::max(2, static_cast<int>(std::lround(9 * view.px_per_mm * kFine)));
  const std::vector<float> around = buffer.blurred(reach);
  constexpr float kFullShadeMm = 45;
  constexpr float kDarkest = 0.62F;
  for (int y = 0; y < box.height; ++y) {
    for (int x = 0; x < box.width; ++x) {
      std::array<float, 3> sum{};
      int covered = 0;
      for (int s = 0; s < kFine * kFine; ++s) {
        const std::size_t n = buffer.at(x * kFine + s % kFine, y * kFine + s / kFine);
        if (!buffer.covered(n)) continue;
        ++covered;
        const float behind = std::clamp((around[n] - buffer.depth(n)) / kFullShadeMm, 0.0F, 1.0F);
        const auto colour = shaded(colours[buffer.value(n)], buffer.normal(n), 1 - kDarkest * behind);
        for (std::size_t c = 0; c < 3; ++c) sum[c] += colour[c];
      }
      if (covered == 0) continue;
      Colour mean{};
      for (std::size_t c = 0; c < 3; ++c) {
        mean[c] = static_cast<std::uint8_t>(std::lround(sum[c] / static_cast<float>(covered)));
      }
      canvas.blend(box.x + x, box.y + y, mean, static_cast<double>(covered) / (kFine * kFine));
    }
  }
}

}  // namespace musclemap::draw
