// `task info`, which is also `totalseg_info`: the tasks and their classes, as TotalSegmentator lists them.
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/commands.hpp"
#include "cli/help_sections.hpp"
#include "cli/known_tasks_text.hpp"
#include "cli/program.hpp"
#include "cli/standard_output.hpp"
#include "musclemap/error.hpp"
#include "task/totalsegmentator/task_list.hpp"
#include "task/weights_search.hpp"

namespace musclemap::cli {
namespace {

using Json = nlohmann::ordered_json;

struct TaskInfoArguments {
  bool lists_tasks = false;
  bool classes = false;
  std::string task;
  bool json = false;
};

bool needs_licence(const Json& task) { return task["licence"] == "licensed"; }

Json registry_json(const Json& list) {
  Json tasks = Json::object();
  for (const Json& task : list["tasks"]) {
    tasks[task["name"].get<std::string>()] = {
        {"modality", task["image"]}, {"license_required", needs_licence(task)}, {"classes", task["classes"]}};
  }
  return {{"totalsegmentator_version", list["version"]}, {"tasks", tasks}};
}

Json summary_json(const Json& list) {
  Json tasks = Json::array();
  for (const Json& task : list["tasks"]) {
    tasks.push_back({{"name", task["name"]},
                     {"modality", task["image"]},
                     {"license_required", needs_licence(task)},
                     {"num_classes", task["classes"].size()}});
  }
  return tasks;
}

void print_indented(const Json& json) {
  constexpr int kIndent = 2;
  print_line(json.dump(kIndent));
}

void print_classes_of(const TaskInfoArguments& arguments) {
  if (arguments.task.empty())
    throw Error(ErrorCode::argument, "--classes needs --task, such as --classes --task total");
  const Json classes = task::known_task_json(arguments.task, {})["classes"];
  if (arguments.json) return print_indented(classes);
  for (const auto& [value, name] : classes.items()) print_line(value + "  " + name.get<std::string>());
}

void print_info(const TaskInfoArguments& arguments) {
  if (arguments.classes) return print_classes_of(arguments);
  const Json list = task::task_list_json(task::weights_search_path());
  if (!arguments.json) return print(task_list_text(list));
  print_indented(arguments.lists_tasks ? summary_json(list) : registry_json(list));
}

}  // namespace

void add_task_info_options(CLI::App& app, int& exit_status, ShortNames* names) {
  auto arguments = std::make_shared<TaskInfoArguments>();
  const auto name = [&](const std::string& letters, const std::string& long_name) {
    return names == nullptr ? long_name : names->known(letters + "," + long_name);
  };
  const auto help = [&](const std::string& text, const std::string& letters) {
    return names == nullptr ? text : text + " (" + letters + ")";
  };
  app.option_defaults()->group("Options");
  CLI::Option* lists = app.add_flag(name("-lt", "--list-tasks"), arguments->lists_tasks,
                                    help("the tasks: image, licence, number of classes", "-lt"));
  app.add_flag(name("-cl", "--classes"), arguments->classes, help("the classes of a task", "-cl"))
      ->excludes(lists);
  app.add_option(name("-ta", "--task"), arguments->task, help("whose classes", "-ta"))->option_text("NAME");
  app.add_flag("--json", arguments->json, "as JSON; without another flag everything");
  app.footer([] {
    return examples({{"totalseg_info --json", "tasks and classes, as the original prints them"},
                     {"totalseg_info --classes --task body", "what the values mean"}}) +
           exit_statuses() + environment_variables();
  });
  app.callback([arguments, &exit_status] {
    print_info(*arguments);
    exit_status = kDone;
  });
}

}  // namespace musclemap::cli
