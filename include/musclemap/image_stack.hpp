// Pictures of a microscope in memory: planes over time, channels and depth.
#ifndef MUSCLEMAP_IMAGE_STACK_HPP_
#define MUSCLEMAP_IMAGE_STACK_HPP_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "musclemap/version.hpp"
#include "musclemap/volume.hpp"

namespace musclemap {

/// Numbers along T, C, Z, Y, X: time, channel, depth, rows, columns. Also the order in memory that is meant
/// where nothing else is said, X fastest.
using Index5 = std::array<std::int64_t, 5>;

/// What a stack of pictures is beside its pixels. Plain value.
struct StackGeometry {
  Index5 shape{0, 0, 0, 0, 0};  ///< elements along T, C, Z, Y, X; 1 for an axis that is not there
  /// Micrometres between neighbours along x, y, z; 0: unknown.
  std::array<double, 3> pixel_size_um{0, 0, 0};
  std::vector<std::string> channel_names;  ///< UTF-8, one a channel; none: unknown
};

/// One plane without ownership. Strides are in elements and may have any sign. The memory must outlive the
/// view.
template <class T>
struct PlaneView {
  T* data;                             ///< pixel (0, 0)
  std::array<std::int64_t, 2> shape;   ///< pixels along y, x
  std::array<std::int64_t, 2> stride;  ///< elements between neighbours along y, x
  /// Nothing is checked.
  /// @param y from 0
  /// @param x from 0
  /// @return the pixel
  T& operator()(std::int64_t y, std::int64_t x) const noexcept { return data[y * stride[0] + x * stride[1]]; }
};

/// Shared handle to pictures of five axes: copies share the pixels, deep_copy() is the only copy of them.
/// Const use is thread-safe; writing is for one thread at a time.
///
/// An empty stack, made by the default constructor or moved from, has the shape (0, 0, 0, 0, 0), dtype u8 and
/// no pixels. It may be copied, assigned to and asked for what it is; whatever asks it for pixels gets Error
/// `argument`.
class MUSCLEMAP_API ImageStack {
 public:
  /// An empty stack.
  ImageStack() noexcept = default;

  /// New memory, all zero, contiguous with X fastest. Error `argument` for a shape below 1 on any axis or too
  /// large to address, pixel sizes that are negative or not finite, and another number of channel names than
  /// none or one a channel; `memory` if the allocation fails.
  /// @param geometry shape, pixel size, channels
  /// @param dtype of the pixels
  /// @return a stack that may be written
  static ImageStack zeros(const StackGeometry& geometry, DType dtype);

  /// Foreign memory without a copy. Error `argument` as above, and for null data, bad strides or misaligned
  /// data.
  /// @param data pixel (0, 0, 0, 0, 0)
  /// @param geometry shape, pixel size, channels
  /// @param dtype of the pixels, native byte order
  /// @param stride_bytes between neighbours along T, C, Z, Y, X; any sign, multiples of the pixel's size
  /// where
  ///        the axis is longer than 1
  /// @param owner released with the last handle; may be null
  /// @param read_only mutable_plane() is refused
  /// @return a stack that shows the memory
  static ImageStack borrow(void* data, const StackGeometry& geometry, DType dtype, const Index5& stride_bytes,
                           std::shared_ptr<const void> owner, bool read_only);
  /// The same for memory that is only read: the stack is read-only.
  /// @param data pixel (0, 0, 0, 0, 0)
  /// @param geometry shape, pixel size, channels
  /// @param dtype of the pixels, native byte order
  /// @param stride_bytes between neighbours along T, C, Z, Y, X, as above
  /// @param owner released with the last handle; null: the memory outlives them
  /// @return a stack that shows the memory
  static ImageStack borrow(const void* data, const StackGeometry& geometry, DType dtype,
                           const Index5& stride_bytes, std::shared_ptr<const void> owner = nullptr);

  /// @return whether there are no pixels
  bool empty() const noexcept { return state_ == nullptr; }
  /// @return shape, pixel size and channels; lives as long as a handle
  const StackGeometry& geometry() const noexcept;
  /// @return elements along T, C, Z, Y, X; lives as long as a handle
  const Index5& shape() const noexcept { return geometry().shape; }
  /// @return type of the pixels
  DType dtype() const noexcept;
  /// @return whether mutable_plane() is refused
  bool read_only() const noexcept;
  /// @return bytes between neighbours along T, C, Z, Y, X; 0 along an axis of one element
  Index5 stride_bytes() const noexcept;

  /// Error `argument` if T is not dtype(), the stack is empty or has no such plane.
  /// @param t from 0
  /// @param c from 0
  /// @param z from 0
  /// @return the pixels of that plane, as long as a handle lives
  template <class T>
  PlaneView<const T> plane(std::int64_t t, std::int64_t c, std::int64_t z) const;
  /// Error `argument` if T is not dtype(), the stack is empty or read-only, or has no such plane.
  /// @param t from 0
  /// @param c from 0
  /// @param z from 0
  /// @return the pixels of that plane, as long as a handle lives
  template <class T>
  PlaneView<T> mutable_plane(std::int64_t t, std::int64_t c, std::int64_t z);

  /// @return a copy of the pixels in new memory, contiguous with X fastest; of an empty stack an empty one
  ImageStack deep_copy() const;

  /// A box without a copy; names of its channels and the pixel size move along. Error `argument` if the box
  /// does not lie inside.
  /// @param start first element of the box along T, C, Z, Y, X
  /// @param shape elements of the box
  /// @return shares the pixels
  ImageStack substack(const Index5& start, const Index5& shape) const;

 private:
  struct State;
  explicit ImageStack(std::shared_ptr<const State> state) noexcept;
  const State& state() const noexcept;
  const void* checked_plane(DType wanted, bool write, std::int64_t t, std::int64_t c, std::int64_t z) const;

  std::shared_ptr<const State> state_;
};

}  // namespace musclemap

#endif  // MUSCLEMAP_IMAGE_STACK_HPP_
