// After CellposeModel.eval of cellpose/models.py, Cellpose 3.1.1.2.
#include "task/cells/cell_run.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "base/checked.hpp"
#include "base/memory.hpp"
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
constexpr std::size_t kMaps = 3;

// Rows of maps that become foreground together: blocks for several threads.
constexpr std::int64_t kMapRows = 4 * decode::Foreground::kBlockRows;

/// Rows of a source, or those of another size.
class ScaledRows {
 public:
  ScaledRows(image::RowSource& source, bool scale, std::int64_t height, std::int64_t width, int threads)
      : source_(source) {
    if (scale) resized_.emplace(source, height, width, threads);
  }
  image::RowSource& rows() { return resized_ ? static_cast<image::RowSource&>(*resized_) : source_; }

 private:
  image::RowSource& source_;
  std::optional<image::ResizedRows> resized_;
};

/// Lets the engine stop between layers, as long as this lives.
class Cancelling {
 public:
  Cancelling(infer::Engine* engine, const RunControl& control) : engine_(engine) {
    engine_->set_between_layers([&control] { base::stop_if_cancelled(control); });
  }
  ~Cancelling() { engine_->set_between_layers({}); }
  Cancelling(const Cancelling&) = delete;
  Cancelling& operator=(const Cancelling&) = delete;

 private:
  infer::Engine* engine_;
};

std::size_t bytes_of(std::int64_t height, std::int64_t width, std::size_t each) {
  return static_cast<std::size_t>(base::checked_mul(height, width)) * each;
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
  image::PlaneRows channels(planes);
  return run_cells(engine, channels, pass, control, stages);
}

CellResult run_cells(infer::Engine* engine, image::RowSource& channels, const CellPass& pass,
                     const RunControl& control, CellStages* stages) {
  const int threads = base::resolve_threads(control.threads);
  const base::Steps steps(control, {kNetworkWeight, pass.masks ? kMaskWeight : 0});
  const std::int64_t height = channels.height();
  const std::int64_t width = channels.width();
  const std::int64_t network_height = pass.scale.scaled(height);
  const std::int64_t network_width = pass.scale.scaled(width);
  if (network_height < 1 || network_width < 1) {
    throw Error(ErrorCode::argument, "the picture of " + std::to_string(height) + " x " +
                                         std::to_string(width) +
                                         " pixels has none left for the network at that diameter");
  }
  const bool rescaled = pass.scale.factor != 1;
  const RunControl inferring = steps.step(0);
  const Cancelling cancelling(engine, control);
  ScaledRows scaled(channels, rescaled, network_height, network_width, threads);
  image::KeptRows seen(scaled.rows(), stages == nullptr ? nullptr : &stages->rescaled);
  infer::CellScoreRows scores(engine, seen, pass.tiling, [&](std::int64_t done, std::int64_t total) {
    base::report(inferring, Stage::infer, done, total);
  });
  image::KeptRows network(scores, stages == nullptr ? nullptr : &stages->network);
  ScaledRows followed(network, pass.resample && rescaled && pass.masks, height, width, threads);
  image::RowSource& maps = followed.rows();
  CellResult result;
  result.rescale = pass.scale.factor;
  result.flow_height = maps.height();
  result.flow_width = maps.width();
  const std::size_t pixels = bytes_of(maps.height(), maps.width(), 1);
  if (pass.keep_flows) {
    result.flows.resize(2 * pixels);
    result.cellprob.resize(pixels);
  }
  const std::size_t limit = base::memory_limit(control.memory_budget);  // before anything is held
  const CellPassMemory memory = cell_pass_memory(height, width, channels.planes(), pass);
  decode::Foreground foreground({1, maps.height(), maps.width(), 2}, pass.mask_options.cellprob_threshold);
  image::for_rows(maps, kMapRows, [&](std::int64_t begin, std::int64_t count, const float* y_flow) {
    if (!pass.masks) return;
    const float* x_flow = y_flow + kMapRows * maps.width();
    const float* logit = x_flow + kMapRows * maps.width();
    foreground.add_rows({{y_flow, x_flow, nullptr}, logit, begin, count}, threads);
    const double share = static_cast<double>(foreground.pixels()) / static_cast<double>(pixels);
    base::check_memory(memory.at(share), limit, "the cells of this picture");
    if (!pass.keep_flows) return;
    const std::int64_t at = begin * maps.width();
    const std::int64_t part = count * maps.width();
    std::copy_n(y_flow, part, result.flows.data() + at);
    std::copy_n(x_flow, part, result.flows.data() + static_cast<std::ptrdiff_t>(pixels) + at);
    std::copy_n(logit, part, result.cellprob.data() + at);
  });
  result.style = scores.style();
  if (stages != nullptr) {
    stages->network_height = network_height;
    stages->network_width = network_width;
  }
  if (!pass.masks) return result;
  result.niter = pass.mask_options.niter;
  const bool smaller = !pass.resample && (network_height != height || network_width != width);
  result.masks = decode::masks_of(std::move(foreground), pass.mask_options, steps.step(1),
                                  stages == nullptr ? nullptr : &stages->masks,
                                  smaller ? decode::MaskSize{height, width} : decode::MaskSize{});
  return result;
}

std::size_t CellPassMemory::at(double share) const {
  const auto foreground = static_cast<std::size_t>(share * static_cast<double>(masks.foreground));
  return kept + std::max(bands + foreground, masks.at(share));
}

CellPassMemory cell_pass_memory(std::int64_t height, std::int64_t width, std::int64_t channels,
                                const CellPass& pass) {
  const std::int64_t network_height = std::max<std::int64_t>(1, pass.scale.scaled(height));
  const std::int64_t network_width = std::max<std::int64_t>(1, pass.scale.scaled(width));
  const std::int64_t flow_height = pass.resample ? height : network_height;
  const std::int64_t flow_width = pass.resample ? width : network_width;
  const bool rescaled = pass.scale.factor != 1;
  // Rows of the picture for rows of the network, the other way round, and rows of maps.
  const auto rows_for = [&](std::int64_t rows, std::int64_t from, std::int64_t to) {
    return rescaled ? 2 * (rows * from / to + 3) : 0;
  };
  constexpr std::int64_t kAtOnce = image::ResizedRows::kRowsAtOnce;
  const auto of_channels = sizeof(float) * static_cast<std::size_t>(channels);
  constexpr std::size_t kOfMaps = kMaps * sizeof(float);
  CellPassMemory memory;
  memory.bands = infer::cell_row_bytes(network_height, network_width, channels, pass.tiling) +
                 bytes_of(rows_for(kAtOnce, height, network_height), width, of_channels) +
                 bytes_of(rows_for(kAtOnce, network_height, height), network_width, kOfMaps) +
                 bytes_of(kMapRows, flow_width, kOfMaps);
  memory.kept = pass.keep_flows ? bytes_of(flow_height, flow_width, kOfMaps) : 0;
  memory.masks = decode::mask_memory({1, flow_height, flow_width, 2}, pass.mask_options, height * width);
  return memory;
}

}  // namespace musclemap::task
