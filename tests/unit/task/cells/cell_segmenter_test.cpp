#include "musclemap/cell_segmenter.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/error_of.hpp"
#include "support/npy_array.hpp"
#include "support/shared_data.hpp"
#include "support/strip_pictures.hpp"
#include "support/temporary_folder.hpp"
#include "task/cells/cell_diameter.hpp"

namespace musclemap {
namespace {

constexpr double kLeastEqual = 0.995;

template <class T>
ImageStack picture_of(const std::vector<T>& values, std::int64_t channels, std::int64_t height,
                      std::int64_t width, DType dtype) {
  StackGeometry geometry;
  geometry.shape = {1, channels, 1, height, width};
  ImageStack stack = ImageStack::zeros(geometry, dtype);
  for (std::int64_t c = 0; c < channels; ++c) {
    PlaneView<T> plane = stack.mutable_plane<T>(0, c, 0);
    for (std::int64_t y = 0; y < height; ++y) {
      for (std::int64_t x = 0; x < width; ++x) {
        plane(y, x) = values[static_cast<std::size_t>((c * height + y) * width + x)];
      }
    }
  }
  return stack;
}

/// A stage's crop: [y][x] of the reference beside one map of ours, `step` values apart.
double crop_difference(const test::NpyArray& crop, std::size_t channel, const float* map,
                       std::int64_t width) {
  const std::size_t channels = crop.shape.size() > 2 ? static_cast<std::size_t>(crop.shape[2]) : 1;
  double largest = 0;
  for (std::int64_t y = 0; y < crop.shape[0]; ++y) {
    for (std::int64_t x = 0; x < crop.shape[1]; ++x) {
      const double expected =
          crop.values[static_cast<std::size_t>(y * crop.shape[1] + x) * channels + channel];
      largest = std::max(largest, std::abs(expected - static_cast<double>(map[y * width + x])));
    }
  }
  return largest;
}

double largest_difference(const std::vector<double>& expected, const std::vector<float>& found) {
  REQUIRE(expected.size() == found.size());
  double largest = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i] - static_cast<double>(found[i])));
  }
  return largest;
}

std::int64_t count_of(const std::vector<double>& labels) {
  std::set<double> different(labels.begin(), labels.end());
  different.erase(0.0);
  return static_cast<std::int64_t>(different.size());
}

void check_masks(const std::vector<double>& expected, const CellMasks& found) {
  REQUIRE(expected.size() == found.labels.size());
  std::size_t equal = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    equal += expected[i] == static_cast<double>(found.labels[i]) ? 1 : 0;
  }
  CHECK(found.count == count_of(expected));
  CHECK(static_cast<double>(equal) >= kLeastEqual * static_cast<double>(expected.size()));
}

TEST_CASE("cell diameter: the median disk, and the first cell that a full picture leaves out", "[task]") {
  const std::vector<std::uint32_t> labels{1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3};
  const double unit = std::sqrt(3.14159265358979323846) / 2;
  CHECK(task::median_diameter(labels, CellCompat::fixed) == Approx(2 / unit));
  CHECK(task::median_diameter(labels, CellCompat::v3_1_1_2) == Approx(2 / unit));
  std::vector<std::uint32_t> full{1, 2, 2, 2, 2};
  CHECK(task::median_diameter(full, CellCompat::fixed) == Approx(1.5 / unit));
  CHECK(task::median_diameter(full, CellCompat::v3_1_1_2) == Approx(2 / unit));
  CHECK(task::median_diameter({0, 0}, CellCompat::fixed) == 0);
}

TEST_CASE("cell model: a name that is not there says where it was looked for", "[task]") {
  const test::TemporaryFolder folder;
  const test::Environment set("CELLPOSE_LOCAL_MODELS_PATH", folder.path().string());
  const std::string error = test::error_of([] { CellModel::open("cyto3"); });
  CHECK(test::contains(error, (folder.path() / "cyto3").string()));
  CHECK(test::contains(test::error_of([] { CellModel::open("no such model"); }), "cyto3, cyto2"));
  CHECK(CellModel::names().size() == 12);
}

TEST_CASE("cell segmenter: stages of real pictures are those of Cellpose", "[task]") {
  const std::filesystem::path data = test::shared_data();
  if (data.empty()) return;
  const std::filesystem::path folder = data / "cells_real";
  const CellModel model = CellModel::open((folder / "model/cells_small").string());
  CHECK(model.diam_mean() == 30);
  CellSegmenter segmenter(model);
  CAPTURE(segmenter.engine());
  std::ifstream file(folder / "e2e/manifest.json");
  const nlohmann::json manifest = nlohmann::json::parse(file);
  const std::map<std::string, std::string> pictures{{"nuclei_d17", "nuclei_BF.tif"},
                                                    {"ecoli_phase", "ecoli_phase_BF.tif"},
                                                    {"yeast_series_zmax", "yeast_BF.ome.tif"}};
  for (const auto& [name, picture_file] : pictures) {
    CAPTURE(name);
    const std::vector<test::StripPage> pages = test::read_strip_pages(folder / "images" / picture_file);
    const auto frames = static_cast<std::size_t>(manifest.at(name).at("shape").at(0).get<int>());
    const std::size_t sections = pages.size() / frames;
    const auto array = [&, run = name](const std::string& of) {
      return test::read_npz(folder / "e2e" / (run + ".npz"), of);
    };
    CellOptions options;
    options.masks.compat = CellCompat::v3_1_1_2;
    options.keep_flows = true;
    const nlohmann::json& settings = manifest.at(name).at("settings");
    if (settings.contains("diameter")) options.diameter = settings.at("diameter").get<double>();
    const test::NpyArray masks = array("e_masks");
    for (std::size_t frame = 0; frame < frames; ++frame) {
      std::vector<std::uint16_t> values = pages[frame * sections].values;
      for (std::size_t z = 1; z < sections; ++z) {
        const std::vector<std::uint16_t>& other = pages[frame * sections + z].values;
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::max(values[i], other[i]);
      }
      const std::int64_t height = pages[0].height;
      const std::int64_t width = pages[0].width;
      CellStages stages;
      const CellResult result =
          segmenter.run(picture_of(values, 1, height, width, DType::u16), options, {}, &stages);
      const auto plane = static_cast<std::ptrdiff_t>(values.size());
      const auto begin = masks.values.begin() + static_cast<std::ptrdiff_t>(frame) * plane;
      check_masks({begin, begin + plane}, result.masks);
      if (frame > 0) continue;
      CHECK(crop_difference(array("a_norm_crop"), 0, stages.normalized.data(), width) <= 1e-6);
      CHECK(crop_difference(array("a_rescaled_crop"), 0, stages.rescaled.data(), stages.network_width) <=
            1e-6);
      const std::int64_t pixels = stages.network_height * stages.network_width;
      for (std::size_t map = 0; map < 3; ++map) {
        CHECK(crop_difference(array("b_net_crop"), map,
                              stages.network.data() + static_cast<std::int64_t>(map) * pixels,
                              stages.network_width) <= 1e-4);
      }
      CHECK(largest_difference(array("b_dP").values, result.flows) <= 1.0 / 32);
      CHECK(largest_difference(array("b_cellprob").values, result.cellprob) <= 1.0 / 16);
      CHECK(largest_difference(array("b_style").values, result.style) <= 1e-4);
      CHECK(std::trunc(result.niter) == std::trunc(manifest.at(name).at("niter").get<double>()));
    }
  }
}

TEST_CASE("cell segmenter: threads change nothing, and a cancel ends the run", "[task]") {
  const std::filesystem::path data = test::shared_data();
  if (data.empty()) return;
  CellSegmenter segmenter(CellModel::open((data / "cells_real/model/cells_small").string()));
  std::vector<float> values(60 * 70);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(static_cast<float>(i) * 0.011F);
  const ImageStack picture = picture_of(values, 1, 60, 70, DType::f32);
  CellOptions options;
  options.diameter = 20;
  options.keep_flows = true;
  RunControl one;
  one.threads = 1;
  RunControl two;
  two.threads = 2;
  double last = 0;
  two.on_progress = [&](const Progress& progress) {
    CHECK(progress.fraction >= last);
    last = progress.fraction;
  };
  const CellResult first = segmenter.run(picture, options, one);
  const CellResult second = segmenter.run(picture, options, two);
  CHECK(last == Approx(1));
  CHECK(first.flows == second.flows);
  CHECK(first.masks.labels == second.masks.labels);
  CHECK(segmenter.peak_bytes(60, 70, options) > 60 * 70 * 12);
  RunControl cancelled;
  cancelled.cancel.cancel();
  CHECK(test::contains(test::error_of([&] { segmenter.run(picture, options, cancelled); }), "cancelled"));
  RunControl small;
  small.memory_budget = 1000;
  CHECK(test::contains(test::error_of([&] { segmenter.run(picture, options, small); }), "memory"));
}

TEST_CASE("cell segmenter: pictures of any size, and what is refused", "[task]") {
  const std::filesystem::path data = test::shared_data();
  if (data.empty()) return;
  CellSegmenter segmenter(CellModel::open((data / "cells_real/model/cells_small").string()));
  for (const auto& [height, width] :
       std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 1}, {15, 15}, {7, 90}}) {
    const std::vector<std::uint8_t> values(static_cast<std::size_t>(height * width), 3);
    const CellResult result = segmenter.run(picture_of(values, 1, height, width, DType::u8));
    CHECK(result.masks.labels.size() == values.size());
  }
  std::vector<float> values(20 * 20, 1);
  values[25] = NAN;
  const std::string error = test::error_of([&] { segmenter.run(picture_of(values, 1, 20, 20, DType::f32)); });
  CHECK(test::contains(error, "y 1, x 5"));
  values[25] = 2;
  const ImageStack picture = picture_of(values, 1, 20, 20, DType::f32);
  CellOptions options;
  options.diameter = 0;
  CHECK(test::contains(test::error_of([&] { segmenter.run(picture, options); }), "size model"));
  options = {};
  options.channels = {1, 2};
  CHECK(test::contains(test::error_of([&] { segmenter.run(picture, options); }), "channels has 2"));
  options = {};
  options.normalize.lowhigh = {{0, 1}, {0, 2}, {0, 3}};
  CHECK(test::contains(test::error_of([&] { segmenter.run(picture, options); }), "lowhigh has 3 pairs"));
  options = {};
  options.bsize = 100;
  CHECK(test::contains(test::error_of([&] { segmenter.run(picture, options); }), "bsize"));
}

TEST_CASE("cell segmenter: each channel has intensities of its own, and flows are kept on request",
          "[task]") {
  const std::filesystem::path data = test::shared_data();
  if (data.empty()) return;
  CellSegmenter segmenter(CellModel::open((data / "cells_real/model/cells_small").string()));
  std::vector<float> values(2 * 30 * 40);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 97);
  const ImageStack picture = picture_of(values, 2, 30, 40, DType::f32);
  CellOptions options;
  options.channels = {1, 2};
  options.normalize.lowhigh = {{10, 60}, {-5, 20}};
  CellStages stages;
  const CellResult result = segmenter.run(picture, options, {}, &stages);
  REQUIRE(stages.normalized.size() == values.size());
  for (std::size_t i = 0; i < values.size() / 2; ++i) {
    const std::size_t second = i + values.size() / 2;
    REQUIRE(stages.normalized[i] == (values[i] - 10) / 50);
    REQUIRE(stages.normalized[second] == (values[second] + 5) / 25);
  }
  CHECK(result.flows.empty());
  CHECK(result.cellprob.empty());
  CHECK(result.flow_height == 30);
  options.keep_flows = true;
  CHECK(segmenter.run(picture, options).flows.size() == values.size());
}

/// The stand-in for a network, which LibTorch alone can run, with the size model as numbers beside it.
std::filesystem::path stand_in(const std::filesystem::path& folder, const std::filesystem::path& to) {
  std::filesystem::copy_file(folder / "stubnet.pt", to / "stubnet.pt");
  std::ifstream file(folder / "manifest.json");
  const nlohmann::json size = nlohmann::json::parse(file).at("cases").at("size");
  nlohmann::json description;
  description["diam_mean"] = 30;
  description["diam_labels"] = 30;
  description["channels"] = 2;
  description["size_model"] = {{"A", test::read_npy(folder / "size.A.npy").values},
                               {"smean", test::read_npy(folder / "size.smean.npy").values},
                               {"ymean", size.at("ymean")},
                               {"diam_mean", size.at("diam_mean")}};
  std::ofstream(to / "stubnet.json") << description;
  return to / "stubnet.pt";
}

TEST_CASE("cell segmenter: runs with the stand-in network are those of Cellpose", "[task]") {
  const std::filesystem::path data = test::shared_data();
  if (data.empty()) return;
  const std::filesystem::path folder = data / "cellpose";
  const test::TemporaryFolder temporary;
  CellModelOptions trusted;
  trusted.trust = true;
  const CellModel model = CellModel::open(stand_in(folder, temporary.path()).string(), trusted);
  CHECK(model.estimates_diameter());
  std::unique_ptr<CellSegmenter> segmenter;
  try {
    segmenter = std::make_unique<CellSegmenter>(model);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::device) throw;
    WARN("skipped: needs LibTorch");
    return;
  }
  const test::NpyArray image = test::read_npy(folder / "eval.img.npy");
  REQUIRE(image.shape.size() == 2);
  const std::vector<float> values = image.floats();
  const ImageStack picture = picture_of(values, 1, image.shape[0], image.shape[1], DType::f32);
  std::ifstream file(folder / "manifest.json");
  const nlohmann::json cases = nlohmann::json::parse(file).at("cases");
  for (const char* name : {"eval_d30", "eval_d20", "eval_d47", "eval_d20_noresample", "eval_d20_aug",
                           "eval_d16_bs112", "eval_thr", "eval_auto"}) {
    CAPTURE(name);
    const nlohmann::json& each = cases.at(name);
    CellOptions options;
    options.masks.compat = CellCompat::v3_1_1_2;
    options.diameter = each.value("diameter", 0.0);
    options.resample = each.value("resample", true);
    options.augment = each.value("augment", false);
    options.bsize = each.value("bsize", 224);
    options.tile_overlap = each.value("tile_overlap", 0.1);
    options.masks.cellprob_threshold = each.value("cellprob_threshold", 0.0);
    options.masks.flow_threshold = each.value("flow_threshold", 0.4);
    options.masks.min_size = each.value("min_size", 15);
    const CellResult result = segmenter->run(picture, options);
    check_masks(test::read_npy(folder / (std::string(name) + ".masks.npy")).values, result.masks);
    if (options.diameter != 0) continue;
    CHECK(result.diameter == Approx(each.at("diam").get<double>()).epsilon(1e-9));
    CHECK(result.diameter_of_style == Approx(cases.at("size").at("diam_style").get<double>()).epsilon(1e-6));
  }
  CellOptions options;
  options.diameter = 20;
  options.keep_flows = true;
  const CellResult result = segmenter->run(picture, options);
  // Stored in half precision.
  CHECK(largest_difference(test::read_npy(folder / "eval_d20.dP.npy").values, result.flows) <= 4e-3);
  CHECK(largest_difference(test::read_npy(folder / "eval_d20.cellprob.npy").values, result.cellprob) <=
        1.0 / 64);
}

}  // namespace
}  // namespace musclemap
