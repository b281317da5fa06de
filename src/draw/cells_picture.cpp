#include "draw/cells_picture.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/checked.hpp"
#include "base/text.hpp"
#include "draw/png.hpp"
#include "musclemap/labels.hpp"

namespace musclemap::draw {
namespace {

constexpr std::int64_t kWantedSide = 1000;
constexpr std::int64_t kMostSide = 4096;
constexpr std::int64_t kMostEnlarged = 8;
constexpr double kTint = 0.16;

// How pixels of the picture come from those of the frame: `enlarged` times as many, or one of `reduced`.
struct Scale {
  std::int64_t enlarged = 1;
  std::int64_t reduced = 1;
  std::int64_t source(std::int64_t at, std::int64_t length) const {
    return std::min(at / enlarged * reduced + reduced / 2, length - 1);
  }
  int drawn(std::int64_t length) const {
    return static_cast<int>((length + reduced - 1) / reduced * enlarged);
  }
};

Scale scale_for(std::int64_t side) {
  Scale scale;
  scale.enlarged = std::clamp<std::int64_t>(kWantedSide / side, 1, kMostEnlarged);
  scale.reduced = (side + kMostSide - 1) / kMostSide;
  return scale;
}

struct GreyWindow {
  float low = 0;
  float high = 0;
  std::uint8_t of(float value) const {
    if (!std::isfinite(value) || !(high > low)) return 0;
    return static_cast<std::uint8_t>(std::lround(255 * std::clamp((value - low) / (high - low), 0.0F, 1.0F)));
  }
};

// Between ranks of finite values; all of them where those ranks are one value.
GreyWindow grey_window(const CellsFrame& frame) {
  std::vector<float> values;
  const std::int64_t count = frame.height * frame.width;
  // Some million values tell as much.
  const std::int64_t step = std::max<std::int64_t>(1, count >> 21);
  for (std::int64_t n = 0; n < count; n += step) {
    if (std::isfinite(frame.image[n])) values.push_back(frame.image[n]);
  }
  if (values.empty()) return {};
  const auto rank = [&](double part) {
    const auto place = values.begin() + std::lround(part * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), place, values.end());
    return *place;
  };
  const GreyWindow window{rank(0.005), rank(0.995)};
  return window.high > window.low ? window : GreyWindow{rank(0), rank(1)};
}

class CellsDrawing {
 public:
  explicit CellsDrawing(const CellsFrame& frame)
      : frame_(frame),
        scale_(scale_for(std::max(frame.height, frame.width))),
        canvas_(scale_.drawn(frame.width), scale_.drawn(frame.height), {0, 0, 0}) {}

  Canvas draw() {
    const GreyWindow window = grey_window(frame_);
    const std::int64_t rim = scale_.enlarged > 2 ? 2 : 1;
    for (int y = 0; y < canvas_.height(); ++y) {
      for (int x = 0; x < canvas_.width(); ++x) {
        const std::uint8_t grey = window.of(frame_.image[place(y, x)]);
        canvas_.blend(x, y, {grey, grey, grey});
        const std::uint32_t label = frame_.labels[place(y, x)];
        if (label == 0) continue;
        const bool at_rim = label_at(y - rim, x) != label || label_at(y + rim, x) != label ||
                            label_at(y, x - rim) != label || label_at(y, x + rim) != label;
        canvas_.blend(x, y, label_colour(static_cast<std::int32_t>(label & 0x7fffffff)), at_rim ? 1 : kTint);
      }
    }
    if (frame_.pixel_size_um > 0 && std::isfinite(frame_.pixel_size_um)) draw_bar();
    return std::move(canvas_);
  }

 private:
  std::int64_t place(std::int64_t y, std::int64_t x) const {
    return scale_.source(y, frame_.height) * frame_.width + scale_.source(x, frame_.width);
  }
  std::uint32_t label_at(std::int64_t y, std::int64_t x) const {
    if (y < 0 || x < 0 || y >= canvas_.height() || x >= canvas_.width()) return 0;
    return frame_.labels[place(y, x)];
  }

  // The longest of 1, 2 and 5 times a power of ten that takes a quarter of the width.
  void draw_bar() {
    constexpr int kLeast = 8;
    const double um_per_px =
        frame_.pixel_size_um * static_cast<double>(scale_.reduced) / static_cast<double>(scale_.enlarged);
    const double most = um_per_px * canvas_.width() / 4;
    const double power = std::pow(10.0, std::floor(std::log10(most)));
    const double length_um = most >= 5 * power ? 5 * power : most >= 2 * power ? 2 * power : power;
    const int length = static_cast<int>(std::lround(length_um / um_per_px));
    if (length < kLeast) return;
    const int right = canvas_.width() - 12;
    const int y = canvas_.height() - 14;
    const Colour white{240, 240, 240};
    canvas_.fill({right - length - 1, y - 2, length + 2, 6}, {0, 0, 0});
    canvas_.fill({right - length, y - 1, length, 4}, white);
    const std::string text = base::number_text(length_um) + " µm";
    const int middle = right - length / 2;
    const int left = std::min(middle - text_width(text, Font::small) / 2,
                              canvas_.width() - 4 - text_width(text, Font::small));
    canvas_.text_on_image(left, y - 4 - line_height(Font::small), text, Font::small, white);
  }

  const CellsFrame& frame_;
  Scale scale_;
  Canvas canvas_;
};

}  // namespace

Canvas cells_picture(const CellsFrame& frame) {
  constexpr std::int64_t kMostLength = 0x7fffffff;
  base::check_number(frame.height, 1, kMostLength, "height of the picture");
  base::check_number(frame.width, 1, kMostLength, "width of the picture");
  return CellsDrawing(frame).draw();
}

std::string cells_png(const CellsFrame& frame) { return encode_png(cells_picture(frame)); }

}  // namespace musclemap::draw
