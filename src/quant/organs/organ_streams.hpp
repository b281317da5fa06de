// Contrast phase and modality of sources of slabs.
#ifndef MUSCLEMAP_QUANT_ORGANS_ORGAN_STREAMS_HPP_
#define MUSCLEMAP_QUANT_ORGANS_ORGAN_STREAMS_HPP_

#include <vector>

#include "musclemap/organs.hpp"

namespace musclemap::quant {

/// A label map along the image's axes.
struct NamedLabelStream {
  SlabReader* map;
  std::vector<Label> names;
};

/// Errors: those of contrast_phase(). The grids have been compared.
ContrastPhase contrast_phase_stream(SlabReader& image, const std::vector<NamedLabelStream>& maps,
                                    const RunControl& control);

Modality image_modality_stream(SlabReader& image, const RunControl& control);

/// Errors: those of normalised_modality(). The grids have been compared.
Modality normalised_modality_stream(SlabReader& image, const NamedLabelStream& map,
                                    const RunControl& control);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_ORGANS_ORGAN_STREAMS_HPP_
