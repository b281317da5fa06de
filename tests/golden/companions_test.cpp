// TotalSegmentator's companion computations beside its own results.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "musclemap/nifti.hpp"
#include "musclemap/organs.hpp"
#include "quant/organs/organ_votes.hpp"
#include "support/catch.hpp"
#include "support/shared_data.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path totalsegmentator_data() {
  const fs::path data = test::shared_data();
  return data.empty() ? data : data / "totalsegmentator";
}

json json_of(const fs::path& file) {
  std::ifstream stream(file);
  return json::parse(stream);
}

std::vector<double> numbers(const json& list) { return list.get<std::vector<double>>(); }

TEST_CASE("companions: the trees give the vectors' numbers exactly", "[golden]") {
  const fs::path data = totalsegmentator_data();
  if (data.empty()) return;
  const json vectors = json_of(data / "vectors.json")["trees"];
  REQUIRE(vectors["phase"].size() == 7);
  for (const json& entry : vectors["phase"]) {
    const std::vector<double> folds = quant::phase_folds(numbers(entry["features"]));
    CHECK(folds == numbers(entry["folds"]));
    const ContrastPhase phase = quant::phase_of_folds(folds);
    CHECK(phase.pi_time_s == entry["pi_time"].get<double>());
    CHECK(phase.stddev_s == entry["stddev"].get<double>());
  }
  REQUIRE(vectors["modality"].size() == 7);
  for (const json& entry : vectors["modality"]) {
    CHECK(quant::modality_folds(numbers(entry["features"])) == numbers(entry["folds"]));
  }
}

TEST_CASE("companions: phase of the example, from its label map", "[golden]") {
  const fs::path data = totalsegmentator_data();
  if (data.empty()) return;
  const json expected = json_of(data / "phase_prediction.json");
  const ContrastPhase phase =
      contrast_phase_file(data / "example_ct_sm.nii.gz", {data / "example_seg_fast.nii.gz"});
  CHECK(phase.pi_time_s == expected["pi_time"].get<double>());
  CHECK(phase.phase == expected["phase"].get<std::string>());
  CHECK(phase.probability == expected["probability"].get<double>());
  CHECK(phase.pi_time_min_s == expected["pi_time_min"].get<double>());
  CHECK(phase.pi_time_max_s == expected["pi_time_max"].get<double>());
  CHECK(phase.stddev_s == expected["stddev"].get<double>());
}

TEST_CASE("companions: modality of the examples", "[golden]") {
  const fs::path data = totalsegmentator_data();
  if (data.empty()) return;
  for (const char* file : {"example_ct.nii.gz", "example_ct_sm.nii.gz", "example_mr_sm.nii.gz"}) {
    CAPTURE(file);
    const Modality seen = image_modality_file(data / file);
    // The MR example has values down to -47, which the original's trees take for a CT.
    CHECK(seen.modality == "ct");
    CHECK(seen.probability == 1);
  }
}

}  // namespace
}  // namespace musclemap
