// How many labels are measured: more than any anatomy or field of cells, few enough for memory below 1 GB.
#ifndef MUSCLEMAP_QUANT_LABEL_LIMITS_HPP_
#define MUSCLEMAP_QUANT_LABEL_LIMITS_HPP_

#include <cstddef>

namespace musclemap::quant {

inline constexpr std::size_t kMostLabels = 500000;
/// Labels that are divided into tissues, each with a fit of its own.
inline constexpr std::size_t kMostDivided = 50000;
/// Slices with a label, summed over the labels.
inline constexpr std::size_t kMostSections = 1000000;

/// Error `format` reason `limit` for more.
void check_label_count(std::size_t labels);
void check_divided_count(std::size_t labels);
void check_section_count(std::size_t sections);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_LABEL_LIMITS_HPP_
