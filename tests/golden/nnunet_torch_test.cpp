// A model of nnU-Net beside what torch computes with the original's modules;
// tests/full/test_nnunet_weights.py makes the files and runs this.
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "infer/reference/reference.hpp"
#include "io/files/file_bytes.hpp"
#include "io/weights/nnunet/folder.hpp"
#include "support/catch.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;

std::vector<double> doubles(const fs::path& file) {
  const std::string bytes = io::read_file_bytes(file, 1 << 26);
  std::vector<double> values(bytes.size() / sizeof(double));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(double));
  return values;
}

TEST_CASE("nnunet torch: scores are those of the original's modules", "[.][nnunet_torch]") {
  const char* asked = std::getenv("MUSCLEMAP_NNUNET_CASE");
  if (asked == nullptr) {
    WARN("MUSCLEMAP_NNUNET_CASE names no folder");
    return;
  }
  const fs::path folder = asked;
  const io::NnunetFolder opened = io::open_nnunet_folder(folder / "Dataset001_toy");
  const io::NnunetNetwork network = io::read_nnunet_fold(opened, 0);
  const std::vector<int>& patch = opened.configuration.patch_size;
  infer::DoubleMap image(opened.configuration.network.in_channels,
                         std::vector<std::int64_t>(patch.begin(), patch.end()));
  const std::vector<double> values = doubles(folder / "image.f64");
  REQUIRE(values.size() == image.values.size());
  image.values = values;
  const infer::DoubleMap scores = infer::run_reference(network.graph, network.weights, {image}, 1).at(0);
  const std::vector<double> wanted = doubles(folder / "scores.f64");
  REQUIRE(scores.values.size() == wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    REQUIRE(scores.values[i] == Approx(wanted[i]).epsilon(1e-9).margin(1e-9));
  }
}

}  // namespace
}  // namespace musclemap
