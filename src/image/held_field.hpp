// A field whose values are kept once they have been made.
#ifndef MUSCLEMAP_IMAGE_HELD_FIELD_HPP_
#define MUSCLEMAP_IMAGE_HELD_FIELD_HPP_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "image/field.hpp"

namespace musclemap::image {

/// The whole of a field as float, [channel][z][y][x] with x fastest. Any block of it is fast, also from
/// several threads at once.
class HeldField : public Field {
 public:
  /// Reads all of `below`, a field of that shape, slice by slice: from the last to the first if `falling`.
  /// Calls `after_slice` with the number of slices that have been read. `below` is not needed afterwards.
  HeldField(Field& below, const Index3& shape, bool falling,
            const std::function<void(std::int64_t)>& after_slice = {});

  int channels() const override { return channels_; }
  const Index3& shape() const { return shape_; }
  void read(const Block& block, float* out) override;
  /// All values, [channel][z][y][x].
  const std::vector<float>& all() const { return values_; }

 private:
  int channels_;
  Index3 shape_;
  std::vector<float> values_;
};

/// What a HeldField of that shape holds.
std::size_t held_field_bytes(const Index3& shape, int channels);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_HELD_FIELD_HPP_
