// After CellposeModel.eval of cellpose/models.py, Cellpose 3.1.1.2.
#include "task/cells/cell_run.hpp"

#include <algorithm>
#include <utility>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "decode/flows/foreground.hpp"
#include "decode/flows/masks_of.hpp"
#include "image/resample/opencv_resize.hpp"
#include "musclemap/error.hpp"

namespace musclemap::task {
namespace {

using Planes = std::vector<image::FloatPlane>;

constexpr double kStepsAtOwnScale = 200;
// Of a pass beside each other, on two threads.
constexpr double kNetworkWeight = 0.8;
constexpr double kMaskWeight = 0.2;

Planes resized(const Planes& planes, std::int64_t height, std::int64_t width, int threads) {
  Planes result;
  for (const image::FloatPlane& plane : planes) {
    result.push_back(image::resize_linear(plane, height, width, threads));
  }
  return result;
}

std::vector<float> joined(const Planes& planes) {
  std::vector<float> values;
  for (const image::FloatPlane& plane : planes) {
    values.insert(values.end(), plane.values.begin(), plane.values.end());
  }
  return values;
}

decode::Foreground foreground_of(const Planes& maps, double threshold, int threads) {
  const decode::FlowShape shape{1, maps[0].height, maps[0].width, 2};
  decode::Foreground foreground(shape, threshold);
  foreground.add_rows(
      {{maps[0].values.data(), maps[1].values.data(), nullptr}, maps[2].values.data(), 0, shape.rows()},
      threads);
  return foreground;
}

}  // namespace

std::int64_t CellScale::scaled(std::int64_t size) const {
  if (factor == 1) return size;
  const double product = single ? static_cast<double>(static_cast<float>(size) * static_cast<float>(factor))
                                : static_cast<double>(size) * factor;
  return static_cast<std::int64_t>(product);
}

double CellScale::steps() const {
  if (single) {
    return static_cast<double>(1.0F / static_cast<float>(factor) * static_cast<float>(kStepsAtOwnScale));
  }
  return 1 / factor * kStepsAtOwnScale;
}

CellScale cell_scale(double diam_mean, double diameter, bool single) {
  if (!single) return {diam_mean / diameter, false};
  return {static_cast<double>(static_cast<float>(diam_mean) / static_cast<float>(diameter)), true};
}

CellResult run_cells(infer::Engine* engine, const Planes& planes, const CellPass& pass,
                     const RunControl& control, CellStages* stages) {
  const int threads = base::resolve_threads(control.threads);
  const base::Steps steps(control, {kNetworkWeight, pass.masks ? kMaskWeight : 0});
  const std::int64_t height = planes[0].height;
  const std::int64_t width = planes[0].width;
  const std::int64_t network_height = pass.scale.scaled(height);
  const std::int64_t network_width = pass.scale.scaled(width);
  if (network_height < 1 || network_width < 1) {
    throw Error(ErrorCode::argument, "the picture of " + std::to_string(height) + " x " +
                                         std::to_string(width) +
                                         " pixels has none left for the network at that diameter");
  }
  const bool rescaled = pass.scale.factor != 1;
  Planes scaled;
  if (rescaled) scaled = resized(planes, network_height, network_width, threads);
  const Planes& seen = rescaled ? scaled : planes;
  const RunControl inferring = steps.step(0);
  infer::CellScores scores = infer::score_cells(
      engine, seen, pass.tiling,
      [&](std::int64_t done, std::int64_t total) { base::report(inferring, Stage::infer, done, total); });
  if (stages != nullptr) {
    stages->rescaled = joined(seen);
    stages->network = joined(scores.maps);
    stages->network_height = network_height;
    stages->network_width = network_width;
  }
  scaled = {};
  CellResult result;
  result.style = std::move(scores.style);
  result.rescale = pass.scale.factor;
  if (!pass.masks) return result;
  if (pass.resample && rescaled) {
    for (image::FloatPlane& map : scores.maps) map = image::resize_linear(map, height, width, threads);
  }
  result.niter = pass.mask_options.niter;
  const bool smaller = !pass.resample && (network_height != height || network_width != width);
  result.masks =
      decode::masks_of(foreground_of(scores.maps, pass.mask_options.cellprob_threshold, threads),
                       pass.mask_options, steps.step(1), stages == nullptr ? nullptr : &stages->masks,
                       smaller ? decode::MaskSize{height, width} : decode::MaskSize{});
  result.flow_height = scores.maps[0].height;
  result.flow_width = scores.maps[0].width;
  if (!pass.keep_flows) return result;
  result.cellprob = std::move(scores.maps[2].values);
  scores.maps.pop_back();
  result.flows = joined(scores.maps);
  return result;
}

}  // namespace musclemap::task
