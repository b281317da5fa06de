#include <filesystem>
#include <string>

#include "infer/network.hpp"
#include "musclemap/error.hpp"
#include "musclemap/model_bundle.hpp"
#include "support/catch.hpp"
#include "support/shared_data.hpp"
#include "task/bundle_state.hpp"

namespace musclemap {
namespace {

TEST_CASE("model bundle: weights with their description beside them open", "[golden]") {
  const std::filesystem::path data = test::shared_data();
  if (data.empty()) return;
  const std::filesystem::path models = data / "musclemap/parity/models";
  {
    const ModelBundle bundle = ModelBundle::open(models / "lumbar_small.pth");
    CHECK(bundle.name() == "lumbar_small");
    CHECK(bundle.version() == "0.1");
    CHECK(bundle.format() == WeightsFormat::state_dict);
    CHECK(bundle.trusted());
    CHECK(bundle.problem().empty());
    CHECK(bundle.out_channels() == 9);
    CHECK(bundle.window() == Index3{256, 256, 1});
    CHECK(bundle.target_spacing() == Spacing{1, 1, -1});
    REQUIRE(bundle.labels().size() == 8);
    CHECK(bundle.labels().front().value == 5101);
    CHECK(bundle.labels().back().value == 5132);
    CHECK(bundle.parameter_count() == 212011);
    CHECK(bundle.state().network.weights.size() == 36);
    CHECK(bundle.state().network.weights.front().name == "model.0.conv.unit0.conv.weight");
  }
  const ModelBundle bundle = ModelBundle::open(models / "random_res2.pth");
  CHECK(bundle.window() == Index3{128, 128, 1});
  CHECK(bundle.out_channels() == 15);
  CHECK(bundle.network().find("2 residual units") != std::string::npos);
}

TEST_CASE("model bundle: TorchScript opens unrun, recognised, and LibTorch runs it when it is trusted",
          "[golden]") {
  const std::filesystem::path data = test::shared_data();
  if (data.empty()) return;
  const std::filesystem::path file = data / "musclemap/parity/models/lumbar_small.pt";
  const ModelBundle bundle = ModelBundle::open(file);
  CHECK(bundle.format() == WeightsFormat::torchscript);
  CHECK_FALSE(bundle.trusted());
  CHECK(bundle.problem().empty());
  CHECK_FALSE(bundle.state().network.not_runnable.empty());
  CHECK(bundle.state().network.weights.size() == bundle.state().network.graph.parameters.size());
  CHECK(bundle.state().network.torchscript.empty());
  CHECK(bundle.operators() == std::vector<std::string>{"aten::_convolution", "aten::add", "aten::cat",
                                                       "aten::dropout", "aten::instance_norm",
                                                       "aten::leaky_relu"});
  ModelOpenOptions trust;
  trust.trust = true;
  const ModelBundle trusted = ModelBundle::open(file, trust);
  CHECK(trusted.trusted());
  CHECK(trusted.problem().empty());
  CHECK(trusted.state().network.torchscript.size() == std::filesystem::file_size(file));
}

TEST_CASE("model bundle: other people's TorchScript can be looked at", "[golden]") {
  const std::filesystem::path data = test::shared_data();
  if (data.empty()) return;
  ModelOpenOptions look;
  look.allow_missing_description = true;
  look.trust = true;
  std::vector<std::filesystem::path> files = {data / "cellpose/stubnet.pt"};
  for (const auto& entry : std::filesystem::directory_iterator(data / "totalsegmentator/toy")) {
    if (entry.path().extension() == ".pt") files.push_back(entry.path());
  }
  CHECK(files.size() == 11);
  for (const auto& file : files) {
    CAPTURE(file);
    const ModelBundle bundle = ModelBundle::open(file, look);
    CHECK_FALSE(bundle.operators().empty());
    CHECK(bundle.refused_operators().empty());
    CHECK(bundle.problem().find("no description") != std::string::npos);
    CHECK_THROWS_AS(ModelBundle::open(file), Error);
  }
}

}  // namespace
}  // namespace musclemap
