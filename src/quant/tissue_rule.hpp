// Which tissue an intensity is, in maps and in tables (docs/chains/metrics.md, section 7.1).
#ifndef MUSCLEMAP_QUANT_TISSUE_RULE_HPP_
#define MUSCLEMAP_QUANT_TISSUE_RULE_HPP_

#include <cstdint>

#include "musclemap/tissue.hpp"

namespace musclemap::quant {

/// Voxels by tissue; shares are the numerators of percentages, which upstream's operators count otherwise.
struct TissueCounts {
  std::int64_t voxels = 0;
  std::int64_t muscle = 0;
  std::int64_t muscle_share = 0;
  std::int64_t undefined = 0;
  std::int64_t undefined_share = 0;
  std::int64_t fat = 0;
  double sum = 0;         ///< of the intensities
  double muscle_sum = 0;  ///< of those of muscle voxels

  TissueCounts& operator+=(const TissueCounts& other);
};

/// Bits of a voxel in the maps; two can be set where a mixture's fat threshold lies below muscle's.
enum MapBits : std::uint8_t { muscle_bit = 1, undefined_bit = 2, fat_bit = 4 };

/// Combined code of a voxel: muscle, undefined, fat are written in this order and the last wins.
std::uint8_t combined_code(std::uint8_t bits);

/// The rule of one label. Immutable.
class TissueRule {
 public:
  TissueRule(const TissueFit& fit, const TissueOptions& options);

  bool divided() const { return divided_; }
  std::uint8_t map_bits(double x) const;
  /// Adds a voxel. Of a label that is not divided only `voxels` is counted.
  void count(double x, TissueCounts* counts) const;

 private:
  enum class Kind : std::uint8_t { two, three, windows };

  bool divided_;
  Kind kind_;
  bool consistent_;
  double muscle_max_;
  double fat_min_;
  IntensityRange muscle_;
  IntensityRange fat_;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_TISSUE_RULE_HPP_
