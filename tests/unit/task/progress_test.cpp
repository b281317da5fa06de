// How far a call is: one table of all calls that report.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "musclemap/musclemap.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/fixed_bundle.hpp"
#include "support/temporary_folder.hpp"
#include "support/volumes.hpp"

namespace musclemap {
namespace {

using test::error_of;

constexpr std::int64_t kSlices = 7;

Geometry grid() { return test::grid({40, 30, kSlices}, {2, 2, 5}); }

Volume scan() {
  std::vector<std::int16_t> voxels;
  for (std::int64_t n = 0; n < 40 * 30 * kSlices; ++n)
    voxels.push_back(static_cast<std::int16_t>(1 + n * 37 % 500));
  return test::volume_of(grid(), voxels);
}

Volume three_labels() {
  std::vector<std::uint8_t> voxels;
  for (std::int64_t n = 0; n < 40 * 30 * kSlices; ++n) voxels.push_back(static_cast<std::uint8_t>(n % 4));
  return test::volume_of(grid(), voxels);
}

SegmentOptions on_native(std::int64_t chunk_slices = 0) {
  SegmentOptions options;
  options.engine = EngineChoice::native;
  options.overlap = 0;
  options.chunk_slices = chunk_slices;
  return options;
}

// Files and objects that the calls below work on.
struct World {
  test::TemporaryFolder folder;
  Volume image = scan();
  Volume labels = three_labels();
  std::filesystem::path image_file = folder / "scan.nii.gz";
  std::filesystem::path labels_file = folder / "labels.nii.gz";
  Segmenter segmenter{test::fixed_bundle(), on_native()};
  Segmenter in_chunks{test::fixed_bundle(), on_native(3)};

  World() {
    write_nifti(image, image_file);
    write_nifti(labels, labels_file);
  }
  MetricsRequest request(MetricsMethod method) const {
    MetricsRequest request;
    request.method = method;
    request.image = request.fat = image_file;
    request.water = image_file;
    request.labels = labels_file;
    request.output_folder = folder.path() / "out";
    return request;
  }
};

using Call = std::function<void(World&, const RunControl&)>;

Call extraction(MetricsMethod method, bool picture = false, bool compat = false) {
  return [=](World& world, const RunControl& control) {
    MetricsRequest request = world.request(method);
    if (picture) request.picture = world.folder / "qc.png";
    request.compat_types = compat;
    extract_metrics(request, control);
  };
}

const std::vector<std::pair<std::string, Call>>& calls() {
  static const std::vector<std::pair<std::string, Call>> all{
      {"read", [](World& w, const RunControl& c) { read_nifti(w.image_file, {}, c); }},
      {"verify", [](World& w, const RunControl& c) { verify_nifti(w.image_file, {}, c); }},
      {"write", [](World& w, const RunControl& c) { write_nifti(w.image, w.folder / "a.nii.gz", {}, c); }},
      {"segmenter", [](World&, const RunControl& c) { Segmenter(test::fixed_bundle(), on_native(), c); }},
      {"run", [](World& w, const RunControl& c) { w.segmenter.run(w.image, c); }},
      {"run in chunks", [](World& w, const RunControl& c) { w.in_chunks.run(w.image, c); }},
      {"run of nothing",
       [](World& w, const RunControl& c) { w.segmenter.run(Volume::zeros(grid(), DType::f32), c); }},
      {"segment_file",
       [](World& w, const RunControl& c) {
         segment_file(w.segmenter, w.image_file, w.folder / "b.nii.gz", {}, c);
       }},
      {"segment_file with a picture",
       [](World& w, const RunControl& c) {
         SegmentFileOptions options;
         options.picture = w.folder / "b.png";
         segment_file(w.segmenter, w.image_file, w.folder / "b.nii.gz", options, c);
       }},
      {"classify", [](World& w, const RunControl& c) { TissueClassifier().classify(w.image, w.labels, c); }},
      {"measure_mean",
       [](World& w, const RunControl& c) {
         MeasureOptions options;
         options.control = c;
         measure_mean(w.labels, w.image, ValueKind::intensity, {}, options);
       }},
      {"fat_fraction", [](World& w, const RunControl& c) { fat_fraction(w.image, w.image, c); }},
      {"average", extraction(MetricsMethod::average)},
      {"dixon with a picture", extraction(MetricsMethod::dixon, true)},
      {"gmm", extraction(MetricsMethod::gmm)},
      {"gmm with ranges and a picture", extraction(MetricsMethod::gmm, true, true)},
      {"kmeans", extraction(MetricsMethod::kmeans)},
      {"hu with a picture", extraction(MetricsMethod::hu, true)},
  };
  return all;
}

TEST_CASE("progress: the fraction of every call never falls and ends at 1", "[task]") {
  World world;
  for (const auto& [name, call] : calls()) {
    for (const int threads : {1, 3}) {
      INFO(name);
      RunControl control;
      control.threads = threads;
      std::vector<double> told;
      bool in_range = true;
      control.on_progress = [&, &name = name](const Progress& progress) {
        in_range = in_range && progress.done <= progress.total && progress.fraction >= 0;
        told.push_back(progress.fraction);
      };
      call(world, control);
      CHECK(in_range);
      REQUIRE_FALSE(told.empty());
      CHECK(std::is_sorted(told.begin(), told.end()));
      CHECK(told.back() == 1);
    }
  }
}

TEST_CASE("progress: every call hears a token that was cancelled before", "[task]") {
  World world;
  for (const auto& [name, call] : calls()) {
    INFO(name);
    RunControl control;
    control.cancel.cancel();
    CHECK(error_of([&, &call = call] { call(world, control); }).find("cancelled/cancelled: ") == 0);
  }
}

TEST_CASE("progress: every call refuses a negative number of threads", "[task]") {
  World world;
  for (const auto& [name, call] : calls()) {
    INFO(name);
    RunControl control;
    control.threads = -1;
    CHECK(error_of([&, &call = call] { call(world, control); }) ==
          "argument/invalid: threads is -1; 0 or more is allowed");
  }
}

TEST_CASE("progress: opening a model tells how far it is and hears a token", "[task]") {
  const std::filesystem::path model =
      std::filesystem::path(MUSCLEMAP_SOURCE_DIR) / "examples/demo/model/thigh_phantom.pth";
  RunControl control;
  std::vector<double> told;
  control.on_progress = [&](const Progress& progress) { told.push_back(progress.fraction); };
  ModelBundle::open(model, {}, control);
  CHECK(std::is_sorted(told.begin(), told.end()));
  REQUIRE_FALSE(told.empty());
  CHECK(told.back() == 1);
  control.cancel.cancel();
  CHECK(error_of([&] { ModelBundle::open(model, {}, control); }).find("cancelled/cancelled: ") == 0);
}

TEST_CASE("cancel: another thread's is heard within a window, not at the end of a slice", "[task]") {
  SegmentOptions options = on_native();
  options.overlap = 0.98;  // one slice has 24,000 windows, and takes minutes
  Segmenter segmenter(test::fixed_bundle(), options);
  std::vector<std::int16_t> voxels;
  for (std::int64_t n = 0; n < 1024 * 1024; ++n)
    voxels.push_back(static_cast<std::int16_t>(1 + n * 37 % 500));
  const Volume image = test::volume_of(test::grid({1024, 1024, 1}), voxels);
  RunControl control;
  std::chrono::steady_clock::time_point asked;
  std::thread other;
  control.on_progress = [&](const Progress& progress) {
    if (progress.stage != Stage::prepare || progress.done < progress.total) return;
    other = std::thread([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      asked = std::chrono::steady_clock::now();
      control.cancel.cancel();
    });
  };
  CHECK(error_of([&] { segmenter.run(image, control); }) == "cancelled/cancelled: the run was cancelled");
  other.join();
  const std::chrono::duration<double> late = std::chrono::steady_clock::now() - asked;
  CHECK(late.count() < 3);  // of a busy machine; a window takes milliseconds
}

}  // namespace
}  // namespace musclemap
