#include <string>
#include <utility>
#include <vector>

#include "musclemap/error.hpp"
#include "task/cells/cell_planes.hpp"
#include "task/cells/micro_sam_ais.hpp"
#include "task/cells/micro_sam_amg.hpp"
#include "task/cells/sam_model_state.hpp"
#include "task/cells/sam_options.hpp"

namespace musclemap {
namespace {

constexpr std::int64_t kColours = 3;

decode::AisOptions ais_options_of(const SamAisOptions& options) {
  decode::AisOptions result;
  result.foreground_threshold = options.foreground_threshold;
  result.center_distance_threshold = options.center_distance_threshold;
  result.boundary_distance_threshold = options.boundary_distance_threshold;
  result.foreground_smoothing = options.foreground_smoothing;
  result.distance_smoothing = options.distance_smoothing;
  result.min_size = options.min_size;
  return result;
}

decode::AmgOptions amg_options_of(const SamAmgOptions& options) {
  decode::AmgOptions result;
  result.pred_iou_thresh = options.pred_iou_thresh;
  result.stability_score_thresh = options.stability_score_thresh;
  result.box_nms_thresh = options.box_nms_thresh;
  result.drop_largest = options.drop_largest;
  return result;
}

void check_sam_options(const SamOptions& options, SamMethod method) {
  base::check_options(options.ais, "options.ais.");
  base::check_options(options.amg, "options.amg.");
  base::check_options(options);
  const bool tiled = options.tile_shape[0] != 0 || options.tile_shape[1] != 0;
  if (tiled && method == SamMethod::amg) {
    throw Error(ErrorCode::argument, "options.tile_shape is " + std::to_string(options.tile_shape[0]) + ", " +
                                         std::to_string(options.tile_shape[1]) +
                                         "; AMG has no tiles: 0, 0 is allowed");
  }
}

}  // namespace

struct SamSegmenter::State {
  SamModel model;
  SamMethod method;
  std::unique_ptr<infer::Engine> encoder;
  std::unique_ptr<infer::Engine> decoder;
};

SamSegmenter::SamSegmenter(SamModel model, SamMethod method, const SamEngineOptions& options)
    : state_(std::make_unique<State>(State{std::move(model), method, nullptr, nullptr})) {
  base::check_options(options);
  base::check_enum(method, SamMethod::ais, SamMethod::amg, "method");
  const SamModel::State& networks = state_->model.state();
  if (!state_->model.has(method)) {
    throw Error(ErrorCode::argument, Reason::invalid,
                std::string("has no ") + (method == SamMethod::ais ? "AIS decoder" : "mask decoder for AMG") +
                    "; the other method is allowed",
                networks.file);
  }
  const task::SamNetwork& decoder = method == SamMethod::ais ? networks.ais_decoder : networks.mask_decoder;
  state_->encoder = task::load_sam_network(networks.encoder, options.device, options.torch_threads);
  state_->decoder = task::load_sam_network(decoder, options.device, options.torch_threads);
}
SamSegmenter::~SamSegmenter() = default;
SamSegmenter::SamSegmenter(SamSegmenter&&) noexcept = default;
SamSegmenter& SamSegmenter::operator=(SamSegmenter&&) noexcept = default;

CellMasks SamSegmenter::run(const ImageStack& picture, const SamOptions& options, const RunControl& control) {
  check_sam_options(options, state_->method);
  const std::vector<image::FloatPlane> planes = task::channel_planes(picture, kColours);
  image::PicturePart part;
  for (const image::FloatPlane& plane : planes) part.channels.push_back(plane.values.data());
  part.shape = {planes[0].height, planes[0].width};
  part.stride = planes[0].width;
  part.eight_bit = picture.dtype() == DType::u8;
  const auto contrast =
      options.compat == SamCompat::current ? image::SamContrast::per_channel : image::SamContrast::as_1_6_1;
  CellMasks masks;
  if (state_->method == SamMethod::ais) {
    decode::AisLabels cells =
        task::segment_ais(*state_->encoder, *state_->decoder, part, contrast,
                          {options.tile_shape, options.halo}, ais_options_of(options.ais), control);
    masks.labels = std::move(cells.labels);
    masks.count = cells.count;
  } else {
    decode::AmgLabels cells = task::segment_amg(*state_->encoder, *state_->decoder, part, contrast,
                                                amg_options_of(options.amg), control);
    masks.labels = std::move(cells.labels);
    masks.count = cells.count;
  }
  return masks;
}

const SamModel& SamSegmenter::model() const noexcept { return state_->model; }
SamMethod SamSegmenter::method() const noexcept { return state_->method; }
const std::string& SamSegmenter::engine() const noexcept { return state_->encoder->name(); }

}  // namespace musclemap
