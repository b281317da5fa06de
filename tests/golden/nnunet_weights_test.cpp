// Checkpoints of nnU-Net beside the same networks as TorchScript programs
// (../shared/data/totalsegmentator/program/weights.tar.xz).
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "infer/reference/reference.hpp"
#include "io/files/file_bytes.hpp"
#include "io/weights/nnunet/folder.hpp"
#include "io/weights/torchscript/network.hpp"
#include "support/catch.hpp"
#include "support/shared_data.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;

/// One channel of 8 voxels an axis.
infer::DoubleMap noise(int axes) {
  infer::DoubleMap map(1, std::vector<std::int64_t>(static_cast<std::size_t>(axes), 8));
  std::mt19937 random(7);
  std::normal_distribution<double> normal;
  for (double& value : map.values) value = normal(random);
  return map;
}

TEST_CASE("nnunet weights: folders and TorchScript programs are the same networks", "[golden]") {
  const fs::path shared = test::shared_data();
  if (shared.empty()) return;
  const test::TemporaryFolder folder;
  const fs::path archive = shared / "totalsegmentator/program/weights.tar.xz";
  REQUIRE(std::system(("tar -xJf '" + archive.string() + "' -C '" + folder.path().string() + "'").c_str()) ==
          0);
  const auto networks = nlohmann::json::parse(std::ifstream(folder / "torchscript/networks.json"));
  REQUIRE(networks.size() == 20);
  for (const auto& [id, network] : networks.items()) {
    INFO(id);
    const auto opened = io::open_nnunet_folder(folder / network.at("folder").get<std::string>());
    CHECK(opened.dataset.scores() == network.at("num_channels_out"));
    CHECK(opened.configuration.patch_size == network.at("patch_size").get<std::vector<int>>());
    CHECK(opened.configuration.spacing == network.at("spacing").get<std::vector<double>>());
    CHECK(opened.plans.transpose_forward == network.at("transpose_forward").get<std::vector<int>>());
    CHECK(opened.configuration.data.order == network.at("resampling_data").at("order"));
    CHECK(opened.configuration.scores.order == network.at("resampling_probabilities").at("order"));
    CHECK_FALSE(opened.configuration.data.separate_axis.has_value());
    const auto& intensity = network.at("intensity");
    const io::NnunetNormalisation& channel = opened.configuration.channels.at(0);
    if (network.at("normalization") == "CTNormalization") {
      CHECK(channel.scheme == io::NnunetScheme::ct);
      CHECK(channel.mean == intensity.at("mean"));
      CHECK(channel.sd == intensity.at("std"));
      CHECK(channel.low == intensity.at("percentile_00_5"));
      CHECK(channel.high == intensity.at("percentile_99_5"));
    } else {
      CHECK(channel.scheme == io::NnunetScheme::z_score);
      CHECK(channel.over_mask == network.at("use_mask_for_norm"));
    }
    const auto& files = network.at("torchscript");
    REQUIRE(opened.folds.size() == files.size());
    for (std::size_t fold = 0; fold < files.size(); ++fold) {
      const io::NnunetNetwork read = io::read_nnunet_fold(opened, fold);
      CHECK(read.weights.size() == read.graph.parameters.size());
      CHECK(read.sha256.size() == 64);
      CHECK(read.trainer == opened.trainer);
      const std::string bytes =
          io::read_file_bytes(folder / ("torchscript/" + files[fold].get<std::string>()), 1 << 26);
      const io::ZipReader zip(bytes);
      io::TorchScriptNetwork program(zip);
      net::StateDict weights;
      for (std::size_t i = 0; i < program.graph().parameters.size(); ++i) {
        weights.push_back({program.graph().parameters[i].name, program.read(i)});
      }
      const std::vector<infer::DoubleMap> image = {noise(read.graph.axes)};
      const auto ours = infer::run_reference(read.graph, read.weights, image, 1);
      const auto wanted = infer::run_reference(program.graph(), weights, image, 1);
      CHECK(ours[0].values == wanted[0].values);
    }
  }
}

}  // namespace
}  // namespace musclemap
