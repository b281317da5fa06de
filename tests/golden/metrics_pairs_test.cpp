// Every pair of the reference data's manifest, through files: figures, or the reason for refusing it.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "musclemap/error.hpp"
#include "musclemap/metrics.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/shared_data.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// The manifest prints nine digits of a mean. It grants affines, and with them volumes, 1e-6: spacings are of
// single precision, in metres or millimetres, and MuscleMap multiplies them as such.
constexpr double kOfMean = 5e-9;
constexpr double kOfVolume = 1e-6;

bool near(double seen, double wanted, double fraction) {
  return std::fabs(seen - wanted) <= fraction * std::fabs(wanted);
}

void compare(const Metrics& metrics, const json& per_label) {
  const auto figures = [&](const char* name) { return metrics.labels.column(name).values; };
  CHECK(metrics.labels.row_count() == static_cast<std::int64_t>(per_label.size()));
  for (const auto& [label, wanted] : per_label.items()) {
    INFO("label " << label);
    const std::vector<double> labels = figures("label");
    const auto found = std::find(labels.begin(), labels.end(), std::stod(label));
    REQUIRE(found != labels.end());
    const auto row = static_cast<std::size_t>(found - labels.begin());
    CHECK(figures("voxels")[row] == wanted["voxels"].get<double>());
    CHECK(near(figures("volume_ml")[row] * 1000, wanted["volume_mm3"].get<double>(), kOfVolume));
    CHECK(near(figures("affine_volume_ml")[row] * 1000, wanted["volume_mm3"].get<double>(), kOfVolume));
    CHECK(near(figures("mean_intensity")[row], wanted["mean"].get<double>(), kOfMean));
  }
}

void check_flags(const Metrics& metrics, const json& flags) {
  const auto warned = [&](const char* words) {
    return std::any_of(metrics.warnings.begin(), metrics.warnings.end(),
                       [&](const Warning& warning) { return test::contains(warning.text, words); });
  };
  for (const json& flag : flags) {
    INFO(flag);
    if (flag == "empty") CHECK(warned("no labels found"));
    if (flag == "nonfinite_voxels") CHECK(warned("are NaN or infinite"));
    if (flag == "orientation_unknown") CHECK(warned("states no orientation"));
  }
}

void run_pair(const fs::path& folder, const json& pair) {
  const test::TemporaryFolder results;
  MetricsRequest request;
  request.image = folder / pair["image"].get<std::string>();
  request.labels = folder / pair["seg"].get<std::string>();
  request.output_folder = results.path();
  const std::string expect = pair["expect"].get<std::string>();
  INFO(pair["seg"] << ", " << pair["odd"]);
  try {
    const MetricsReport report = extract_metrics(request);
    CHECK(expect != "error");
    CHECK(fs::exists(report.table));
    compare(report.metrics, pair["per_label"]);
    check_flags(report.metrics, pair.value("flags", json::array()));
  } catch (const Error& error) {
    INFO(error.what());
    CHECK(expect != "ok");
    CHECK(reason_name(error.reason()) == pair["error"].get<std::string>());
    CHECK_FALSE(error.file().empty());
    CHECK(fs::is_empty(results.path()));
  }
}

TEST_CASE("metrics: every pair of the manifest is measured or refused as stated", "[golden]") {
  const fs::path data = test::shared_data();
  if (data.empty()) return;
  const fs::path folder = data / "nifti";
  const json pairs = json::parse(std::ifstream(folder / "manifest.json"))["pairs"];
  CHECK(pairs.size() == 19);
  for (const json& pair : pairs) run_pair(folder, pair);
}

TEST_CASE("metrics: a label map without labels cannot be divided", "[golden]") {
  const fs::path data = test::shared_data();
  if (data.empty()) return;
  const test::TemporaryFolder results;
  MetricsRequest request;
  request.image = data / "nifti/pairs/image.nii.gz";
  request.labels = data / "nifti/pairs/seg_empty.nii.gz";
  request.output_folder = results.path();
  for (const MetricsMethod method : {MetricsMethod::kmeans, MetricsMethod::gmm, MetricsMethod::hu}) {
    request.method = method;
    CHECK(test::error_of([&] { extract_metrics(request); }) ==
          "format/labels: no labels found: every voxel is 0");
    CHECK(fs::is_empty(results.path()));
  }
}

}  // namespace
}  // namespace musclemap
