// Images of ITK (and SimpleITK): grids in LPS millimetres, and voxels without a copy. Nothing of ITK is
// needed.
#ifndef MUSCLEMAP_ITK_HPP_
#define MUSCLEMAP_ITK_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>

#include "musclemap/error.hpp"
#include "musclemap/geometry.hpp"
#include "musclemap/version.hpp"
#include "musclemap/volume.hpp"

namespace musclemap {

/// A grid as ITK and DICOM state it: x to the patient's left, y to the back (posterior), z to the head. The
/// axes are those of the voxels in both worlds: i of a Geometry is index 0 of ITK.
struct LpsGrid {
  Index3 size{0, 0, 0};                                        ///< voxels along i, j, k
  std::array<double, 3> origin_mm{0, 0, 0};                    ///< centre of voxel (0, 0, 0)
  Spacing spacing_mm{1, 1, 1};                                 ///< along i, j, k
  std::array<double, 9> direction{1, 0, 0, 0, 1, 0, 0, 0, 1};  ///< row-major; columns: where i, j, k run
};

/// Error `geometry` for a spacing that is not above 0, a direction that cannot be inverted, and numbers that
/// are not finite.
/// @param grid in LPS mm
/// @return the same grid in RAS+ mm
MUSCLEMAP_API Geometry geometry_from_lps(const LpsGrid& grid);

/// Error `geometry` for an affine that cannot be inverted.
/// @param geometry in RAS+ mm; a sheared one gives a direction that is not orthogonal, which ITK takes
/// @return the same grid in LPS mm
MUSCLEMAP_API LpsGrid lps_from_geometry(const Geometry& geometry);

/// @return the type of a voxel in memory
template <class T>
constexpr DType dtype_of_itk() {
  static_assert(
      std::is_same_v<T, unsigned char> || std::is_same_v<T, short> || std::is_same_v<T, unsigned short> ||
          std::is_same_v<T, int> || std::is_same_v<T, float> || std::is_same_v<T, double>,
      "voxels of unsigned char, short, unsigned short, int, float or double are taken: cast the image "
      "first (itk::CastImageFilter)");
  if constexpr (std::is_same_v<T, unsigned char>) return DType::u8;
  if constexpr (std::is_same_v<T, short>) return DType::i16;
  if constexpr (std::is_same_v<T, unsigned short>) return DType::u16;
  if constexpr (std::is_same_v<T, int>) return DType::i32;
  if constexpr (std::is_same_v<T, float>) return DType::f32;
  return DType::f64;
}

/// Error `argument` for a null image.
/// @param image a pointer or smart pointer to an itk::Image of three axes
/// @return its grid; the origin is the place of the first voxel also where the region's index is not 0
template <class Pointer>
LpsGrid lps_of_itk(const Pointer& image) {
  if (!image) throw Error(ErrorCode::argument, "the ITK image is null");
  const auto region = image->GetLargestPossibleRegion();
  LpsGrid grid;
  for (unsigned int axis = 0; axis < 3; ++axis) {
    grid.size[axis] = static_cast<std::int64_t>(region.GetSize()[axis]);
    grid.spacing_mm[axis] = image->GetSpacing()[axis];
    grid.origin_mm[axis] = image->GetOrigin()[axis];
  }
  for (unsigned int row = 0; row < 3; ++row) {
    for (unsigned int column = 0; column < 3; ++column) {
      const double cosine = image->GetDirection()[row][column];
      grid.direction[std::size_t{row} * 3 + column] = cosine;
      grid.origin_mm[row] +=
          cosine * grid.spacing_mm[column] * static_cast<double>(region.GetIndex()[column]);
    }
  }
  return grid;
}

/// The voxels of an image without a copy; read-only. What is handed over is copied and kept while a handle
/// lives: a smart pointer keeps the image alive, a plain one does not. The image must be up to date
/// (`Update()`) and must not change meanwhile. Errors: `argument` (null, no voxels, only a part of the image
/// in memory), `geometry`.
/// @param image a pointer or smart pointer to an itk::Image of three axes
/// @return a volume that shows the memory
template <class Pointer>
Volume borrow_itk(const Pointer& image) {
  const Geometry geometry = geometry_from_lps(lps_of_itk(image));
  const auto* voxels = image->GetBufferPointer();
  using Voxel = std::remove_const_t<std::remove_pointer_t<decltype(voxels)>>;
  const auto whole = image->GetLargestPossibleRegion();
  const auto held = image->GetBufferedRegion();
  for (unsigned int axis = 0; axis < 3; ++axis) {
    if (held.GetSize()[axis] != whole.GetSize()[axis] || held.GetIndex()[axis] != whole.GetIndex()[axis])
      throw Error(ErrorCode::argument, "only a part of the ITK image is in memory; call its Update() first");
  }
  constexpr auto kVoxelBytes = static_cast<std::int64_t>(sizeof(Voxel));
  const Index3 strides{kVoxelBytes, kVoxelBytes * geometry.shape[0],
                       kVoxelBytes * geometry.shape[0] * geometry.shape[1]};
  return Volume::borrow(voxels, geometry, dtype_of_itk<Voxel>(), strides,
                        std::make_shared<const Pointer>(image));
}

/// A copy of the voxels in an image of ITK's own. Error `argument` if the volume's dtype is not that of the
/// image's voxels; those of lps_from_geometry().
/// @tparam Image an itk::Image of three axes, such as itk::Image<short, 3>
/// @param volume such as a label map
/// @return Image::Pointer
template <class Image>
typename Image::Pointer itk_from_volume(const Volume& volume) {
  using Voxel = typename Image::PixelType;
  if (volume.dtype() != dtype_of_itk<Voxel>()) {
    throw Error(ErrorCode::argument, std::string("the volume holds ") + dtype_name(volume.dtype()) +
                                         ", the ITK image " + dtype_name(dtype_of_itk<Voxel>()));
  }
  const VoxelView<const Voxel> voxels = volume.view<Voxel>();
  const LpsGrid grid = lps_from_geometry(volume.geometry());
  typename Image::Pointer image = Image::New();
  typename Image::SizeType size;
  typename Image::DirectionType direction;
  for (unsigned int row = 0; row < 3; ++row) {
    size[row] = static_cast<typename Image::SizeValueType>(grid.size[row]);
    for (unsigned int column = 0; column < 3; ++column)
      direction[row][column] = grid.direction[std::size_t{row} * 3 + column];
  }
  image->SetRegions(size);
  image->SetSpacing(grid.spacing_mm.data());
  image->SetOrigin(grid.origin_mm.data());
  image->SetDirection(direction);
  image->Allocate();
  Voxel* to = image->GetBufferPointer();
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i) *to++ = voxels(i, j, k);
    }
  }
  return image;
}

}  // namespace musclemap

#endif  // MUSCLEMAP_ITK_HPP_
