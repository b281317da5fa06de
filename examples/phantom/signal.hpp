// From tissue to what a scanner would measure.
#ifndef MUSCLEMAP_EXAMPLES_PHANTOM_SIGNAL_HPP_
#define MUSCLEMAP_EXAMPLES_PHANTOM_SIGNAL_HPP_

#include <cstdint>
#include <memory>

#include "phantom/anatomy.hpp"

namespace phantom {

enum class Modality { mri, ct };

/// Contrast, receive field and noise of one scan. Immutable.
class Scanner {
 public:
  virtual ~Scanner() = default;
  /// Signal of one point before noise.
  virtual double clean(const Sample& sample) const = 0;
  /// The stored value of a voxel from the mean of its clean signal; `noise` differs from voxel to voxel.
  virtual std::int16_t measure(double mean, const Point& world, std::uint64_t noise) const = 0;
};

/// MRI: fat bright, cortical bone dark, a smooth receive field, Rician noise. CT: Hounsfield units, Gaussian
/// noise.
std::unique_ptr<Scanner> make_scanner(Modality modality, std::uint64_t seed);

}  // namespace phantom

#endif  // MUSCLEMAP_EXAMPLES_PHANTOM_SIGNAL_HPP_
