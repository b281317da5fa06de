// After cellpose/transforms.py of Cellpose 3.1.1.2: normalize_img, normalize99.
#include "image/contrast/cell_contrast.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/parallel.hpp"
#include "base/text.hpp"
#include "image/contrast/sharpen.hpp"
#include "image/contrast/tile_contrast.hpp"
#include "image/percentile.hpp"
#include "image/resample/opencv_resize.hpp"
#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

// Percentiles of more values than this are those of every so many-th of them.
constexpr std::int64_t kMostSamples = std::int64_t{224} * 224 * 224;
constexpr std::int64_t kSamplesOfAxis = 224;
constexpr std::int64_t kSamplesOfDepth = 50;
constexpr float kLeastSpan = 1e-3F;

/// What rows say of some planes that are normalised together.
class Survey {
 public:
  /// Of `depth` planes.
  Survey(std::int64_t depth, const RowSource& source)
      : width_(source.width()), some_(depth * source.height() * width_ > kMostSamples) {
    z_step_ = depth > 1 ? step(depth, kSamplesOfDepth) : 1;
    y_step_ = step(source.height(), kSamplesOfAxis);
    x_step_ = step(width_, kSamplesOfAxis);
  }

  void take(std::int64_t z, std::int64_t y, const float* row) {
    if (z == 0 && y == 0) first_ = row[0];
    constant_ = constant_ && std::all_of(row, row + width_, [&](float value) { return value == first_; });
    if (z % z_step_ != 0 || y % y_step_ != 0) return;
    for (std::int64_t x = 0; x < width_; x += x_step_) samples_.push_back(row[x]);
  }

  bool constant() const { return constant_; }
  float percentile(double percent) { return numpy_percentile(&samples_, percent); }

 private:
  std::int64_t step(std::int64_t size, std::int64_t wanted) const {
    return some_ ? std::max<std::int64_t>(1, size / wanted) : 1;
  }

  std::int64_t width_;
  bool some_;
  std::int64_t z_step_ = 1;
  std::int64_t y_step_ = 1;
  std::int64_t x_step_ = 1;
  float first_ = 0;
  bool constant_ = true;
  std::vector<float> samples_;
};

constexpr std::int64_t kRowsAtOnce = 64;

/// Of each plane, or of all of them, what rows say.
std::vector<Survey> surveyed(RowSource& source, bool together) {
  const std::int64_t planes = source.planes();
  std::vector<Survey> surveys(static_cast<std::size_t>(together ? 1 : planes),
                              Survey(together ? planes : 1, source));
  for_rows(source, kRowsAtOnce, [&](std::int64_t begin, std::int64_t count, const float* rows) {
    for (std::int64_t z = 0; z < planes; ++z) {
      for (std::int64_t y = 0; y < count; ++y) {
        Survey& survey = surveys[static_cast<std::size_t>(together ? 0 : z)];
        survey.take(together ? z : 0, begin + y, rows + (z * kRowsAtOnce + y) * source.width());
      }
    }
  });
  return surveys;
}

OpenRows sharpened(const CellContrast& contrast, const OpenRows& open, int threads) {
  const auto held = std::make_shared<std::vector<FloatPlane>>(all_rows(*open()));
  for (FloatPlane& plane : *held) sharpen(contrast.smooth_radius, contrast.sharpen_radius, &plane, threads);
  return [held] { return std::make_unique<PlaneRows>(*held); };
}

}  // namespace

void check_cell_contrast(const CellContrast& contrast) {
  const auto [low, high] = contrast.percentile;
  if (!(low >= 0 && low < high && high <= 100)) {
    throw Error(ErrorCode::argument, "percentile is " + base::number_text(low) + ", " +
                                         base::number_text(high) +
                                         "; two rising numbers of 0 to 100 are allowed");
  }
  if (contrast.lowhigh && !((*contrast.lowhigh)[0] < (*contrast.lowhigh)[1])) {
    throw Error(ErrorCode::argument, "lowhigh is " + base::number_text((*contrast.lowhigh)[0]) + ", " +
                                         base::number_text((*contrast.lowhigh)[1]) +
                                         "; two rising numbers are allowed");
  }
  const bool normalised = contrast.normalize || contrast.lowhigh || contrast.tile_norm_blocksize > 0;
  if (contrast.invert && !normalised) {
    throw Error(ErrorCode::argument,
                "invert is on and normalize is off; what is not normalised is not inverted");
  }
}

/// Rows of a channel as they come, normalised.
class NormalisedRows : public RowSource {
 public:
  explicit NormalisedRows(const NormalisedChannel& channel) : channel_(channel), source_(channel.open_()) {
    if (channel.tiles_.low.empty()) return;
    low_.emplace(channel.tiles_.low);
    high_.emplace(channel.tiles_.high);
    low_rows_.emplace(*low_, height(), width(), channel.threads_);
    high_rows_.emplace(*high_, height(), width(), channel.threads_);
  }
  std::int64_t planes() const override { return source_->planes(); }
  std::int64_t height() const override { return source_->height(); }
  std::int64_t width() const override { return source_->width(); }

  void read(std::int64_t begin, std::int64_t count, float* to, std::int64_t stride) override {
    source_->read(begin, count, to, stride);
    if (low_) {
      by_tiles(begin, count, to, stride);
    } else if (!channel_.limits_.empty()) {
      for_each_row(count, to, stride, [&](std::int64_t plane, std::int64_t /*y*/, float* row) {
        const auto [low, span] = channel_.limits_[static_cast<std::size_t>(plane)];
        for (std::int64_t x = 0; x < width(); ++x) row[x] = span > 0 ? (row[x] - low) / span : 0;
      });
    }
    if (!channel_.invert_) return;
    for_each_row(count, to, stride, [&](std::int64_t /*plane*/, std::int64_t /*y*/, float* row) {
      for (std::int64_t x = 0; x < width(); ++x) row[x] = 1 - row[x];
    });
  }

 private:
  template <class Body>
  void for_each_row(std::int64_t count, float* to, std::int64_t stride, const Body& body) const {
    base::parallel_for(planes() * count, channel_.threads_, [&](std::int64_t n) {
      const std::int64_t plane = n / count;
      const std::int64_t y = n % count;
      body(plane, y, to + plane * stride + y * width());
    });
  }

  void by_tiles(std::int64_t begin, std::int64_t count, float* to, std::int64_t stride) {
    const std::int64_t part = count * width();
    std::vector<float> low(static_cast<std::size_t>(low_->planes() * part));
    std::vector<float> high(low.size());
    low_rows_->read(begin, count, low.data(), part);
    high_rows_->read(begin, count, high.data(), part);
    for_each_row(count, to, stride, [&](std::int64_t plane, std::int64_t y, float* row) {
      const std::int64_t at = (low_->planes() == 1 ? 0 : plane) * part + y * width();
      for (std::int64_t x = 0; x < width(); ++x) {
        const auto n = static_cast<std::size_t>(at + x);
        row[x] = (row[x] - low[n]) / (high[n] - low[n]);
      }
    });
  }

  const NormalisedChannel& channel_;
  std::unique_ptr<RowSource> source_;
  std::optional<PlaneRows> low_;
  std::optional<PlaneRows> high_;
  std::optional<ResizedRows> low_rows_;
  std::optional<ResizedRows> high_rows_;
};

NormalisedChannel::NormalisedChannel(const CellContrast& contrast, OpenRows open, int threads)
    : open_(std::move(open)), threads_(threads) {
  check_cell_contrast(contrast);
  const bool sharpens = contrast.sharpen_radius > 0 || contrast.smooth_radius > 0;
  if (sharpens && !contrast.lowhigh) open_ = sharpened(contrast, open_, threads);
  const std::unique_ptr<RowSource> source = open_();
  if (contrast.tile_norm_blocksize > 0 && !contrast.lowhigh) {
    tiles_ = tile_limits(contrast, *source, threads);
    return;
  }
  std::vector<Survey> surveys = surveyed(*source, contrast.norm3d);
  const auto planes = static_cast<std::size_t>(source->planes());
  if (contrast.lowhigh) {
    const auto [low, high] = *contrast.lowhigh;
    limits_.assign(planes, {static_cast<float>(low), static_cast<float>(high - low)});
  } else if (contrast.normalize) {
    const bool constant =
        std::all_of(surveys.begin(), surveys.end(), [](const Survey& each) { return each.constant(); });
    if (constant) return;
    for (std::size_t z = 0; z < planes; ++z) {
      Survey& survey = surveys[contrast.norm3d ? 0 : z];
      const float low = survey.percentile(contrast.percentile[0]);
      const float span = survey.percentile(contrast.percentile[1]) - low;
      limits_.push_back(survey.constant() ? Limits{0, 1} : Limits{low, span > kLeastSpan ? span : 0});
    }
  }
  invert_ = contrast.invert && !limits_.empty();
}

std::unique_ptr<RowSource> NormalisedChannel::rows() const { return std::make_unique<NormalisedRows>(*this); }

void apply_cell_contrast(const CellContrast& contrast, std::vector<FloatPlane>* planes, int threads) {
  const NormalisedChannel channel(
      contrast, [planes] { return std::make_unique<PlaneRows>(*planes); }, threads);
  const std::unique_ptr<RowSource> source = channel.rows();
  for_rows(*source, kRowsAtOnce, [&](std::int64_t begin, std::int64_t count, const float* rows) {
    for (FloatPlane& plane : *planes) {
      std::copy_n(rows, count * plane.width, plane.row(begin));
      rows += kRowsAtOnce * plane.width;
    }
  });
}

}  // namespace musclemap::image
