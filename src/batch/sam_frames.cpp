#include "batch/sam_frames.hpp"

#include <string>
#include <type_traits>
#include <utility>

#include "quant/table/number_text.hpp"
#include "task/cells/sam_options.hpp"

namespace musclemap::batch {
namespace {

std::string text_of(bool value) { return value ? "yes" : "no"; }
std::string text_of(std::int64_t value) { return std::to_string(value); }
std::string text_of(double value) { return quant::real_text(value); }

/// Every setting by its name.
template <class Struct>
void add_settings(const Struct& options, CellsLogStart* start) {
  base::for_each_option<Struct>(
      [&](const auto& each) { start->more.emplace_back(each.name, text_of(options.*each.field)); });
}

std::string pair_text(const std::array<std::int64_t, 2>& pair) {
  return std::to_string(pair[0]) + ", " + std::to_string(pair[1]);
}

}  // namespace

SamFrames::SamFrames(SamSegmenter segmenter, const SamOptions& options)
    : segmenter_(std::move(segmenter)), options_(options) {}

FrameCells SamFrames::segment(PictureReader& frame, const RunControl& control) {
  CellMasks masks = segmenter_.run(frame.read_plane(0, 0, 0), options_, control);
  return {std::move(masks.labels), masks.count, 0};
}

void SamFrames::describe(CellsLogStart* start) const {
  const SamModel& model = segmenter_.model();
  const bool by_maps = segmenter_.method() == SamMethod::ais;
  start->micro_sam = true;
  start->rules = options_.compat == SamCompat::current ? "1.8" : "1.6.1";
  start->engine = segmenter_.engine();
  start->model_type = model.name();
  start->more.emplace_back("Model SHA-256", model.sha256());
  start->more.emplace_back("mode", base::word_of(segmenter_.method()));
  if (!by_maps) {
    add_settings(options_.amg, start);
    return;
  }
  add_settings(options_.ais, start);
  if (options_.tile_shape[0] == 0) return;
  start->more.emplace_back("tile_shape", pair_text(options_.tile_shape));
  start->more.emplace_back("halo", pair_text(options_.halo));
}

void SamFrames::log_segmentation(const std::vector<double>& /*diameters*/, CellsLog* log) const {
  batch::log_segmentation(true, std::nullopt, log);
}

}  // namespace musclemap::batch
