#include "task/cells/cell_channels.hpp"

#include <algorithm>
#include <utility>

#include "base/checked.hpp"
#include "task/cells/cell_planes.hpp"

namespace musclemap::task {
namespace {

/// Planes of several sources.
class JoinedRows : public image::RowSource {
 public:
  explicit JoinedRows(std::vector<std::unique_ptr<image::RowSource>> sources)
      : sources_(std::move(sources)) {}
  std::int64_t planes() const override { return static_cast<std::int64_t>(sources_.size()); }
  std::int64_t height() const override { return sources_.front()->height(); }
  std::int64_t width() const override { return sources_.front()->width(); }
  void read(std::int64_t begin, std::int64_t count, float* to, std::int64_t stride) override {
    for (const std::unique_ptr<image::RowSource>& source : sources_) {
      source->read(begin, count, to, stride);
      to += stride;
    }
  }

 private:
  std::vector<std::unique_ptr<image::RowSource>> sources_;
};

}  // namespace

CellChannels::CellChannels(PictureReader& picture, const std::array<std::int64_t, 2>& channels,
                           const std::vector<image::CellContrast>& contrasts, int threads) {
  for (std::size_t number = 0; number < contrasts.size(); ++number) {
    const std::int64_t channel = picture_channel(channels, static_cast<std::int64_t>(number));
    image::CellContrast contrast = contrasts[number];
    // Zeros are zeros, sharpened or not, and need not be held.
    if (channel < 0) contrast.sharpen_radius = contrast.smooth_radius = 0;
    channels_.push_back(std::make_unique<image::NormalisedChannel>(
        contrast, [&picture, channel] { return channel_rows(picture, channel); }, threads));
  }
}

std::unique_ptr<image::RowSource> CellChannels::rows() const {
  std::vector<std::unique_ptr<image::RowSource>> sources;
  for (const std::unique_ptr<image::NormalisedChannel>& channel : channels_) {
    sources.push_back(channel->rows());
  }
  return std::make_unique<JoinedRows>(std::move(sources));
}

std::size_t channel_bytes(std::int64_t height, std::int64_t width,
                          const std::array<std::int64_t, 2>& channels, const image::CellContrast& contrast) {
  const auto pixels = static_cast<std::size_t>(base::checked_mul(height, width));
  constexpr std::size_t kMostSamples = std::size_t{224} * 224 * 224 * 2 * sizeof(float);
  const bool sharpens = !contrast.lowhigh && (contrast.sharpen_radius > 0 || contrast.smooth_radius > 0);
  const auto used = static_cast<std::size_t>(used_channels(channels));
  const std::size_t held =
      sharpens
          ? pixels * (used * image::NormalisedChannel::kHeldBytes + image::NormalisedChannel::kSharpenBytes)
          : 0;
  const auto block = static_cast<std::size_t>(std::min(contrast.tile_norm_blocksize, height));
  // In single precision, and as they are stored.
  constexpr std::size_t kReadBytes = 12;
  const std::size_t read =
      used * kReadBytes * static_cast<std::size_t>(std::min(channel_rows_at_once(width), height) * width);
  return read + held + std::min(2 * sizeof(float) * pixels, kMostSamples) +
         4 * block * static_cast<std::size_t>(width) * sizeof(float);
}

}  // namespace musclemap::task
