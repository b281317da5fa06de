// A TissueMap's volumes as the sources of a sweep.
#ifndef MUSCLEMAP_QUANT_TISSUE_MAP_READERS_HPP_
#define MUSCLEMAP_QUANT_TISSUE_MAP_READERS_HPP_

#include <optional>
#include <vector>

#include "image/volume_reader.hpp"
#include "musclemap/tissue.hpp"
#include "quant/aligned.hpp"
#include "quant/label_sweep.hpp"
#include "quant/tissue_pass.hpp"

namespace musclemap::quant {

/// The labels, the image and, where there is one, the mask of what is taken out. Stays where it is made.
class TissueMapReaders {
 public:
  explicit TissueMapReaders(const TissueMap& map)
      : axes_(label_axes(map)), labels_(image::reordered(map.labels(), axes_)), image_(map.image()) {
    if (map.excluded() == nullptr) return;
    const Volume& mask = *map.excluded();
    const image::GridMatch match = image::match_grids(
        {labels_.geometry(), "label map"}, {mask.geometry(), "mask"}, map.options().geometry_tolerance);
    mask_.emplace(image::reordered(mask, match.to_reference));
  }
  TissueMapReaders(const TissueMapReaders&) = delete;
  TissueMapReaders& operator=(const TissueMapReaders&) = delete;

  /// The labels' grid along the image's axes, which slabs have.
  Geometry geometry() const { return labels_.geometry(); }
  /// Turn the labels' axes into those of the image.
  const image::Orientation& axes() const { return axes_; }
  LabelSweep sweep() {
    std::vector<SlabReader*> values{&image_};
    if (mask_) values.push_back(&*mask_);
    return {labels_, values};
  }
  /// Of every label, as TissuePass wants them.
  std::vector<Exclusion> exclusions() const { return std::vector<Exclusion>(mask_ ? 1 : 0); }

 private:
  image::Orientation axes_;
  image::VolumeReader labels_;
  image::VolumeReader image_;
  std::optional<image::VolumeReader> mask_;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_TISSUE_MAP_READERS_HPP_
