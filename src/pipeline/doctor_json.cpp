#include "pipeline/doctor_json.hpp"

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "musclemap/musclemap.hpp"

namespace musclemap::pipeline {
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

}  // namespace

nlohmann::ordered_json doctor_json() {
  const EngineStatus engine = engine_status();
  nlohmann::ordered_json report;
  report["version"] = kVersion;
  report["threads"] = available_threads();
  report["cpu_features"] = cpu_features();
  report["native_engine"] = engine.native;
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

}  // namespace musclemap::pipeline
