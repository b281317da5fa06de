#include "image/steps/normalise_z.hpp"

#include <cmath>
#include <utility>

#include "image/nonzero_mean.hpp"

namespace musclemap::image {
namespace {

class ZScoreMeter : public Meter {
 public:
  explicit ZScoreMeter(const Index3& shape) : voxels_(shape[0] * shape[1]) {}

  void add(int pass, std::int64_t, const float* slice) override {
    if (pass == 0) {
      mean_.add(slice, voxels_);
      return;
    }
    const double mean = mean_.mean();
    double squares = 0;
    for (std::int64_t n = 0; n < voxels_; ++n) {
      if (slice[n] == 0) continue;
      const double difference = static_cast<double>(slice[n]) - mean;
      squares += difference * difference;
    }
    squares_ += squares;
  }

  Measured measured() const override {
    Measured result;
    result.voxels = mean_.voxels();
    if (result.voxels == 0) return result;
    result.mean = static_cast<float>(mean_.mean());
    result.deviation = static_cast<float>(std::sqrt(squares_ / static_cast<double>(result.voxels)));
    if (result.deviation == 0) result.deviation = 1;
    return result;
  }

 private:
  std::int64_t voxels_;  // of a slice
  NonzeroMean mean_;
  double squares_ = 0;
};

class ZScored : public Field {
 public:
  ZScored(Field& below, Measured measured) : below_(below), measured_(std::move(measured)) {}

  void read(const Block& block, float* out) override {
    below_.read(block, out);
    if (measured_.voxels == 0) return;
    const Index3 n = block.shape();
    for (const float* end = out + n[0] * n[1] * n[2]; out != end; ++out) {
      if (*out != 0) *out = (*out - measured_.mean) / measured_.deviation;
    }
  }

 private:
  Field& below_;
  Measured measured_;
};

}  // namespace

std::unique_ptr<Meter> meter(const NormaliseZ&, const Index3& shape, int) {
  return std::make_unique<ZScoreMeter>(shape);
}

std::unique_ptr<Field> apply(const NormaliseZ&, Field& below, const Grid&, const Measured& measured, int) {
  return std::make_unique<ZScored>(below, measured);
}

}  // namespace musclemap::image
