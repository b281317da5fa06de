#include "task/doctor_json.hpp"

#include <filesystem>
#include <system_error>

#include "base/isa.hpp"
#include "musclemap/model_bundle.hpp"
#include "musclemap/segmenter.hpp"
#include "musclemap/version.hpp"

namespace musclemap::task {

nlohmann::ordered_json doctor_json() {
  const EngineStatus engine = engine_status();
  nlohmann::ordered_json report;
  report["version"] = kVersion;
  report["threads"] = available_threads();
  report["cpu_features"] = base::cpu_features();
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

}  // namespace musclemap::task
