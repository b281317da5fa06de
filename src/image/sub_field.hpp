// A block of a field as a field of its own.
#ifndef MUSCLEMAP_IMAGE_SUB_FIELD_HPP_
#define MUSCLEMAP_IMAGE_SUB_FIELD_HPP_

#include "image/field.hpp"

namespace musclemap::image {

/// Its grid is sub_grid(). `below` must outlive it.
class SubField : public Field {
 public:
  SubField(Field& below, const Index3& begin) : below_(below), begin_(begin) {}

  int channels() const override { return below_.channels(); }
  void read(const Block& block, float* out) override { below_.read(there(block), out); }
  void read_double(const Block& block, double* out) override { below_.read_double(there(block), out); }

 private:
  Block there(Block block) const {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      block.begin[axis] += begin_[axis];
      block.end[axis] += begin_[axis];
    }
    return block;
  }

  Field& below_;
  Index3 begin_;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_SUB_FIELD_HPP_
