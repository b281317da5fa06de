#include "musclemap/volume.hpp"

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "image/layout.hpp"
#include "image/typed_view.hpp"
#include "musclemap/error.hpp"

namespace musclemap {

std::size_t dtype_size(DType dtype) {
  return image::with_type(dtype, [](auto voxel) { return sizeof voxel; });
}

const char* dtype_name(DType dtype) {
  switch (dtype) {
    case DType::u8:
      return "uint8";
    case DType::i16:
      return "int16";
    case DType::u16:
      return "uint16";
    case DType::i32:
      return "int32";
    case DType::f32:
      return "float32";
    case DType::f64:
      return "float64";
    case DType::u32:
      return "uint32";
  }
  throw Error(ErrorCode::argument,
              "voxel type " + std::to_string(static_cast<int>(dtype)) + " is not one of 1 to 7");
}

struct Volume::State {
  Geometry geometry;
  DType dtype;
  Index3 stride_bytes;
  const void* data;
  std::shared_ptr<const void> owner;
  bool read_only;
};

namespace {

Index3 contiguous_strides(const Index3& shape, DType dtype) {
  const auto size = static_cast<std::int64_t>(dtype_size(dtype));
  return {size, size * shape[0], size * shape[0] * shape[1]};
}

}  // namespace

Volume::Volume(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}

const Volume::State& Volume::state() const noexcept {
  static const State none{{}, DType::u8, {0, 0, 0}, nullptr, nullptr, true};
  return empty() ? none : *state_;
}

Volume Volume::zeros(const Geometry& geometry, DType dtype) {
  const std::int64_t bytes = image::checked_bytes(geometry.shape, dtype);
  std::shared_ptr<void> owner = image::zeroed_block(bytes, "volume");
  void* memory = owner.get();
  return Volume(std::make_shared<const State>(
      State{geometry, dtype, contiguous_strides(geometry.shape, dtype), memory, std::move(owner), false}));
}

Volume Volume::borrow(void* data, const Geometry& geometry, DType dtype, Index3 stride_bytes,
                      std::shared_ptr<const void> owner, bool read_only) {
  Volume volume = borrow(static_cast<const void*>(data), geometry, dtype, stride_bytes, std::move(owner));
  if (read_only) return volume;
  State writable = volume.state();
  writable.read_only = false;
  return Volume(std::make_shared<const State>(std::move(writable)));
}

Volume Volume::borrow(const void* data, const Geometry& geometry, DType dtype, Index3 stride_bytes,
                      std::shared_ptr<const void> owner) {
  const Index3 strides = image::checked_strides(data, geometry.shape, dtype, stride_bytes, "volume");
  return Volume(std::make_shared<const State>(State{geometry, dtype, strides, data, std::move(owner), true}));
}

const Geometry& Volume::geometry() const noexcept { return state().geometry; }
DType Volume::dtype() const noexcept { return state().dtype; }
bool Volume::read_only() const noexcept { return state().read_only; }
Index3 Volume::stride_bytes() const noexcept { return state().stride_bytes; }

const void* Volume::checked_data(DType wanted, bool write) const {
  if (empty()) throw Error(ErrorCode::argument, "the volume is empty: it has no voxels");
  if (wanted != state().dtype) {
    throw Error(ErrorCode::argument,
                std::string("the volume holds ") + dtype_name(state().dtype) + ", not " + dtype_name(wanted));
  }
  if (write && state().read_only) throw Error(ErrorCode::argument, "the volume is read-only");
  return state().data;
}

template <class T>
VoxelView<const T> Volume::view() const {
  const auto size = static_cast<std::int64_t>(sizeof(T));
  const Index3& s = state().stride_bytes;
  return {static_cast<const T*>(checked_data(image::dtype_of<T>(), false)),
          state().geometry.shape,
          {s[0] / size, s[1] / size, s[2] / size}};
}

template <class T>
VoxelView<T> Volume::mutable_view() {
  const auto size = static_cast<std::int64_t>(sizeof(T));
  const Index3& s = state().stride_bytes;
  return {static_cast<T*>(const_cast<void*>(checked_data(image::dtype_of<T>(), true))),
          state().geometry.shape,
          {s[0] / size, s[1] / size, s[2] / size}};
}

template VoxelView<const std::uint8_t> Volume::view() const;
template VoxelView<std::uint8_t> Volume::mutable_view();
template VoxelView<const std::int16_t> Volume::view() const;
template VoxelView<std::int16_t> Volume::mutable_view();
template VoxelView<const std::uint16_t> Volume::view() const;
template VoxelView<std::uint16_t> Volume::mutable_view();
template VoxelView<const std::int32_t> Volume::view() const;
template VoxelView<std::int32_t> Volume::mutable_view();
template VoxelView<const std::uint32_t> Volume::view() const;
template VoxelView<std::uint32_t> Volume::mutable_view();
template VoxelView<const float> Volume::view() const;
template VoxelView<float> Volume::mutable_view();
template VoxelView<const double> Volume::view() const;
template VoxelView<double> Volume::mutable_view();

Volume Volume::deep_copy() const {
  if (empty()) return {};
  Volume copy = zeros(state().geometry, state().dtype);
  const std::size_t size = dtype_size(state().dtype);
  const Index3& shape = state().geometry.shape;
  const Index3& stride = state().stride_bytes;
  const auto* from = static_cast<const char*>(state().data);
  auto* to = static_cast<char*>(const_cast<void*>(copy.state().data));
  for (std::int64_t k = 0; k < shape[2]; ++k) {
    for (std::int64_t j = 0; j < shape[1]; ++j) {
      const char* row = from + k * stride[2] + j * stride[1];
      if (stride[0] == static_cast<std::int64_t>(size)) {
        std::memcpy(to, row, size * static_cast<std::size_t>(shape[0]));
        to += size * static_cast<std::size_t>(shape[0]);
        continue;
      }
      for (std::int64_t i = 0; i < shape[0]; ++i, to += size) std::memcpy(to, row + i * stride[0], size);
    }
  }
  return copy;
}

Volume Volume::subvolume(const Index3& start, const Index3& shape) const {
  State part = state();
  const auto* data = static_cast<const char*>(part.data);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::int64_t n = state().geometry.shape[axis];
    if (start[axis] < 0 || shape[axis] < 1 || shape[axis] > n || start[axis] > n - shape[axis]) {
      throw Error(ErrorCode::argument, "box of " + std::to_string(shape[axis]) + " voxels from " +
                                           std::to_string(start[axis]) + " does not lie in an axis of " +
                                           std::to_string(n));
    }
    data += start[axis] * part.stride_bytes[axis];
    for (int r = 0; r < 3; ++r) {
      part.geometry.to_world(r, 3) +=
          state().geometry.to_world(r, static_cast<int>(axis)) * static_cast<double>(start[axis]);
    }
  }
  part.data = data;
  part.geometry.shape = shape;
  return Volume(std::make_shared<const State>(std::move(part)));
}

SlabReader::~SlabReader() = default;
std::string SlabReader::stored_dtype() const { return dtype_name(dtype()); }
SlabWriter::~SlabWriter() = default;

}  // namespace musclemap
