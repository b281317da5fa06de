// Volume and intensity of each class, as TotalSegmentator's statistics.json states them
// (docs/chains/totalsegmentator.md, section 12).
#ifndef MUSCLEMAP_QUANT_ORGANS_ORGAN_STATISTICS_HPP_
#define MUSCLEMAP_QUANT_ORGANS_ORGAN_STATISTICS_HPP_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "musclemap/run.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::quant {

/// A value of a label map and its name.
struct OrganClass {
  std::int32_t value = 0;
  std::string name;
};

/// Which numbers are wanted.
struct OrganStatisticsOptions {
  bool border_classes = false;  ///< measure classes at the border of the image too, else they count as empty
  bool median = false;          ///< of the intensities, instead of their mean
  bool normalised = false;      ///< intensities as (value - least) / (largest - least) of the image
  bool extra = false;           ///< OrganShape as well
};

/// In voxels of the label map, along its stored axes.
struct OrganShape {
  std::array<double, 3> centroid{};  ///< 2 decimals
  /// First and last voxel.
  std::array<std::array<std::int64_t, 2>, 3> box{};
};

/// Of one class. What is empty, or at the border where that does not count, has zeros.
struct OrganStatistics {
  std::string name;
  double volume_mm3 = 0;
  double intensity = 0;  ///< of 16-bit integers: truncated, and wrapped; 5 decimals
  std::int64_t voxels = 0;
  double deviation = 0;  ///< of the population; 5 decimals
  double least = 0;
  double largest = 0;
  std::optional<OrganShape> shape;  ///< of a class with voxels
};

/// One pass. `image` and `labels` lie on one grid, whose voxel sizes the header states as `zooms_mm`. In the
/// order of `classes`. Memory: that of LabelSweep, and 2 KiB a class and for each 256 values in a row that it
/// has. Errors: those of the readers; `cancelled`.
std::vector<OrganStatistics> organ_statistics(SlabReader& image, SlabReader& labels,
                                              const std::array<float, 3>& zooms_mm,
                                              const std::vector<OrganClass>& classes,
                                              const OrganStatisticsOptions& options,
                                              const RunControl& control);

/// The file, byte for byte as Python's json module writes it with an indent of 4: an object of the classes in
/// their order. NaN, which an image of one value has where it is normalised, is written as it is there.
std::string organ_statistics_json(const std::vector<OrganStatistics>& statistics, bool extra);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_ORGANS_ORGAN_STATISTICS_HPP_
