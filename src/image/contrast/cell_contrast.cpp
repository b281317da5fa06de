// After cellpose/transforms.py of Cellpose 3.1.1.2: normalize_img, normalize99.
#include "image/contrast/cell_contrast.hpp"

#include <algorithm>
#include <string>

#include "base/parallel.hpp"
#include "base/text.hpp"
#include "image/contrast/sharpen.hpp"
#include "image/contrast/tile_contrast.hpp"
#include "image/percentile.hpp"
#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

// Percentiles of more values than this are those of every so many-th of them.
constexpr std::int64_t kMostSamples = std::int64_t{224} * 224 * 224;
constexpr std::int64_t kSamplesOfAxis = 224;
constexpr std::int64_t kSamplesOfDepth = 50;
constexpr float kLeastSpan = 1e-3F;

void rescale(FloatPlane* plane, float low, float span, int threads) {
  base::parallel_for(plane->height, threads, [&](std::int64_t y) {
    float* row = plane->row(y);
    for (std::int64_t x = 0; x < plane->width; ++x) row[x] = (row[x] - low) / span;
  });
}

std::vector<float> samples(const std::vector<FloatPlane>& planes) {
  const auto depth = static_cast<std::int64_t>(planes.size());
  const FloatPlane& first = planes.front();
  const bool some = depth * first.height * first.width > kMostSamples;
  const auto step = [&](std::int64_t size, std::int64_t wanted) {
    return some ? std::max<std::int64_t>(1, size / wanted) : 1;
  };
  const std::int64_t z_step = depth > 1 ? step(depth, kSamplesOfDepth) : 1;
  const std::int64_t y_step = step(first.height, kSamplesOfAxis);
  const std::int64_t x_step = step(first.width, kSamplesOfAxis);
  std::vector<float> values;
  for (std::int64_t z = 0; z < depth; z += z_step) {
    for (std::int64_t y = 0; y < first.height; y += y_step) {
      const float* row = planes[static_cast<std::size_t>(z)].row(y);
      for (std::int64_t x = 0; x < first.width; x += x_step) values.push_back(row[x]);
    }
  }
  return values;
}

bool is_constant(const std::vector<FloatPlane>& planes) {
  const float first = planes.front().values.front();
  return std::all_of(planes.begin(), planes.end(), [&](const FloatPlane& plane) {
    return std::all_of(plane.values.begin(), plane.values.end(), [&](float value) { return value == first; });
  });
}

/// Whether there was anything to normalise.
bool stretch(const CellContrast& contrast, std::vector<FloatPlane>* planes, int threads) {
  if (is_constant(*planes)) return false;
  std::vector<float> values = samples(*planes);
  const float low = numpy_percentile(&values, contrast.percentile[0]);
  const float high = numpy_percentile(&values, contrast.percentile[1]);
  for (FloatPlane& plane : *planes) {
    if (high - low > kLeastSpan) {
      rescale(&plane, low, high - low, threads);
    } else {
      std::fill(plane.values.begin(), plane.values.end(), 0.0F);
    }
  }
  return true;
}

void invert(std::vector<FloatPlane>* planes) {
  for (FloatPlane& plane : *planes) {
    for (float& value : plane.values) value = 1 - value;
  }
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

void apply_cell_contrast(const CellContrast& contrast, std::vector<FloatPlane>* planes, int threads) {
  check_cell_contrast(contrast);
  bool normalised = false;
  if (contrast.lowhigh) {
    const auto low = static_cast<float>((*contrast.lowhigh)[0]);
    const auto span = static_cast<float>((*contrast.lowhigh)[1] - (*contrast.lowhigh)[0]);
    for (FloatPlane& plane : *planes) rescale(&plane, low, span, threads);
    normalised = true;
  } else {
    for (FloatPlane& plane : *planes)
      sharpen(contrast.smooth_radius, contrast.sharpen_radius, &plane, threads);
    if (contrast.tile_norm_blocksize > 0) {
      stretch_tiles(contrast, planes, threads);
    } else if (contrast.normalize) {
      normalised = stretch(contrast, planes, threads);
    }
  }
  if (contrast.invert && normalised) invert(planes);
}

}  // namespace musclemap::image
