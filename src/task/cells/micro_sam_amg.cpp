#include "task/cells/micro_sam_amg.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "decode/amg/point_masks.hpp"
#include "task/cells/sam_encoder.hpp"

namespace musclemap::task {
namespace {

constexpr std::int64_t kPointsPerSide = 32;
constexpr std::int64_t kPointsPerBatch = 64;
constexpr std::int64_t kMasksPerPoint = 3;
constexpr std::int64_t kMapSide = 256;

// The masks kept of all points, batch by batch.
std::vector<decode::SamMask> point_masks(infer::Engine& decoder, const net::Tensor& embedding,
                                         const decode::MapPlacement& placement,
                                         const decode::AmgOptions& options, const RunControl& control) {
  const int threads = base::resolve_threads(control.threads);
  const std::vector<float> points = grid_points(kPointsPerSide, placement.picture, placement.scaled);
  const auto total = static_cast<std::int64_t>(points.size() / 2);
  std::vector<decode::SamMask> masks;
  for (std::int64_t first = 0; first < total; first += kPointsPerBatch) {
    base::report(control, Stage::infer, first, total);
    const std::int64_t count = std::min(kPointsPerBatch, total - first);
    const net::Tensor batch{{count, 1, 2},
                            {points.begin() + 2 * first, points.begin() + 2 * (first + count)}};
    const net::Tensor labels{{count, 1}, std::vector<float>(static_cast<std::size_t>(count), 1.0F)};
    const std::vector<net::Tensor> outputs = run_sam_network(
        decoder, {embedding, batch, labels},
        {{count, kMasksPerPoint, kMapSide, kMapSide}, {count, kMasksPerPoint}}, "prompt and mask decoder");
    decode::add_point_masks(outputs[0].values.data(), outputs[1].values.data(), count * kMasksPerPoint,
                            placement, options, threads, &masks);
  }
  base::report(control, Stage::infer, total, total);
  return masks;
}

}  // namespace

std::vector<float> grid_points(std::int64_t n, const image::PlaneShape& picture,
                               const image::PlaneShape& scaled) {
  const auto at = [&](std::int64_t i, std::size_t axis) {
    const auto extent = static_cast<double>(picture[axis]);
    const double place = (static_cast<double>(i) + 0.5) / static_cast<double>(n) * extent;
    return static_cast<float>(place * (static_cast<double>(scaled[axis]) / extent));
  };
  std::vector<float> points;
  for (std::int64_t y = 0; y < n; ++y) {
    for (std::int64_t x = 0; x < n; ++x) {
      points.push_back(at(x, 1));
      points.push_back(at(y, 0));
    }
  }
  return points;
}

decode::AmgLabels segment_amg(infer::Engine& encoder, infer::Engine& decoder,
                              const image::PicturePart& picture, image::SamContrast contrast,
                              const decode::AmgOptions& options, const RunControl& control) {
  const int threads = base::resolve_threads(control.threads);
  std::optional<image::SamPicture> input = image::sam_picture(picture, contrast, threads);
  if (!input) return decode::masks_to_labels({}, {}, picture.shape, options);
  const decode::MapPlacement placement{kMapSide, image::kSamSize, input->scaled, picture.shape};
  const net::Tensor embedding = encode_picture(encoder, std::move(*input));
  const std::vector<decode::SamMask> masks = point_masks(decoder, embedding, placement, options, control);
  return decode::masks_to_labels(masks, decode::suppress_boxes(masks, options.box_nms_thresh), picture.shape,
                                 options);
}

}  // namespace musclemap::task
