#include "image/steps/crop_above_zero.hpp"

#include <algorithm>

#include "image/nonzero_mean.hpp"
#include "image/sub_field.hpp"

namespace musclemap::image {
namespace {

class ForegroundMeter : public Meter {
 public:
  ForegroundMeter(const Index3& shape, const Index3& margin)
      : shape_(shape), margin_(margin), low_(shape), high_{-1, -1, -1} {}

  void add(int pass, std::int64_t z, const float* slice) override {
    if (pass == 0) {
      mean_.add(slice, shape_[0] * shape_[1]);
      return;
    }
    const auto threshold = static_cast<float>(mean_.mean());
    for (std::int64_t x = 0; x < shape_[0]; ++x) {
      for (std::int64_t y = 0; y < shape_[1]; ++y, ++slice) {
        if (*slice == 0 || !(*slice > threshold)) continue;
        low_ = {std::min(low_[0], x), std::min(low_[1], y), std::min(low_[2], z)};
        high_ = {std::max(high_[0], x), std::max(high_[1], y), std::max(high_[2], z)};
      }
    }
  }

  Measured measured() const override {
    Measured result;
    result.box = Block{};
    if (high_[0] < 0) return result;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      result.box->begin[axis] = std::max<std::int64_t>(low_[axis] - margin_[axis], 0);
      result.box->end[axis] = std::min(high_[axis] + margin_[axis] + 1, shape_[axis]);
    }
    return result;
  }

 private:
  Index3 shape_;
  Index3 margin_;
  NonzeroMean mean_;
  Index3 low_;
  Index3 high_;
};

Block box_of(const Grid& from, const Measured& measured) { return measured.box.value_or(whole(from.shape)); }

}  // namespace

Grid forward(const CropAboveZero&, const Grid& from, const Measured& measured) {
  return sub_grid(from, box_of(from, measured));
}

std::unique_ptr<Meter> meter(const CropAboveZero& step, const Index3& shape, int) {
  return std::make_unique<ForegroundMeter>(shape, step.margin);
}

bool measured_with_the_one_before(const CropAboveZero&) { return true; }

std::unique_ptr<Field> apply(const CropAboveZero&, Field& below, const Grid& from, const Measured& measured,
                             int) {
  return std::make_unique<SubField>(below, box_of(from, measured).begin);
}

void undo(const CropAboveZero&, const Grid& from, const Measured& measured, WayBack* back) {
  const Index3 begin = box_of(from, measured).begin;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    back->box.begin[axis] += begin[axis];
    back->box.end[axis] += begin[axis];
  }
  back->target = from.shape;
}

}  // namespace musclemap::image
