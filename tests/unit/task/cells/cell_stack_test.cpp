// Stacks beside those of Cellpose 3.1.1.2, and what must hold for every stack.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "musclemap/cell_segmenter.hpp"
#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/npy_array.hpp"
#include "support/shared_data.hpp"

namespace musclemap {
namespace {

constexpr double kLeastEqualVoxels = 0.995;

/// (z, y, x) of one channel.
ImageStack stack_of(const std::vector<float>& values, const std::array<std::int64_t, 3>& shape,
                    std::int64_t channels = 1) {
  StackGeometry geometry;
  geometry.shape = {1, channels, shape[0], shape[1], shape[2]};
  ImageStack stack = ImageStack::zeros(geometry, DType::f32);
  std::size_t n = 0;
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t z = 0; z < shape[0]; ++z) {
      PlaneView<float> plane = stack.mutable_plane<float>(0, c, z);
      for (std::int64_t y = 0; y < shape[1]; ++y) {
        for (std::int64_t x = 0; x < shape[2]; ++x) plane(y, x) = values[n++];
      }
    }
  }
  return stack;
}

/// Blobs that go through some planes.
std::vector<float> blobs(const std::array<std::int64_t, 3>& shape) {
  std::vector<float> values;
  for (std::int64_t z = 0; z < shape[0]; ++z) {
    for (std::int64_t y = 0; y < shape[1]; ++y) {
      for (std::int64_t x = 0; x < shape[2]; ++x) {
        const auto wave = [](std::int64_t at, double length) {
          return std::sin(static_cast<double>(at) * 6.283 / length);
        };
        values.push_back(static_cast<float>(wave(z, 9) + wave(y, 21) + wave(x, 24)));
      }
    }
  }
  return values;
}

double equal_share(const std::vector<double>& expected, const std::vector<std::uint32_t>& found) {
  REQUIRE(expected.size() == found.size());
  double equal = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    equal += expected[i] == static_cast<double>(found[i]) ? 1 : 0;
  }
  return equal / static_cast<double>(found.size());
}

std::size_t objects_of(const std::vector<double>& labels) {
  return std::set<double>(labels.begin(), labels.end()).size() - 1;
}

std::unique_ptr<CellSegmenter> stand_in_segmenter() {
  CellModelOptions trusted;
  trusted.trust = true;
  try {
    return std::make_unique<CellSegmenter>(
        CellModel::open((test::shared_data() / "cellpose/stubnet.pt").string(), trusted));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::device) throw;
    WARN("skipped: needs LibTorch");
    return nullptr;
  }
}

CellSegmenter small_segmenter() {
  return CellSegmenter(CellModel::open((test::shared_data() / "cells_real/model/cells_small").string()));
}

TEST_CASE("cell stack: volumes and joined planes of the stand-in network are Cellpose's", "[task]") {
  if (test::shared_data().empty()) return;
  const std::unique_ptr<CellSegmenter> segmenter = stand_in_segmenter();
  if (!segmenter) return;
  const std::filesystem::path folder = test::shared_data() / "cellpose";
  std::ifstream file(folder / "manifest.json");
  const nlohmann::json cases = nlohmann::json::parse(file).at("cases");
  const test::NpyArray image = test::read_npy(folder / "vol.img.npy");
  REQUIRE(image.shape.size() == 3);
  const ImageStack stack = stack_of(image.floats(), {image.shape[0], image.shape[1], image.shape[2]});

  CellOptions options;
  options.masks.compat = CellCompat::v3_1_1_2;
  options.diameter = 30;
  options.do_3d = true;
  options.keep_flows = true;
  options.anisotropy = cases.at("eval_3d").at("anisotropy").get<double>();
  const CellResult volume = segmenter->run(stack, options);
  const std::vector<double> expected = test::read_npy(folder / "eval_3d.masks.npy").values;
  CHECK(equal_share(expected, volume.masks.labels) >= kLeastEqualVoxels);
  CHECK(volume.masks.count == cases.at("eval_3d").at("n").get<std::int64_t>());
  CHECK(volume.flow_axes == 3);
  double logits = 0;
  for (const float value : volume.cellprob) logits += static_cast<double>(value);
  CHECK(logits == Approx(cases.at("eval_3d").at("cellprob_sum").get<double>()).epsilon(1e-5));
  double steps = 0;
  for (const float value : volume.flows) steps += std::abs(static_cast<double>(value));
  CHECK(steps == Approx(cases.at("eval_3d").at("dP_checksum").get<double>()).epsilon(1e-5));

  options.do_3d = false;
  options.stitch_threshold = cases.at("eval_stitch").at("stitch_threshold").get<double>();
  const CellResult joined = segmenter->run(stack, options);
  const std::vector<double> stitched = test::read_npy(folder / "eval_stitch.masks.npy").values;
  CHECK(equal_share(stitched, joined.masks.labels) == 1);
  CHECK(static_cast<std::size_t>(joined.masks.count) == objects_of(stitched));
}

TEST_CASE("cell stack: threads change nothing, and what a run takes is told before", "[task]") {
  if (test::shared_data().empty()) return;
  CellSegmenter segmenter = small_segmenter();
  const std::array<std::int64_t, 3> shape{6, 40, 45};
  const ImageStack stack = stack_of(blobs(shape), shape);
  const std::vector<std::function<void(CellOptions&)>> ways{
      [](CellOptions& options) {
        options.do_3d = true;
        options.anisotropy = 2;
        options.flow3d_smooth = 1;
      },
      [](CellOptions& options) { options.do_3d = options.flow3d_mean = true; },
      [](CellOptions& options) {
        options.do_3d = true;
        options.resample = false;
        options.masks.interp = false;
      },
      [](CellOptions& options) { options.stitch_threshold = 0.3; },
      [](CellOptions& options) { options.normalize.norm3d = false; }};
  for (const auto& way : ways) {
    CellOptions options;
    options.diameter = 22;
    options.keep_flows = true;
    way(options);
    RunControl one;
    one.threads = 1;
    RunControl two;
    two.threads = 2;
    double last = 0;
    two.on_progress = [&](const Progress& progress) {
      CHECK(progress.fraction >= last);
      last = progress.fraction;
    };
    const CellResult first = segmenter.run(stack, options, one);
    CellStages stages;
    const CellResult second = segmenter.run(stack, options, two, &stages);
    CHECK(last == Approx(1));
    CHECK(first.masks.labels == second.masks.labels);
    CHECK(first.flows == second.flows);
    CHECK(first.cellprob == second.cellprob);
    CHECK(first.masks.labels.size() == static_cast<std::size_t>(shape[0] * shape[1] * shape[2]));
    CHECK(second.flows.size() == second.cellprob.size() * static_cast<std::size_t>(second.flow_axes));
    CHECK(stages.normalized.size() == 2 * first.masks.labels.size());
    CHECK(stages.network.size() == static_cast<std::size_t>((second.flow_axes + 1) * stages.network_depth *
                                                            stages.network_height * stages.network_width));
    RunControl cancelled;
    cancelled.cancel.cancel();
    CHECK(test::contains(test::error_of([&] { segmenter.run(stack, options, cancelled); }), "cancelled"));
    RunControl small;
    small.memory_budget = segmenter.stack_peak_bytes(shape, options) - 1;
    CHECK(test::contains(test::error_of([&] { segmenter.run(stack, options, small); }), "memory"));
  }
}

TEST_CASE("cell stack: planes that are not joined are pictures, and one plane is one", "[task]") {
  if (test::shared_data().empty()) return;
  CellSegmenter segmenter = small_segmenter();
  const std::array<std::int64_t, 3> shape{3, 40, 45};
  const ImageStack stack = stack_of(blobs(shape), shape);
  CellOptions options;
  options.diameter = 22;
  options.keep_flows = true;
  const CellResult all = segmenter.run(stack, options);
  std::int64_t count = 0;
  std::vector<std::uint32_t> labels;
  std::vector<float> cellprob;
  for (std::int64_t z = 0; z < shape[0]; ++z) {
    const ImageStack plane = stack.substack({0, 0, z, 0, 0}, {1, 1, 1, shape[1], shape[2]});
    CellOptions one = options;
    const CellResult picture = segmenter.run(plane, one);
    one.stitch_threshold = 0.5;
    CHECK(segmenter.run(plane, one).masks.labels == picture.masks.labels);
    labels.insert(labels.end(), picture.masks.labels.begin(), picture.masks.labels.end());
    cellprob.insert(cellprob.end(), picture.cellprob.begin(), picture.cellprob.end());
    count += picture.masks.count;
  }
  CHECK(all.masks.labels == labels);
  CHECK(all.cellprob == cellprob);
  CHECK(all.masks.count == count);
}

TEST_CASE("cell stack: the mean of the sides is a third of their logits and half of their flows", "[task]") {
  if (test::shared_data().empty()) return;
  CellSegmenter segmenter = small_segmenter();
  const std::array<std::int64_t, 3> shape{5, 20, 20};
  const ImageStack stack = stack_of(blobs(shape), shape);
  CellOptions options;
  options.diameter = 30;
  options.do_3d = true;
  options.keep_flows = true;
  const CellResult sum = segmenter.run(stack, options);
  options.flow3d_mean = true;
  const CellResult mean = segmenter.run(stack, options);
  for (std::size_t n = 0; n < sum.cellprob.size(); ++n) REQUIRE(mean.cellprob[n] == sum.cellprob[n] / 3);
  for (std::size_t n = 0; n < sum.flows.size(); ++n) REQUIRE(mean.flows[n] == sum.flows[n] / 2);
}

TEST_CASE("cell stack: what is refused", "[task]") {
  if (test::shared_data().empty()) return;
  CellSegmenter segmenter = small_segmenter();
  std::vector<float> values(2 * 20 * 20, 1);
  const std::array<std::int64_t, 3> shape{2, 20, 20};
  CellOptions options;
  options.do_3d = true;
  const auto refused = [&](const std::string& text) {
    const ImageStack stack = stack_of(values, shape);
    CHECK(test::contains(test::error_of([&] { segmenter.run(stack, options); }), text));
  };
  options.anisotropy = 0;
  refused("options.anisotropy is 0");
  options.anisotropy = 0.01;
  refused("anisotropy");
  options.anisotropy = NAN;
  refused("options.anisotropy");
  options.anisotropy = 1;
  options.flow3d_smooth = -1;
  refused("options.flow3d_smooth is -1");
  options.flow3d_smooth = 0;
  options.stitch_threshold = 1.5;
  refused("options.stitch_threshold is 1.5");
  options.stitch_threshold = 0;
  options.channels = {1, 2};
  refused("channels has 2");
  options.channels = {0, 0};
  values[20 * 20 + 25] = NAN;
  refused("section z 1");
  const ImageStack plane = stack_of(std::vector<float>(20 * 20, 1), {1, 20, 20});
  CHECK(test::contains(test::error_of([&] { segmenter.run(plane, options); }), "do_3d"));
  // Nothing is estimated in a stack, so that no size model is needed.
  values[20 * 20 + 25] = 1;
  options.diameter = 0;
  CHECK(segmenter.run(stack_of(values, shape), options).diameter == 30);
}

}  // namespace
}  // namespace musclemap
