#include "musclemap/image_stack.hpp"

#include <cmath>
#include <cstddef>
#include <cstring>
#include <string>
#include <utility>

#include "image/layout.hpp"
#include "musclemap/error.hpp"

namespace musclemap {

struct ImageStack::State {
  StackGeometry geometry;
  DType dtype;
  Index5 stride_bytes;
  const void* data;
  std::shared_ptr<const void> owner;
  bool read_only;
};

namespace {

constexpr std::size_t kAxisY = 3;
constexpr std::size_t kAxisX = 4;
constexpr const char* kAxisNames = "TCZYX";

void check_description(const StackGeometry& geometry) {
  for (const double um : geometry.pixel_size_um) {
    if (!std::isfinite(um) || um < 0) {
      throw Error(ErrorCode::argument,
                  "the pixel size holds " + std::to_string(um) + " um; 0 (unknown) or more is allowed");
    }
  }
  const auto names = static_cast<std::int64_t>(geometry.channel_names.size());
  if (names != 0 && names != geometry.shape[1]) {
    throw Error(ErrorCode::argument, std::to_string(names) + " channel names for " +
                                         std::to_string(geometry.shape[1]) +
                                         " channels; none or one a channel is allowed");
  }
}

Index5 contiguous(const Index5& shape, DType dtype) {
  Index5 stride{};
  auto bytes = static_cast<std::int64_t>(dtype_size(dtype));
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    stride[axis] = shape[axis] == 1 ? 0 : bytes;
    bytes *= shape[axis];
  }
  return stride;
}

}  // namespace

ImageStack::ImageStack(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}

const ImageStack::State& ImageStack::state() const noexcept {
  static const State none{{}, DType::u8, {}, nullptr, nullptr, true};
  return empty() ? none : *state_;
}

ImageStack ImageStack::zeros(const StackGeometry& geometry, DType dtype) {
  const std::int64_t bytes = image::checked_bytes(geometry.shape, dtype);
  check_description(geometry);
  std::shared_ptr<void> owner = image::zeroed_block(bytes, "stack of pictures");
  void* memory = owner.get();
  return ImageStack(std::make_shared<const State>(
      State{geometry, dtype, contiguous(geometry.shape, dtype), memory, std::move(owner), false}));
}

ImageStack ImageStack::borrow(void* data, const StackGeometry& geometry, DType dtype,
                              const Index5& stride_bytes, std::shared_ptr<const void> owner, bool read_only) {
  ImageStack stack = borrow(static_cast<const void*>(data), geometry, dtype, stride_bytes, std::move(owner));
  if (read_only) return stack;
  State writable = stack.state();
  writable.read_only = false;
  return ImageStack(std::make_shared<const State>(std::move(writable)));
}

ImageStack ImageStack::borrow(const void* data, const StackGeometry& geometry, DType dtype,
                              const Index5& stride_bytes, std::shared_ptr<const void> owner) {
  const Index5 strides =
      image::checked_strides(data, geometry.shape, dtype, stride_bytes, "stack of pictures");
  check_description(geometry);
  return ImageStack(
      std::make_shared<const State>(State{geometry, dtype, strides, data, std::move(owner), true}));
}

const StackGeometry& ImageStack::geometry() const noexcept { return state().geometry; }
DType ImageStack::dtype() const noexcept { return state().dtype; }
bool ImageStack::read_only() const noexcept { return state().read_only; }
Index5 ImageStack::stride_bytes() const noexcept { return state().stride_bytes; }

const void* ImageStack::checked_plane(DType wanted, bool write, std::int64_t t, std::int64_t c,
                                      std::int64_t z) const {
  if (empty()) throw Error(ErrorCode::argument, "the stack of pictures is empty: it has no pixels");
  const State& s = state();
  if (wanted != s.dtype) {
    throw Error(ErrorCode::argument, std::string("the stack of pictures holds ") + dtype_name(s.dtype) +
                                         ", not " + dtype_name(wanted));
  }
  if (write && s.read_only) throw Error(ErrorCode::argument, "the stack of pictures is read-only");
  const std::array<std::int64_t, 3> place{t, c, z};
  const auto* data = static_cast<const char*>(s.data);
  for (std::size_t axis = 0; axis < place.size(); ++axis) {
    const std::int64_t length = s.geometry.shape[axis];
    if (place[axis] < 0 || place[axis] >= length) {
      throw Error(ErrorCode::argument, std::string("plane ") + kAxisNames[axis] + " = " +
                                           std::to_string(place[axis]) + " does not lie in an axis of " +
                                           std::to_string(length));
    }
    data += place[axis] * s.stride_bytes[axis];
  }
  return data;
}

template <class T>
PlaneView<const T> ImageStack::plane(std::int64_t t, std::int64_t c, std::int64_t z) const {
  const auto* data = static_cast<const T*>(checked_plane(image::dtype_of<T>(), false, t, c, z));
  const auto size = static_cast<std::int64_t>(sizeof(T));
  return {data,
          {shape()[kAxisY], shape()[kAxisX]},
          {state().stride_bytes[kAxisY] / size, state().stride_bytes[kAxisX] / size}};
}

template <class T>
PlaneView<T> ImageStack::mutable_plane(std::int64_t t, std::int64_t c, std::int64_t z) {
  auto* data = static_cast<T*>(const_cast<void*>(checked_plane(image::dtype_of<T>(), true, t, c, z)));
  const auto size = static_cast<std::int64_t>(sizeof(T));
  return {data,
          {shape()[kAxisY], shape()[kAxisX]},
          {state().stride_bytes[kAxisY] / size, state().stride_bytes[kAxisX] / size}};
}

template PlaneView<const std::uint8_t> ImageStack::plane(std::int64_t, std::int64_t, std::int64_t) const;
template PlaneView<std::uint8_t> ImageStack::mutable_plane(std::int64_t, std::int64_t, std::int64_t);
template PlaneView<const std::int16_t> ImageStack::plane(std::int64_t, std::int64_t, std::int64_t) const;
template PlaneView<std::int16_t> ImageStack::mutable_plane(std::int64_t, std::int64_t, std::int64_t);
template PlaneView<const std::uint16_t> ImageStack::plane(std::int64_t, std::int64_t, std::int64_t) const;
template PlaneView<std::uint16_t> ImageStack::mutable_plane(std::int64_t, std::int64_t, std::int64_t);
template PlaneView<const std::int32_t> ImageStack::plane(std::int64_t, std::int64_t, std::int64_t) const;
template PlaneView<std::int32_t> ImageStack::mutable_plane(std::int64_t, std::int64_t, std::int64_t);
template PlaneView<const std::uint32_t> ImageStack::plane(std::int64_t, std::int64_t, std::int64_t) const;
template PlaneView<std::uint32_t> ImageStack::mutable_plane(std::int64_t, std::int64_t, std::int64_t);
template PlaneView<const float> ImageStack::plane(std::int64_t, std::int64_t, std::int64_t) const;
template PlaneView<float> ImageStack::mutable_plane(std::int64_t, std::int64_t, std::int64_t);
template PlaneView<const double> ImageStack::plane(std::int64_t, std::int64_t, std::int64_t) const;
template PlaneView<double> ImageStack::mutable_plane(std::int64_t, std::int64_t, std::int64_t);

ImageStack ImageStack::deep_copy() const {
  if (empty()) return {};
  ImageStack copy = zeros(geometry(), dtype());
  const std::size_t size = dtype_size(dtype());
  const Index5& n = shape();
  const Index5& stride = state().stride_bytes;
  auto* to = static_cast<char*>(const_cast<void*>(copy.state().data));
  const auto row_bytes = size * static_cast<std::size_t>(n[kAxisX]);
  for (std::int64_t plane = 0; plane < n[0] * n[1] * n[2]; ++plane) {
    const std::int64_t t = plane / (n[1] * n[2]);
    const std::int64_t c = plane / n[2] % n[1];
    const std::int64_t z = plane % n[2];
    const char* from = static_cast<const char*>(state().data) + t * stride[0] + c * stride[1] + z * stride[2];
    for (std::int64_t y = 0; y < n[kAxisY]; ++y, to += row_bytes) {
      const char* row = from + y * stride[kAxisY];
      if (stride[kAxisX] == static_cast<std::int64_t>(size)) {
        std::memcpy(to, row, row_bytes);
        continue;
      }
      for (std::int64_t x = 0; x < n[kAxisX]; ++x) {
        std::memcpy(to + static_cast<std::size_t>(x) * size, row + x * stride[kAxisX], size);
      }
    }
  }
  return copy;
}

ImageStack ImageStack::substack(const Index5& start, const Index5& shape) const {
  State part = state();
  const auto* data = static_cast<const char*>(part.data);
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    const std::int64_t n = part.geometry.shape[axis];
    if (start[axis] < 0 || shape[axis] < 1 || shape[axis] > n || start[axis] > n - shape[axis]) {
      throw Error(ErrorCode::argument, "box of " + std::to_string(shape[axis]) + " from " +
                                           std::to_string(start[axis]) + " does not lie in the axis " +
                                           kAxisNames[axis] + " of " + std::to_string(n));
    }
    data += start[axis] * part.stride_bytes[axis];
    if (shape[axis] == 1) part.stride_bytes[axis] = 0;
  }
  std::vector<std::string>& names = part.geometry.channel_names;
  if (!names.empty()) names = {names.begin() + start[1], names.begin() + start[1] + shape[1]};
  part.data = data;
  part.geometry.shape = shape;
  return ImageStack(std::make_shared<const State>(std::move(part)));
}

}  // namespace musclemap
