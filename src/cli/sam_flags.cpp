#include "cli/sam_flags.hpp"

#include <set>
#include <string>

#include "cli/option_flags.hpp"
#include "musclemap/error.hpp"
#include "task/cells/sam_options.hpp"

namespace musclemap::cli {
namespace {

constexpr const char* kAisGroup = "micro-sam, AIS";
constexpr const char* kAmgGroup = "micro-sam, AMG";
constexpr const char* kSamGroup = "micro-sam";

bool belongs_to(const CLI::Option& option, CellMethod method) {
  static const std::set<std::string> cellpose_groups{"Network", "Masks", "Stacks"};
  static const std::set<std::string> cellpose_flags{"--dump", "--engine", "--precision"};
  const std::string name = option.get_name();
  const std::string& group = option.get_group();
  const bool ais = method == CellMethod::microsam_ais;
  if (name == "--trust-model") return true;
  if (name == "--min-size") return method != CellMethod::microsam_amg;
  if (group == kSamGroup) return method != CellMethod::cellpose;
  if (group == kAisGroup) return ais;
  if (group == kAmgGroup) return method == CellMethod::microsam_amg;
  const bool of_cellpose = cellpose_groups.count(group) > 0 || cellpose_flags.count(name) > 0;
  return !of_cellpose || method == CellMethod::cellpose;
}

}  // namespace

void add_sam_flags(CLI::App& app, CellMethod* method, SamModelOptions* model, SamOptions* options) {
  app.option_defaults()->group("Input and output");
  app.add_option_function<std::string>(
         "--method",
         [method](const std::string& word) { *method = base::from_word<CellMethod>(word, "--method"); },
         "Cellpose, or Segment Anything for Microscopy by its decoder (AIS) or by a grid of points (AMG)")
      ->option_text(alternatives(base::words_of<CellMethod>()))
      ->transform(one_of(base::words_of<CellMethod>()))
      ->default_str(base::word_of(*method));
  app.option_defaults()->group(kSamGroup);
  OptionFlags(app, options).add("--sam-compat", &SamOptions::compat);
  app.option_defaults()->group(kAisGroup);
  OptionFlags(app, model).add("--decoder", &SamModelOptions::decoder);
  OptionFlags flags(app, options);
  flags.add("--tile-shape", &SamOptions::tile_shape);
  flags.add("--halo", &SamOptions::halo);
  OptionFlags ais(app, &options->ais);
  ais.add("--center-distance-threshold", &SamAisOptions::center_distance_threshold)->capture_default_str();
  ais.add("--boundary-distance-threshold", &SamAisOptions::boundary_distance_threshold)
      ->capture_default_str();
  ais.add("--foreground-threshold", &SamAisOptions::foreground_threshold)->capture_default_str();
  ais.add("--foreground-smoothing", &SamAisOptions::foreground_smoothing)->capture_default_str();
  ais.add("--distance-smoothing", &SamAisOptions::distance_smoothing)->capture_default_str();
  app.option_defaults()->group(kAmgGroup);
  OptionFlags amg(app, &options->amg);
  amg.add("--pred-iou-thresh", &SamAmgOptions::pred_iou_thresh)->capture_default_str();
  amg.add("--stability-score-thresh", &SamAmgOptions::stability_score_thresh)->capture_default_str();
  amg.add("--box-nms-thresh", &SamAmgOptions::box_nms_thresh)->capture_default_str();
  amg.add("--drop-largest", &SamAmgOptions::drop_largest);
}

void check_method_flags(const CLI::App& app, CellMethod method) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->count() == 0 || belongs_to(*option, method)) continue;
    throw Error(ErrorCode::argument,
                option->get_name() + " says nothing to --method " + base::word_of(method));
  }
}

}  // namespace musclemap::cli
