// A field of values in memory, and a field read whole.
#ifndef MUSCLEMAP_TESTS_UNIT_IMAGE_STEPS_MEMORY_FIELD_HPP_
#define MUSCLEMAP_TESTS_UNIT_IMAGE_STEPS_MEMORY_FIELD_HPP_

#include <cstdint>
#include <utility>
#include <vector>

#include "image/steps/parts.hpp"

namespace musclemap::test {

/// Values [x][y][z] with z fastest.
class MemoryField : public image::Field {
 public:
  MemoryField(const Index3& shape, std::vector<float> values) : shape_(shape), values_(std::move(values)) {}

  void read(const image::Block& block, float* out) override {
    for (std::int64_t x = block.begin[0]; x < block.end[0]; ++x) {
      for (std::int64_t y = block.begin[1]; y < block.end[1]; ++y) {
        for (std::int64_t z = block.begin[2]; z < block.end[2]; ++z)
          *out++ = values_[static_cast<std::size_t>((x * shape_[1] + y) * shape_[2] + z)];
      }
    }
  }

 private:
  Index3 shape_;
  std::vector<float> values_;
};

/// Two channels: a field and its negative.
class TwoChannels : public image::Field {
 public:
  explicit TwoChannels(image::Field& below) : below_(below) {}
  int channels() const override { return 2; }
  void read(const image::Block& block, float* out) override {
    const std::vector<float> values = below_.values(block);
    for (const float value : values) *out++ = value;
    for (const float value : values) *out++ = -value;
  }

 private:
  image::Field& below_;
};

/// What a step measures in a field of that shape.
template <class S>
image::Measured measured(const S& step, image::Field& field, const Index3& shape) {
  const auto meter = image::meter(step, shape, field.channels());
  for (int pass = 0; pass < meter->passes(); ++pass) {
    for (std::int64_t z = 0; z < shape[2]; ++z)
      meter->add(pass, z, field.values(image::slice_of(image::whole(shape), z)).data());
  }
  return meter->measured();
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_UNIT_IMAGE_STEPS_MEMORY_FIELD_HPP_
