// Tables and maps of the reference program on real label maps, byte for byte.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "musclemap/metrics.hpp"
#include "musclemap/nifti.hpp"
#include "support/catch.hpp"
#include "support/shared_data.hpp"
#include "support/temporary_folder.hpp"
#include "support/volumes.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(MUSCLEMAP_SOURCE_DIR) / "tests/golden/metrics";

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  REQUIRE(stream.good());
  return {std::istreambuf_iterator<char>(stream), {}};
}

// SHA-256 by the name of the map.
std::map<std::string, std::string> map_sums() {
  std::map<std::string, std::string> sums;
  std::ifstream stream(kGolden / "maps.sha256");
  for (std::string sum, name; stream >> sum >> name;) sums[name] = sum;
  return sums;
}

std::string voxel_sum(const fs::path& file) {
  const Volume volume = read_nifti(file).deep_copy();
  CHECK(volume.dtype() == DType::u8);
  const std::vector<std::uint8_t> voxels = test::voxels_of<std::uint8_t>(volume);
  base::Sha256 sum;
  sum.update(voxels.data(), voxels.size());
  return sum.hex();
}

struct Inputs {
  const char* image;
  const char* labels;
};
constexpr Inputs kLumbar{"lumbar_256x208x20_image.nii.gz", "lumbar_256x208x20_dseg.nii.gz"};
constexpr Inputs kCt{"synthetic/lumbar_320x320x20_ct_uint16_scaled.nii.gz", "lumbar_320x320x20_dseg.nii.gz"};
constexpr Inputs kFloat{"synthetic/lumbar_320x320x20_float32.nii.gz", "lumbar_320x320x20_dseg.nii.gz"};
constexpr Inputs kBody{"synthetic/wholebody_224x168x363_int16.nii.gz", "wholebody_224x168x363_dseg.nii.gz"};
constexpr Inputs kFat{"synthetic/abdomen_512x512x26_fat_int16.nii.gz", "abdomen_512x512x26_dseg.nii.gz"};
constexpr const char* kWater = "synthetic/abdomen_512x512x26_water_int16.nii.gz";

// Says how many maps were compared.
int compare(const Inputs& inputs, MetricsMethod method, int components) {
  const fs::path data = test::shared_data();
  if (data.empty()) return -1;
  const fs::path folder = data / "musclemap";
  const test::TemporaryFolder results;
  MetricsRequest request;
  request.method = method;
  request.tissue.components = components;
  (method == MetricsMethod::dixon ? request.fat : request.image) = folder / inputs.image;
  request.water = folder / kWater;
  request.labels = folder / inputs.labels;
  request.output_folder = results.path();
  request.maps = MapChoice::masks;
  request.sidecar = false;
  const MetricsReport report = extract_metrics(request);
  INFO(report.table.filename().string());
  for (const std::string& status : report.metrics.labels.column("status").texts) CHECK(status == "ok");
  CHECK(text_of(report.table) == text_of(kGolden / report.table.filename()));
  const std::map<std::string, std::string> sums = map_sums();
  int maps = 0;
  for (const fs::path& file : report.files) {
    const auto found = sums.find(file.filename().string());
    if (found == sums.end()) continue;
    INFO(file.filename().string());
    CHECK(voxel_sum(file) == found->second);
    ++maps;
  }
  return maps;
}

bool compared(const Inputs& inputs, MetricsMethod method, int components, int maps) {
  const int seen = compare(inputs, method, components);
  return seen == maps || seen == -1;
}

TEST_CASE("metrics: means as the reference prints them", "[golden]") {
  CHECK(compared(kLumbar, MetricsMethod::average, 2, 0));
  CHECK(compared(kCt, MetricsMethod::average, 2, 0));
  CHECK(compared(kFloat, MetricsMethod::average, 2, 0));
  CHECK(compared(kBody, MetricsMethod::average, 2, 0));
  CHECK(compared(kFat, MetricsMethod::average, 2, 0));
}

TEST_CASE("metrics: fat fractions as the reference prints them", "[golden]") {
  CHECK(compared(kFat, MetricsMethod::dixon, 2, 0));
}

TEST_CASE("metrics: k-means tables and maps of the reference with the best k-means", "[golden]") {
  CHECK(compared(kLumbar, MetricsMethod::kmeans, 2, 3));
  CHECK(compared(kLumbar, MetricsMethod::kmeans, 3, 4));
  CHECK(compared(kCt, MetricsMethod::kmeans, 2, 3));
  CHECK(compared(kCt, MetricsMethod::kmeans, 3, 4));
  CHECK(compared(kFloat, MetricsMethod::kmeans, 2, 0));
  CHECK(compared(kBody, MetricsMethod::kmeans, 2, 3));
  CHECK(compared(kBody, MetricsMethod::kmeans, 3, 4));
}

TEST_CASE("metrics: the mixture of the real pair as the reference fits it", "[golden]") {
  CHECK(compared(kLumbar, MetricsMethod::gmm, 2, 3));
}

}  // namespace
}  // namespace musclemap
