#include "musclemap/cell_segmenter.hpp"

#include <algorithm>
#include <utility>

#include "base/checked.hpp"
#include "base/memory.hpp"
#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "image/contrast/cell_contrast.hpp"
#include "image/typed_view.hpp"
#include "infer/load_engine.hpp"
#include "musclemap/error.hpp"
#include "task/cells/cell_diameter.hpp"
#include "task/cells/cell_model_state.hpp"
#include "task/cells/cell_options.hpp"
#include "task/cells/cell_planes.hpp"
#include "task/cells/cell_run.hpp"

namespace musclemap {
namespace {

using Planes = std::vector<image::FloatPlane>;

constexpr std::int64_t kLeastTile = 16;
constexpr double kStepsOfNetworkScale = 200;
// Bytes of a picture's pixel that masks take at most: steps, labels, heat, ends.
constexpr std::size_t kMaskBytes = 44;

/// Of a channel of the network, from 0.
image::CellContrast contrast_of(const CellNormalize& normalize, std::size_t channel) {
  image::CellContrast contrast;
  contrast.normalize = normalize.normalize;
  contrast.invert = normalize.invert;
  const auto& pairs = normalize.lowhigh;
  if (!pairs.empty()) contrast.lowhigh = pairs[std::min(channel, pairs.size() - 1)];
  contrast.percentile = normalize.percentile;
  contrast.sharpen_radius = normalize.sharpen_radius;
  contrast.smooth_radius = normalize.smooth_radius;
  contrast.tile_norm_blocksize = normalize.tile_norm_blocksize;
  contrast.tile_norm_smooth3d = normalize.tile_norm_smooth3d;
  return contrast;
}

void check_cell_options(const CellOptions& options, const CellModel& model) {
  base::check_options(options.masks, "options.masks.");
  base::check_options(options.normalize, "options.normalize.");
  base::check_options(options);
  if (options.bsize % kLeastTile != 0) {
    throw Error(ErrorCode::argument,
                "options.bsize is " + std::to_string(options.bsize) + "; a multiple of 16 is allowed");
  }
  if (options.diameter && *options.diameter == 0 && !model.estimates_diameter()) {
    throw Error(ErrorCode::argument,
                "options.diameter is 0, and the model '" + model.name() +
                    "' has no size model to estimate it with; a number above 0 is allowed, or none");
  }
  const std::size_t pairs = options.normalize.lowhigh.size();
  const auto channels = static_cast<std::size_t>(model.state().channels);
  if (pairs > 1 && pairs != channels) {
    throw Error(ErrorCode::argument, "options.normalize.lowhigh has " + std::to_string(pairs) +
                                         " pairs; one is allowed, or one for each of the network's " +
                                         std::to_string(channels) + " channels");
  }
  for (std::size_t channel = 0; channel < channels; ++channel) {
    image::check_cell_contrast(contrast_of(options.normalize, channel));
  }
}

}  // namespace

struct CellSegmenter::State {
  CellModel model;
  infer::EngineRequest request;
  infer::LoadedEngine loaded;
  std::string engine_name;

  State(CellModel kept, const CellEngineOptions& options, const RunControl& control)
      : model(std::move(kept)) {
    base::check_options(options);
    request.engine = options.engine;
    request.device = options.device;
    request.precision = options.precision;
    request.torch_threads = options.torch_threads;
    request.threads = base::resolve_threads(control.threads);
    int furthest = 0;
    request.after_layer = [&](int done, int layers) {
      furthest = std::max(furthest, done);
      base::report(control, Stage::prepare, furthest, layers);
    };
    loaded = infer::load_engine(model.state().network, request);
    request.after_layer = {};
    engine_name = loaded.engine->name();
  }

  bool native() const { return engine_name.compare(0, 6, "native") == 0; }

  infer::CellTiling tiling_of(const CellOptions& options) const {
    infer::CellTiling tiling;
    tiling.tile = options.bsize;
    tiling.overlap = options.tile_overlap;
    tiling.augment = options.augment;
    tiling.batch =
        native() ? 1 : options.batch_size;  // it computes one at a time, and hears of a cancel sooner
    return tiling;
  }

  Planes planes_of(const ImageStack& picture, const CellOptions& options, int threads) const {
    Planes planes = task::cell_planes(picture, options.channels, model.state().channels);
    for (std::size_t channel = 0; channel < planes.size(); ++channel) {
      std::vector<image::FloatPlane> one;
      one.push_back(std::move(planes[channel]));
      image::apply_cell_contrast(contrast_of(options.normalize, channel), &one, threads);
      planes[channel] = std::move(one[0]);
    }
    return planes;
  }

  /// Scale of a run without an estimate.
  task::CellScale scale_of(const CellOptions& options) const {
    const bool given = options.diameter && *options.diameter > 0;
    if (given) return task::cell_scale(model.diam_mean(), *options.diameter, !model.builtin());
    return task::cell_scale(model.diam_mean(), model.diam_labels(), true);
  }

  struct Diameters {
    double of_style = 0;
    double of_cells = 0;
  };

  /// Two passes. The user's thresholds do not count here, as in Cellpose.
  Diameters estimate(const Planes& planes, const CellOptions& options, const RunControl& control) {
    const io::CellSizeModel& size = *model.state().size_model;
    const base::Steps steps(control, {1, 1});
    CellOptions defaults;
    defaults.augment = options.augment;
    defaults.batch_size = options.batch_size;
    task::CellPass pass;
    pass.tiling = tiling_of(defaults);
    pass.resample = false;
    pass.masks = false;
    pass.scale = task::cell_scale(model.diam_mean(), model.diam_labels(), true);
    Diameters found;
    found.of_style = task::diameter_of_style(
        size, task::run_cells(loaded.engine.get(), planes, pass, steps.step(0), nullptr).style);
    pass.masks = true;
    pass.scale = task::cell_scale(size.diam_mean, found.of_style, false);
    pass.mask_options = {};
    pass.mask_options.interp = false;
    pass.mask_options.compat = options.masks.compat;
    pass.mask_options.dynamics = options.masks.dynamics;
    const CellResult result = task::run_cells(loaded.engine.get(), planes, pass, steps.step(1), nullptr);
    found.of_cells = task::median_diameter(result.masks.labels, options.masks.compat);
    if (found.of_cells == 0) found.of_cells = size.diam_mean;
    return found;
  }
};

CellSegmenter::CellSegmenter(CellModel model, const CellEngineOptions& options, const RunControl& control)
    : state_(std::make_unique<State>(std::move(model), options, control)) {}
CellSegmenter::~CellSegmenter() = default;
CellSegmenter::CellSegmenter(CellSegmenter&&) noexcept = default;
CellSegmenter& CellSegmenter::operator=(CellSegmenter&&) noexcept = default;

CellResult CellSegmenter::run(PictureReader& picture, const CellOptions& options, const RunControl& control,
                              CellStages* stages) {
  const PictureInfo& info = picture.info();
  ImageStack stack = ImageStack::zeros(info.geometry, info.dtype);
  const Index5& shape = stack.shape();
  for (std::int64_t t = 0; t < shape[0]; ++t) {
    for (std::int64_t c = 0; c < shape[1]; ++c) {
      for (std::int64_t z = 0; z < shape[2]; ++z) {
        image::with_type(info.dtype, [&](auto pixel) {
          picture.read_rows(t, c, z, 0, shape[3], stack.mutable_plane<decltype(pixel)>(t, c, z).data);
        });
      }
    }
  }
  return run(stack, options, control, stages);
}

CellResult CellSegmenter::run(const ImageStack& picture, const CellOptions& options,
                              const RunControl& control, CellStages* stages) {
  const int threads = base::resolve_threads(control.threads);
  check_cell_options(options, state_->model);
  base::stop_if_cancelled(control);
  const std::size_t needed = peak_bytes(picture.shape()[3], picture.shape()[4], options, control);
  const std::size_t budget = control.memory_budget > 0 ? control.memory_budget : base::available_memory();
  if (needed > budget) {
    throw Error(ErrorCode::memory, Reason::limit,
                "the run takes " + std::to_string(needed >> 20) + " MiB; " + std::to_string(budget >> 20) +
                    " MiB are allowed");
  }
  const Planes planes = state_->planes_of(picture, options, threads);
  if (stages != nullptr) {
    *stages = {};
    for (const image::FloatPlane& plane : planes) {
      stages->normalized.insert(stages->normalized.end(), plane.values.begin(), plane.values.end());
    }
  }
  const bool estimates = options.diameter && *options.diameter == 0;
  const base::Steps steps(control, {estimates ? 2.0 : 0.0, 1});
  task::CellPass pass;
  pass.scale = state_->scale_of(options);
  State::Diameters estimated;
  if (estimates) {
    estimated = state_->estimate(planes, options, steps.step(0));
    pass.scale = task::cell_scale(state_->model.diam_mean(), estimated.of_cells, false);
  }
  pass.resample = options.resample;
  pass.tiling = state_->tiling_of(options);
  pass.mask_options = options.masks;
  pass.keep_flows = options.keep_flows;
  const bool counted = options.niter && *options.niter > 0;
  const double usual = options.resample ? pass.scale.steps() : kStepsOfNetworkScale;
  pass.mask_options.niter = counted ? *options.niter : usual;
  CellResult result = task::run_cells(state_->loaded.engine.get(), planes, pass, steps.step(1), stages);
  const double given = options.diameter.value_or(state_->model.diam_labels());
  result.diameter = estimates ? estimated.of_cells : given;
  result.diameter_of_style = estimated.of_style;
  state_->loaded.engine->rest();
  return result;
}

std::size_t CellSegmenter::peak_bytes(std::int64_t height, std::int64_t width, const CellOptions& options,
                                      const RunControl& control) const {
  base::check_number(height, 1, INT32_MAX, "height");
  base::check_number(width, 1, INT32_MAX, "width");
  const CellModel::State& model = state_->model.state();
  const bool estimated = options.diameter && *options.diameter == 0;
  CellOptions counted = options;
  if (estimated) counted.diameter.reset();
  const task::CellScale scale = state_->scale_of(counted);
  const std::int64_t network_height = std::max<std::int64_t>(1, scale.scaled(height));
  const std::int64_t network_width = std::max<std::int64_t>(1, scale.scaled(width));
  const auto pixels = [](std::int64_t h, std::int64_t w) {
    return static_cast<std::size_t>(base::checked_mul(h, w));
  };
  const std::size_t here = pixels(height, width);
  const std::size_t there = pixels(network_height, network_width);
  const auto channels = static_cast<std::size_t>(model.channels);
  const infer::CellTiling tiling = state_->tiling_of(options);
  infer::EngineRequest request = state_->request;
  request.threads = base::resolve_threads(control.threads);
  std::size_t engine = 0;
  if (!model.network.graph.empty()) {
    engine = infer::network_window_bytes(model.network.graph, {tiling.tile, tiling.tile}, 3, request) *
             static_cast<std::size_t>(tiling.batch);
  }
  const std::size_t network = channels * there * sizeof(float) +
                              infer::cell_score_bytes(network_height, network_width, tiling) + engine;
  const std::size_t followed = options.resample ? here : there;
  const std::size_t masks = std::max(here, followed) * kMaskBytes + 3 * (followed + there) * sizeof(float);
  return 2 * channels * here * sizeof(float) + std::max(network, masks);
}

const CellModel& CellSegmenter::model() const noexcept { return state_->model; }
const std::string& CellSegmenter::engine() const noexcept { return state_->engine_name; }
const std::string& CellSegmenter::engine_reason() const noexcept { return state_->loaded.reason; }

}  // namespace musclemap
