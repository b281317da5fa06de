// Label maps that TotalSegmentator's own code made with small random networks
// (../shared/data/totalsegmentator/toy), voxel by voxel.
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "image/cropped_reader.hpp"
#include "image/polish/keep_within.hpp"
#include "image/volume_reader.hpp"
#include "musclemap/musclemap.hpp"
#include "support/catch.hpp"
#include "support/shared_data.hpp"
#include "support/temporary_folder.hpp"
#include "task/rough_box.hpp"
#include "task/task_file.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

fs::path data_folder() {
  const fs::path shared = test::shared_data();
  return shared.empty() ? shared : shared / "totalsegmentator";
}

Json read(const fs::path& file) { return Json::parse(std::ifstream(file)); }

Json reversed(const Json& three) { return Json::array({three[2], three[1], three[0]}); }

// Label of each channel behind the background.
Json to_label(const Json& tasks, const std::string& task, int dataset) {
  for (const Json& each : tasks.at("tasks")) {
    if (each.at("name") != task) continue;
    for (const Json& of : each.at("variants").at("default").at("datasets")) {
      if (of.at("id") != dataset) continue;
      if (!of.contains("local_to_global")) return "sorted_values";
      std::map<int, int> table;
      for (const auto& [local, global] : of.at("local_to_global").items()) table[std::stoi(local)] = global;
      Json values = Json::array();
      for (const auto& [local, global] : table) values.push_back(global);
      return values;
    }
  }
  FAIL("no data set " << dataset << " in task " << task);
  return {};
}

Json stage_of(const Json& network, const Json& toy, const Json& tasks, const std::string& task) {
  Json stage;
  for (const Json& file : network.at("torchscript"))
    stage["networks"].push_back({{"file", file}, {"axes", "zyx"}, {"in", {"image"}}, {"out", {"scores"}}});
  const Json& ct = network.at("intensity");
  const auto number = [&](const char* key, double otherwise) {
    return ct.is_null() ? Json(otherwise) : ct.at(key);
  };
  const Json channel = {{"scheme", network.at("normalization")},
                        {"percentile_00_5", number("percentile_00_5", 0)},
                        {"percentile_99_5", number("percentile_99_5", 0)},
                        {"mean", number("mean", 0)},
                        {"std", number("std", 1)},
                        {"over_mask", network.at("use_mask_for_norm")}};
  stage["steps"] = {{{"transpose", {{"forward", network.at("transpose_forward")}}}},
                    {{"crop", {{"to", "nonzero"}, {"empty", "whole"}}}},
                    {{"normalise", {{"by", "nnunet"}, {"channels", {channel}}}}},
                    {{"resample",
                      {{"as", "half_pixel"},
                       {"values", "cubic_spline"},
                       {"scores", "linear"},
                       {"spacing", reversed(network.at("spacing"))},
                       {"separate_axis", "by_spacing"}}}}};
  stage["windows"] = {{"size", network.at("patch_size")},
                      {"placement", {{"as", "nnunet"}, {"step", toy.at("tile_step")}}},
                      {"weight", "gaussian_nnunet"},
                      {"pad", {{"to", "window"}, {"side", "both"}}},
                      {"sum", "f16"}};
  stage["scores_back"] = 1;
  stage["decode"] = {{"arg_max", Json::object()}};
  stage["to_label"] = to_label(tasks, task, network.at("dataset"));
  return stage;
}

// The case as a task's file, beside links to its networks.
fs::path write_task(const fs::path& data, const std::string& name, const fs::path& folder) {
  const Json toy = read(data / "toy" / (name + ".json"));
  const Json tasks = read(data / "tasks.json");
  std::string task = toy.at("task");
  task = task.substr(0, task.find(' '));
  Json document = {{"name", task},
                   {"version", ""},
                   {"each", {{"of", "image"}}},
                   {"polish", Json::array()},
                   {"type", "u8"}};
  document["steps"] = {{{"reorient", {{"to", "RAS"}}}}};
  if (const Json& mm = toy.at("resample_mm"); !mm.is_null()) {
    document["steps"].push_back(
        {{"resample",
          {{"as", "corner_aligned"}, {"values", "linear"}, {"spacing", {mm, mm, mm}}, {"truncate", true}}}});
  }
  for (const Json& network : toy.at("networks")) {
    document["stages"].push_back(stage_of(network, toy, tasks, task));
    for (const Json& file : network.at("torchscript"))
      fs::create_symlink(data / "toy" / file.get<std::string>(), folder / file.get<std::string>());
  }
  for (const Json& each : tasks.at("tasks")) {
    if (each.at("name") != task) continue;
    std::map<int, std::string> classes;
    for (const auto& [value, label] : each.at("classes").items()) classes[std::stoi(value)] = label;
    for (const auto& [value, label] : classes)
      document["labels"].push_back({{"value", value}, {"anatomy", label}});
  }
  std::ofstream(folder / "task.json") << document;
  return folder / "task.json";
}

std::int64_t differing(const Volume& found, const Volume& expected) {
  const auto a = found.view<std::uint8_t>();
  const auto b = expected.view<std::uint8_t>();
  REQUIRE(a.shape == b.shape);
  std::int64_t count = 0;
  for (std::int64_t k = 0; k < a.shape[2]; ++k) {
    for (std::int64_t j = 0; j < a.shape[1]; ++j) {
      for (std::int64_t i = 0; i < a.shape[0]; ++i) count += a(i, j, k) != b(i, j, k) ? 1 : 0;
    }
  }
  return count;
}

// nnU-Net's folders cannot hold these networks (two convolutions, no decoder); that a folder and a program
// are the same network is tests/golden/nnunet_weights_test.cpp's.
TEST_CASE("TotalSegmentator: label maps of small random networks", "[golden]") {
  const fs::path data = data_folder();
  if (data.empty()) return;
  if (!engine_status().available) {
    WARN("skipped, LibTorch is not there: " << engine_status().problem);
    return;
  }
  const std::string name = GENERATE("ct_total", "mr_total", "aniso");
  CAPTURE(name);
  const test::TemporaryFolder folder;
  const Json toy = read(data / "toy" / (name + ".json"));
  Segmenter segmenter(Task(task::open_task_file(write_task(data, name, folder.path()))));
  const fs::path file = data / toy.at("inputs").at("image").get<std::string>();
  const Volume image = read_nifti(file);
  const Volume expected = read_nifti(data / "toy" / toy.at("expected").get<std::string>());
  RunControl control;
  SECTION("from memory, with one thread") {
    control.threads = 1;
    double fraction = 0;
    control.on_progress = [&](const Progress& progress) {
      CHECK(progress.fraction >= fraction);
      fraction = progress.fraction;
    };
    CHECK(differing(segmenter.run(image, control), expected) == 0);
    CHECK(fraction == 1);
  }
  SECTION("from a file to a file, with two threads and no more memory than the plan asks for") {
    control.threads = 2;
    control.memory_budget = segmenter.peak_bytes(image.geometry(), control);
    const fs::path labels = folder.path() / "labels.nii.gz";
    const auto reader = open_nifti(file);
    const auto writer = create_nifti(labels, image.geometry(), DType::u8);
    segmenter.run(*reader, *writer, control);
    writer->commit();
    CHECK(differing(read_nifti(labels), expected) == 0);
    control.memory_budget = 1000;
    CHECK_THROWS_AS(segmenter.run(image, control), Error);
  }
}

// Its mask is given instead of found by a rough model.
TEST_CASE("TotalSegmentator: a crop by a mask, and nothing outside of it", "[golden]") {
  const fs::path data = data_folder();
  if (data.empty()) return;
  if (!engine_status().available) {
    WARN("skipped, LibTorch is not there: " << engine_status().problem);
    return;
  }
  const test::TemporaryFolder folder;
  const Json toy = read(data / "toy/crop.json");
  Segmenter segmenter(Task(task::open_task_file(write_task(data, "crop", folder.path()))));
  const Volume mask = read_nifti(data / toy.at("inputs").at("mask").get<std::string>());
  task::Rough rough;
  rough.labels = {1, 5};
  rough.margin_mm = toy.at("crop").at("margin_mm");
  const image::Block box = task::rough_box(rough, mask);
  image::VolumeReader whole(read_nifti(data / toy.at("inputs").at("image").get<std::string>()));
  image::CroppedReader cropped(whole, box);
  const Volume part = segmenter.run(cropped);
  Volume found = Volume::zeros(whole.geometry(), DType::u8);
  Volume inside = found.subvolume(box.begin, box.shape());
  const auto from = part.view<std::uint8_t>();
  const auto to = inside.mutable_view<std::uint8_t>();
  for (std::int64_t k = 0; k < to.shape[2]; ++k) {
    for (std::int64_t j = 0; j < to.shape[1]; ++j) {
      for (std::int64_t i = 0; i < to.shape[0]; ++i) to(i, j, k) = from(i, j, k);
    }
  }
  const image::KeepWithin rule{{1, 5}, toy.at("remove_outside").at("dilate_mm").get<double>()};
  polish(rule, found, {{3, 3, 3}, &mask});
  CHECK(differing(found, read_nifti(data / "toy" / toy.at("expected").get<std::string>())) == 0);
}

}  // namespace
}  // namespace musclemap
