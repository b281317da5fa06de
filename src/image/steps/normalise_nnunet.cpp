#include "image/steps/normalise_nnunet.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "image/labels/fill_holes.hpp"
#include "image/pairwise_sum.hpp"
#include "image/plane.hpp"
#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

constexpr double kLeastDivisor = 1e-8;

using Mask = std::vector<std::uint8_t>;

bool masks(const NormaliseNnunet& step) {
  return std::any_of(step.channels.begin(), step.channels.end(), [](const ChannelNormalisation& channel) {
    return channel.scheme == Scheme::z_score && channel.over_mask;
  });
}

bool measures(const ChannelNormalisation& channel) {
  return channel.scheme != Scheme::ct && channel.scheme != Scheme::none;
}

// Mean, then deviation, then nothing more: what numpy.mean() and numpy.std() give for float32.
class MeanAndDeviation {
 public:
  explicit MeanAndDeviation(std::int64_t count) : count_(count), sum_(count), squares_(count) {}

  void add_value(const float* values, std::int64_t count) { sum_.add(values, count); }

  void add_square(std::vector<float>* values) {
    const float mean = this->mean();
    for (float& value : *values) {
      value -= mean;
      value *= value;
    }
    squares_.add(values->data(), static_cast<std::int64_t>(values->size()));
  }

  float mean() const { return by_count(sum_.sum()); }
  float deviation() const { return std::sqrt(by_count(squares_.sum())); }

 private:
  float by_count(float sum) const {
    return static_cast<float>(static_cast<double>(sum) / static_cast<double>(count_));
  }

  std::int64_t count_;
  PairwiseSum sum_;
  PairwiseSum squares_;
};

class NnunetMeter : public Meter {
 public:
  NnunetMeter(const NormaliseNnunet& step, const Index3& shape)
      : step_(step),
        shape_(shape),
        plane_(shape[0] * shape[1]),
        first_(masks(step) ? 1 : 0),
        measured_(step.channels.size()) {
    for (ChannelMeasured& channel : measured_) {
      channel.least = std::numeric_limits<float>::infinity();
      channel.most = -channel.least;
    }
    if (first_ == 1) mask_ = std::make_shared<Mask>(static_cast<std::size_t>(plane_ * shape[2]));
  }

  int passes() const override {
    const auto is_score = [](const ChannelNormalisation& each) { return each.scheme == Scheme::z_score; };
    const bool scores = std::any_of(step_.channels.begin(), step_.channels.end(), is_score);
    return scores ? first_ + 2 : 1;
  }

  void add(int pass, std::int64_t z, const float* slice) override {
    if (z != next_) throw Error(ErrorCode::internal, "a z-score is measured in slices of rising z");
    next_ = z + 1 == shape_[2] ? 0 : z + 1;
    if (pass == first_ && z == 0) begin_sums();
    for (std::size_t c = 0; c < step_.channels.size(); ++c) {
      const float* channel = slice + static_cast<std::int64_t>(c) * plane_;
      if (pass == 0) add_range(channel, &measured_[c]);
      if (pass < first_) add_mask(z, channel);
      if (pass >= first_ && step_.channels[c].scheme == Scheme::z_score)
        add_score(pass - first_, c, z, channel);
    }
    if (pass < first_ && z + 1 == shape_[2]) {
      fill_holes({mask_->data(), shape_, {1, shape_[0], plane_}});
      masked_ = std::count(mask_->begin(), mask_->end(), 1);
    }
  }

  Measured measured() const override {
    Measured result;
    result.channels = measured_;
    for (std::size_t c = 0; c < sums_.size(); ++c) {
      result.channels[c].mean = sums_[c].mean();
      result.channels[c].deviation = sums_[c].deviation();
    }
    result.mask = mask_;
    return result;
  }

 private:
  void begin_sums() {
    for (const ChannelNormalisation& channel : step_.channels)
      sums_.emplace_back(channel.over_mask ? masked_ : plane_ * shape_[2]);
  }

  void add_range(const float* values, ChannelMeasured* channel) const {
    for (std::int64_t n = 0; n < plane_; ++n) {
      channel->least = std::min(channel->least, values[n]);
      channel->most = std::max(channel->most, values[n]);
    }
  }

  void add_mask(std::int64_t z, const float* values) {
    std::uint8_t* plane = mask_->data() + z * plane_;
    for (std::int64_t x = 0; x < shape_[0]; ++x) {
      for (std::int64_t y = 0; y < shape_[1]; ++y, ++values) {
        if (*values != 0) plane[y * shape_[0] + x] = 1;
      }
    }
  }

  void add_score(int pass, std::size_t c, std::int64_t z, const float* values) {
    row_major_.resize(static_cast<std::size_t>(plane_));
    transpose_plane(values, shape_[0], shape_[1], row_major_.data());
    if (step_.channels[c].over_mask) {
      const std::uint8_t* inside = mask_->data() + z * plane_;
      std::size_t kept = 0;
      for (std::size_t n = 0; n < row_major_.size(); ++n) {
        if (inside[n] != 0) row_major_[kept++] = row_major_[n];
      }
      row_major_.resize(kept);
    }
    if (pass == 0) sums_[c].add_value(row_major_.data(), static_cast<std::int64_t>(row_major_.size()));
    if (pass == 1) sums_[c].add_square(&row_major_);
  }

  NormaliseNnunet step_;
  Index3 shape_;
  std::int64_t plane_;
  int first_;  // pass in which the mask is known
  std::vector<ChannelMeasured> measured_;
  std::vector<MeanAndDeviation> sums_;
  std::shared_ptr<Mask> mask_;  // [z][y][x]
  std::int64_t masked_ = 0;
  std::int64_t next_ = 0;
  std::vector<float> row_major_;  // a slice as [y][x]
};

// (value - shift) / divisor, cut before.
struct Linear {
  float least = -std::numeric_limits<float>::infinity();
  float most = std::numeric_limits<float>::infinity();
  float shift = 0;
  float divisor = 1;

  float operator()(float value) const { return (std::clamp(value, least, most) - shift) / divisor; }
};

Linear linear_of(const ChannelNormalisation& channel, const ChannelMeasured& measured) {
  const auto divisor = [](double value) { return static_cast<float>(std::max(value, kLeastDivisor)); };
  Linear linear;
  switch (channel.scheme) {
    case Scheme::ct:
      linear = {static_cast<float>(channel.percentile_00_5), static_cast<float>(channel.percentile_99_5),
                static_cast<float>(channel.mean), divisor(channel.deviation)};
      break;
    case Scheme::z_score:
      linear.shift = measured.mean;
      linear.divisor = divisor(static_cast<double>(measured.deviation));
      break;
    case Scheme::rescale_to_01:
      linear.shift = measured.least;
      linear.divisor = divisor(static_cast<double>(measured.most - measured.least));
      break;
    case Scheme::rgb_to_01:
      linear.divisor = 255;
      break;
    case Scheme::none:
      break;
  }
  return linear;
}

void check_rgb(const ChannelMeasured& measured) {
  if (measured.least >= 0 && measured.most <= 255) return;
  throw Error(ErrorCode::argument, "RGBTo01Normalization: values are " + std::to_string(measured.least) +
                                       " to " + std::to_string(measured.most) + "; 0 to 255 are allowed");
}

class NnunetNormalised : public Field {
 public:
  NnunetNormalised(Field& below, const Index3& shape, const NormaliseNnunet& step, const Measured& measured)
      : below_(below), shape_(shape), mask_(measured.mask) {
    for (std::size_t c = 0; c < step.channels.size(); ++c) {
      const ChannelMeasured none;
      linear_.push_back(
          linear_of(step.channels[c], c < measured.channels.size() ? measured.channels[c] : none));
      masked_.push_back(step.channels[c].scheme == Scheme::z_score && step.channels[c].over_mask);
      keeps_.push_back(step.channels[c].scheme == Scheme::none);
    }
  }

  int channels() const override { return below_.channels(); }

  void read(const Block& block, float* out) override {
    below_.read(block, out);
    const Index3 n = block.shape();
    const std::int64_t voxels = n[0] * n[1] * n[2];
    for (std::size_t c = 0; c < linear_.size(); ++c, out += voxels) {
      if (keeps_[c]) continue;
      if (masked_[c]) {
        inside_mask(block, linear_[c], out);
      } else {
        std::transform(out, out + voxels, out, linear_[c]);
      }
    }
  }

 private:
  void inside_mask(const Block& block, const Linear& linear, float* out) const {
    if (!mask_) return;
    for (std::int64_t x = block.begin[0]; x < block.end[0]; ++x) {
      for (std::int64_t y = block.begin[1]; y < block.end[1]; ++y) {
        for (std::int64_t z = block.begin[2]; z < block.end[2]; ++z, ++out) {
          if ((*mask_)[static_cast<std::size_t>((z * shape_[1] + y) * shape_[0] + x)] != 0)
            *out = linear(*out);
        }
      }
    }
  }

  Field& below_;
  Index3 shape_;
  std::shared_ptr<const Mask> mask_;
  std::vector<Linear> linear_;
  std::vector<bool> masked_;
  std::vector<bool> keeps_;
};

}  // namespace

std::unique_ptr<Meter> meter(const NormaliseNnunet& step, const Index3& shape, int) {
  if (std::none_of(step.channels.begin(), step.channels.end(), measures)) return nullptr;
  return std::make_unique<NnunetMeter>(step, shape);
}

std::unique_ptr<Field> apply(const NormaliseNnunet& step, Field& below, const Grid& from,
                             const Measured& measured, int) {
  if (static_cast<int>(step.channels.size()) != below.channels()) {
    throw Error(ErrorCode::argument, "the image has " + std::to_string(below.channels()) +
                                         " channels; the model normalises " +
                                         std::to_string(step.channels.size()));
  }
  for (std::size_t c = 0; c < measured.channels.size(); ++c) {
    if (step.channels[c].scheme == Scheme::rgb_to_01) check_rgb(measured.channels[c]);
  }
  return std::make_unique<NnunetNormalised>(below, from.shape, step, measured);
}

std::size_t held_bytes(const NormaliseNnunet& step, const Grid& from, int /*channels*/) {
  return masks(step) ? static_cast<std::size_t>(from.shape[0] * from.shape[1] * from.shape[2]) : 0;
}

}  // namespace musclemap::image
