#include "quant/label_means.hpp"

#include <cmath>
#include <limits>

#include "image/typed_view.hpp"

namespace musclemap::quant {

MeanCounts& MeanCounts::operator+=(const MeanCounts& other) {
  voxels += other.voxels;
  finite += other.finite;
  sum += other.sum;
  return *this;
}

double MeanCounts::mean() const {
  if (finite == 0) return std::numeric_limits<double>::quiet_NaN();
  return sum / static_cast<double>(finite);
}

void LabelMeans::add(const SweepSlab& slab) {
  std::int32_t last_label = 0;
  SliceMeans* counts = nullptr;
  image::with_view(slab.values[0], [&](const auto& values) {
    for_each_stretch(slab, section_axis_, [&](const Stretch& stretch) {
      if (counts == nullptr || stretch.label != last_label) {
        counts = &means_[stretch.label];
        last_label = stretch.label;
      }
      MeanCounts& slice = counts->at(stretch.slice);
      slice.voxels += stretch.end - stretch.begin;
      for (std::int64_t i = stretch.begin; i < stretch.end; ++i) {
        const auto x = static_cast<double>(values(i, stretch.j, stretch.k));
        if (!std::isfinite(x)) continue;
        ++slice.finite;
        slice.sum += x;
      }
    });
  });
}

}  // namespace musclemap::quant
