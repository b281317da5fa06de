// What lies at each point of a random body: tissue, structure and fat, from formulas in world millimetres.
#ifndef MUSCLEMAP_EXAMPLES_PHANTOM_ANATOMY_HPP_
#define MUSCLEMAP_EXAMPLES_PHANTOM_ANATOMY_HPP_

#include <cstdint>
#include <memory>

#include "phantom/noise.hpp"

namespace phantom {

enum class Tissue : std::uint8_t {
  air,
  skin,
  fat,
  fascia,
  muscle,
  cortex,
  marrow,
  vessel,
  bowel,
  gas,
  disc,
  lung,
  liver,
  spleen,
  kidney,
  heart
};

/// What is at one point.
struct Sample {
  Tissue tissue = Tissue::air;
  std::int16_t label = 0;  ///< value of the structure; 0 for none
  float fat = 0;           ///< part of fat inside a muscle, 0 to 1
};

/// One random body. Immutable.
///
/// World millimetres are RAS+: x grows to the patient's right side, y to the front, z to the head. The body's
/// centre is near the origin.
class Anatomy {
 public:
  virtual ~Anatomy() = default;
  virtual Sample at(const Point& p) const = 0;
  /// Width (x) and depth (y) that hold the body with a margin of air, mm.
  virtual double width_mm() const = 0;
  virtual double depth_mm() const = 0;
  /// Height (z) that holds all structures, mm; 0 where they go on above and below.
  virtual double height_mm() const { return 0; }
};

/// Both thighs at mid level: 12 muscles and the femur on each side, label values of MuscleMap's whole-body
/// model 1.4.
std::unique_ptr<Anatomy> make_thigh(std::uint64_t seed);
/// The trunk at lumbar level: 4 muscles on each side, values of the same table.
std::unique_ptr<Anatomy> make_trunk(std::uint64_t seed);
/// The torso from the shoulders to the hips: the organs that torso.cpp lists, values 1 to 13.
std::unique_ptr<Anatomy> make_torso(std::uint64_t seed);

}  // namespace phantom

#endif  // MUSCLEMAP_EXAMPLES_PHANTOM_ANATOMY_HPP_
