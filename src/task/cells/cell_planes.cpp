#include "task/cells/cell_planes.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <type_traits>

#include "image/typed_view.hpp"
#include "musclemap/error.hpp"

namespace musclemap::task {
namespace {

class ZeroRows : public image::RowSource {
 public:
  ZeroRows(std::int64_t height, std::int64_t width) : height_(height), width_(width) {}
  std::int64_t planes() const override { return 1; }
  std::int64_t height() const override { return height_; }
  std::int64_t width() const override { return width_; }
  void read(std::int64_t /*begin*/, std::int64_t count, float* to, std::int64_t /*stride*/) override {
    std::fill_n(to, count * width_, 0.0F);
  }

 private:
  std::int64_t height_;
  std::int64_t width_;
};

/// One channel, or the mean of several.
class ChannelRows : public image::RowSource {
 public:
  /// Channels [first, first + count), from 0.
  ChannelRows(PictureReader& picture, std::int64_t first, std::int64_t count)
      : picture_(picture), first_(first), count_(count) {}
  std::int64_t planes() const override { return 1; }
  std::int64_t height() const override { return picture_.info().geometry.shape[3]; }
  std::int64_t width() const override { return picture_.info().geometry.shape[4]; }

  void read(std::int64_t begin, std::int64_t count, float* to, std::int64_t /*stride*/) override {
    for (std::int64_t y = begin; y < begin + count;) {
      if (y == held_end_) hold_next();
      const std::int64_t end = std::min(begin + count, held_end_);
      std::copy_n(held_.data() + (y - held_begin_) * width(), (end - y) * width(),
                  to + (y - begin) * width());
      y = end;
    }
  }

 private:
  /// Many rows: a reader that jumps between planes may decompress a strip from its beginning each time.
  void hold_next() {
    held_begin_ = held_end_;
    held_end_ = std::min(height(), held_begin_ + channel_rows_at_once(width()));
    const std::int64_t rows = held_end_ - held_begin_;
    held_.resize(static_cast<std::size_t>(rows * width()));
    image::with_type(picture_.info().dtype,
                     [&](auto pixel) { read_as<decltype(pixel)>(held_begin_, rows, held_.data()); });
  }

  template <class T>
  void read_as(std::int64_t y, std::int64_t rows, float* values) {
    const auto pixels = static_cast<std::size_t>(rows * width());
    std::vector<T> stored(pixels);
    for (std::int64_t channel = first_; channel < first_ + count_; ++channel) {
      picture_.read_rows(0, channel, 0, y, rows, stored.data());
      for (std::size_t i = 0; i < pixels; ++i) {
        const auto value = static_cast<float>(stored[i]);
        if (std::is_floating_point_v<T> && !std::isfinite(value)) {
          refuse(channel, y, static_cast<std::int64_t>(i));
        }
        values[i] = channel == first_ ? value : values[i] + value;
      }
    }
    if (count_ == 1) return;
    for (std::size_t i = 0; i < pixels; ++i) values[i] /= static_cast<float>(count_);
  }

  [[noreturn]] void refuse(std::int64_t channel, std::int64_t y, std::int64_t pixel) const {
    throw Error(ErrorCode::argument, Reason::nonfinite,
                "the picture's pixel (y " + std::to_string(y + pixel / width()) + ", x " +
                    std::to_string(pixel % width()) + ") of channel " + std::to_string(channel + 1) +
                    " is no finite single-precision number");
  }

  PictureReader& picture_;
  std::int64_t first_;
  std::int64_t count_;
  std::int64_t held_begin_ = 0;
  std::int64_t held_end_ = 0;
  std::vector<float> held_;
};

}  // namespace

StackReader::StackReader(const ImageStack& stack) : stack_(stack) {
  if (stack.empty()) throw Error(ErrorCode::argument, "the picture is an empty stack: it has no pixels");
  info_.geometry = stack.geometry();
  info_.dtype = stack.dtype();
}

void StackReader::read_rows(std::int64_t t, std::int64_t c, std::int64_t z, std::int64_t y_begin,
                            std::int64_t y_count, void* to) {
  image::with_type(info_.dtype, [&](auto pixel) {
    using Pixel = decltype(pixel);
    const PlaneView<const Pixel> plane = stack_.plane<Pixel>(t, c, z);
    auto* out = static_cast<Pixel*>(to);
    for (std::int64_t y = y_begin; y < y_begin + y_count; ++y) {
      for (std::int64_t x = 0; x < plane.shape[1]; ++x) *out++ = plane(y, x);
    }
  });
}

void check_cell_channels(const Index5& shape, const std::array<std::int64_t, 2>& channels) {
  if (shape[0] != 1 || shape[2] != 1) {
    throw Error(ErrorCode::argument, "the picture has " + std::to_string(shape[0]) + " times and " +
                                         std::to_string(shape[2]) + " sections; 1 of each is allowed");
  }
  for (const std::int64_t channel : channels) {
    if (channel < 0 || channel > shape[1]) {
      throw Error(ErrorCode::argument, "channels has " + std::to_string(channel) + "; 0 to the picture's " +
                                           std::to_string(shape[1]) + " are allowed");
    }
  }
}

std::int64_t picture_channel(const std::array<std::int64_t, 2>& channels, std::int64_t number) {
  if (number == 0) return channels[0];
  // Cellpose takes no nuclear channel beside the mean of all.
  return number == 1 && channels[0] > 0 && channels[1] > 0 ? channels[1] : -1;
}

std::int64_t used_channels(const std::array<std::int64_t, 2>& channels) {
  return picture_channel(channels, 1) < 0 ? 1 : 2;
}

std::int64_t channel_rows_at_once(std::int64_t width) {
  constexpr std::int64_t kPixels = std::int64_t{1} << 23U;
  return std::max<std::int64_t>(1, kPixels / width);
}

std::unique_ptr<image::RowSource> channel_rows(PictureReader& picture, std::int64_t channel) {
  const Index5& shape = picture.info().geometry.shape;
  if (channel < 0) return std::make_unique<ZeroRows>(shape[3], shape[4]);
  if (channel > 0) return std::make_unique<ChannelRows>(picture, channel - 1, 1);
  return std::make_unique<ChannelRows>(picture, 0, shape[1]);
}

std::vector<image::FloatPlane> cell_planes(const ImageStack& picture,
                                           const std::array<std::int64_t, 2>& channels, std::int64_t count) {
  StackReader reader(picture);
  check_cell_channels(picture.shape(), channels);
  std::vector<image::FloatPlane> planes;
  for (std::int64_t number = 0; number < count; ++number) {
    planes.push_back(image::all_rows(*channel_rows(reader, picture_channel(channels, number)))[0]);
  }
  return planes;
}

std::vector<image::FloatPlane> channel_planes(const ImageStack& picture, std::int64_t most) {
  StackReader reader(picture);
  check_cell_channels(picture.shape(), {0, 0});
  std::vector<image::FloatPlane> planes;
  for (std::int64_t channel = 1; channel <= std::min(most, picture.shape()[1]); ++channel) {
    planes.push_back(image::all_rows(*channel_rows(reader, channel))[0]);
  }
  return planes;
}

}  // namespace musclemap::task
