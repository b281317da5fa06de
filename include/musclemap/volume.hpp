// Voxel buffers and streams of slabs.
#ifndef MUSCLEMAP_VOLUME_HPP_
#define MUSCLEMAP_VOLUME_HPP_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "musclemap/geometry.hpp"
#include "musclemap/version.hpp"

namespace musclemap {

/// Type of one voxel in memory, native byte order.
enum class DType : std::int32_t { u8 = 1, i16, u16, i32, f32, f64, u32 };

/// Error `argument` for a number outside the list.
/// @param dtype of a voxel
/// @return bytes of one voxel
MUSCLEMAP_API std::size_t dtype_size(DType dtype);

/// Error `argument` for a number outside the list.
/// @param dtype of a voxel
/// @return "uint8", "int16", … as NumPy names them
MUSCLEMAP_API const char* dtype_name(DType dtype);

/// Voxels without ownership. Strides are in elements and may have any sign. The memory must outlive the view.
template <class T>
struct VoxelView {
  T* data;        ///< voxel (0, 0, 0)
  Index3 shape;   ///< voxels along i, j, k
  Index3 stride;  ///< elements between neighbours along i, j, k
  /// Nothing is checked.
  /// @param i from 0
  /// @param j from 0
  /// @param k from 0
  /// @return the voxel
  T& operator()(std::int64_t i, std::int64_t j, std::int64_t k) const noexcept {
    return data[i * stride[0] + j * stride[1] + k * stride[2]];
  }
};

/// Shared handle to a grid of voxels: copies share the voxels, deep_copy() is the only copy of them.
/// Const use is thread-safe; writing is for one thread at a time.
///
/// An empty volume, made by the default constructor or moved from, has the shape (0, 0, 0), dtype u8 and no
/// voxels. It may be copied, assigned to and asked for what it is; whatever asks it for voxels, a view or a
/// call that takes a volume, gets Error `argument`.
class MUSCLEMAP_API Volume {
 public:
  /// An empty volume.
  Volume() noexcept = default;

  /// New memory, all zero, contiguous with i fastest. Error `argument` for a shape below 1 on any axis or too
  /// large to address; `memory` if the allocation fails.
  /// @param geometry shape and affine
  /// @param dtype of the voxels
  /// @return a volume that may be written
  static Volume zeros(const Geometry& geometry, DType dtype);

  /// Foreign memory without a copy. Error `argument` for null data, bad strides or misaligned data.
  /// @param data voxel (0, 0, 0)
  /// @param geometry shape and affine
  /// @param dtype of the voxels, native byte order
  /// @param stride_bytes between neighbours along i, j, k; any sign, multiples of the voxel's size where the
  ///        axis is longer than 1
  /// @param owner released with the last handle or view-giving copy; may be null
  /// @param read_only mutable_view() is refused
  /// @return a volume that shows the memory
  static Volume borrow(void* data, const Geometry& geometry, DType dtype, Index3 stride_bytes,
                       std::shared_ptr<const void> owner, bool read_only);
  /// The same for memory that is only read: the volume is read-only.
  /// @param data voxel (0, 0, 0)
  /// @param geometry shape and affine
  /// @param dtype of the voxels, native byte order
  /// @param stride_bytes between neighbours along i, j, k, as above
  /// @param owner released with the last handle or view-giving copy; null: the memory outlives them
  /// @return a volume that shows the memory
  static Volume borrow(const void* data, const Geometry& geometry, DType dtype, Index3 stride_bytes,
                       std::shared_ptr<const void> owner = nullptr);

  /// @return whether there are no voxels
  bool empty() const noexcept { return state_ == nullptr; }
  /// @return shape and affine; lives as long as a handle
  const Geometry& geometry() const noexcept;
  /// @return type of the voxels
  DType dtype() const noexcept;
  /// @return whether mutable_view() is refused
  bool read_only() const noexcept;
  /// @return bytes between neighbours along i, j, k
  Index3 stride_bytes() const noexcept;

  /// Error `argument` if T is not dtype() or the volume is empty.
  /// @return the voxels, as long as a handle lives
  template <class T>
  VoxelView<const T> view() const;
  /// Error `argument` if T is not dtype() or the volume is empty or read-only.
  /// @return the voxels, as long as a handle lives
  template <class T>
  VoxelView<T> mutable_view();

  /// @return a copy of the voxels in new memory, contiguous with i fastest; of an empty volume an empty one
  Volume deep_copy() const;

  /// A box without a copy; the affine moves along. Error `argument` if the box does not lie inside.
  /// @param start first voxel of the box
  /// @param shape voxels of the box along i, j, k
  /// @return shares the voxels
  Volume subvolume(const Index3& start, const Index3& shape) const;

 private:
  struct State;
  explicit Volume(std::shared_ptr<const State> state) noexcept;
  const State& state() const noexcept;
  const void* checked_data(DType wanted, bool write) const;

  std::shared_ptr<const State> state_;
};

/// Source of a volume that need not be in memory. One thread at a time. Slabs may be asked for in any order;
/// rising k is fastest (compressed sources start again when k falls).
class MUSCLEMAP_API SlabReader {
 public:
  virtual ~SlabReader();
  /// @return of the whole volume
  virtual Geometry geometry() const = 0;
  /// @return of the slabs that read() gives
  virtual DType dtype() const = 0;
  /// @return NumPy's name of the type that the source stores, which may be another than dtype() ("int16" with
  ///         scaling)
  virtual std::string stored_dtype() const;
  /// Error `argument` outside the volume.
  /// @param k_begin first slice, from 0
  /// @param k_count slices, at least 1
  /// @return slices [k_begin, k_begin + k_count) with the affine of their place; shape (ni, nj, k_count)
  virtual Volume read(std::int64_t k_begin, std::int64_t k_count) = 0;
};

/// Sink of a volume that need not be in memory. One thread at a time. Slabs come in rising k without gaps.
class MUSCLEMAP_API SlabWriter {
 public:
  /// Without commit() nothing is left behind.
  virtual ~SlabWriter();
  /// @param k_begin first slice of the slab
  /// @param slab shape (ni, nj, slices)
  virtual void write(std::int64_t k_begin, const Volume& slab) = 0;
  /// Makes the result visible, whole. Error `argument` if slices are missing.
  virtual void commit() = 0;
};

}  // namespace musclemap

#endif  // MUSCLEMAP_VOLUME_HPP_
