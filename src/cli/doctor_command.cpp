// `musclemap doctor`: what this installation can do, and why not more.
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/program.hpp"
#include "musclemap/musclemap.hpp"

namespace musclemap::cli {
namespace {

std::vector<std::string> cpu_features() {
  std::vector<std::string> features;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2")) features.emplace_back("avx2");
  if (__builtin_cpu_supports("fma")) features.emplace_back("fma");
  if (__builtin_cpu_supports("avx512f")) features.emplace_back("avx512f");
  if (__builtin_cpu_supports("avx512vnni")) features.emplace_back("avx512vnni");
#endif
  return features;
}

nlohmann::ordered_json examine() {
  const EngineStatus engine = engine_status();
  nlohmann::ordered_json report;
  report["version"] = kVersion;
  report["threads"] = available_threads();
  report["cpu_features"] = cpu_features();
  report["engine"] = {{"available", engine.available},
                      {"name", engine.name},
                      {"module", engine.module_file},
                      {"libtorch", engine.library_file},
                      {"problem", engine.problem}};
  report["gpu"] = {{"available", engine.cuda}, {"problem", engine.cuda_problem}};
  report["model_folders"] = nlohmann::ordered_json::array();
  for (const std::filesystem::path& folder : model_search_path()) {
    std::error_code ignored;
    report["model_folders"].push_back(
        {{"path", folder.string()}, {"exists", std::filesystem::is_directory(folder, ignored)}});
  }
  return report;
}

std::string text(const nlohmann::ordered_json& value) { return value.get<std::string>(); }

void print(const nlohmann::ordered_json& report, Console& console) {
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
  if (engine["available"].get<bool>()) {
    line("engine", text(engine["name"]));
    line("", text(engine["module"]));
    line("", text(engine["libtorch"]));
  } else {
    line("engine", "none: " + text(engine["problem"]));
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
  command->callback([json, &exit_status] {
    Console console(*json ? Voice::json : Voice::prose);
    const nlohmann::ordered_json report = examine();
    if (*json) {
      console.object(report);
    } else {
      print(report, console);
    }
    exit_status = kDone;
  });
}

}  // namespace musclemap::cli
