#include "draw/canvas.hpp"

#include <algorithm>
#include <cmath>

#include "base/checked.hpp"
#include "musclemap/error.hpp"

namespace musclemap::draw {

Colour mix(const Colour& from, const Colour& to, double part) {
  Colour result{};
  for (std::size_t c = 0; c < 3; ++c) {
    result[c] = static_cast<std::uint8_t>(std::lround(from[c] + (to[c] - from[c]) * part));
  }
  return result;
}

bool overlap(const Box& a, const Box& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

Canvas::Canvas(int width, int height, const Colour& background) : width_(width), height_(height) {
  if (width < 1 || height < 1) throw Error(ErrorCode::argument, "a picture needs at least one pixel");
  const auto pixels =
      base::checked_mul<std::size_t>(static_cast<std::size_t>(width), static_cast<std::size_t>(height));
  bytes_.resize(base::checked_mul<std::size_t>(pixels, 3));
  fill({0, 0, width, height}, background);
}

Colour Canvas::pixel(int x, int y) const {
  if (x < 0 || y < 0 || x >= width_ || y >= height_) {
    throw Error(ErrorCode::argument, "a pixel outside of the picture");
  }
  const std::size_t at =
      (static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)) * 3;
  return {bytes_[at], bytes_[at + 1], bytes_[at + 2]};
}

void Canvas::blend(int x, int y, const Colour& colour, double part) {
  if (x < 0 || y < 0 || x >= width_ || y >= height_) return;
  std::size_t at =
      (static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)) * 3;
  // In steps of 1/65536: as good as exact for 8 bits.
  const auto cover = static_cast<std::uint32_t>(std::lround(std::clamp(part, 0.0, 1.0) * 65536));
  for (const std::uint8_t channel : colour) {
    bytes_[at] = static_cast<std::uint8_t>((bytes_[at] * (65536 - cover) + channel * cover + 32768) >> 16);
    ++at;
  }
}

void Canvas::fill(const Box& box, const Colour& colour, double part) {
  const int right = std::min(width_, box.x + box.width);
  const int bottom = std::min(height_, box.y + box.height);
  const int left = std::max(0, box.x);
  for (int y = std::max(0, box.y); y < bottom; ++y) {
    if (part < 1) {
      for (int x = left; x < right; ++x) blend(x, y, colour, part);
      continue;
    }
    std::size_t at =
        (static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(left)) * 3;
    for (int x = left; x < right; ++x) {
      for (const std::uint8_t channel : colour) bytes_[at++] = channel;
    }
  }
}

void Canvas::line(double x0, double y0, double x1, double y1, const Colour& colour) {
  const bool steep = std::fabs(y1 - y0) > std::fabs(x1 - x0);
  if (steep) {
    std::swap(x0, y0);
    std::swap(x1, y1);
  }
  if (x0 > x1) {
    std::swap(x0, x1);
    std::swap(y0, y1);
  }
  const double slope = x1 == x0 ? 0 : (y1 - y0) / (x1 - x0);
  const double limit = steep ? height_ : width_;
  const auto first = static_cast<int>(std::lround(std::clamp(x0, -1.0, limit)));
  const auto last = static_cast<int>(std::lround(std::clamp(x1, -1.0, limit)));
  for (int x = first; x <= last; ++x) {
    const double y = y0 + slope * (x - x0);
    if (!(std::fabs(y) < 1e6)) continue;
    const double below = std::floor(y);
    const auto row = static_cast<int>(below);
    const double part = y - below;
    if (steep) {
      blend(row, x, colour, 1 - part);
      blend(row + 1, x, colour, part);
    } else {
      blend(x, row, colour, 1 - part);
      blend(x, row + 1, colour, part);
    }
  }
}

void Canvas::dot(double x, double y, double radius, const Colour& colour) {
  if (!(std::fabs(x) < 1e6 && std::fabs(y) < 1e6 && radius < 1e4)) return;
  const auto reach = static_cast<int>(std::ceil(radius)) + 1;
  const auto cx = static_cast<int>(std::lround(x));
  const auto cy = static_cast<int>(std::lround(y));
  for (int py = cy - reach; py <= cy + reach; ++py) {
    for (int px = cx - reach; px <= cx + reach; ++px) {
      blend(px, py, colour, radius + 0.5 - std::hypot(px - x, py - y));
    }
  }
}

void Canvas::text(int x, int y, std::string_view text, Font font, const Colour& colour) {
  cover(x, y, text_mask(text, font), colour);
}

void Canvas::text_on_image(int x, int y, std::string_view text, Font font, const Colour& colour) {
  const TextMask mask = text_mask(text, font);
  for (const auto& shift :
       {std::array<int, 2>{-1, 0}, {1, 0}, {0, -1}, {0, 1}, {-1, -1}, {1, 1}, {-1, 1}, {1, -1}}) {
    cover(x + shift[0], y + shift[1], mask, {0, 0, 0});
  }
  cover(x, y, mask, colour);
}

void Canvas::cover(int x, int y, const TextMask& mask, const Colour& colour) {
  std::size_t at = 0;
  for (int row = 0; row < mask.height; ++row) {
    for (int column = 0; column < mask.width; ++column, ++at) {
      if (mask.cover[at] > 0)
        blend(x + mask.left + column, y + mask.top + row, colour, mask.cover[at] / 255.0);
    }
  }
}

}  // namespace musclemap::draw
