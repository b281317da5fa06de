// `musclemap doctor`: what this installation can do, and why not more.
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/help_sections.hpp"
#include "cli/program.hpp"
#include "task/doctor_json.hpp"

namespace musclemap::cli {
namespace {

std::string text(const nlohmann::ordered_json& value) { return value.get<std::string>(); }

void print_report(const nlohmann::ordered_json& report, Console& console) {
  const auto line = [&](std::string name, const std::string& value) {
    name.resize(14, ' ');
    console.result(name + value);
  };
  line("musclemap", text(report["version"]));
  line("threads", std::to_string(report["threads"].get<int>()));
  std::string features;
  for (const auto& feature : report["cpu_features"]) features += text(feature) + " ";
  line("cpu", features.empty() ? "no vector extension that matters" : features);
  const auto& engine = report["engine"];
  line("engine", text(report["native_engine"]));
  if (engine["available"].get<bool>()) {
    line("engine", text(engine["name"]));
    line("", text(engine["module"]));
    line("", text(engine["libtorch"]));
  } else {
    line("", "no torch: " + text(engine["problem"]));
  }
  const auto& gpu = report["gpu"];
  line("gpu", gpu["available"].get<bool>() ? "usable" : "not used: " + text(gpu["problem"]));
  for (const auto& folder : report["model_folders"]) {
    line("models", text(folder["path"]) + (folder["exists"].get<bool>() ? "" : " (does not exist)"));
  }
}

}  // namespace

void add_doctor_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("doctor", "what this installation can do, and why not more");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "one JSON object on standard output");
  command->footer([] { return exit_statuses() + environment_variables(); });
  command->callback([json, &exit_status] {
    Console console(Voice{*json});
    const nlohmann::ordered_json report = task::doctor_json();
    if (*json) {
      console.object(report);
    } else {
      print_report(report, console);
    }
    exit_status = kDone;
  });
}

}  // namespace musclemap::cli
