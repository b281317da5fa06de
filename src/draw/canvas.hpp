// A picture in memory and what is drawn on it.
#ifndef MUSCLEMAP_DRAW_CANVAS_HPP_
#define MUSCLEMAP_DRAW_CANVAS_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "draw/font.hpp"

namespace musclemap::draw {

using Colour = std::array<std::uint8_t, 3>;

/// `from` where part is 0, `to` where it is 1.
Colour mix(const Colour& from, const Colour& to, double part);

/// A rectangle of pixels; x to the right, y down.
struct Box {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

bool overlap(const Box& a, const Box& b);

/// RGB pixels, 8 bits each. Everything that lies outside is left out. One thread at a time.
class Canvas {
 public:
  /// Error `argument` for a size below 1 or too large to address.
  Canvas(int width, int height, const Colour& background);

  int width() const noexcept { return width_; }
  int height() const noexcept { return height_; }
  /// Rows from the top, three bytes a pixel.
  const std::vector<std::uint8_t>& bytes() const noexcept { return bytes_; }
  Colour pixel(int x, int y) const;

  /// Covers `part` (0 to 1) of what is there.
  void blend(int x, int y, const Colour& colour, double part = 1);
  void fill(const Box& box, const Colour& colour, double part = 1);
  /// Antialiased, about one pixel wide.
  void line(double x0, double y0, double x1, double y1, const Colour& colour);
  /// A filled circle.
  void dot(double x, double y, double radius, const Colour& colour);
  /// Top left corner of the line at (x, y); what is drawn of a text stands in font.hpp.
  void text(int x, int y, std::string_view text, Font font, const Colour& colour);
  /// The same with a dark rim, to be read on any background.
  void text_on_image(int x, int y, std::string_view text, Font font, const Colour& colour);

 private:
  void cover(int x, int y, const TextMask& mask, const Colour& colour);

  int width_;
  int height_;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_CANVAS_HPP_
