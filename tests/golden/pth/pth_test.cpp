#include <cmath>
#include <filesystem>
#include <iterator>
#include <random>
#include <string>

#include "infer/load_engine.hpp"
#include "io/files/file_bytes.hpp"
#include "io/files/json_file.hpp"
#include "io/weights/state_dict.hpp"
#include "io/weights/torchscript/archive.hpp"
#include "io/weights/torchscript/network.hpp"
#include "musclemap/model_bundle.hpp"
#include "net/check_graph.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"
#include "task/bundle_state.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;
using test::contains;
using test::error_of;

const fs::path kFolder = fs::path(MUSCLEMAP_SOURCE_DIR) / "tests/golden/pth";

/// A fixture with the description beside it under the name that belongs to it.
class Fixture {
 public:
  explicit Fixture(const std::string& name) : file_(folder_ / name) {
    fs::copy_file(kFolder / name, file_);
    fs::path config = file_;
    fs::copy_file(kFolder / "config.json", config.replace_extension(".json"));
  }
  const fs::path& file() const { return file_; }

 private:
  test::TemporaryFolder folder_;
  fs::path file_;
};

std::string opening(const std::string& name) {
  const Fixture fixture(name);
  return error_of([&] { ModelBundle::open(fixture.file()); });
}

/// Largest difference from the values that the fixtures hold.
double largest_error(const ModelBundle& bundle) {
  double largest = 0;
  std::size_t k = 0;
  for (const net::NamedTensor& weight : bundle.state().network.weights) {
    for (std::size_t i = 0; i < weight.tensor.values.size(); ++i) {
      const double expected =
          static_cast<float>(0.2 * std::sin(0.7 * static_cast<double>(i) + 1.3 * static_cast<double>(k)));
      largest = std::max(largest, std::abs(static_cast<double>(weight.tensor.values[i]) - expected));
    }
    ++k;
  }
  return largest;
}

TEST_CASE("pth: every form of the same weights reads as the same numbers", "[golden]") {
  // Half of a step of the stored type at 0.2; double is rounded from the float that was stored.
  const std::vector<std::pair<std::string, double>> forms = {
      {"float.pth", 2e-8},  {"plain_dict.pth", 2e-8}, {"parameters.pth", 2e-8},
      {"shared.pth", 2e-8}, {"strided.pth", 2e-8},    {"cuda.pth", 2e-8},
      {"double.pth", 2e-8}, {"half.pth", 6.2e-5},     {"bfloat16.pth", 4.9e-4}};
  for (const auto& [name, tolerance] : forms) {
    CAPTURE(name);
    const Fixture fixture(name);
    const ModelBundle bundle = ModelBundle::open(fixture.file());
    CHECK(bundle.parameter_count() == 328);
    CHECK(bundle.version() == "0.3");
    CHECK(bundle.state().network.weights.size() == 12);
    CHECK(largest_error(bundle) < tolerance);
  }
}

TEST_CASE("pth: a bias of stride 0 repeats its first value", "[golden]") {
  const Fixture fixture("expanded.pth");
  const ModelBundle bundle = ModelBundle::open(fixture.file());
  const auto& bias = bundle.state().network.weights[1].tensor.values;
  REQUIRE(bias.size() == 2);
  CHECK(bias[0] == bias[1]);
}

TEST_CASE("pth: what is no weights file of named tensors is refused, each for its own reason", "[golden]") {
  CHECK(contains(opening("legacy.pth"), "the file format of PyTorch before 1.6; save it again"));
  CHECK(contains(opening("protocol4.pth"), "pickle protocol 4"));
  CHECK(contains(opening("checkpoint.pth"), "a training checkpoint with the weights under 'state_dict'"));
  CHECK(contains(opening("data_parallel.pth"), "all names begin with 'module.'"));
  CHECK(contains(opening("integer.pth"), "'steps' is stored as torch.LongStorage"));
  CHECK(contains(opening("whole_model.pth"), "refers to torch.nn.modules.conv.Conv2d"));
  CHECK(contains(opening("list.pth"), "holds a list"));
}

TEST_CASE("torchscript: the embedded description is used, the one beside it is not needed", "[golden]") {
  const test::Environment list("MUSCLEMAP_TRUST_LIST", "/dev/null/none");
  const test::TemporaryFolder folder;
  fs::copy_file(kFolder / "embedded.pt", folder / "embedded.pt");
  ModelOpenOptions trust;
  trust.trust = true;
  const ModelBundle bundle = ModelBundle::open(folder / "embedded.pt", trust);
  CHECK(bundle.out_channels() == 3);
  CHECK(bundle.labels().size() == 2);
  CHECK(bundle.operators() == std::vector<std::string>{"aten::_convolution"});
  CHECK(bundle.problem().empty());
  CHECK(bundle.state().network.torchscript.size() == fs::file_size(folder / "embedded.pt"));
  CHECK(bundle.network() == "2-D network of 1 layer, 3 outputs, read from a TorchScript program");
}

TEST_CASE("torchscript: MONAI's UNet is recognised, scripted and traced, with the same weights", "[golden]") {
  const Fixture weights("float.pth");
  const ModelBundle plain = ModelBundle::open(weights.file());
  for (const char* name : {"scripted.pt", "traced.pt"}) {
    CAPTURE(name);
    const ModelBundle bundle = ModelBundle::open(kFolder / name);
    CHECK(bundle.problem().empty());
    CHECK_FALSE(bundle.trusted());
    const infer::Network& network = bundle.state().network;
    CHECK(network.torchscript.empty());
    CHECK(contains(network.not_runnable, bundle.sha256()));
    CHECK(bundle.parameter_count() == 328);
    CHECK(largest_error(bundle) < 2e-8);
    REQUIRE(network.weights.size() == plain.state().network.weights.size());
    for (std::size_t i = 0; i < network.weights.size(); ++i) {
      CHECK(network.weights[i].name == plain.state().network.weights[i].name);
      CHECK(network.weights[i].tensor.shape == plain.state().network.weights[i].tensor.shape);
    }
    CHECK(infer::load_engine(network, {}).check.find("double precision; not its program") == 0);
  }
}

TEST_CASE("torchscript: what is not the network itself is not recognised", "[golden]") {
  const ModelBundle frozen = ModelBundle::open(kFolder / "frozen.pt");
  CHECK(contains(frozen.state().network.not_recognised, "torch.jit.freeze"));
  const ModelBundle softmax = ModelBundle::open(kFolder / "softmax.pt");
  CHECK(contains(softmax.state().network.not_recognised, "it calls torch.softmax"));
  for (const ModelBundle& bundle : {frozen, softmax}) CHECK(contains(bundle.problem(), "--trust-model"));
}

TEST_CASE("models: flipped bytes in PyTorch's own files never do harm", "[golden]") {
  std::mt19937 random(7);
  for (const char* name : {"float.pth", "embedded.pt", "scripted.pt", "traced.pt"}) {
    const std::string original = io::read_file_bytes(kFolder / name, 1 << 20);
    for (int round = 0; round < 4000; ++round) {
      std::string bytes = original;
      for (auto n = 1 + random() % 4; n > 0; --n)
        bytes[random() % bytes.size()] = static_cast<char>(random() & 255);
      try {
        const io::ZipReader zip(bytes);
        if (io::is_torchscript(zip)) {
          io::inspect_torchscript(zip);
          net::check_graph(io::TorchScriptNetwork(zip).graph());
        } else {
          io::read_state_dict(zip);
        }
      } catch (const Error& error) {
        CHECK_FALSE(std::string(error.what()).empty());
      }
    }
  }
}

TEST_CASE("models: a mangled description never does harm", "[golden]") {
  std::mt19937 random(8);
  const std::string original = io::read_file_bytes(kFolder / "config.json", 1 << 20);
  const std::string pieces[] = {"[", "]",   "{",    "}",       "\"",   ":",         ",",
                                "-", "1e9", "null", "\\u0000", "\xff", "4294967296"};
  for (int round = 0; round < 20000; ++round) {
    std::string text = original;
    for (auto n = 1 + random() % 3; n > 0; --n) {
      text.replace(random() % text.size(), random() % 3, pieces[random() % std::size(pieces)]);
    }
    try {
      task::parse_model_config(io::parse_json(text), task::NetworkIn::description);
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find('\n') == std::string::npos);
    }
  }
}

}  // namespace
}  // namespace musclemap
