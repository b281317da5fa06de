#include "musclemap/model_bundle.hpp"

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "base/sha256.hpp"
#include "infer/network.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/error_of.hpp"
#include "support/pth_writer.hpp"
#include "support/temporary_folder.hpp"
#include "task/bundle_state.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;
using test::contains;
using test::error_of;
using Json = nlohmann::json;

const char* const kConfig = R"({
  "parameters": {"roi_size": [16, 16], "spatial_window_batch_size": 1, "pix_dim": [1, 1, -1]},
  "model": {"version": 0.3, "spatial_dims": 2, "in_channels": 1, "out_channels": 3, "channels": [2, 3],
            "act": "LeakyReLU", "strides": [2], "num_res_units": 1, "norm": "instance"},
  "labels": [{"anatomy": "tibia", "value": 12}, {"anatomy": "fibula", "value": 11}]})";

void put(const fs::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

/// Weights for kConfig; `change` may alter the list of tensors.
std::string weights(const std::function<void(std::vector<test::PthTensor>&)>& change = {}) {
  net::UNetSpec spec;
  spec.out_channels = 3;
  spec.channels = {2, 3};
  spec.strides = {2};
  std::vector<test::PthTensor> tensors;
  for (const net::Parameter& parameter : net::monai_unet(spec).parameters) {
    test::PthTensor tensor;
    tensor.name = parameter.name;
    tensor.shape = parameter.shape;
    tensor.stride.assign(parameter.shape.size(), 1);
    for (std::size_t axis = parameter.shape.size() - 1; axis-- > 0;) {
      tensor.stride[axis] = tensor.stride[axis + 1] * parameter.shape[axis + 1];
    }
    tensor.storage_elements = 400;
    tensors.push_back(tensor);
  }
  if (change) change(tensors);
  return test::write_pth(test::pickle_state_dict(tensors),
                         {{"0", test::float_bytes(std::vector<float>(400, 0.5f))}});
}

std::string program(const std::string& statement, const std::string& description = kConfig) {
  std::vector<test::ZipItem> items = {
      test::stored_item("m/data.pkl", "x"), test::stored_item("m/constants.pkl", "x"),
      test::stored_item("m/code/__torch__.py",
                        "class M(Module):\n  def forward(self, x):\n    " + statement + "\n")};
  if (!description.empty()) items.push_back(test::stored_item("m/extra/musclemap.json", description));
  return test::write_zip(items);
}

std::string opening(const fs::path& path) {
  return error_of([&] { ModelBundle::open(path); });
}

TEST_CASE("model bundle: weights that do not fit the description are refused by name", "[task]") {
  const test::TemporaryFolder folder;
  put(folder / "m.json", kConfig);
  put(folder / "m.pth", weights());
  CHECK(opening(folder / "m.pth") == "no error");
  put(folder / "m.pth", weights([](auto& list) { list.pop_back(); }));
  CHECK(contains(opening(folder / "m.pth"), "model/model: has no 'model.2.1.conv.unit0.conv.bias'"));
  put(folder / "m.pth", weights([](auto& list) {
        list.push_back(list.back());
        list.back().name = "extra.weight";
      }));
  CHECK(contains(opening(folder / "m.pth"), "has 'extra.weight', which the description does not ask for"));
  put(folder / "m.pth", weights([](auto& list) { list[0].shape[0] = 1; }));
  CHECK(contains(opening(folder / "m.pth"),
                 "'model.0.conv.unit0.conv.weight' has shape 1x1x3x3; the description asks for 2x1x3x3"));
  put(folder / "m.pth", weights([](auto& list) { list[1].name = list[0].name; }));
  CHECK(contains(opening(folder / "m.pth"), "twice"));
  put(folder / "m.pth", weights([](auto& list) { std::swap(list[0], list[5]); }));
  CHECK(ModelBundle::open(folder / "m.pth").state().network.weights[0].name ==
        "model.0.conv.unit0.conv.weight");
}

TEST_CASE("model bundle: opening tells how far it is and is cancelled", "[task]") {
  const test::TemporaryFolder folder;
  put(folder.path() / "a.pth", weights());
  put(folder.path() / "a.json", kConfig);
  RunControl control;
  int told = 0;
  control.on_progress = [&](const Progress& progress) {
    CHECK(progress.done == progress.total);
    ++told;
  };
  CHECK(ModelBundle::open(folder.path() / "a.pth", {}, control).sha256().size() == 64);
  CHECK(told == 1);
  control.cancel.cancel();
  CHECK(contains(error_of([&] { ModelBundle::open(folder.path() / "a.pth", {}, control); }), "cancelled/"));
}

TEST_CASE("model bundle: what is missing is named", "[task]") {
  const test::TemporaryFolder folder;
  CHECK(contains(opening(folder / "none.pth"), "io/io: cannot open"));
  put(folder / "m.pth", weights());
  CHECK(contains(opening(folder / "m.pth"), "looked for " + (folder / "m.json").string()));
  CHECK(contains(opening(folder.path()), "io/io: cannot open"));
  put(folder / "m.json", kConfig);
  CHECK(contains(opening(folder / "m.json"), "argument/invalid: is a model's description"));
  put(folder / "m.json", "{");
  try {
    ModelBundle::open(folder / "m.pth");
  } catch (const Error& error) {
    CHECK(error.file() == folder / "m.json");
    CHECK(error.reason() == Reason::bad_json);
  }
}

TEST_CASE("model bundle: a program runs only when its hash is registered or the caller trusts it", "[task]") {
  const test::TemporaryFolder folder;
  const fs::path file = folder / "m.pt";
  const std::string bytes = program("return torch.relu(x)");
  put(file, bytes);
  const fs::path list = folder / "trusted.txt";
  put(list, "# nothing\n\n");
  const test::Environment variable("MUSCLEMAP_TRUST_LIST", list.string());
  const ModelBundle untrusted = ModelBundle::open(file);
  CHECK_FALSE(untrusted.trusted());
  CHECK(contains(untrusted.problem(), untrusted.sha256()));
  CHECK(untrusted.state().network.torchscript.empty());
  put(list, "# ours\r\n  " + untrusted.sha256() + "  # m.pt\r\n");
  const ModelBundle trusted = ModelBundle::open(file);
  CHECK(trusted.trusted());
  CHECK(trusted.problem().empty());
  CHECK(trusted.state().network.torchscript == bytes);
  put(list, "abc\n");
  CHECK(contains(opening(file), "line 1 is 'abc'; a SHA-256"));
  fs::remove(list);
  CHECK(contains(opening(file), "io/io: cannot open"));
}

TEST_CASE("model bundle: trust does not reach operators outside of the allow-list", "[task]") {
  const test::TemporaryFolder folder;
  put(folder / "m.pt", program("torch.save(x, \"f\")"));
  ModelOpenOptions trust;
  trust.trust = true;
  const ModelBundle bundle = ModelBundle::open(folder / "m.pt", trust);
  CHECK(bundle.trusted());
  CHECK(contains(bundle.problem(), "operator aten::save"));
  CHECK(bundle.refused_operators() == std::vector<std::string>{"operator aten::save"});
  CHECK(bundle.state().network.torchscript.empty());
}

TEST_CASE("model bundle: a broken embedded description names the field", "[task]") {
  const test::TemporaryFolder folder;
  put(folder / "m.pt", program("return x", R"({"parameters": {}})"));
  CHECK(contains(opening(folder / "m.pt"), "extra/musclemap.json: model is missing"));
  put(folder / "m.pt", program("return x", ""));
  CHECK(contains(opening(folder / "m.pt"), "no extra file musclemap.json inside"));
  put(folder / "m.json", kConfig);
  CHECK(opening(folder / "m.pt") == "no error");
}

TEST_CASE("model bundle: a folder opens by its manifest", "[task]") {
  const test::TemporaryFolder folder;
  put(folder / "w.pth", weights());
  put(folder / "c.json", kConfig);
  put(folder / "p.pt", program("return torch.relu(x)"));
  Json manifest = {
      {"format", "musclemap-bundle"},
      {"format_version", 1},
      {"name", "sample"},
      {"version", "7"},
      {"weights", "w.pth"},
      {"config", "c.json"},
      {"sha256", {{"w.pth", base::sha256_hex(weights())}, {"c.json", base::sha256_hex(kConfig)}}}};
  const auto with = [&](const std::string& pointer, const Json& value) {
    Json changed = manifest;
    changed[Json::json_pointer(pointer)] = value;
    put(folder / "manifest.json", changed.dump());
    return opening(folder.path());
  };
  put(folder / "manifest.json", manifest.dump());
  const ModelBundle bundle = ModelBundle::open(folder.path());
  CHECK(bundle.name() == "sample");
  CHECK(bundle.version() == "7");
  CHECK(bundle.weights_file() == folder / "w.pth");
  CHECK(contains(with("/format", "zip"), "format is \"zip\""));
  CHECK(contains(with("/format_version", 2), "format_version is 2; 1 is needed"));
  CHECK(contains(with("/weights", "../w.pth"), "weights is \"../w.pth\"; the name of a file in this folder"));
  CHECK(contains(with("/weights", "p.pt"), "weights is \"p.pt\"; a file listed in sha256"));
  CHECK(contains(with("/sha256/c.json", std::string(64, '0')), "manifest.json says 000"));
  CHECK(contains(with("/sha256/w.pth", std::string(64, '0')), "manifest.json says 000"));
  CHECK(contains(with("/sha256/c.json", "12"), "sha256.c.json is \"12\""));
  CHECK(contains(with("/sha256/none", std::string(64, '0')), "cannot open"));
  // A program is trusted by the manifest that lists it.
  manifest["weights"] = "p.pt";
  manifest["sha256"]["p.pt"] = base::sha256_hex(program("return torch.relu(x)"));
  put(folder / "manifest.json", manifest.dump());
  const ModelBundle trusted = ModelBundle::open(folder.path());
  CHECK(trusted.trusted());
  CHECK(trusted.problem().empty());
}

TEST_CASE("labels: read from a description, a sidecar and a model alike", "[task]") {
  const test::TemporaryFolder folder;
  put(folder / "m.json", kConfig);
  put(folder / "m.pth", weights());
  put(folder / "image_dseg.json", R"({"model": "x", "labels": [{"value": 12}, {"value": 11}]})");
  for (const char* name : {"m.json", "m.pth", "image_dseg.json"}) {
    const std::vector<Label> labels = read_labels(folder / name);
    REQUIRE(labels.size() == 2);
    CHECK(labels[0].value == 11);
    CHECK(labels[1].value == 12);
  }
}

}  // namespace
}  // namespace musclemap
