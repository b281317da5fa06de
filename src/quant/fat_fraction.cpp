#include "quant/fat_fraction.hpp"

#include <algorithm>

#include "base/progress.hpp"
#include "base/warnings.hpp"
#include "image/grid_check.hpp"
#include "image/reordered.hpp"
#include "image/typed_view.hpp"
#include "musclemap/tissue.hpp"

namespace musclemap {
namespace quant {

Volume fat_fraction_slab(const Volume& fat_slab, const Volume& water_slab) {
  Volume result = Volume::zeros(fat_slab.geometry(), DType::f32);
  const VoxelView<float> out = result.mutable_view<float>();
  image::with_view(fat_slab, [&](const auto& fat) {
    image::with_view(water_slab, [&](const auto& water) {
      for (std::int64_t k = 0; k < out.shape[2]; ++k) {
        for (std::int64_t j = 0; j < out.shape[1]; ++j) {
          for (std::int64_t i = 0; i < out.shape[0]; ++i) {
            const auto f = static_cast<double>(fat(i, j, k));
            const double both = f + static_cast<double>(water(i, j, k));
            if (both != 0) out(i, j, k) = static_cast<float>(f / both);
          }
        }
      }
    });
  });
  return result;
}

Volume FatFractionReader::read(std::int64_t k_begin, std::int64_t k_count) {
  return fat_fraction_slab(fat_.read(k_begin, k_count), water_.read(k_begin, k_count));
}

}  // namespace quant

Volume fat_fraction(const Volume& fat, const Volume& water, const RunControl& control,
                    double geometry_tolerance) {
  const image::GridMatch match = image::match_grids({fat.geometry(), "fat image"},
                                                    {water.geometry(), "water image"}, geometry_tolerance);
  base::warn(control, match.warnings);
  const Volume aligned = image::reordered(water, match.to_reference);
  Volume result = Volume::zeros(fat.geometry(), DType::f32);
  const Index3& n = fat.geometry().shape;
  base::parallel_for_reported(n[2], control, Stage::measure, [&](std::int64_t k) {
    const Index3 start{0, 0, k};
    const Index3 shape{n[0], n[1], 1};
    const Volume slice =
        quant::fat_fraction_slab(fat.subvolume(start, shape), aligned.subvolume(start, shape));
    const float* from = slice.view<float>().data;
    std::copy(from, from + n[0] * n[1], result.subvolume(start, shape).mutable_view<float>().data);
  });
  return result;
}

}  // namespace musclemap
