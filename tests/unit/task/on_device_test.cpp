// The whole segmentation with classes found where the network runs, here the CPU.
#include <cmath>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "image/matrix.hpp"
#include "image/volume_reader.hpp"
#include "infer/engine.hpp"
#include "musclemap/musclemap.hpp"
#include "support/catch.hpp"
#include "support/fixed_bundle.hpp"
#include "support/grids.hpp"
#include "support/one_network.hpp"
#include "support/random_network.hpp"
#include "task/bundle_state.hpp"
#include "task/musclemap_task.hpp"
#include "task/run_task.hpp"

namespace musclemap {
namespace {

// The torch engine as on a GPU.
class OnDevice : public infer::Engine {
 public:
  explicit OnDevice(infer::Engine& engine) : engine_(engine) {}
  const std::string& name() const override { return engine_.name(); }
  void run(const float* windows, const std::vector<std::int64_t>& shape, std::int64_t out_channels,
           float* logits) override {
    engine_.run(windows, shape, out_channels, logits);
  }
  std::unique_ptr<infer::ClassInferer> infer_classes(const infer::SlicePlan& plan,
                                                     const infer::SliceInfererOptions& options,
                                                     const infer::ClassTask& task) override {
    infer::SliceInfererOptions there = options;
    there.on_device = true;
    return engine_.infer_classes(plan, there, task);
  }
  bool find_volume_classes(image::Field& field, const infer::VolumeWindows& plan,
                           const infer::DeviceVolumeOptions& options, const infer::ClassSink& sink) override {
    infer::DeviceVolumeOptions there = options;
    there.on_device = true;
    ++volumes;
    return engine_.find_volume_classes(field, plan, there, sink);
  }

  int volumes = 0;

 private:
  infer::Engine& engine_;
};

Volume image_of(const image::Matrix4& to_world) {
  Geometry geometry;
  geometry.shape = {120, 70, 5};
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 4; ++c) geometry.to_world(r, c) = to_world(r, c);
  }
  Volume image = Volume::zeros(geometry, DType::f32);
  const auto voxel = image.mutable_view<float>();
  for (int k = 0; k < 5; ++k) {
    for (int j = 0; j < 70; ++j) {
      for (int i = 0; i < 120; ++i) {
        if (std::pow((i - 60) / 50.0, 2) + std::pow((j - 35) / 26.0, 2) >= 1) continue;
        voxel(i, j, k) = static_cast<float>(200 + 100 * std::sin(i / 9.0) + 80 * std::cos(j / 7.0) +
                                            30 * std::sin((i + j) / 5.0 + k));
      }
    }
  }
  return image;
}

std::int64_t different(const Volume& a, const Volume& b) {
  const auto left = a.view<std::uint8_t>();
  const auto right = b.view<std::uint8_t>();
  std::int64_t result = 0;
  for (std::int64_t k = 0; k < left.shape[2]; ++k) {
    for (std::int64_t j = 0; j < left.shape[1]; ++j) {
      for (std::int64_t i = 0; i < left.shape[0]; ++i) result += left(i, j, k) != right(i, j, k) ? 1 : 0;
    }
  }
  return result;
}

TEST_CASE("task: classes found on the device are those found from its scores", "[task]") {
  if (!engine_status().available) {
    std::cout << "skipped: needs the torch engine: " << engine_status().problem << "\n";
    return;
  }
  const ModelBundle bundle = test::fixed_bundle();
  const auto engine = infer::load_torch_engine(bundle.state().network, Device{}, 0);
  OnDevice device(*engine);
  SegmentOptions options;
  options.overlap = 0.5;
  options.all_parts = true;
  const task::TaskSpec spec = task::task_of_run(bundle, options);
  const image::Matrix4 tilted =
      image::multiply(image::multiply(test::turned(0, .2), test::turned(2, .3)), test::scaled(1.5, 1.25, 4));
  for (const image::Matrix4& to_world :
       {test::scaled(1, 1, 4), test::scaled(-1.5, -1.25, 4), test::scaled(1.5, 1.25, -4), tilted}) {
    const Volume image = image_of(to_world);
    const auto classes_by = [&](infer::Engine& by, std::int64_t* windows) {
      image::VolumeReader reader(image);
      task::TaskReport report;
      test::OneNetwork network(by);
      const Volume classes = task::run_task(spec, task::bound(spec, image.geometry(), {}), network, {4, 1},
                                            {&reader}, {}, &report);
      *windows = report.windows;
      return classes;
    };
    std::int64_t windows = 0;
    std::int64_t windows_there = 0;
    CHECK(different(classes_by(*engine, &windows), classes_by(device, &windows_there)) == 0);
    CHECK(windows == windows_there);
    CHECK(windows > 0);
  }
}

task::TaskSpec task_in_space() {
  task::TaskSpec spec;
  spec.name = "space";
  task::StageSpec stage;
  stage.networks = {{"network", {}}};
  stage.windows.size = {24, 16, 8};
  stage.windows.axes = 3;
  stage.windows.overlap_or_step = 0.5;
  stage.windows.placement = infer::Placement::nnunet;
  stage.windows.weight = infer::Weight::gaussian_nnunet;
  stage.windows.sum = infer::Sum::f16;
  spec.stages = {stage};
  for (const int value : {1, 2}) {
    Label label;
    label.value = value;
    label.anatomy = "part " + std::to_string(value);
    spec.labels.push_back(label);
  }
  return spec;
}

TEST_CASE("task: classes of a volume found on the device are those found from its scores", "[task]") {
  if (!engine_status().available) return;
  net::UNetSpec unet;
  unet.out_channels = 3;
  unet.channels = {4, 6};
  unet.strides = {2};
  unet.axes = 3;
  const auto engine = infer::load_torch_engine(test::random_network(unet, 9), Device{}, 0);
  OnDevice device(*engine);
  const task::TaskSpec spec = task_in_space();
  REQUIRE(task::why_not(spec).empty());
  const Volume image = image_of(test::scaled(1, 1, 1));
  const auto run_by = [&](infer::Engine& by, task::TaskReport* report) {
    image::VolumeReader reader(image);
    test::OneNetwork network(by);
    return task::run_task(spec, task::bound(spec, image.geometry(), {}), network, {1, 1}, {&reader}, {},
                          report);
  };
  task::TaskReport report;
  task::TaskReport there;
  CHECK(different(run_by(*engine, &report), run_by(device, &there)) == 0);
  CHECK(device.volumes == 1);
  CHECK(report.windows == there.windows);
  CHECK(there.windows > 1);
  CHECK(there.labelled);
}

TEST_CASE("task: cancelling ends a run on the device", "[task]") {
  if (!engine_status().available) return;
  const ModelBundle bundle = test::fixed_bundle();
  const auto engine = infer::load_torch_engine(bundle.state().network, Device{}, 0);
  OnDevice device(*engine);
  const Volume image = image_of(test::scaled(1.5, 1.25, 4));
  RunControl control;
  control.on_progress = [&](const Progress& progress) {
    // During the next slice's windows.
    if (progress.stage == Stage::prepare && progress.done == progress.total) control.cancel.cancel();
  };
  image::VolumeReader reader(image);
  task::TaskReport report;
  const task::TaskSpec spec = task::task_of_run(bundle, {});
  test::OneNetwork network(device);
  try {
    task::run_task(spec, task::bound(spec, image.geometry(), {}), network, {}, {&reader}, control, &report);
    FAIL("not cancelled");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::cancelled);
  }
}

}  // namespace
}  // namespace musclemap
