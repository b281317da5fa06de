#include "batch/cellpose_frames.hpp"

#include <utility>

#include "task/cells/cell_dump.hpp"
#include "task/cells/cell_options.hpp"

namespace musclemap::batch {

CellposeFrames::CellposeFrames(CellSegmenter segmenter, CellOptions options, std::filesystem::path dump)
    : segmenter_(std::move(segmenter)), options_(std::move(options)), dump_(std::move(dump)) {
  options_.keep_flows = !dump_.empty();
}

FrameCells CellposeFrames::segment(PictureReader& frame, const RunControl& control) {
  CellStages stages;
  CellStages* wanted = dump_.empty() ? nullptr : &stages;
  CellResult result = segmenter_.run(frame, options_, control, wanted);
  if (wanted != nullptr) {
    const Index5& shape = frame.info().geometry.shape;
    task::write_cell_dump(dump_, {shape[2], shape[3], shape[4]}, result, stages);
  }
  return {std::move(result.masks.labels), result.masks.count, result.diameter};
}

void CellposeFrames::describe(CellsLogStart* start) const {
  const CellModel& model = segmenter_.model();
  start->rules = options_.masks.compat == CellCompat::fixed ? "3.1.1.2, defects mended" : "3.1.1.2";
  start->engine = segmenter_.engine();
  start->more.emplace_back("Model SHA-256", model.sha256());
  start->model_type = model.builtin() ? model.name() : "User trained model";
  if (!model.builtin()) start->user_model = model.file().string();
  start->diameter = options_.diameter.value_or(model.diam_labels());
  start->cellprob_threshold = options_.masks.cellprob_threshold;
  start->flow_threshold = options_.masks.flow_threshold;
  if (!task::keeps_stack(options_)) return;
  for (auto& setting : stack_settings(options_)) start->more.push_back(std::move(setting));
}

void CellposeFrames::log_segmentation(const std::vector<double>& diameters, CellsLog* log) const {
  const bool estimated = options_.diameter == 0.0;
  batch::log_segmentation(false, estimated ? std::nullopt : options_.diameter, log);
  if (!estimated) return;
  for (std::size_t t = 0; t < diameters.size(); ++t)
    log_diameter(static_cast<std::int64_t>(t), diameters[t], log);
}

}  // namespace musclemap::batch
