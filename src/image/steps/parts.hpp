// What the steps of a chain are made of. A step is a value that says what it is called in a task's file, and
// overloads of the functions below, all in its own file; what it leaves out changes nothing. Steps do not
// know each other.
//
//   static constexpr const char* kKind                  {"resample": {…}}
//   static constexpr std::array<Word, n> kWords         the words in it; the first tells steps of a kind
//   apart template <class Self, class Visit> static void fields(Self& self, const Visit& visit)  calls
//   visit(key, self.field) for the numbers in it
#ifndef MUSCLEMAP_IMAGE_STEPS_PARTS_HPP_
#define MUSCLEMAP_IMAGE_STEPS_PARTS_HPP_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "image/field.hpp"
#include "image/half_pixel_back.hpp"
#include "image/labels_back.hpp"
#include "image/resampler.hpp"

namespace musclemap::image {

/// A word that stands in a step of a task's file.
struct Word {
  const char* key;
  const char* value;
};

/// What a step has learnt of a channel.
struct ChannelMeasured {
  float mean = 0;
  float deviation = 1;
  float least = 0;
  float most = 0;
};

/// What a step has learnt from the whole field below it; before that, as much as it could need.
struct Measured {
  float mean = 0;
  float deviation = 1;
  std::int64_t voxels = 0;   ///< that mean and deviation are of; 0: there are none
  std::optional<Block> box;  ///< of the grid below, what is left of it
  std::vector<ChannelMeasured> channels;
  /// [z][y][x] of the grid below: 1 where a channel is not 0 and in the holes between.
  std::shared_ptr<const std::vector<std::uint8_t>> mask;
};

/// Looks at a field slice by slice, in passes. One thread at a time.
class Meter {
 public:
  virtual ~Meter() = default;
  virtual int passes() const { return 2; }
  /// Slice z, [channel][x][y] with y fastest; every slice once in pass 0, then once in pass 1, and so on. In
  /// any order, unless the step asks for z that rises from 0.
  virtual void add(int pass, std::int64_t z, const float* slice) = 0;
  virtual Measured measured() const = 0;
};

/// From scores, which exist in a box of one grid and are 0 outside, to the grid that classes are wanted on:
/// the steps that were undone, as one.
struct WayBack {
  Block box;
  Index3 target{};
  /// From the target's voxels to those of the grid of the box; null: the grids are one.
  std::shared_ptr<const Resampler> resampler;
  /// The same where it is a resampling with half-pixel coordinates alone, for what follows that original's
  /// arithmetic; where it picks slices along a separate axis there is no `resampler`.
  std::optional<HalfPixelBack> half_pixel;
};

/// The grid behind a step.
template <class S>
Grid forward(const S& /*step*/, const Grid& from, const Measured& /*measured*/) {
  return from;
}

/// What looks at the field of that shape below the step; null: the step need not know it.
template <class S>
std::unique_ptr<Meter> meter(const S& /*step*/, const Index3& /*shape*/, int /*channels*/) {
  return nullptr;
}

/// True: meter() looks at the field below the step before this one, in the same passes.
template <class S>
bool measured_with_the_one_before(const S& /*step*/) {
  return false;
}

/// The field behind a step, which reads `below`; null: it is `below`.
template <class S>
std::unique_ptr<Field> apply(const S& /*step*/, Field& /*below*/, const Grid& /*from*/,
                             const Measured& /*measured*/, int /*threads*/) {
  return nullptr;
}

/// Takes scores one step further back, to the grid `from` that the step began with.
template <class S>
void undo(const S& /*step*/, const Grid& /*from*/, const Measured& /*measured*/, WayBack* /*back*/) {}

/// Takes labels one step further back, to the grid `from` that the step began with.
template <class S>
void undo_labels(const S& /*step*/, const Grid& /*from*/, const Measured& /*measured*/,
                 LabelsBack* /*back*/) {}

/// Bytes that the field of apply() holds at most, for so many channels.
template <class S>
std::size_t held_bytes(const S& /*step*/, const Grid& /*from*/, int /*channels*/) {
  return 0;
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_STEPS_PARTS_HPP_
