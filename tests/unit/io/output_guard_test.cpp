#include "io/files/output_guard.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap::io {
namespace {

namespace fs = std::filesystem;
using test::contains;
using test::error_of;

void touch(const fs::path& file, const std::string& text = "x") {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

std::string refusal(const fs::path& input, const fs::path& output) {
  io::OutputGuard guard;
  guard.reads(input, "image");
  return error_of([&] { guard.writes(output, "picture"); });
}

TEST_CASE("output guard: an input by another spelling or link is that input", "[io]") {
  const test::TemporaryFolder folder;
  const fs::path input = folder / "a/scan.nii.gz";
  touch(input);
  fs::create_directory_symlink(folder / "a", folder / "b");
  fs::create_symlink(input, folder / "link.png");
  fs::create_hard_link(input, folder / "hard.png");
  for (const fs::path& output : {input, folder / "a/../a/./scan.nii.gz", folder / "b/scan.nii.gz",
                                 folder / "link.png", folder / "hard.png", folder / "a//scan.nii.gz"}) {
    CAPTURE(output);
    CHECK(refusal(input, output) ==
          "argument/invalid: the picture would replace an input of the same call, the image '" +
              input.string() + "'; give it another name or folder");
    CHECK(refusal(output, input) != "no error");
  }
  for (const fs::path& output : {folder / "scan.nii.gz", folder / "a/scan.nii", folder / "c/scan.nii.gz"}) {
    CHECK(refusal(input, output) == "no error");
  }
  // Neither needs to be there.
  CHECK(refusal(folder / "new/x.json", folder / "new/../new/x.json") != "no error");
  CHECK(refusal("x.json", fs::current_path() / "x.json") != "no error");
  CHECK(refusal({}, {}) == "no error");
}

TEST_CASE("output guard: two outputs have two names", "[io]") {
  const test::TemporaryFolder folder;
  touch(folder / "a/old.csv");
  fs::create_directory_symlink(folder / "a", folder / "b");
  fs::create_hard_link(folder / "a/old.csv", folder / "a/same_content.csv");
  const auto both = [&](const fs::path& first, const fs::path& second) {
    io::OutputGuard guard;
    guard.writes(first, "table");
    return error_of([&] { guard.writes(second, "picture"); });
  };
  CHECK(contains(both(folder / "a/new.csv", folder / "a/./new.csv"),
                 "another output of the same call, the table"));
  CHECK(contains(both(folder / "a/new.csv", folder / "b/new.csv"), "another output"));
  CHECK(both(folder / "a/new.csv", folder / "a/other.csv") == "no error");
  // Each is replaced by itself.
  CHECK(both(folder / "a/old.csv", folder / "a/same_content.csv") == "no error");
}

TEST_CASE("output guard: what belongs to an image or a model is an input too", "[io]") {
  const test::TemporaryFolder folder;
  touch(folder / "scan.nii.gz");
  touch(folder / "scan.json");
  touch(folder / "pair.hdr");
  touch(folder / "pair.img.gz");
  touch(folder / "model.pth");
  touch(folder / "model.json");
  const std::string hash(64, '0');
  touch(
      folder / "bundle/manifest.json",
      R"({"format": "musclemap-bundle", "format_version": 1, "name": "x", "weights": "w.pth", "sha256": {"w.pth": ")" +
          hash + R"(", "c.json": ")" + hash + R"("}})");
  touch(folder / "broken/manifest.json", "{");
  io::OutputGuard guard;
  guard.reads_image(folder / "scan.nii.gz", "image");
  guard.reads_image(folder / "pair.img.gz", "mask");
  guard.reads_model(folder / "model.pth", "model");
  guard.reads_model(folder / "bundle", "model");
  guard.reads_model(folder / "broken", "model");
  for (const char* name : {"scan.json", "pair.hdr", "pair.img.gz", "model.pth", "model.json", "bundle/w.pth",
                           "bundle/c.json", "bundle/manifest.json", "broken/manifest.json"}) {
    CAPTURE(name);
    CHECK(contains(error_of([&] { guard.writes(folder / name, "table"); }), "would replace an input"));
  }
  CHECK(error_of([&] { guard.writes(folder / "bundle/new.csv", "table"); }) == "no error");
}

}  // namespace
}  // namespace musclemap::io
