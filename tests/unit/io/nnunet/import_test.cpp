#include "io/weights/nnunet/import.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "io/weights/nnunet/folder.hpp"
#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/nnunet_files.hpp"
#include "support/temporary_folder.hpp"
#include "support/zip_writer.hpp"

namespace musclemap::io {
namespace {

namespace fs = std::filesystem;
using test::contains;
using test::deflated_item;
using test::error_of;
using test::stored_item;
using test::ZipItem;

constexpr const char* kModel = "Dataset001_toy/nnUNetTrainer__nnUNetPlans__3d_fullres";

struct Archive {
  test::TemporaryFolder folder;
  std::string checkpoint = test::nnunet_checkpoint(test::nnunet_plans(), test::nnunet_dataset()).file();
  std::vector<ZipItem> items = {
      stored_item("Dataset001_toy/", ""),
      deflated_item(std::string(kModel) + "/plans.json", test::nnunet_plans().dump()),
      deflated_item(std::string(kModel) + "/dataset.json", test::nnunet_dataset().dump()),
      deflated_item(std::string(kModel) + "/fold_0/checkpoint_final.pth", checkpoint),
      stored_item(std::string(kModel) + "/fold_0/progress.png", "no picture"),
      stored_item("__MACOSX/Dataset001_toy/._plans.json", "attributes")};

  fs::path results() const { return folder / "nnunet/results"; }
  std::vector<fs::path> import() const {
    test::write_text(folder / "weights.zip", test::write_zip(items));
    return import_nnunet_zip(folder / "weights.zip", results());
  }
  std::string refusal() const {
    return error_of([&] { import(); });
  }
  /// Names in the results folder, what is hidden too.
  std::size_t left() const {
    std::error_code ignored;
    const fs::directory_iterator entries(results(), ignored);
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
  }
};

TEST_CASE("nnunet import: a model is put in place, whole and alone", "[io]") {
  const Archive archive;
  const std::vector<fs::path> placed = archive.import();
  REQUIRE(placed == std::vector<fs::path>{archive.results() / kModel});
  CHECK(archive.left() == 1);
  CHECK(read_nnunet_fold(open_nnunet_folder(archive.results() / "Dataset001_toy"), 0).weights.size() == 20);
  CHECK_FALSE(fs::exists(placed[0] / "fold_0/progress.png"));
  CHECK(contains(archive.refusal(), "argument/invalid: is there already"));
}

TEST_CASE("nnunet import: a second configuration goes beside the first", "[io]") {
  Archive archive;
  archive.import();
  nlohmann::json plans = test::nnunet_plans();
  plans["configurations"]["3d_lowres"] = plans["configurations"]["3d_fullres"];
  test::NnunetPickle pickle = test::nnunet_checkpoint(plans, test::nnunet_dataset());
  pickle["init_args"] = "N";
  const std::string model = "Dataset001_toy/nnUNetTrainer__nnUNetPlans__3d_lowres";
  archive.items = {stored_item(model + "/plans.json", plans.dump()),
                   stored_item(model + "/dataset.json", test::nnunet_dataset().dump()),
                   stored_item(model + "/fold_all/checkpoint_best.pth", pickle.file())};
  CHECK(archive.import() == std::vector<fs::path>{archive.results() / model});
  CHECK(fs::exists(archive.results() / kModel / "plans.json"));
}

TEST_CASE("nnunet import: names that lead elsewhere are refused and nothing is written", "[io]") {
  for (const std::string name : {"../evil.json", "/etc/evil.json", "Dataset001_toy/../../evil.json",
                                 "Dataset001_toy//evil.json", "Dataset001_toy\\evil.json", "C:/evil.json",
                                 "./evil.json", "a/b/c/d/e/f/g/h/i", "Dataset001_toy/e\n.json"}) {
    INFO(name);
    Archive archive;
    archive.items.push_back(stored_item(name, "{}"));
    CHECK(contains(archive.refusal(), "whose name is not that of a file below the folder"));
    CHECK(archive.left() == 0);
    CHECK_FALSE(fs::exists(archive.folder / "evil.json"));
  }
}

TEST_CASE("nnunet import: what is no model of nnU-Net, or a damaged one, leaves nothing behind", "[io]") {
  const auto refusal = [](auto change) {
    Archive archive;
    change(archive);
    const std::string text = archive.refusal();
    CHECK(archive.left() == 0);
    return text;
  };
  CHECK(contains(refusal([](Archive& a) { a.items.resize(1); }), "holds no model of nnU-Net"));
  CHECK(contains(refusal([](Archive& a) { a.items.erase(a.items.begin() + 3); }), "has no checkpoint of"));
  CHECK(contains(refusal([](Archive& a) { a.items.erase(a.items.begin() + 1); }), "plans.json"));
  CHECK(contains(refusal([](Archive& a) { a.items[3].crc ^= 1; }), "does not match its checksum"));
  CHECK(contains(refusal([](Archive& a) { a.items[3].size = std::uint64_t{3} << 30; }), "2 GiB a file"));
  CHECK(contains(refusal([](Archive& a) {
                   const std::string call = "cos\nsystem\nX\x04\0\0\0true\x85R";
                   test::NnunetPickle pickle =
                       test::nnunet_checkpoint(test::nnunet_plans(), test::nnunet_dataset());
                   pickle["logging"] = call;
                   a.items[3] = stored_item(a.items[3].name, pickle.file());
                 }),
                 "refers to os.system"));
  CHECK(contains(refusal([](Archive& a) { a.items[1] = stored_item(a.items[1].name, "{}"); }),
                 "plans.json' in it: transpose_forward is missing"));
}

}  // namespace
}  // namespace musclemap::io
