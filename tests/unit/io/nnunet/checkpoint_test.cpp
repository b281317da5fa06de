#include "io/weights/nnunet/checkpoint.hpp"

#include <random>
#include <string>
#include <vector>

#include "io/weights/nnunet/folder.hpp"
#include "io/weights/pickle_reader.hpp"
#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/nnunet_files.hpp"
#include "support/pth_writer.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap::io {
namespace {

using test::contains;
using test::error_of;
using test::NnunetPickle;
using test::pickle_text;

NnunetPickle made() { return test::nnunet_checkpoint(test::nnunet_plans(), test::nnunet_dataset()); }

NnunetCheckpoint read(const NnunetPickle& pickle) {
  const std::string bytes = pickle.file();
  return read_nnunet_checkpoint(ZipReader(bytes));
}

std::string refusal(const NnunetPickle& pickle) {
  return error_of([&] { read(pickle); });
}

std::string with(const std::string& entry, const std::string& value) {
  NnunetPickle pickle = made();
  pickle[entry] = value;
  return refusal(pickle);
}

std::string named(const std::vector<std::pair<std::string, test::PthTensor>>& tensors) {
  std::string out = "ccollections\nOrderedDict\n)R(";
  for (const auto& [name, tensor] : tensors) out += pickle_text(name) + test::pickle_tensor(tensor);
  return out + "u";
}

test::PthTensor one_of(const std::string& key, std::int64_t elements) {
  test::PthTensor tensor;
  tensor.key = key;
  tensor.shape = {elements};
  tensor.stride = {1};
  tensor.storage_elements = elements;
  return tensor;
}

TEST_CASE("nnunet checkpoint: weights once, and what is said about them", "[io]") {
  const NnunetCheckpoint checkpoint = read(made());
  // 3 blocks of the way down and 1 of the way up, a transposed convolution and a head.
  CHECK(checkpoint.weights.size() == 4 * 4 + 2 + 2);
  CHECK(checkpoint.weights[0].name == "encoder.stages.0.0.convs.0.conv.weight");
  CHECK(checkpoint.weights.back().name == "decoder.seg_layers.0.bias");
  CHECK(checkpoint.trainer == "nnUNetTrainer");
  CHECK(checkpoint.configuration == "3d_fullres");
  CHECK(checkpoint.mirroring_axes == std::vector<int>{0, 1, 2});
}

TEST_CASE("nnunet checkpoint: weights after the rest, and names that only repeat", "[io]") {
  NnunetPickle turned = made();
  std::rotate(turned.entries.begin(), turned.entries.begin() + 1, turned.entries.end());
  REQUIRE(turned.entries.back().first == "network_weights");
  CHECK(read(turned).weights.size() == 20);

  NnunetPickle repeated = made();
  repeated.storages = {{"0", test::float_bytes({1, 2})}, {"1", test::float_bytes({1, 2})}};
  repeated["network_weights"] = named({{"decoder.encoder.stem.convs.0.all_modules.0.weight", one_of("0", 2)},
                                       {"decoder.encoder.stem.convs.0.norm.weight", one_of("1", 2)},
                                       {"encoder.stem.convs.0.all_modules.2.weight", one_of("0", 2)}});
  const NnunetCheckpoint checkpoint = read(repeated);
  REQUIRE(checkpoint.weights.size() == 2);
  CHECK(checkpoint.weights[0].name == "encoder.stem.convs.0.conv.weight");
  CHECK(checkpoint.weights[1].name == "encoder.stem.convs.0.norm.weight");
  repeated.storages["1"] = test::float_bytes({1, 3});
  CHECK(contains(refusal(repeated),
                 "'encoder.stem.convs.0.all_modules.2.weight' and "
                 "'encoder.stem.convs.0.norm.weight' are one tensor"));
}

TEST_CASE("nnunet checkpoint: what is walked over takes no nodes", "[io]") {
  NnunetPickle pickle = made();
  std::string scalars = "](";
  for (int i = 0; i < 20000; ++i) scalars += test::pickle_numpy_scalar();
  pickle["logging"] = "}" + pickle_text("dice") + scalars + "es}" + pickle_text("x") + scalars + "es";
  // Two values are one too many.
  CHECK(contains(refusal(pickle), "format/corrupt"));
  pickle["logging"] = "}(" + pickle_text("dice") + scalars + "e" + pickle_text("losses") + scalars + "eu";
  const std::string bytes = pickle.file();
  const ZipReader zip(bytes);
  const PickleTree tree =
      read_checkpoint_pickle(zip.stored(*zip.find("model/data.pkl")), {"network_weights"});
  CHECK(tree.nodes.size() < 10000);
  CHECK(read_nnunet_checkpoint(zip).weights.size() == 20);
}

TEST_CASE("nnunet checkpoint: functions that are no part of one are refused by name, wherever they stand",
          "[io]") {
  const std::string call = "cos\nsystem\n" + pickle_text("true") + "\x85R";
  const std::string refused = "format/unsupported";
  for (const char* entry :
       {"network_weights", "optimizer_state", "logging", "init_args", "trainer_name", "more"}) {
    INFO(entry);
    CHECK(contains(with(entry, call), "refers to os.system, which is not part of a checkpoint"));
    CHECK(contains(with(entry, "}(" + pickle_text("a") + call + "u"), "refers to os.system"));
    CHECK(contains(with(entry, "](" + call + call + "e"), "refers to os.system"));
  }
  CHECK(contains(with("logging", "cbuiltins\neval\n"), "refers to builtins.eval"));
  CHECK(contains(with("logging", "ctorch\nload\n"), "refers to torch.load"));
  CHECK(contains(with("logging", "](ctorch\nFloatStorage\n)Re"), "calls torch.FloatStorage"));
  // Operations that make objects by other ways.
  CHECK(contains(with("logging",
                      "](ccollections\nOrderedDict\n)\x81"
                      "e"),
                 "has pickle operation 129"));
  CHECK(contains(with("logging",
                      "](i"
                      "os\nsystem\ne"),
                 "has pickle operation 105"));
  CHECK(contains(with("logging",
                      "](\x93"
                      "e"),
                 "has pickle operation 147"));
}

TEST_CASE("nnunet checkpoint: dictionaries that are none of nnU-Net's are refused", "[io]") {
  NnunetPickle none = made();
  none.entries.erase(none.entries.begin());
  CHECK(contains(refusal(none), "model/model: is no checkpoint of nnU-Net: it has no network_weights"));
  CHECK(contains(with("network_weights", "]"), "network_weights is a list of nothing"));
  CHECK(contains(with("network_weights", "K\x01"), "network_weights is a int"));
  CHECK(
      contains(with("network_weights", "}" + pickle_text("w") + "K\x01s"), "network_weights['w'] is a int"));
  CHECK(contains(with("network_weights", "}K\x01K\x01s"), "has a key that is a int, not a name"));
  const std::string twice = named({{"w", one_of("0", 2)}, {"w", one_of("0", 2)}});
  CHECK(contains(with("network_weights", twice), "names 'w' twice"));
  CHECK(contains(with("trainer_name", "K\x01"), "trainer_name is a int; a text is needed"));
  CHECK(contains(with("inference_allowed_mirroring_axes", "K\x01"), "axes is a int; at most 3 axes"));
  CHECK(contains(with("inference_allowed_mirroring_axes", "K\x01K\x01\x86"), "one of 0, 1 and 2, each once"));
  CHECK(contains(with("inference_allowed_mirroring_axes", "K\x03\x85"), "one of 0, 1 and 2, each once"));
  NnunetPickle silent = made();
  silent["inference_allowed_mirroring_axes"] = "N";
  silent["init_args"] = "N";
  CHECK(read(silent).mirroring_axes.empty());
  CHECK(read(silent).configuration.empty());
}

TEST_CASE("nnunet checkpoint: claims of two gigabytes in a small file allocate nothing", "[io]") {
  constexpr std::int64_t kClaimed = std::int64_t{1} << 29;
  NnunetPickle pickle = made();
  pickle["network_weights"] = named({{"w", one_of("0", kClaimed)}});
  CHECK(contains(refusal(pickle), "elements need more"));
  test::PthTensor repeated = one_of("0", kClaimed);
  repeated.stride = {0};
  repeated.storage_elements = 1;
  pickle["network_weights"] = named({{"w", repeated}});
  CHECK(contains(refusal(pickle), "expands to more elements than the file justifies"));
  pickle["network_weights"] = std::string("X\xff\xff\xff\x7f", 5);
  CHECK(contains(refusal(pickle), "cut short"));
  pickle["network_weights"] = std::string("Nr\xff\xff\xff\x7f", 6);
  CHECK(contains(refusal(pickle), "remembers more objects than it has"));
  test::ZipItem item = test::deflated_item("model/data.pkl", std::string(1000, '.'));
  item.size = std::uint64_t{2000} << 20;
  std::string bytes = test::write_zip({item});
  CHECK(contains(error_of([&] { read_nnunet_checkpoint(ZipReader(bytes)); }), "format/limit"));
  item.size = std::uint64_t{15} << 20;
  bytes = test::write_zip({item});
  CHECK(contains(error_of([&] { read_nnunet_checkpoint(ZipReader(bytes)); }), "cannot unpack to 15728640"));
}

TEST_CASE("nnunet checkpoint: damaged files give an error or the same network", "[io]") {
  const test::TemporaryFolder folder;
  const std::string good = made().file();
  const auto model =
      test::write_nnunet_folder(folder.path(), test::nnunet_plans(), test::nnunet_dataset(), good);
  const NnunetFolder opened = open_nnunet_folder(model);
  const NnunetNetwork network = read_nnunet_fold(opened, 0);
  std::mt19937 random(1);
  int refused = 0;
  for (int flip = 0; flip < 200; ++flip) {
    std::string bytes = good;
    const std::size_t bit = random() % (8 * bytes.size());
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    test::write_text(opened.folds[0].checkpoint, bytes);
    try {
      const NnunetNetwork read = read_nnunet_fold(opened, 0);
      // Times, versions and flags of a zip archive say nothing about what is in it.
      for (std::size_t i = 0; i < network.weights.size(); ++i) {
        REQUIRE(read.weights[i].tensor.values == network.weights[i].tensor.values);
      }
    } catch (const Error& error) {
      ++refused;
      REQUIRE(error.file() == opened.folds[0].checkpoint);
    }
  }
  CHECK(refused > 150);
  // Cut anywhere.
  for (std::size_t size = 0; size < good.size(); size += 997) {
    test::write_text(opened.folds[0].checkpoint, good.substr(0, size));
    CHECK(error_of([&] { read_nnunet_fold(opened, 0); }) != "no error");
  }
}

}  // namespace
}  // namespace musclemap::io
