// `musclemap cells`: pictures of a microscope in, masks of single cells out.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "batch/cell_batch.hpp"
#include "batch/cellpose_frames.hpp"
#include "batch/sam_frames.hpp"
#include "cli/cell_mask_flags.hpp"
#include "cli/cell_range.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/device_words.hpp"
#include "cli/help_sections.hpp"
#include "cli/interrupt.hpp"
#include "cli/option_flags.hpp"
#include "cli/program.hpp"
#include "cli/run_flags.hpp"
#include "cli/sam_flags.hpp"
#include "cli/voice.hpp"
#include "quant/table/table_options.hpp"
#include "task/cells/cell_options.hpp"

namespace musclemap::cli {
namespace {

using batch::CellJob;

struct CellsArguments {
  batch::CellRequest request;
  batch::CellSettings settings;
  CellMethod method = CellMethod::cellpose;
  std::string model;
  CellOptions options;
  CellModelOptions model_options;
  std::filesystem::path dump;
  SamModelOptions sam_model;
  SamOptions sam_options;
  CellEngineOptions engine;
  RunControl control;
  Voice voice;
};

/// As VLabApp: the network's own diameter for a user's model, an estimate for Cellpose's, but of stacks, in
/// which nothing is estimated.
void complete(const CellModel& model, CellOptions* options) {
  if (options->diameter || !model.builtin()) return;
  if (task::keeps_stack(*options)) {
    options->diameter = model.diam_mean();
    return;
  }
  if (!model.estimates_diameter()) {
    throw Error(ErrorCode::argument, Reason::invalid,
                "the model " + model.name() + " cannot estimate the diameter of cells; --diameter gives it");
  }
  options->diameter = 0;
}

std::unique_ptr<batch::FrameSegmenter> cellpose(const CellsArguments& arguments, const RunControl& control,
                                                Console& console) {
  const CellModel model = CellModel::open(arguments.model, arguments.model_options, control);
  CellOptions options = arguments.options;
  complete(model, &options);
  CellSegmenter segmenter(model, arguments.engine, control);
  console.say("model " + model.name() + ", " + segmenter.engine());
  if (!segmenter.engine_reason().empty()) console.say(segmenter.engine_reason());
  return std::make_unique<batch::CellposeFrames>(std::move(segmenter), options, arguments.dump);
}

std::unique_ptr<batch::FrameSegmenter> micro_sam(const CellsArguments& arguments, const RunControl& control,
                                                 Console& console) {
  SamModelOptions how = arguments.sam_model;
  how.trust = arguments.model_options.trust;
  const SamMethod method = arguments.method == CellMethod::microsam_ais ? SamMethod::ais : SamMethod::amg;
  SamSegmenter segmenter(SamModel::open(arguments.model, how, control), method);
  console.say("model " + segmenter.model().name() + ", " + segmenter.engine());
  return std::make_unique<batch::SamFrames>(std::move(segmenter), arguments.sam_options);
}

/// What is heard of a batch. All that is named must outlive the steps.
batch::CellSteps told_steps(const CellsArguments& arguments, const RunControl& control, Console& console) {
  batch::CellSteps steps;
  steps.segmenter = [&] {
    return arguments.method == CellMethod::cellpose ? cellpose(arguments, control, console)
                                                    : micro_sam(arguments, control, console);
  };
  steps.control_of = [&](const CellJob& job) {
    RunControl own = control;
    own.on_progress = [&](const Progress& progress) { console.progress(job.image.string(), progress); };
    own.on_warning = [&](const Warning& warning) { console.warn(job.image.string(), warning); };
    return own;
  };
  steps.segmented = [&](const CellJob& job, const batch::CellSummary& summary) {
    console.end_progress();
    console.result(job.masks.string());
    std::vector<std::string> names;
    for (const std::filesystem::path& file : summary.files) names.push_back(file.string());
    for (const std::string& name : names) console.result(name);
    console.object({{"image", job.image.string()},
                    {"masks", job.masks.string()},
                    {"log", job.log.string()},
                    {"files", names},
                    {"counts", summary.counts},
                    {"diameters", summary.diameters}});
  };
  steps.failed = [&](const CellJob& /*job*/, const Error& error) { console.fail(error); };
  steps.finished = [&](const CellJob& job) {
    console.object({{"image", job.image.string()}, {"outcome", base::word_of(job.outcome)}});
  };
  return steps;
}

int run_cells(CellsArguments& arguments) {
  // As for a batch of models: on a busy machine threads that spin at LibTorch's barriers hinder each other.
  setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);
  Console console(arguments.voice);
  std::vector<CellJob> jobs = batch::jobs_of(arguments.request);
  if (!arguments.dump.empty() && jobs.size() > 1) {
    throw Error(ErrorCode::argument,
                "--dump is of one picture, but there are " + std::to_string(jobs.size()));
  }
  RunControl control = arguments.control;
  control.cancel = interrupt_token();
  arguments.settings.dumps = !arguments.dump.empty();
  batch::run_cell_batch(arguments.settings, control, told_steps(arguments, control, console), &jobs);
  if (jobs.size() > 1) {
    for (const CellJob& job : jobs)
      console.say(std::string(base::word_of(job.outcome)) + ": " + job.image.string());
  }
  if (control.cancel.cancelled()) return interrupted_status();
  const bool failed = std::any_of(jobs.begin(), jobs.end(), [](const CellJob& job) { return job.failed(); });
  return failed ? kFailed : kDone;
}

void add_files(CLI::App& app, CellsArguments* arguments) {
  app.option_defaults()->group("Input and output");
  app.add_option("IMAGE", arguments->request.inputs,
                 "pictures (.ome.tif, .ome.tiff, .tif, .tiff, .nd2), and folders of them")
      ->option_text("IMAGE...");
  app.add_option(
         "-m,--model", arguments->model,
         "a model of your own, or one of Cellpose's by its name, such as cyto3 or, of micro-sam, vit_b_lm")
      ->option_text("FILE|NAME");
  app.add_option("-o", arguments->request.output, "folder of the results (default: beside the picture)")
      ->option_text("FOLDER");
  app.add_option("--suffix", arguments->request.suffix, "added to the names of results, behind _vSM")
      ->option_text("TEXT");
  app.add_option("--contains", arguments->request.name_part, "what names of a folder's pictures have")
      ->option_text("TEXT")
      ->capture_default_str();
  app.add_option("--excludes", arguments->request.excluded, "what names of a folder's pictures do not have")
      ->option_text("TEXT");
  batch::CellViewerFiles& viewers = arguments->settings.viewers;
  app.add_flag("--geojson", viewers.geojson, "also write outlines for QuPath, beside the masks");
  app.add_flag("--rois", viewers.rois, "also write outlines for ImageJ and Fiji, as _rois.zip");
  app.add_option_function<std::string>(
         "--table",
         [&viewers](const std::string& word) {
           viewers.table = base::from_word<TableFormat>(word, "--table");
         },
         "also write a table with a row a cell: area, place, form, intensities")
      ->option_text(alternatives(base::words_of<TableFormat>()))
      ->transform(one_of(base::words_of<TableFormat>()));
  app.add_flag("--outlines", viewers.outlines, "also draw the cells over the picture, as _outlines.png");
  app.add_option("--dump", arguments->dump,
                 "also write what lies between the picture and its masks; of one picture of one frame")
      ->option_text("FILE.npz");
  app.option_defaults()->group("Picture");
  app.add_option("--channel", arguments->settings.frames.channel, "that is segmented, from 0")
      ->option_text("N")
      ->capture_default_str();
  add_range_flags(app, &arguments->settings.frames.projection);
  app.option_defaults()->group("Stacks");
  OptionFlags stacks(app, &arguments->options);
  stacks.add("--do-3d", &CellOptions::do_3d, "keep the stack: cells are volumes, seen from three sides");
  stacks
      .add("--stitch-threshold", &CellOptions::stitch_threshold,
           "keep the stack: its sections one by one, and cells of neighbouring ones are one whose overlap "
           "(IoU) is at least this")
      ->option_text("X");
  stacks.add("--anisotropy", &CellOptions::anisotropy,
             "with --do-3d: distance of sections over size of a pixel");
  stacks.add("--flow3d-smooth", &CellOptions::flow3d_smooth,
             "with --do-3d: sigma in voxels of a Gaussian over the flows");
  stacks.add("--flow3d-mean", &CellOptions::flow3d_mean,
             "with --do-3d: flows are the mean of those from the sides, not their sum as in Cellpose");
}

void add_settings(CLI::App& app, CellsArguments* arguments) {
  app.option_defaults()->group("Network");
  OptionFlags flags(app, &arguments->options);
  flags.add(
      "--diameter", &CellOptions::diameter,
      "of the cells in pixels; 0: estimated (default: estimated for Cellpose's models, that of the training "
      "for your own)");
  flags.add("--no-resample", &CellOptions::resample,
            "follow flows at the network's size, not at the picture's");
  flags.add("--augment", &CellOptions::augment);
  flags.add("--bsize", &CellOptions::bsize);
  flags.add("--tile-overlap", &CellOptions::tile_overlap);
  flags.add("--batch-size", &CellOptions::batch_size);
  OptionFlags(app, &arguments->model_options).add("--trust-model", &CellModelOptions::trust);
  add_cell_mask_flags(app, &arguments->options.masks);
  flags.add("--niter", &CellOptions::niter);
  add_sam_flags(app, &arguments->method, &arguments->sam_model, &arguments->sam_options);
  app.option_defaults()->group("Computing");
  OptionFlags engine(app, &arguments->engine);
  engine.add("--engine", &CellEngineOptions::engine);
  engine.add("--precision", &CellEngineOptions::precision);
  add_run_flags(app, &arguments->control, "most memory to take, such as 4GiB; never changes the result");
}

}  // namespace

void add_cells_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("cells", "pictures of a microscope in, masks of single cells out");
  auto arguments = std::make_shared<CellsArguments>();
  add_cells_masks_command(*command, exit_status);
  add_cells_compare_command(*command, exit_status);
  add_files(*command, arguments.get());
  add_settings(*command, arguments.get());
  add_voice_flags(*command, &arguments->voice);
  command->footer([] {
    return examples(
               {{"musclemap cells yeast_BF.ome.tif -m my_model",
                 "yeast_BF_vSM.ome.tif and its .log, beside the picture"},
                {"musclemap cells folder -m cyto3 --diameter 30 -o masks",
                 "all pictures of a folder with _BF in their names"},
                {"musclemap cells stack.nd2 -m nuclei --projection max --range all", "of a projection"},
                {"musclemap cells stack.nd2 -m my_model --do-3d --anisotropy 3", "cells that are volumes"},
                {"musclemap cells a_BF.tif --method microsam-ais -m vit_b_lm", "by Segment Anything"}}) +
           exit_statuses() + environment_variables();
  });
  command->callback([command, arguments, &exit_status] {
    if (!command->get_subcommands().empty()) return;
    if (arguments->request.inputs.empty()) throw Error(ErrorCode::argument, "IMAGE is required");
    if (arguments->model.empty()) throw Error(ErrorCode::argument, "--model is required");
    arguments->settings.frames.stack = task::keeps_stack(arguments->options);
    check_method_flags(*command, arguments->method);
    if (command->count("--min-size") > 0)
      arguments->sam_options.ais.min_size = arguments->options.masks.min_size;
    exit_status = run_cells(*arguments);
  });
}

}  // namespace musclemap::cli
