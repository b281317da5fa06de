#include "musclemap/cell_segmenter.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/checked.hpp"
#include "base/memory.hpp"
#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "image/contrast/cell_contrast.hpp"
#include "image/row_source.hpp"
#include "image/typed_view.hpp"
#include "infer/load_engine.hpp"
#include "musclemap/error.hpp"
#include "task/cells/cell_channels.hpp"
#include "task/cells/cell_diameter.hpp"
#include "task/cells/cell_model_state.hpp"
#include "task/cells/cell_options.hpp"
#include "task/cells/cell_planes.hpp"
#include "task/cells/cell_run.hpp"
#include "task/cells/cell_sections.hpp"
#include "task/cells/cell_volume.hpp"
#include "task/cells/stack_channels.hpp"

namespace musclemap {
namespace {

constexpr std::int64_t kLeastTile = 16;
constexpr double kStepsOfNetworkScale = 200;
// Of a stack's plane that is kept: two flows and a logit.
constexpr std::size_t kMapsOfSection = 3;
// Bytes of a voxel while planes are joined: pairs of labels of a plane, holes.
constexpr std::size_t kJoiningBytes = 12;

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
  contrast.norm3d = normalize.norm3d;
  return contrast;
}

bool is_volume(const CellOptions& options, std::int64_t sections) { return options.do_3d || sections > 1; }

ImageStack held_stack(PictureReader& picture) {
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
  return stack;
}

void check_cell_options(const CellOptions& options, const CellModel& model, bool stack) {
  base::check_options(options.masks, "options.masks.");
  base::check_options(options.normalize, "options.normalize.");
  base::check_options(options);
  if (options.bsize % kLeastTile != 0) {
    throw Error(ErrorCode::argument,
                "options.bsize is " + std::to_string(options.bsize) + "; a multiple of 16 is allowed");
  }
  if (!stack && options.diameter && *options.diameter == 0 && !model.estimates_diameter()) {
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
    base::report(control, Stage::prepare, 1, 1);
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

  task::CellChannels channels_of(PictureReader& picture, const CellOptions& options, int threads) const {
    std::vector<image::CellContrast> contrasts;
    for (std::int64_t channel = 0; channel < model.state().channels; ++channel) {
      contrasts.push_back(contrast_of(options.normalize, static_cast<std::size_t>(channel)));
    }
    return {picture, options.channels, contrasts, threads};
  }

  /// Scale of a run without an estimate.
  task::CellScale scale_of(const CellOptions& options) const {
    const bool given = options.diameter && *options.diameter > 0;
    if (given) return task::cell_scale(model.diam_mean(), *options.diameter, !model.builtin());
    return task::cell_scale(model.diam_mean(), model.diam_labels(), true);
  }

  /// Nothing is estimated in a stack: a diameter of 0 is the network's, as in Cellpose.
  double stack_diameter(const CellOptions& options) const {
    const double diameter = options.diameter.value_or(model.diam_labels());
    return diameter > 0 ? diameter : model.diam_mean();
  }

  CellOptions options_of_stack(const CellOptions& options) const {
    CellOptions known = options;
    if (options.diameter) known.diameter = stack_diameter(options);
    return known;
  }

  task::CellVolumePass stack_pass(const CellOptions& options) const {
    task::CellVolumePass how;
    how.pass.scale = scale_of(options_of_stack(options));
    complete(options, &how.pass);
    how.anisotropy = options.anisotropy;
    how.smooth = options.flow3d_smooth;
    how.mean = options.flow3d_mean;
    return how;
  }

  std::size_t stack_memory(const std::array<std::int64_t, 3>& shape, const CellOptions& options,
                           const RunControl& control) const {
    base::check_number(shape[0], 1, INT32_MAX, "shape[0]");
    base::check_number(shape[1], 1, INT32_MAX, "shape[1]");
    base::check_number(shape[2], 1, INT32_MAX, "shape[2]");
    const auto voxels =
        static_cast<std::size_t>(base::checked_mul(base::checked_mul(shape[0], shape[1]), shape[2]));
    const std::int64_t used = task::used_channels(options.channels);
    const std::size_t channels = static_cast<std::size_t>(used) * voxels * sizeof(float);
    // While the last one is normalised its sections lie beside them, and what percentiles are taken of.
    const std::size_t normalising = 2 * voxels * sizeof(float);
    const task::CellVolumePass how = stack_pass(options);
    if (options.do_3d) {
      infer::CellTiling tiling = how.pass.tiling;
      tiling.tile = CellOptions().bsize;
      return channels +
             std::max(normalising, task::cell_volume_bytes(shape, how, used) + engine_bytes(tiling, control));
    }
    const std::size_t results = voxels * (sizeof(std::uint32_t) + 2 * kMapsOfSection * sizeof(float));
    const double factor = how.pass.scale.factor;
    const double grown = options.resample ? 1 : std::max(1.0, factor * factor);
    return channels +
           std::max(normalising, static_cast<std::size_t>(static_cast<double>(results) * grown) +
                                     voxels * kJoiningBytes +
                                     memory_of(shape[1], shape[2], options_of_stack(options), control).at(1));
  }

  CellResult run_stack(const ImageStack& picture, const CellOptions& options, const RunControl& control,
                       CellStages* stages) {
    const Index5& shape = picture.shape();
    if (shape[2] < 2) {
      throw Error(ErrorCode::argument, "options.do_3d is on, and the picture has " +
                                           std::to_string(shape[2]) + " section; 2 or more are allowed");
    }
    base::stop_if_cancelled(control);
    base::check_memory(stack_memory({shape[2], shape[3], shape[4]}, options, control), control.memory_budget,
                       "this stack and model");
    const bool joined = task::keeps_stack(options);
    CellNormalize normalize = options.normalize;
    normalize.norm3d = options.do_3d || (joined && normalize.norm3d);
    std::vector<image::CellContrast> contrasts;
    for (std::int64_t channel = 0; channel < model.state().channels; ++channel) {
      contrasts.push_back(contrast_of(normalize, static_cast<std::size_t>(channel)));
    }
    std::vector<task::StackChannel> channels =
        task::stack_channels(picture, options.channels, contrasts, base::resolve_threads(control.threads));
    if (stages != nullptr) {
      *stages = {};
      stages->normalized = task::all_values(channels);
    }
    const task::CellVolumePass how = stack_pass(options);
    CellResult result =
        options.do_3d ? task::run_cell_volume(loaded.engine.get(), std::move(channels), how, control, stages)
                      : task::run_cell_sections(loaded.engine.get(), channels, how.pass,
                                                options.stitch_threshold, control, stages);
    result.diameter = stack_diameter(options);
    loaded.engine->rest();
    return result;
  }

  struct Diameters {
    double of_style = 0;
    double of_cells = 0;
  };

  /// Two passes. The user's thresholds do not count here, as in Cellpose.
  Diameters estimate(const task::CellChannels& channels, const CellOptions& options,
                     const RunControl& control) {
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
    found.of_style = task::diameter_of_style(size, run(channels, pass, steps.step(0), nullptr).style);
    pass.masks = true;
    pass.scale = task::cell_scale(size.diam_mean, found.of_style, false);
    pass.mask_options = {};
    pass.mask_options.interp = false;
    pass.mask_options.compat = options.masks.compat;
    pass.mask_options.dynamics = options.masks.dynamics;
    const CellResult result = run(channels, pass, steps.step(1), nullptr);
    found.of_cells = task::median_diameter(result.masks.labels, options.masks.compat);
    if (found.of_cells == 0) found.of_cells = size.diam_mean;
    return found;
  }

  CellResult run(const task::CellChannels& channels, const task::CellPass& pass, const RunControl& control,
                 CellStages* stages) const {
    const std::unique_ptr<image::RowSource> rows = channels.rows();
    image::KeptRows kept(*rows, stages == nullptr ? nullptr : &stages->normalized);
    return task::run_cells(loaded.engine.get(), kept, pass, control, stages);
  }

  /// All but the scale, which is there.
  void complete(const CellOptions& options, task::CellPass* pass) const {
    pass->resample = options.resample;
    pass->keep_flows = options.keep_flows;
    pass->tiling = tiling_of(options);
    pass->mask_options = options.masks;
    const bool counted = options.niter && *options.niter > 0;
    const double usual = options.resample ? pass->scale.steps() : kStepsOfNetworkScale;
    pass->mask_options.niter = counted ? *options.niter : usual;
  }

  std::size_t engine_bytes(const infer::CellTiling& tiling, const RunControl& control) const {
    const infer::Network& network = model.state().network;
    if (network.graph.empty()) return 0;
    infer::EngineRequest asked = request;
    asked.threads = base::resolve_threads(control.threads);
    return infer::network_window_bytes(network.graph, {tiling.tile, tiling.tile}, 3, asked) *
           static_cast<std::size_t>(tiling.batch);
  }

  /// Of a run; a diameter of 0 counts as that of the model.
  task::CellPassMemory memory_of(std::int64_t height, std::int64_t width, const CellOptions& options,
                                 const RunControl& control) const {
    base::check_number(height, 1, INT32_MAX, "height");
    base::check_number(width, 1, INT32_MAX, "width");
    task::CellPass pass;
    pass.scale = scale_of(options);
    complete(options, &pass);
    task::CellPassMemory memory = task::cell_pass_memory(height, width, model.state().channels, pass);
    const std::size_t held =
        task::channel_bytes(height, width, options.channels, contrast_of(options.normalize, 0));
    const std::size_t engine = engine_bytes(pass.tiling, control);
    memory.kept += held + engine;
    return memory;
  }
};

CellSegmenter::CellSegmenter(CellModel model, const CellEngineOptions& options, const RunControl& control)
    : state_(std::make_unique<State>(std::move(model), options, control)) {}
CellSegmenter::~CellSegmenter() = default;
CellSegmenter::CellSegmenter(CellSegmenter&&) noexcept = default;
CellSegmenter& CellSegmenter::operator=(CellSegmenter&&) noexcept = default;

CellResult CellSegmenter::run(const ImageStack& picture, const CellOptions& options,
                              const RunControl& control, CellStages* stages) {
  if (is_volume(options, picture.shape()[2])) {
    check_cell_options(options, state_->model, true);
    return state_->run_stack(picture, options, control, stages);
  }
  task::StackReader reader(picture);
  return run(reader, options, control, stages);
}

CellResult CellSegmenter::run(PictureReader& picture, const CellOptions& options, const RunControl& control,
                              CellStages* stages) {
  const int threads = base::resolve_threads(control.threads);
  const Index5& shape = picture.info().geometry.shape;
  const bool stack = is_volume(options, shape[2]);
  check_cell_options(options, state_->model, stack);
  if (stack) return state_->run_stack(held_stack(picture), options, control, stages);
  task::check_cell_channels(shape, options.channels);
  base::stop_if_cancelled(control);
  base::check_memory(state_->memory_of(shape[3], shape[4], options, control).at(0), control.memory_budget,
                     "this picture and model");
  if (stages != nullptr) *stages = {};
  const task::CellChannels channels = state_->channels_of(picture, options, threads);
  const bool estimates = options.diameter && *options.diameter == 0;
  const base::Steps steps(control, {estimates ? 2.0 : 0.0, 1});
  task::CellPass pass;
  pass.scale = state_->scale_of(options);
  State::Diameters estimated;
  if (estimates) {
    estimated = state_->estimate(channels, options, steps.step(0));
    pass.scale = task::cell_scale(state_->model.diam_mean(), estimated.of_cells, false);
  }
  state_->complete(options, &pass);
  CellResult result = state_->run(channels, pass, steps.step(1), stages);
  const double given = options.diameter.value_or(state_->model.diam_labels());
  result.diameter = estimates ? estimated.of_cells : given;
  result.diameter_of_style = estimated.of_style;
  state_->loaded.engine->rest();
  return result;
}

std::size_t CellSegmenter::peak_bytes(std::int64_t height, std::int64_t width, const CellOptions& options,
                                      const RunControl& control) const {
  return state_->memory_of(height, width, options, control).at(1);
}

std::size_t CellSegmenter::stack_peak_bytes(const std::array<std::int64_t, 3>& shape,
                                            const CellOptions& options, const RunControl& control) const {
  return state_->stack_memory(shape, options, control);
}

const CellModel& CellSegmenter::model() const noexcept { return state_->model; }
const std::string& CellSegmenter::engine() const noexcept { return state_->engine_name; }
const std::string& CellSegmenter::engine_reason() const noexcept { return state_->loaded.reason; }

}  // namespace musclemap
