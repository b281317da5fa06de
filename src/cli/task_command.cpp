#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <system_error>

#include "cli/choices.hpp"
#include "cli/commands.hpp"
#include "cli/help_sections.hpp"
#include "cli/json_line.hpp"
#include "cli/known_tasks_text.hpp"
#include "cli/standard_output.hpp"
#include "musclemap/error.hpp"
#include "musclemap/model_bundle.hpp"
#include "musclemap/task.hpp"
#include "task/shown_task.hpp"
#include "task/totalsegmentator/task_list.hpp"
#include "task/weights_search.hpp"

namespace musclemap::cli {
namespace {

using Json = nlohmann::ordered_json;

struct ShowOptions {
  std::string name;
  std::string image;
  std::uint64_t memory = 0;
  bool json = false;
  bool trust = false;
  bool fast = false;
  bool fastest = false;
};

std::string text_of(const Json& json) { return json.is_string() ? json.get<std::string>() : json.dump(); }

// {"resample": {"as": "monai_affine", "spacing": [1,1,"keep"]}}: resample as monai_affine, spacing
// [1,1,"keep"]
std::string kind_text(const Json& kind) {
  std::string text = kind.begin().key();
  bool first = true;
  for (const auto& [key, value] : kind.begin().value().items()) {
    text += (first ? " " : ", ") + key + " " + text_of(value);
    first = false;
  }
  return text;
}

std::string size_text(const Json& size) {
  std::string text;
  for (const Json& length : size) text += (text.empty() ? "" : " x ") + length.dump();
  return text;
}

void list(std::ostream& out, const char* title, const Json& kinds) {
  for (const Json& kind : kinds) out << title << kind_text(kind) << "\n";
}

std::string task_text(const Json& shown) {
  const Json& task = shown["task"];
  const Json& stage = task["stages"][0];
  const Json& network = stage["networks"][0];
  std::ostringstream out;
  out << "name        " << text_of(task["name"]) << "\n"
      << "version     " << (task["version"] == "" ? "not stated" : text_of(task["version"])) << "\n"
      << "sha-256     " << text_of(shown["sha256"]) << "\n"
      << "each        " << text_of(task["each"]["of"])
      << (task["each"].contains("slices") ? " of " + task["each"]["slices"].dump() + " slices" : "") << "\n";
  list(out, "step        ", task["steps"]);
  out << "network     " << text_of(network["file"])
      << (shown["network"].is_null() ? ", which is not there" : ", " + text_of(shown["network"])) << "\n";
  if (network.contains("sha256")) out << "  sha-256   " << text_of(network["sha256"]) << "\n";
  list(out, "  step      ", stage["steps"]);
  for (const auto& [key, value] : stage["windows"].items())
    out << "  " << key << std::string(10 - key.size(), ' ') << text_of(value) << "\n";
  out << "  back      " << stage["scores_back"] << " of " << stage["steps"].size() << " steps on scores\n";
  list(out, "  decode    ", Json::array({stage["decode"]}));
  list(out, "polish      ", task["polish"]);
  out << "labels      " << task["labels"].size() << "\n";
  if (!shown.contains("for")) return out.str();
  const Json& plan = shown["for"];
  for (const Json& grid : plan["grids"]) {
    out << "grid        " << size_text(grid["shape"]) << " voxels of " << size_text(grid["spacing_mm"])
        << " mm, behind " << text_of(grid["behind"]) << "\n";
  }
  if (plan.contains("chunks")) {
    out << "chunks      " << plan["chunks"] << "; grids and windows are those of the first\n";
  }
  out << "windows     " << plan["windows"] << " at most, " << plan["windows_per_slice"] << " a slice\n"
      << "memory      "
      << (plan["peak_bytes"].is_null() ? "not known without the network"
                                       : plan["peak_bytes"].dump() + " bytes at most")
      << "\n";
  return out.str();
}

// The task as it would run, of the plans that lie with the weights; null where these are not there.
void add_task(const ShowOptions& options, Json* shown) {
  TaskOptions of_task;
  of_task.fast = options.fast;
  of_task.fastest = options.fastest;
  (*shown)["task"] = nullptr;
  (*shown)["sha256"] = nullptr;
  try {
    const Task task = Task::open(options.name, of_task);
    (*shown)["task"] = Json::parse(task.json());
    (*shown)["sha256"] = task.sha256();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::model || !error.file().empty()) throw;
  }
}

void show_known(const ShowOptions& options) {
  Json shown = task::known_task_json(options.name, task::weights_search_path());
  if (!options.json) return print(known_task_text(shown));
  add_task(options, &shown);
  print_line(json_line(shown));
}

void list_tasks(bool json) {
  const Json list_of_tasks = task::task_list_json(task::weights_search_path());
  if (json) {
    print_line(json_line(list_of_tasks));
  } else {
    print(task_list_text(list_of_tasks));
  }
}

// A network that nnU-Net has trained, in its folder.
void show_folder(const ShowOptions& options) {
  const Task task = Task::open(options.name);
  if (!options.json) return print(task.json());
  print_line(json_line({{"task", Json::parse(task.json())}, {"sha256", task.sha256()}}));
}

void show(const ShowOptions& options) {
  if (options.image.empty() && task::is_known_task(options.name)) return show_known(options);
  if (options.fast || options.fastest)
    throw Error(ErrorCode::argument, "--fast and --fastest are those of TotalSegmentator's tasks");
  std::error_code ignored;
  if (options.image.empty() &&
      std::filesystem::exists(std::filesystem::path(options.name) / "plans.json", ignored))
    return show_folder(options);
  ModelOpenOptions open;
  open.trust = options.trust;
  const Json shown = task::shown_task(options.name, open, options.image, options.memory);
  if (options.json) {
    print_line(json_line(shown));
  } else {
    print(task_text(shown));
  }
}

}  // namespace

void add_task_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("task", "tasks: what is done to an image until it is a label map");
  command->require_subcommand(1);
  CLI::App* listed = command->add_subcommand(
      "list", "TotalSegmentator's tasks: classes, licence, whether their weights are there");
  const auto as_json = std::make_shared<bool>(false);
  listed->add_flag("--json", *as_json, "one JSON object on standard output");
  listed->footer([] {
    return examples({{"musclemap task list", "what there is, and where weights were looked for"}}) +
           exit_statuses();
  });
  listed->callback([as_json, &exit_status] {
    list_tasks(*as_json);
    exit_status = 0;
  });
  add_task_info_options(
      *command->add_subcommand("info", "the tasks as totalseg_info prints them, with the same options"),
      exit_status, nullptr);
  CLI::App* shown = command->add_subcommand(
      "show", "a task with its network, and its grids, windows and memory for an image; runs nothing");
  const auto options = std::make_shared<ShowOptions>();
  shown
      ->add_option("TASK", options->name,
                   "a task of TotalSegmentator, a task's JSON file, a folder of nnU-Net, a model (weights, "
                   "its JSON or "
                   "its folder), or a region")
      ->required();
  shown->add_option("--for", options->image, "also what a run with this image would do and hold")
      ->option_text("IMAGE");
  shown->add_option("--memory", options->memory, "most memory that the run may take, such as 4GiB")
      ->option_text("SIZE")
      ->transform(size_in_bytes());
  shown->add_flag("--fast", options->fast, "of TotalSegmentator: the variant of 3 mm in the JSON");
  shown->add_flag("--fastest", options->fastest, "of TotalSegmentator: the variant of 6 mm in the JSON");
  shown->add_flag("--json", options->json, "one JSON object on standard output");
  shown->add_flag("--trust-model", options->trust, "take a TorchScript file as trusted");
  shown->footer([] {
    return examples({{"musclemap task show model.pth --for scan.nii.gz", "steps, grids, windows, memory"},
                     {"musclemap task show thigh --json", "the task of a published model as JSON"},
                     {"musclemap task show total", "its networks and classes"},
                     {"musclemap task show total --fast --json", "with the task as it would run"}}) +
           exit_statuses();
  });
  shown->callback([options, &exit_status] {
    show(*options);
    exit_status = 0;
  });
}

}  // namespace musclemap::cli
