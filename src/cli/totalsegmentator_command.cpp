// `totalsegmentator`, with the names of the original's options.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "cli/arguments.hpp"
#include "cli/choices.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/device_words.hpp"
#include "cli/help_sections.hpp"
#include "cli/known_tasks_text.hpp"
#include "cli/option_flags.hpp"
#include "cli/program.hpp"
#include "cli/run_flags.hpp"
#include "cli/standard_output.hpp"
#include "cli/task_batch.hpp"
#include "musclemap/musclemap.hpp"
#include "task/segment_options.hpp"
#include "task/task_options.hpp"
#include "task/totalsegmentator/task_list.hpp"
#include "task/weights_search.hpp"

namespace musclemap::cli {
namespace {

// -s without a file.
constexpr const char* kBesideLabels = "beside the labels";

struct OrganArguments {
  std::vector<std::string> images;
  std::string device = "gpu";
  std::string statistics;  // a file, or kBesideLabels
  std::string small_blobs;
  std::string listed_classes;
  std::vector<std::string> output_types;
  bool lists_tasks = false;
  std::vector<std::string> without_effect;
  TaskBatch batch;
  Voice voice;
};

void print_classes(const std::string& name) {
  const nlohmann::ordered_json task = task::known_task_json(name, {});
  for (const auto& [value, class_name] : task["classes"].items())
    print_line(value + "  " + class_name.get<std::string>());
}

double small_blobs_of(const std::string& text) {
  if (text.empty()) return 0;
  double size = 0;
  if (!CLI::detail::lexical_cast(text, size) || !(size > 0))
    throw Error(ErrorCode::argument, "-rmb '" + text + "' is not a size in mm3 above 0");
  return size;
}

void check_output_types(const std::vector<std::string>& types) {
  for (const std::string& given : types) {
    for (const std::string& type : split_at_commas(given)) {
      if (type == "nifti") continue;
      const bool dicom = type == "dicom" || type == "dicom_rtstruct" || type == "dicom_seg";
      throw Error(ErrorCode::argument,
                  dicom ? "--output_type " + type + " is not written; nifti is"
                        : "--output_type '" + type + "' is not one of nifti, dicom_rtstruct, dicom_seg");
    }
  }
}

void check_is_complete(const OrganArguments& arguments) {
  std::string missing;
  if (arguments.images.empty()) missing = "-i (image)";
  if (arguments.batch.request.output.empty())
    missing += std::string(missing.empty() ? "" : " and ") + "-o (output)";
  if (!missing.empty()) throw Error(ErrorCode::argument, "a segmentation needs " + missing);
}

int segment(OrganArguments& arguments) {
  Console console(arguments.voice);
  check_is_complete(arguments);
  check_output_types(arguments.output_types);
  for (const std::string& flag : arguments.without_effect) console.say(flag + " has no effect here");
  TaskBatch& batch = arguments.batch;
  batch.request.images.assign(arguments.images.begin(), arguments.images.end());
  batch.request.probabilities = batch.options.save_probabilities;
  batch.request.statistics = !arguments.statistics.empty();
  if (arguments.statistics != kBesideLabels) batch.request.statistics_file = arguments.statistics;
  batch.options.remove_small_blobs = small_blobs_of(arguments.small_blobs);
  batch.segment.device = device_of_original(arguments.device, console);
  batch.segment.torch_threads = batch.control.threads;
  return run_task_batch(batch, batch::organ_jobs(batch.request, batch.task), &console);
}

int run(OrganArguments& arguments) {
  if (arguments.lists_tasks) {
    print(task_list_text(task::task_list_json(task::weights_search_path())));
    return kDone;
  }
  if (!arguments.listed_classes.empty()) {
    print_classes(arguments.listed_classes);
    return kDone;
  }
  return segment(arguments);
}

// Flags by the original's names.
class Flags {
 public:
  Flags(CLI::App& app, ShortNames& names, OrganArguments* arguments)
      : app_(app), names_(names), arguments_(arguments), task_(app, &arguments->batch.options) {}

  void group(const std::string& name) { app_.option_defaults()->group(name); }

  CLI::Option* flag(const std::string& names, bool& value, const std::string& help) {
    return told(names, app_.add_flag(names_.known(names), value, help));
  }
  CLI::Option* turned_off(const std::string& names, bool& value, const std::string& help) {
    return told(names, app_.add_flag_callback(
                           names_.known(names), [&value] { value = false; }, help));
  }
  template <class Value>
  CLI::Option* option(const std::string& names, Value& value, const std::string& text,
                      const std::string& help) {
    return told(names, app_.add_option(names_.known(names), value, help)->option_text(text));
  }
  /// One that may stand without its value.
  CLI::Option* may_have(const std::string& names, std::string& value, const std::string& text,
                        const std::string& otherwise, const std::string& help) {
    return option(names, value, "[" + text + "]", help)->expected(0, 1)->default_str(otherwise);
  }
  template <class Value>
  CLI::Option* of_task(const std::string& names, Value TaskOptions::*field) {
    return told(names, task_.add(names_.known(names), field));
  }
  /// Known to the original, and of no effect here.
  void without_effect(const std::string& names, bool has_value, const std::string& help) {
    const std::string said = split_at_commas(names).front();
    std::vector<std::string>& given = arguments_->without_effect;
    const auto note = [&given, said](const std::string& /*value*/) { given.push_back(said); };
    if (has_value) {
      told(names,
           app_.add_option_function<std::string>(names_.known(names), note, help)->option_text("TEXT"));
    } else {
      told(names, app_.add_flag_callback(
                      names_.known(names), [note] { note({}); }, help));
    }
  }

 private:
  // Short names that CLI11 does not know stand at the end of the help.
  CLI::Option* told(const std::string& names, CLI::Option* option) const {
    for (const std::string& name : split_at_commas(names)) {
      if (name.size() > 2 && name[1] != '-')
        option->description(option->get_description() + " (" + name + ")");
    }
    return option;
  }

  CLI::App& app_;
  ShortNames& names_;
  OrganArguments* arguments_;
  OptionFlags<TaskOptions> task_;
};

void add_files(Flags& flags, OrganArguments& arguments) {
  batch::OrganRequest& request = arguments.batch.request;
  flags.group("Input and output");
  flags.option("-i,--input", arguments.images, "FILE...",
               "NIfTI image (of several volumes the first), a folder of them, or several");
  flags.option("-o,--output", request.output, "PATH",
               "folder of one file a class, or with --ml the label map; of several images a folder");
  flags.flag("-ml,--ml", request.one_file, "one label map of all classes instead of a file a class");
  flags.turned_off("-ss,--skip_saving", request.label_files, "write no label map or class files");
  flags.of_task("-ndm,--no_derived_masks", &TaskOptions::no_derived_masks);
  flags.of_task("-sl,--save_lowres", &TaskOptions::save_lowres);
  flags.option("-ot,--output_type", arguments.output_types, "TYPE...", "nifti; DICOM is not written");
  flags.of_task("-sp,--save_probabilities", &TaskOptions::save_probabilities);
  flags.option("-rp,--report", request.report, "FILE", "JSON about the run: versions, task, files, seconds");
  flags
      .option("--label-extension", request.label_extension, "CODE",
              "code of the NIfTI extension that holds the label table; 30 is what Connectome Workbench reads")
      ->check(CLI::IsMember(std::vector<int>{0, 30}))
      ->capture_default_str();
  flags.turned_off("--no-sidecar", request.sidecar, "write no JSON about the labels");
}

void add_task_flags(Flags& flags, OrganArguments& arguments) {
  flags.group("Task");
  flags.option("-ta,--task", arguments.batch.task, "NAME", "what is looked for; --list-tasks names them")
      ->capture_default_str();
  flags.of_task("-f,--fast", &TaskOptions::fast);
  flags.of_task("-ff,--fastest", &TaskOptions::fastest);
  flags.of_task("-ms,--model_size", &TaskOptions::model_size);
  flags.of_task("-rs,--roi_subset", &TaskOptions::roi_subset);
  flags.of_task("-rsr,--roi_subset_robust", &TaskOptions::roi_subset_robust);
  flags.of_task("-rc,--robust_crop", &TaskOptions::robust_crop);
  flags.of_task("-bs,--body_seg", &TaskOptions::body_seg);
  flags.of_task("-fs,--force_split", &TaskOptions::force_split);
  flags.may_have("-rmb,--remove_small_blobs", arguments.small_blobs, "MM3", base::number_text(kSmallBlobsMm3),
                 "drop connected components of at most so many mm3");
  flags.of_task("-ro,--resampling_order", &TaskOptions::resampling_order);
  flags.of_task("-ho,--higher_order_resampling,--high_order_resampling",
                &TaskOptions::higher_order_resampling);
  flags.of_task("--higher_order_resampling_LEGACY,--high_order_resampling_LEGACY",
                &TaskOptions::higher_order_resampling_LEGACY);
  flags.of_task("-v1o,--v1_order", &TaskOptions::v1_order);
  flags.of_task("--compat", &TaskOptions::compat);
}

void add_measures(Flags& flags, OrganArguments& arguments) {
  batch::OrganRequest& request = arguments.batch.request;
  flags.group("Measures");
  flags.may_have("-s,--statistics", arguments.statistics, "FILE", kBesideLabels,
                 "statistics.json: volume in mm3 and mean intensity of each class");
  flags.flag("-sii,--stats_include_incomplete", request.stats_include_incomplete,
             "also of classes that the border of the image cuts off");
  flags.option("-sa,--stats_aggregation", request.stats_aggregation, "mean|median", "of intensities")
      ->transform(one_of({"mean", "median"}))
      ->capture_default_str();
  flags.flag("-sx,--statistics_extra", request.stats_extra,
             "also voxels, spread, minimum, maximum, centroid and box (not with --fast)");
  flags.flag("-r,--radiomics", request.radiomics, "shape and intensity features (statistics_radiomics.json)");
  flags.flag("-p,--preview", request.preview, "a picture of the classes (preview_<task>.png)");
}

void add_others(Flags& flags, OrganArguments& arguments) {
  flags.group("Lists");
  flags.flag("-lt,--list-tasks", arguments.lists_tasks, "print the tasks");
  flags.may_have("-lc,--list-classes", arguments.listed_classes, "TASK", "total",
                 "print the classes of a task");
  flags.group("Accepted, without effect");
  flags.without_effect("-nr,--nr_thr_resamp", true, "threads are those of --threads");
  flags.without_effect("-ns,--nr_thr_saving", true, "threads are those of --threads");
  flags.without_effect("-t,--nora_tag", true, "tags of a site's own database");
  flags.without_effect("-cp,--crop_path", true, "no file of a crop is read");
  flags.without_effect("-l,--license_number", true, "weights that need a licence are brought by the user");
  flags.without_effect("-v,--verbose", false, "messages");
  flags.without_effect("--debug", false, "messages");
  flags.without_effect("--test", true, "the original's own tests");
}

}  // namespace

void add_totalsegmentator_options(CLI::App& app, ShortNames& names, int& exit_status) {
  auto arguments = std::make_shared<OrganArguments>();
  arguments->batch.task = "total";
  Flags flags(app, names, arguments.get());
  add_files(flags, *arguments);
  add_task_flags(flags, *arguments);
  add_measures(flags, *arguments);
  flags.group("Computing");
  flags.option("-d,--device", arguments->device, "gpu|gpu:N|cpu", "where networks run; without a GPU cpu")
      ->capture_default_str();
  OptionFlags segment(app, &arguments->batch.segment);
  segment.add("--engine", &SegmentOptions::engine);
  segment.add("--precision", &SegmentOptions::precision);
  add_run_flags(app, &arguments->batch.control,
                "most memory to take, such as 4GiB; never changes the result");
  add_others(flags, *arguments);
  add_voice_flags(app, &arguments->voice);
  app.footer([] {
    return examples({{"totalsegmentator -i ct.nii.gz -o organs", "117 classes, a file each"},
                     {"totalsegmentator -i ct.nii.gz -o organs.nii.gz --ml --fast -s",
                      "one label map at 3 mm, with "
                      "volumes"},
                     {"totalsegmentator -i ct.nii.gz -o roi -rs liver spleen", "two classes alone"},
                     {"totalsegmentator -i cases -o results --ml", "every image of a folder"}}) +
           exit_statuses() + environment_variables();
  });
  app.callback([arguments, &exit_status] { exit_status = run(*arguments); });
}

}  // namespace musclemap::cli
