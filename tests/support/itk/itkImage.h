// What of ITK's itkImage.h the header musclemap/itk.hpp and its example use, with ITK's names and meanings: a
// stand-in where ITK is not installed.
#ifndef MUSCLEMAP_TESTS_SUPPORT_ITK_IMAGE_H_
#define MUSCLEMAP_TESTS_SUPPORT_ITK_IMAGE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

namespace itk {

template <class T>
class SmartPointer {
 public:
  SmartPointer() = default;
  explicit SmartPointer(std::shared_ptr<T> object) : object_(std::move(object)) {}
  template <class Other>
  SmartPointer(const SmartPointer<Other>& other) : object_(other.shared()) {}
  T* operator->() const { return object_.get(); }
  T* GetPointer() const { return object_.get(); }
  explicit operator bool() const { return object_ != nullptr; }
  const std::shared_ptr<T>& shared() const { return object_; }

 private:
  std::shared_ptr<T> object_;
};

template <unsigned int Axes>
using Size = std::array<unsigned long, Axes>;
template <unsigned int Axes>
using Index = std::array<long, Axes>;

template <unsigned int Axes>
class ImageRegion {
 public:
  ImageRegion() = default;
  ImageRegion(const Index<Axes>& index, const Size<Axes>& size) : index_(index), size_(size) {}
  const Index<Axes>& GetIndex() const { return index_; }
  const Size<Axes>& GetSize() const { return size_; }

 private:
  Index<Axes> index_{};
  Size<Axes> size_{};
};

/// The identity unless set.
template <unsigned int Axes>
class Matrix {
 public:
  Matrix() {
    for (unsigned int axis = 0; axis < Axes; ++axis) rows_[axis][axis] = 1;
  }
  double* operator[](unsigned int row) { return rows_[row].data(); }
  const double* operator[](unsigned int row) const { return rows_[row].data(); }

 private:
  std::array<std::array<double, Axes>, Axes> rows_{};
};

template <class Voxel, unsigned int Axes>
class Image {
 public:
  using Pointer = SmartPointer<Image>;
  using ConstPointer = SmartPointer<const Image>;
  using PixelType = Voxel;
  using SizeType = Size<Axes>;
  using SizeValueType = unsigned long;
  using IndexType = Index<Axes>;
  using RegionType = ImageRegion<Axes>;
  using DirectionType = Matrix<Axes>;

  static Pointer New() { return Pointer(std::make_shared<Image>()); }

  void SetRegions(const SizeType& size) { SetRegions(RegionType({}, size)); }
  void SetRegions(const RegionType& region) { largest_ = buffered_ = region; }
  void SetLargestPossibleRegion(const RegionType& region) { largest_ = region; }
  void SetSpacing(const double* spacing) { std::copy_n(spacing, Axes, spacing_.begin()); }
  void SetOrigin(const double* origin) { std::copy_n(origin, Axes, origin_.begin()); }
  void SetDirection(const DirectionType& direction) { direction_ = direction; }
  void Allocate() {
    const SizeType& size = buffered_.GetSize();
    voxels_.resize(std::accumulate(size.begin(), size.end(), std::size_t{1}, std::multiplies<>()));
  }

  const RegionType& GetLargestPossibleRegion() const { return largest_; }
  const RegionType& GetBufferedRegion() const { return buffered_; }
  const std::array<double, Axes>& GetSpacing() const { return spacing_; }
  const std::array<double, Axes>& GetOrigin() const { return origin_; }
  const DirectionType& GetDirection() const { return direction_; }
  Voxel* GetBufferPointer() { return voxels_.empty() ? nullptr : voxels_.data(); }
  const Voxel* GetBufferPointer() const { return voxels_.empty() ? nullptr : voxels_.data(); }

 private:
  RegionType largest_;
  RegionType buffered_;
  std::array<double, Axes> spacing_{};
  std::array<double, Axes> origin_{};
  DirectionType direction_;
  std::vector<Voxel> voxels_;
};

}  // namespace itk

#endif  // MUSCLEMAP_TESTS_SUPPORT_ITK_IMAGE_H_
