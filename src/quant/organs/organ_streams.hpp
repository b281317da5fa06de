// Contrast phase and modality of sources of slabs.
#ifndef MUSCLEMAP_QUANT_ORGANS_ORGAN_STREAMS_HPP_
#define MUSCLEMAP_QUANT_ORGANS_ORGAN_STREAMS_HPP_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "musclemap/organs.hpp"

namespace musclemap::quant {

/// A label map along the image's axes.
struct NamedLabelStream {
  SlabReader* map;
  std::vector<Label> names;
};

/// What the contrast phase is told from, gathered label map by label map.
class PhaseFeatures {
 public:
  /// Of the classes that the map names; of those that an earlier map has named too, the earlier one's.
  /// Errors: those of contrast_phase(). The grids have been compared.
  /// @param image on the map's grid
  void add(SlabReader& image, const NamedLabelStream& map, const RunControl& control);
  /// So much brain that the original looks for the vessels of the neck. Error `argument` where no map names
  /// the brain.
  bool has_head() const;
  /// Error `argument` where no map names one of the organs.
  ContrastPhase phase() const;

 private:
  struct Organ {
    double median_hu = 0;  ///< 0 without voxels
    double mm3 = 0;
  };

  const Organ& organ(const std::string& name, const char* task) const;

  std::map<std::string, Organ> organs_;
};

Modality image_modality_stream(SlabReader& image, const RunControl& control);

/// Errors: those of normalised_modality(). The grids have been compared.
Modality normalised_modality_stream(SlabReader& image, const NamedLabelStream& map,
                                    const RunControl& control);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_ORGANS_ORGAN_STREAMS_HPP_
