#include "image/labels/skin.hpp"

#include <cstdint>

#include "image/labels/cross_steps.hpp"
#include "image/labels/drop_components.hpp"
#include "image/typed_view.hpp"

namespace musclemap::image {
namespace {

constexpr std::int64_t kOutwards = 1;
constexpr std::int64_t kInwards = 3;
constexpr double kAboveHu = -200;
constexpr double kBelowHu = 250;
constexpr std::int64_t kSpeck = 5;
constexpr double kMostVoxels = 1e10;

// Takes out of slice k of `shell` what is inside or has another density.
template <class T>
void thin_out(const VoxelView<std::uint8_t>& shell, const VoxelView<std::uint8_t>& inner, std::int64_t k,
              const VoxelView<const T>& image) {
  for (std::int64_t j = 0; j < shell.shape[1]; ++j) {
    for (std::int64_t i = 0; i < shell.shape[0]; ++i) {
      const auto hu = static_cast<double>(image(i, j, 0));
      const bool dense = hu > kAboveHu && hu < kBelowHu;
      if (inner(i, j, k) != 0 || !dense) shell(i, j, k) = 0;
    }
  }
}

}  // namespace

Volume skin_of(const Volume& body, SlabReader& image) {
  Volume skin = body.deep_copy();
  const VoxelView<std::uint8_t> shell = skin.mutable_view<std::uint8_t>();
  dilate_by_steps(shell, kOutwards);
  Volume inside = skin.deep_copy();
  const VoxelView<std::uint8_t> inner = inside.mutable_view<std::uint8_t>();
  erode_by_steps(inner, kInwards);
  for (std::int64_t k = 0; k < shell.shape[2]; ++k) {
    with_view(image.read(k, 1), [&](const auto& slice) { thin_out(shell, inner, k, slice); });
  }
  drop_components<std::uint8_t>(shell, [](const LabelPart& part) {
    return part.voxels <= kSpeck || static_cast<double>(part.voxels) > kMostVoxels;
  });
  return skin;
}

}  // namespace musclemap::image
