// The ensembles that the library holds; the source is made by src/cmake/EmbedTrees.cmake.
#ifndef MUSCLEMAP_QUANT_TREES_EMBEDDED_TREES_HPP_
#define MUSCLEMAP_QUANT_TREES_EMBEDDED_TREES_HPP_

namespace musclemap::quant {

/// Text of src/quant/trees/<name>.trees, as its README.md describes.
const char* embedded_phase_trees() noexcept;
const char* embedded_modality_trees() noexcept;
const char* embedded_modality_normalised_trees() noexcept;

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_TREES_EMBEDDED_TREES_HPP_
