#include "task/cells/cell_planes.hpp"

#include <cmath>
#include <string>

#include "musclemap/error.hpp"

namespace musclemap::task {
namespace {

template <class T>
image::FloatPlane typed_plane(const ImageStack& picture, std::int64_t channel) {
  const PlaneView<const T> view = picture.plane<T>(0, channel, 0);
  image::FloatPlane plane(view.shape[0], view.shape[1]);
  for (std::int64_t y = 0; y < plane.height; ++y) {
    float* row = plane.row(y);
    for (std::int64_t x = 0; x < plane.width; ++x) row[x] = static_cast<float>(view(y, x));
  }
  return plane;
}

void check_finite(const image::FloatPlane& plane, std::int64_t channel) {
  for (std::int64_t y = 0; y < plane.height; ++y) {
    for (std::int64_t x = 0; x < plane.width; ++x) {
      if (std::isfinite(plane.row(y)[x])) continue;
      throw Error(ErrorCode::argument, Reason::nonfinite,
                  "the picture's pixel (y " + std::to_string(y) + ", x " + std::to_string(x) +
                      ") of channel " + std::to_string(channel + 1) +
                      " is no finite single-precision number");
    }
  }
}

image::FloatPlane plane_of(const ImageStack& picture, std::int64_t channel) {
  image::FloatPlane plane;
  switch (picture.dtype()) {
    case DType::u8:
      return typed_plane<std::uint8_t>(picture, channel);
    case DType::i16:
      return typed_plane<std::int16_t>(picture, channel);
    case DType::u16:
      return typed_plane<std::uint16_t>(picture, channel);
    case DType::i32:
      return typed_plane<std::int32_t>(picture, channel);
    case DType::u32:
      return typed_plane<std::uint32_t>(picture, channel);
    case DType::f32:
      plane = typed_plane<float>(picture, channel);
      break;
    case DType::f64:
      plane = typed_plane<double>(picture, channel);
      break;
  }
  check_finite(plane, channel);
  return plane;
}

image::FloatPlane mean_plane(const ImageStack& picture) {
  image::FloatPlane mean = plane_of(picture, 0);
  const std::int64_t channels = picture.shape()[1];
  if (channels == 1) return mean;
  for (std::int64_t c = 1; c < channels; ++c) {
    const image::FloatPlane plane = plane_of(picture, c);
    for (std::size_t i = 0; i < mean.values.size(); ++i) mean.values[i] += plane.values[i];
  }
  for (float& value : mean.values) value /= static_cast<float>(channels);
  return mean;
}

}  // namespace

std::vector<image::FloatPlane> cell_planes(const ImageStack& picture,
                                           const std::array<std::int64_t, 2>& channels, std::int64_t count) {
  const Index5& shape = picture.shape();
  if (picture.empty() || shape[0] != 1 || shape[2] != 1) {
    throw Error(ErrorCode::argument, "the picture has " + std::to_string(shape[0]) + " times and " +
                                         std::to_string(shape[2]) + " sections; 1 of each is allowed");
  }
  for (const std::int64_t channel : channels) {
    if (channel < 0 || channel > shape[1]) {
      throw Error(ErrorCode::argument, "channels has " + std::to_string(channel) + "; 0 to the picture's " +
                                           std::to_string(shape[1]) + " are allowed");
    }
  }
  std::vector<image::FloatPlane> planes;
  planes.push_back(channels[0] == 0 ? mean_plane(picture) : plane_of(picture, channels[0] - 1));
  // Cellpose takes no nuclear channel beside the mean of all.
  const bool nuclear = channels[0] > 0 && channels[1] > 0;
  while (static_cast<std::int64_t>(planes.size()) < count) {
    const bool second = planes.size() == 1 && nuclear;
    planes.push_back(second ? plane_of(picture, channels[1] - 1) : image::FloatPlane(shape[3], shape[4]));
  }
  return planes;
}

}  // namespace musclemap::task
