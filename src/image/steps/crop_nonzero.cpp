#include "image/steps/crop_nonzero.hpp"

#include <algorithm>
#include <utility>

#include "image/sub_field.hpp"

namespace musclemap::image {
namespace {

class NonzeroMeter : public Meter {
 public:
  NonzeroMeter(const Index3& shape, int channels)
      : shape_(shape), channels_(channels), box_{shape, {0, 0, 0}} {}

  int passes() const override { return 1; }

  void add(int, std::int64_t z, const float* slice) override {
    for (std::int64_t row = 0; row < channels_ * shape_[0]; ++row, slice += shape_[1]) {
      const float* end = slice + shape_[1];
      const float* first = std::find_if(slice, end, [](float value) { return value != 0; });
      if (first == end) continue;
      while (end[-1] == 0) --end;
      include(row % shape_[0], first - slice, z);
      include(row % shape_[0], end - slice - 1, z);
    }
  }

  Measured measured() const override {
    Measured result;
    result.box = box_.empty() ? whole(shape_) : box_;
    return result;
  }

 private:
  void include(std::int64_t x, std::int64_t y, std::int64_t z) {
    const Index3 voxel{x, y, z};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      box_.begin[axis] = std::min(box_.begin[axis], voxel[axis]);
      box_.end[axis] = std::max(box_.end[axis], voxel[axis] + 1);
    }
  }

  Index3 shape_;
  std::int64_t channels_;
  Block box_;
};

Block nonzero_box(const Grid& from, const Measured& measured) {
  return measured.box.value_or(whole(from.shape));
}

}  // namespace

Grid forward(const CropNonzero&, const Grid& from, const Measured& measured) {
  return sub_grid(from, nonzero_box(from, measured));
}

std::unique_ptr<Meter> meter(const CropNonzero&, const Index3& shape, int channels) {
  return std::make_unique<NonzeroMeter>(shape, channels);
}

std::unique_ptr<Field> apply(const CropNonzero&, Field& below, const Grid& from, const Measured& measured,
                             int) {
  const Block box = nonzero_box(from, measured);
  if (box.shape() == from.shape) return nullptr;
  return std::make_unique<SubField>(below, box.begin);
}

void undo_labels(const CropNonzero&, const Grid& from, const Measured& measured, LabelsBack* back) {
  const Block box = nonzero_box(from, measured);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    std::vector<std::int64_t> at(static_cast<std::size_t>(from.shape[axis]), -1);
    std::copy(back->at[axis].begin(), back->at[axis].end(), at.begin() + box.begin[axis]);
    back->at[axis] = std::move(at);
  }
}

}  // namespace musclemap::image
