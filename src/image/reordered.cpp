#include "image/reordered.hpp"

#include <array>
#include <string>
#include <type_traits>
#include <utility>

#include "base/memory.hpp"
#include "image/matrix.hpp"
#include "image/typed_view.hpp"
#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

template <class T>
void copy(const VoxelView<const T>& from, const VoxelView<T>& to) {
  for (std::int64_t k = 0; k < from.shape[2]; ++k) {
    for (std::int64_t j = 0; j < from.shape[1]; ++j) {
      for (std::int64_t i = 0; i < from.shape[0]; ++i) to(i, j, k) = from(i, j, k);
    }
  }
}

}  // namespace

bool is_identity(const Orientation& axes) {
  return axes.ras_axis == std::array<int, 3>{0, 1, 2} && axes.flip == std::array<bool, 3>{};
}

Orientation inverse(const Orientation& axes) {
  Orientation back;
  for (std::size_t from = 0; from < 3; ++from) {
    const auto to = static_cast<std::size_t>(axes.ras_axis[from]);
    back.ras_axis[to] = static_cast<int>(from);
    back.flip[to] = axes.flip[from];
  }
  return back;
}

Geometry reordered(const Geometry& stored, const Orientation& axes) {
  Geometry result = stored;
  result.shape = oriented_shape(axes, stored.shape);
  result.to_world.m = oriented_affine(axes, stored).m;
  return result;
}

Volume reordered(const Volume& stored, const Orientation& axes) {
  if (is_identity(axes)) return stored;
  return with_view(stored, [&](const auto& view) {
    const auto turned = oriented_view(axes, view);
    const auto bytes = static_cast<std::int64_t>(sizeof(*view.data));
    // Written only where the volume that is shared may be.
    auto* first = const_cast<std::remove_const_t<std::remove_pointer_t<decltype(turned.data)>>*>(turned.data);
    return Volume::borrow(first, reordered(stored.geometry(), axes), stored.dtype(),
                          {turned.stride[0] * bytes, turned.stride[1] * bytes, turned.stride[2] * bytes},
                          std::make_shared<const Volume>(stored), stored.read_only());
  });
}

bool keeps_slices(const Orientation& axes) { return axes.ras_axis[2] == 2 && !axes.flip[2]; }

std::size_t held_bytes(const Index3& shape, DType dtype, const Orientation& axes) {
  if (keeps_slices(axes)) return 0;
  return static_cast<std::size_t>(shape[0] * shape[1] * shape[2]) * dtype_size(dtype);
}

void check_held_memory(std::size_t bytes, const RunControl& control) {
  base::check_memory(
      bytes, control.memory_budget,
      "the label map is stored along other axes than the image; its voxels in the order of the image",
      "; store it along the axes of the image");
}

Volume ReorderedReader::read(std::int64_t k_begin, std::int64_t k_count) {
  if (keeps_slices(axes_)) return reordered(source_.read(k_begin, k_count), axes_);
  if (!held_) held_ = reordered(source_.read(0, source_.geometry().shape[2]), axes_);
  const Index3& n = held_->geometry().shape;
  return held_->subvolume({0, 0, k_begin}, {n[0], n[1], k_count});
}

ReorderedWriter::ReorderedWriter(std::unique_ptr<SlabWriter> target, const Geometry& stored, DType dtype,
                                 const Orientation& axes)
    : target_(std::move(target)), axes_(axes) {
  if (!keeps_slices(axes)) held_ = Volume::zeros(stored, dtype);
}

void ReorderedWriter::write(std::int64_t k_begin, const Volume& slab) {
  if (!held_) return target_->write(k_begin, reordered(slab, inverse(axes_)));
  const Index3& n = slab.geometry().shape;
  Volume place = reordered(*held_, axes_).subvolume({0, 0, k_begin}, n);
  with_view(slab, [&](const auto& from) {
    using Voxel = std::remove_const_t<std::remove_pointer_t<decltype(from.data)>>;
    copy<Voxel>(from, place.mutable_view<Voxel>());
  });
}

void ReorderedWriter::commit() {
  if (held_) target_->write(0, *held_);
  target_->commit();
}

}  // namespace musclemap::image
