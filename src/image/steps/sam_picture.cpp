#include "image/steps/sam_picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>

#include "base/checked.hpp"
#include "image/resample/pillow.hpp"
#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

constexpr std::size_t kColours = 3;
constexpr std::array<float, kColours> kMeans{123.675F, 116.28F, 103.53F};
constexpr std::array<float, kColours> kDeviations{58.395F, 57.12F, 57.375F};

struct ValueRange {
  float low;
  float high;
};

ValueRange channel_range(const PicturePart& part, std::size_t channel) {
  ValueRange range{*part.channels[channel], *part.channels[channel]};
  for (std::int64_t y = 0; y < part.shape[0]; ++y) {
    const float* row = part.channels[channel] + y * part.stride;
    for (std::int64_t x = 0; x < part.shape[1]; ++x) {
      if (!std::isfinite(row[x])) {
        throw Error(ErrorCode::argument, Reason::nonfinite,
                    "channel " + std::to_string(channel) + " of the picture is " + std::to_string(row[x]) +
                        " at y " + std::to_string(y) + ", x " + std::to_string(x));
      }
      range.low = std::min(range.low, row[x]);
      range.high = std::max(range.high, row[x]);
    }
  }
  return range;
}

ValueRange joined_range(const std::vector<ValueRange>& ranges) {
  ValueRange joined = ranges[0];
  for (const ValueRange& each : ranges) {
    joined.low = std::min(joined.low, each.low);
    joined.high = std::max(joined.high, each.high);
  }
  return joined;
}

// The range [low, low + extent] becomes 0 to top, cut off.
std::vector<std::uint8_t> eight_bits(const PicturePart& part, std::size_t channel, float low, float extent,
                                     float top = 255.0F) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(static_cast<std::size_t>(part.shape[0] * part.shape[1]));
  for (std::int64_t y = 0; y < part.shape[0]; ++y) {
    const float* row = part.channels[channel] + y * part.stride;
    for (std::int64_t x = 0; x < part.shape[1]; ++x) {
      const float share = (row[x] - low) / extent;
      bytes.push_back(static_cast<std::uint8_t>(share * top));
    }
  }
  return bytes;
}

std::vector<std::uint8_t> bytes_of(const PicturePart& part, std::size_t channel,
                                   const std::vector<ValueRange>& ranges, SamContrast contrast) {
  if (contrast == SamContrast::per_channel) {
    const ValueRange& range = ranges[channel];
    return eight_bits(part, channel, range.low, (range.high - range.low) + 1e-7F);
  }
  if (part.eight_bit) return eight_bits(part, channel, 0.0F, 1.0F, 1.0F);
  const ValueRange range = joined_range(ranges);
  return eight_bits(part, channel, range.low, range.high - range.low);
}

bool is_constant(const std::vector<ValueRange>& ranges, std::size_t channels, SamContrast contrast) {
  if (contrast == SamContrast::per_channel) {
    return std::all_of(ranges.begin(), ranges.begin() + static_cast<std::ptrdiff_t>(channels),
                       [](const ValueRange& range) { return range.low == range.high; });
  }
  const ValueRange all = joined_range(ranges);
  return all.low == all.high;
}

void check_part(const PicturePart& part) {
  if (part.channels.empty())
    throw Error(ErrorCode::argument, "a picture has 0 channels; 1 or more are allowed");
  for (const std::int64_t extent : part.shape) {
    base::check_number(extent, 1, std::int64_t{1} << 30, "an extent of a picture");
  }
}

}  // namespace

PlaneShape sam_scaled_shape(const PlaneShape& shape) {
  const double scale = static_cast<double>(kSamSize) / static_cast<double>(std::max(shape[0], shape[1]));
  PlaneShape scaled;
  std::transform(shape.begin(), shape.end(), scaled.begin(), [&](std::int64_t extent) {
    return std::max<std::int64_t>(
        1, static_cast<std::int64_t>(std::floor(static_cast<double>(extent) * scale + 0.5)));
  });
  return scaled;
}

std::optional<SamPicture> sam_picture(const PicturePart& part, SamContrast contrast, int threads) {
  check_part(part);
  const std::size_t channels = std::min(part.channels.size(), kColours);
  std::vector<ValueRange> ranges;
  for (std::size_t c = 0; c < part.channels.size(); ++c) ranges.push_back(channel_range(part, c));
  if (is_constant(ranges, channels, contrast)) return std::nullopt;
  SamPicture picture;
  picture.scaled = sam_scaled_shape(part.shape);
  picture.values.assign(kColours * kSamSize * kSamSize, 0.0F);
  std::vector<std::vector<std::uint8_t>> planes;
  for (std::size_t channel = 0; channel < channels; ++channel) {
    const std::vector<std::uint8_t> bytes = bytes_of(part, channel, ranges, contrast);
    planes.push_back(resize_pillow(bytes.data(), part.shape, picture.scaled, threads));
  }
  const std::vector<std::uint8_t> zeros(planes[0].size());
  for (std::size_t colour = 0; colour < kColours; ++colour) {
    const std::vector<std::uint8_t>& plane = channels == 1       ? planes[0]
                                             : colour < channels ? planes[colour]
                                                                 : zeros;
    const std::uint8_t* from = plane.data();
    float* to = picture.values.data() + colour * kSamSize * kSamSize;
    for (std::int64_t y = 0; y < picture.scaled[0]; ++y, from += picture.scaled[1], to += kSamSize) {
      std::transform(from, from + picture.scaled[1], to, [&](std::uint8_t value) {
        return (static_cast<float>(value) - kMeans[colour]) / kDeviations[colour];
      });
    }
  }
  return picture;
}

}  // namespace musclemap::image
