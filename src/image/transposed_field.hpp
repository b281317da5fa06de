// A field with its axes in another order.
#ifndef MUSCLEMAP_IMAGE_TRANSPOSED_FIELD_HPP_
#define MUSCLEMAP_IMAGE_TRANSPOSED_FIELD_HPP_

#include <array>
#include <cstddef>

#include "image/field.hpp"

namespace musclemap::image {

/// Which axis below every axis is.
using Axes = std::array<std::size_t, 3>;

/// Three values along the axes below as those along the axes in their other order.
template <class Values>
Values turned(const Axes& below, const Values& values) {
  return {values[below[0]], values[below[1]], values[below[2]]};
}

/// `below` must outlive it.
class TransposedField : public Field {
 public:
  TransposedField(Field& below, const Axes& axes) : below_(below), axes_(axes) {}
  int channels() const override { return below_.channels(); }
  void read(const Block& block, float* out) override;

 private:
  Field& below_;
  Axes axes_;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_TRANSPOSED_FIELD_HPP_
