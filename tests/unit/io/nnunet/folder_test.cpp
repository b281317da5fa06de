#include "io/weights/nnunet/folder.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "base/sha256.hpp"
#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/nnunet_files.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap::io {
namespace {

namespace fs = std::filesystem;
using test::contains;
using test::error_of;

struct Toy {
  test::TemporaryFolder folder;
  std::string checkpoint = test::nnunet_checkpoint(test::nnunet_plans(), test::nnunet_dataset()).file();
  fs::path model =
      test::write_nnunet_folder(folder.path(), test::nnunet_plans(), test::nnunet_dataset(), checkpoint);

  void add_fold(const std::string& name, const std::string& file = "checkpoint_final.pth") const {
    test::write_text(model / ("fold_" + name) / file, checkpoint);
  }
  std::string refusal(const NnunetFolderOptions& options = {}) const {
    return error_of([&] { open_nnunet_folder(model, options); });
  }
};

std::vector<std::string> folds_of(const NnunetFolder& folder) {
  std::vector<std::string> names;
  for (const NnunetFold& fold : folder.folds) names.push_back(fold.name);
  return names;
}

TEST_CASE("nnunet folder: a network in the graph's order, and what it came from", "[io]") {
  const Toy toy;
  const NnunetFolder folder = open_nnunet_folder(toy.model);
  CHECK(folder.trainer == "nnUNetTrainer");
  CHECK(folder.configuration.name == "3d_fullres");
  CHECK(folder.configuration.network.out_channels == 3);
  CHECK(folds_of(folder) == std::vector<std::string>{"0"});
  const NnunetNetwork network = read_nnunet_fold(folder, 0);
  REQUIRE(network.weights.size() == network.graph.parameters.size());
  for (std::size_t i = 0; i < network.weights.size(); ++i) {
    CHECK(network.weights[i].name == network.graph.parameters[i].name);
    CHECK(network.weights[i].tensor.shape == network.graph.parameters[i].shape);
  }
  CHECK(network.sha256 == base::sha256_hex(toy.checkpoint));
  CHECK(network.mirroring_axes == std::vector<int>{0, 1, 2});
}

TEST_CASE("nnunet folder: folds that are there, those that are named, and other checkpoints", "[io]") {
  const Toy toy;
  toy.add_fold("2");
  toy.add_fold("10");
  toy.add_fold("all");
  toy.add_fold("3", "checkpoint_best.pth");
  // Names are sorted as texts, as nnU-Net has them, which says in which order scores are added.
  CHECK(folds_of(open_nnunet_folder(toy.model)) == std::vector<std::string>{"0", "10", "2"});
  NnunetFolderOptions options;
  options.folds = {"2", "0"};
  CHECK(folds_of(open_nnunet_folder(toy.model, options)) == std::vector<std::string>{"2", "0"});
  options.folds = {"all"};
  CHECK(folds_of(open_nnunet_folder(toy.model, options)) == std::vector<std::string>{"all"});
  options.folds = {"3"};
  CHECK(contains(toy.refusal(options),
                 "has no fold_3/checkpoint_final.pth; folds that have one: 0, 10, 2, all"));
  options.checkpoint = "checkpoint_best.pth";
  CHECK(folds_of(open_nnunet_folder(toy.model, options)) == std::vector<std::string>{"3"});
  options.checkpoint = "../checkpoint_best.pth";
  CHECK(contains(toy.refusal(options), "is not the name of a file"));
  for (const char* fold : {"0", "2", "10"}) fs::remove_all(toy.model / ("fold_" + std::string(fold)));
  CHECK(folds_of(open_nnunet_folder(toy.model)) == std::vector<std::string>{"all"});
  fs::remove_all(toy.model / "fold_all");
  CHECK(contains(toy.refusal(), "has no fold_"));
}

TEST_CASE("nnunet folder: the folder of a data set, with one model or several", "[io]") {
  const Toy toy;
  const fs::path dataset = toy.model.parent_path();
  CHECK(open_nnunet_folder(dataset).path == toy.model);
  CHECK(open_nnunet_folder(dataset / "").path == toy.model);
  fs::copy(toy.model, dataset / "nnUNetTrainer__nnUNetPlans__3d_lowres", fs::copy_options::recursive);
  fs::create_directory(dataset / "nnUNetTrainer__nnUNetPlans__2d");  // nothing in it
  const auto refusal = [&](const NnunetFolderOptions& options) {
    return error_of([&] { open_nnunet_folder(dataset, options); });
  };
  NnunetFolderOptions options;
  CHECK(contains(refusal(options),
                 "has several models; name the configuration or the trainer: "
                 "nnUNetTrainer__nnUNetPlans__3d_fullres, "
                 "nnUNetTrainer__nnUNetPlans__3d_lowres"));
  options.configuration = "3d_fullres";
  CHECK(open_nnunet_folder(dataset, options).path == toy.model);
  options.configuration = "2d";
  CHECK(contains(refusal(options), "has no model of configuration '2d'; there are: nnUNet"));
  options.configuration = "3d_lowres";
  CHECK(contains(refusal(options), "has no configuration '3d_lowres'"));
  options = {};
  options.configuration = "2d";
  CHECK(contains(toy.refusal(options), "is a model of configuration '3d_fullres', not '2d'"));
  CHECK(contains(error_of([&] { open_nnunet_folder(toy.folder.path()); }), "holds no model of nnU-Net"));
  CHECK(contains(error_of([&] { open_nnunet_folder(toy.folder / "absent"); }), "is no folder"));
}

TEST_CASE("nnunet folder: regions and cascades say how many channels a network has", "[io]") {
  nlohmann::json plans = test::nnunet_plans();
  plans["configurations"]["3d_lowres"] = plans["configurations"]["3d_fullres"];
  plans["configurations"]["3d_fullres"]["previous_stage"] = "3d_lowres";
  nlohmann::json dataset = test::nnunet_dataset();
  dataset["labels"] = {{"background", 0}, {"both", {1, 2}}, {"second", 2}};
  dataset["regions_class_order"] = {1, 2};
  const test::TemporaryFolder folder;
  const auto model = test::write_nnunet_folder(folder.path(), plans, dataset, "none");
  const NnunetFolder opened = open_nnunet_folder(model);
  CHECK(opened.configuration.network.in_channels == 3);
  CHECK(opened.configuration.network.out_channels == 2);
}

TEST_CASE("nnunet folder: weights that are not those of the plans are refused", "[io]") {
  Toy toy;
  const auto refusal = [&](auto change) {
    test::NnunetPickle pickle = test::nnunet_checkpoint(test::nnunet_plans(), test::nnunet_dataset());
    change(pickle);
    test::write_text(toy.model / "fold_0/checkpoint_final.pth", pickle.file());
    return error_of([&] { read_nnunet_fold(open_nnunet_folder(toy.model), 0); });
  };
  CHECK(refusal([](test::NnunetPickle&) {}) == "no error");
  CHECK(contains(refusal([](test::NnunetPickle& pickle) {
                   pickle["init_args"] = "}" + std::string(
                                                   "X\x0d\0\0\0configurationX\x02\0\0\0"
                                                   "2ds",
                                                   26);
                 }),
                 "was trained as configuration '2d', not '3d_fullres'"));
  nlohmann::json wider = test::nnunet_plans();
  wider["configurations"]["3d_fullres"]["architecture"]["arch_kwargs"]["features_per_stage"] = {3, 4};
  CHECK(contains(refusal([&](test::NnunetPickle& pickle) {
                   pickle = test::nnunet_checkpoint(wider, test::nnunet_dataset());
                 }),
                 "has shape 3x1x1x3x3; plans.json asks for 2x1x1x3x3"));
  wider = test::nnunet_plans();
  wider["configurations"]["3d_fullres"]["architecture"]["arch_kwargs"]["n_conv_per_stage"] = {2, 2};
  CHECK(contains(
      refusal([&](test::NnunetPickle& pickle) {
        pickle = test::nnunet_checkpoint(wider, test::nnunet_dataset());
      }),
      "has 'encoder.stages.0.0.convs.1.conv.weight', which plans.json does not ask for, and 3 more"));
  // A patch that the strides do not divide.
  nlohmann::json odd = test::nnunet_plans();
  odd["configurations"]["3d_fullres"]["patch_size"] = {8, 9, 8};
  test::write_text(toy.model / "plans.json", odd.dump());
  CHECK(contains(toy.refusal(), "model/model"));
}

/// Every bit flipped in plans and data sets is refused with the file, or is a legal description.
TEST_CASE("nnunet folder: damaged descriptions are refused with the file and nothing is run", "[io]") {
  const Toy toy;
  std::mt19937 random(2);
  int refused = 0;
  for (const char* name : {"plans.json", "dataset.json"}) {
    const std::string good =
        (name == std::string("plans.json") ? test::nnunet_plans() : test::nnunet_dataset()).dump();
    for (int flip = 0; flip < 100; ++flip) {
      std::string bytes = good;
      const std::size_t bit = random() % (8 * bytes.size());
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
      test::write_text(toy.model / name, bytes);
      try {
        open_nnunet_folder(toy.model);
      } catch (const Error& error) {
        ++refused;
        // A configuration of another name is a question of the folder.
        CHECK(error.file().filename() == name);
      }
    }
    test::write_text(toy.model / name, good);
  }
  CHECK(refused > 100);
}

}  // namespace
}  // namespace musclemap::io
