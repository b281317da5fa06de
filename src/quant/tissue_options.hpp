// Which settings a division into tissues may have.
#ifndef MUSCLEMAP_QUANT_TISSUE_OPTIONS_HPP_
#define MUSCLEMAP_QUANT_TISSUE_OPTIONS_HPP_

#include "musclemap/tissue.hpp"

namespace musclemap::quant {

/// Error `argument` for numbers outside of an enumeration, components other than 2 and 3, and empty ranges.
void check_tissue_options(const TissueOptions& options);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_TISSUE_OPTIONS_HPP_
