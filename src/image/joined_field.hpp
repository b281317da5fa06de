// Fields of one grid as the channels of one.
#ifndef MUSCLEMAP_IMAGE_JOINED_FIELD_HPP_
#define MUSCLEMAP_IMAGE_JOINED_FIELD_HPP_

#include <utility>
#include <vector>

#include "image/field.hpp"

namespace musclemap::image {

/// The fields' channels one after the other; they must outlive this.
class JoinedField : public Field {
 public:
  explicit JoinedField(std::vector<Field*> fields) : fields_(std::move(fields)) {}

  int channels() const override {
    int count = 0;
    for (const Field* each : fields_) count += each->channels();
    return count;
  }
  void read(const Block& block, float* out) override {
    for (Field* each : fields_) {
      each->read(block, out);
      out += each->channels() * voxels(block);
    }
  }
  void read_double(const Block& block, double* out) override {
    for (Field* each : fields_) {
      each->read_double(block, out);
      out += each->channels() * voxels(block);
    }
  }

 private:
  static std::int64_t voxels(const Block& block) {
    const Index3 n = block.shape();
    return n[0] * n[1] * n[2];
  }

  std::vector<Field*> fields_;
};

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_JOINED_FIELD_HPP_
