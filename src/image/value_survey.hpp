// What the values of an image are like, gathered while it streams by.
#ifndef MUSCLEMAP_IMAGE_VALUE_SURVEY_HPP_
#define MUSCLEMAP_IMAGE_VALUE_SURVEY_HPP_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "musclemap/volume.hpp"

namespace musclemap::image {

/// One thread at a time.
class ValueSurvey {
 public:
  /// CT numbers below which there is only air, and below which there is air or fat.
  static constexpr double kAirHu = -900;
  static constexpr double kFatHu = -30;

  void add(const Volume& volume);

  /// Finite voxels that are not 0: 0 is what images are padded and masked with.
  std::int64_t nonzero() const { return nonzero_; }
  std::int64_t below_air() const { return below_air_; }
  std::int64_t below_fat() const { return below_fat_; }
  double most() const { return most_; }
  /// The one value that every voxel has, where there are several voxels and all are finite.
  std::optional<double> only_value() const;
  /// How many different values there are, where all are integers of 16 bits and at most kFew; else nothing.
  static constexpr std::size_t kFew = 256;
  std::optional<std::size_t> few_integers() const;

 private:
  template <class T>
  void add_row(const T* row, std::int64_t count, std::int64_t stride);
  void collect(double value);

  std::int64_t voxels_ = 0;
  std::int64_t finite_ = 0;
  std::int64_t nonzero_ = 0;
  std::int64_t below_air_ = 0;
  std::int64_t below_fat_ = 0;
  double least_ = std::numeric_limits<double>::infinity();
  double most_ = -std::numeric_limits<double>::infinity();
  std::vector<bool> seen_;  // integers from -32768, while there are few
  std::size_t distinct_ = 0;
  bool many_ = false;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_VALUE_SURVEY_HPP_
