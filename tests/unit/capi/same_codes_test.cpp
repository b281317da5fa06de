// One misuse has one code and reason in the C++ and the C interface.
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "musclemap.h"
#include "musclemap/musclemap.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/volumes.hpp"

namespace musclemap {
namespace {

const std::string kModel = std::string(MUSCLEMAP_SOURCE_DIR) + "/examples/demo/model/thigh_phantom.pth";

std::string text(std::int32_t code, std::int32_t reason) {
  return std::string(code_name(static_cast<ErrorCode>(code))) + "/" +
         reason_name(static_cast<Reason>(reason));
}

std::string of_cpp(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return text(static_cast<std::int32_t>(error.code()), static_cast<std::int32_t>(error.reason()));
  }
  return "no error";
}

std::string of_c(const std::function<mm_status()>& call) {
  const mm_status status = call();
  if (status == MM_OK) return "no error";
  mm_error_info info{};
  info.struct_size = sizeof info;
  mm_last_error_info(&info);
  return text(status, info.reason);
}

template <class T>
T sized() {
  T made{};
  made.struct_size = sizeof made;
  return made;
}

/// The same objects on both sides.
struct World {
  test::TemporaryFolder folder;
  std::string file = (folder / "scan.nii").string();
  Volume image = test::line_of<std::int16_t>({1, 2, 9, 8, 3, 1, 7, 5});
  Volume labels = test::line_of<std::uint8_t>({1, 1, 1, 1, 2, 2, 2, 2});
  Volume other = test::line_of<std::uint8_t>({1, 1, 1});
  ModelBundle bundle = ModelBundle::open(kModel);
  mm_volume* c_image = lent(image, MM_DTYPE_I16);
  mm_volume* c_labels = lent(labels, MM_DTYPE_U8);
  mm_volume* c_other = lent(other, MM_DTYPE_U8);
  mm_bundle* c_bundle = nullptr;
  mm_tissue* c_tissue = nullptr;
  TissueMap tissue = TissueClassifier(kmeans()).classify(image, labels);

  World() {
    write_nifti(image, file);
    auto options = sized<mm_tissue_options>();
    options.method = MM_METHOD_KMEANS;
    REQUIRE(mm_bundle_open(kModel.c_str(), nullptr, nullptr, &c_bundle) == MM_OK);
    REQUIRE(mm_tissue_classify(c_image, c_labels, &options, nullptr, &c_tissue) == MM_OK);
  }
  ~World() {
    mm_tissue_free(c_tissue);
    mm_bundle_free(c_bundle);
    for (mm_volume* volume : {c_image, c_labels, c_other}) mm_volume_free(volume);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  static TissueOptions kmeans() {
    TissueOptions options;
    options.method = TissueMethod::kmeans;
    return options;
  }
  static mm_volume* lent(Volume& volume, std::int32_t dtype) {
    auto desc = sized<mm_volume_desc>();
    desc.dtype = dtype;
    for (int axis = 0; axis < 3; ++axis)
      desc.shape[axis] = volume.geometry().shape[static_cast<std::size_t>(axis)];
    std::copy_n(volume.geometry().to_world.m.begin(), 16, desc.affine);
    desc.data = dtype == MM_DTYPE_U8 ? static_cast<void*>(volume.mutable_view<std::uint8_t>().data)
                                     : static_cast<void*>(volume.mutable_view<std::int16_t>().data);
    mm_volume* handle = nullptr;
    REQUIRE(mm_volume_wrap(&desc, nullptr, nullptr, &handle) == MM_OK);
    return handle;
  }
};

struct Misuse {
  std::string what;
  std::string answer;
  std::function<void(World&)> in_cpp;
  std::function<mm_status(World&)> in_c;
};

const std::string kArgument = "argument/invalid";

template <class Change, class ChangeC>
Misuse tissue_options(const std::string& what, const Change& change, const ChangeC& change_c) {
  return {what, kArgument,
          [=](World&) {
            TissueOptions options;
            change(options);
            TissueClassifier classifier(options);
          },
          [=](World& w) {
            auto options = sized<mm_tissue_options>();
            change_c(options);
            mm_tissue* out = nullptr;
            return mm_tissue_classify(w.c_image, w.c_labels, &options, nullptr, &out);
          }};
}

template <class Change, class ChangeC>
Misuse segment_options(const std::string& what, const Change& change, const ChangeC& change_c) {
  return {what, kArgument,
          [=](World& w) {
            SegmentOptions options;
            change(options);
            Segmenter segmenter(w.bundle, options);
          },
          [=](World& w) {
            auto options = sized<mm_segment_options>();
            change_c(options);
            mm_segmenter* out = nullptr;
            return mm_segmenter_create(w.c_bundle, &options, nullptr, &out);
          }};
}

template <class Change, class ChangeC>
Misuse request(const std::string& what, const Change& change, const ChangeC& change_c) {
  return {what, kArgument,
          [=](World& w) {
            MetricsRequest request;
            request.method = MetricsMethod::gmm;
            request.image = request.labels = w.file;
            change(request);
            extract_metrics(request);
          },
          [=](World& w) {
            auto request = sized<mm_metrics_request>();
            request.method = MM_METRICS_GMM;
            request.image = request.labels = w.file.c_str();
            auto tissue = sized<mm_tissue_options>();
            auto table = sized<mm_table_write_options>();
            change_c(request, tissue, table);
            request.tissue = &tissue;
            request.table = &table;
            mm_table* out = nullptr;
            return mm_extract_metrics(&request, nullptr, nullptr, &out);
          }};
}

std::vector<Misuse> of_options() {
  return {
      tissue_options(
          "no such method", [](auto& o) { o.method = static_cast<TissueMethod>(9); },
          [](auto& o) { o.method = 9; }),
      tissue_options(
          "no such operators", [](auto& o) { o.operators = static_cast<TissueOperators>(3); },
          [](auto& o) { o.operators = 3; }),
      tissue_options(
          "operators below the first", [](auto& o) { o.operators = static_cast<TissueOperators>(-1); },
          [](auto& o) { o.operators = -1; }),
      tissue_options(
          "no such stop", [](auto& o) { o.stop = static_cast<MixtureStop>(7); }, [](auto& o) { o.stop = 7; }),
      tissue_options(
          "four components", [](auto& o) { o.components = 4; }, [](auto& o) { o.components = 4; }),
      tissue_options(
          "an empty range",
          [](auto& o) {
            o.fat_range = {5, 1};
          },
          [](auto& o) {
            o.fat_range[0] = 5;
            o.fat_range[1] = 1;
          }),
      segment_options(
          "no such engine", [](auto& o) { o.engine = static_cast<EngineChoice>(3); },
          [](auto& o) { o.engine = 3; }),
      segment_options(
          "no such precision", [](auto& o) { o.precision = static_cast<Precision>(-1); },
          [](auto& o) { o.precision = -1; }),
      segment_options(
          "no such device", [](auto& o) { o.device = Device{static_cast<Device::Kind>(2)}; },
          [](auto& o) { o.device = 3; }),
      segment_options(
          "a negative GPU",
          [](auto& o) {
            o.device = Device{Device::cuda, -1};
          },
          [](auto& o) { o.device_index = -1; }),
      segment_options(
          "an overlap of 1", [](auto& o) { o.overlap = 1; }, [](auto& o) { o.overlap = 1; }),
      segment_options(
          "a negative overlap", [](auto& o) { o.overlap = -0.5; }, [](auto& o) { o.overlap = -0.5; }),
      segment_options(
          "an overlap that is no number", [](auto& o) { o.overlap = std::nan(""); },
          [](auto& o) { o.overlap = std::nan(""); }),
      segment_options(
          "a negative batch", [](auto& o) { o.windows_per_batch = -1; },
          [](auto& o) { o.windows_per_batch = -1; }),
      segment_options(
          "negative chunks", [](auto& o) { o.chunk_slices = -4; }, [](auto& o) { o.chunk_slices = -4; }),
      segment_options(
          "more threads than LibTorch lives with", [](auto& o) { o.torch_threads = 5000; },
          [](auto& o) { o.torch_threads = 5000; }),
      request(
          "no such method of measuring", [](auto& r) { r.method = static_cast<MetricsMethod>(6); },
          [](auto& r, auto&, auto&) { r.method = 6; }),
      request(
          "no such maps", [](auto& r) { r.maps = static_cast<MapChoice>(4); },
          [](auto& r, auto&, auto&) { r.maps = 4; }),
      request(
          "no such format", [](auto& r) { r.table.format = static_cast<TableFormat>(4); },
          [](auto&, auto&, auto& table) { table.format = 4; }),
      request(
          "no such operators in a request",
          [](auto& r) { r.tissue.operators = static_cast<TissueOperators>(9); },
          [](auto&, auto& tissue, auto&) { tissue.operators = 9; }),
  };
}

template <class CallC>
Misuse negative_threads(const std::string& what, const std::function<void(World&, const RunControl&)>& call,
                        const CallC& call_c) {
  return {what + " on -1 threads", kArgument,
          [=](World& w) {
            RunControl control;
            control.threads = -1;
            call(w, control);
          },
          [=](World& w) {
            auto run = sized<mm_run_options>();
            run.threads = -1;
            return call_c(w, &run);
          }};
}

std::vector<Misuse> of_runs() {
  return {
      negative_threads(
          "reading", [](World& w, const RunControl& c) { read_nifti(w.file, {}, c); },
          [](World& w, const mm_run_options* run) {
            mm_volume* out = nullptr;
            return mm_volume_read(w.file.c_str(), nullptr, run, &out);
          }),
      negative_threads(
          "writing", [](World& w, const RunControl& c) { write_nifti(w.image, w.folder / "a.nii", {}, c); },
          [](World& w, const mm_run_options* run) {
            return mm_volume_write(w.c_image, (w.folder / "a.nii").c_str(), nullptr, run);
          }),
      negative_threads(
          "opening a model", [](World&, const RunControl& c) { ModelBundle::open(kModel, {}, c); },
          [](World&, const mm_run_options* run) {
            mm_bundle* out = nullptr;
            return mm_bundle_open(kModel.c_str(), nullptr, run, &out);
          }),
      negative_threads(
          "classifying",
          [](World& w, const RunControl& c) { TissueClassifier().classify(w.image, w.labels, c); },
          [](World& w, const mm_run_options* run) {
            mm_tissue* out = nullptr;
            return mm_tissue_classify(w.c_image, w.c_labels, nullptr, run, &out);
          }),
      negative_threads(
          "a fat fraction", [](World& w, const RunControl& c) { fat_fraction(w.image, w.image, c); },
          [](World& w, const mm_run_options* run) {
            mm_volume* out = nullptr;
            return mm_fat_fraction(w.c_image, w.c_image, 0, run, &out);
          }),
  };
}

template <class Change>
mm_status zeros(const Change& change) {
  auto desc = sized<mm_volume_desc>();
  desc.dtype = MM_DTYPE_F32;
  for (std::int64_t& length : desc.shape) length = 2;
  change(desc);
  mm_volume* out = nullptr;
  return mm_volume_zeros(&desc, &out);
}

std::vector<Misuse> of_calls() {
  return {
      {"no such voxels", kArgument,
       [](World&) {
         Volume::zeros(test::grid({2, 2, 2}), static_cast<DType>(9));
       },
       [](World&) { return zeros([](auto& desc) { desc.dtype = 9; }); }},
      {"an axis of length 0", kArgument,
       [](World&) {
         Volume::zeros(test::grid({2, 0, 2}), DType::f32);
       },
       [](World&) { return zeros([](auto& desc) { desc.shape[1] = 0; }); }},
      {"no such values", kArgument,
       [](World& w) { measure_mean(w.labels, w.image, static_cast<ValueKind>(3), {}); },
       [](World& w) {
         mm_table* out = nullptr;
         return mm_measure_mean(w.c_labels, w.c_image, 3, nullptr, nullptr, nullptr, nullptr, &out);
       }},
      {"a voxel size below 0", kArgument,
       [](World& w) {
         MeasureOptions options;
         options.stated = StatedVoxelSize{{1, -1, 1}, 0.001};
         measure_mean(w.labels, w.image, ValueKind::intensity, {}, options);
       },
       [](World& w) {
         auto options = sized<mm_measure_options>();
         options.stated_spacing_mm[0] = options.stated_spacing_mm[2] = 1;
         options.stated_spacing_mm[1] = -1;
         options.stated_voxel_ml = 0.001;
         mm_table* out = nullptr;
         return mm_measure_mean(w.c_labels, w.c_image, MM_VALUES_INTENSITY, nullptr, &options, nullptr,
                                nullptr, &out);
       }},
      {"another grid", "geometry/geometry", [](World& w) { TissueClassifier().classify(w.image, w.other); },
       [](World& w) {
         mm_tissue* out = nullptr;
         return mm_tissue_classify(w.c_image, w.c_other, nullptr, nullptr, &out);
       }},
      {"a file that is not there", "io/io", [](World&) { read_nifti("/nonexistent.nii"); },
       [](World&) {
         mm_volume* out = nullptr;
         return mm_volume_read("/nonexistent.nii", nullptr, nullptr, &out);
       }},
      {"a name that is none of NIfTI's", kArgument,
       [](World& w) { write_nifti(w.image, w.folder / "a.png"); },
       [](World& w) { return mm_volume_write(w.c_image, (w.folder / "a.png").c_str(), nullptr, nullptr); }},
      {"thresholds of a label that is not there", kArgument,
       [](World& w) { w.tissue.set_thresholds(77, 1, 2); },
       [](World& w) { return mm_tissue_set_thresholds(w.c_tissue, 77, 1, 2); }},
      {"probabilities of k-means", kArgument, [](World& w) { w.tissue.posterior_map(Tissue::fat); },
       [](World& w) {
         mm_volume* out = nullptr;
         return mm_tissue_posterior(w.c_tissue, MM_TISSUE_FAT, &out);
       }},
      {"a mask of no tissue", kArgument, [](World& w) { w.tissue.mask(static_cast<Tissue>(3)); },
       [](World& w) {
         mm_volume* out = nullptr;
         return mm_tissue_mask(w.c_tissue, 3, &out);
       }},
      {"a mask of 16 bits", kArgument, [](World& w) { w.tissue.set_exclusion_mask(w.image); },
       [](World& w) { return mm_tissue_set_exclusion_mask(w.c_tissue, w.c_image); }},
      {"no such viewer", kArgument,
       [](World& w) {
         std::ostringstream out;
         write_label_table(w.bundle.labels(), static_cast<LabelTableFormat>(99), out);
       },
       [](World& w) {
         mm_labels* labels = nullptr;
         REQUIRE(mm_bundle_labels(w.c_bundle, &labels) == MM_OK);
         const auto take = [](const char*, std::size_t, void*) -> std::int32_t { return 0; };
         const mm_status status = mm_labels_write(labels, 99, take, nullptr);
         mm_labels_free(labels);
         return status;
       }},
      {"no such region", kArgument, [](World&) { builtin_label_table("elbow of a fish"); },
       [](World&) {
         mm_labels* out = nullptr;
         return mm_labels_builtin("elbow of a fish", nullptr, &out);
       }},
      {"a picture as wide as a street", kArgument,
       [](World& w) {
         MontageOptions options;
         options.width_px = 1000000;
         qc_montage_png(w.image, w.labels, {}, options);
       },
       [](World& w) {
         auto options = sized<mm_montage_options>();
         options.width_px = 1000000;
         const auto take = [](const char*, std::size_t, void*) -> std::int32_t { return 0; };
         return mm_qc_montage_png(w.c_image, w.c_labels, nullptr, &options, take, nullptr);
       }},
  };
}

TEST_CASE("capi: one misuse has one code and reason in C++ and C", "[capi]") {
  World world;
  for (const auto& part : {of_options(), of_runs(), of_calls()}) {
    for (const Misuse& misuse : part) {
      INFO(misuse.what);
      CHECK(of_cpp([&] { misuse.in_cpp(world); }) == misuse.answer);
      CHECK(of_c([&] { return misuse.in_c(world); }) == misuse.answer);
    }
  }
}

// Exit status of the child: what it finds wrong.
template <class Body>
int in_child(const Body& body) {
  const pid_t process = fork();
  if (process == 0) _exit(body());
  int status = 0;
  waitpid(process, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_CASE("capi: a segmenter in a child of fork() is refused alike in C++ and C", "[capi]") {
  World world;
  SegmentOptions options;
  options.engine = EngineChoice::native;
  options.overlap = 0;
  Segmenter segmenter(world.bundle, options);
  auto c_options = sized<mm_segment_options>();
  c_options.engine = MM_ENGINE_NATIVE;
  mm_segmenter* c_segmenter = nullptr;
  REQUIRE(mm_segmenter_create(world.c_bundle, &c_options, nullptr, &c_segmenter) == MM_OK);
  const int wrong = in_child([&] {
    const std::string forked = "argument/forked";
    mm_volume* out = nullptr;
    int count = of_cpp([&] { segmenter.run(world.image); }) == forked ? 0 : 1;
    count += of_cpp([&] { segmenter.peak_bytes(world.image.geometry()); }) == forked ? 0 : 2;
    count += of_cpp([&] { Segmenter(world.bundle, options); }) == forked ? 0 : 4;
    count +=
        of_c([&] { return mm_segmenter_run(c_segmenter, world.c_image, nullptr, &out); }) == forked ? 0 : 8;
    return count;
  });
  CHECK(wrong == 0);
  mm_segmenter_free(c_segmenter);
}

TEST_CASE("capi: whatever takes a volume refuses an empty one", "[capi]") {
  World world;
  SegmentOptions options;
  options.engine = EngineChoice::native;
  Segmenter segmenter(world.bundle, options);
  const Volume empty;
  const Volume& full = world.image;
  const Volume& labels = world.labels;
  const std::vector<std::function<void()>> calls{
      [&] { segmenter.run(empty); },
      [&] { segmenter.peak_bytes(empty.geometry()); },
      [&] { write_nifti(empty, world.folder / "empty.nii"); },
      [&] { create_nifti(world.folder / "empty.nii", full.geometry(), DType::u8)->write(0, empty); },
      [&] { TissueClassifier().classify(empty, labels); },
      [&] { TissueClassifier().classify(full, empty); },
      [&] { TissueClassifier().classify(empty, empty); },
      [&] { world.tissue.set_exclusion_mask(empty); },
      [&] { measure_mean(empty, full, ValueKind::intensity, {}); },
      [&] { measure_mean(labels, empty, ValueKind::intensity, {}); },
      [&] { measure_mean(empty, empty, ValueKind::intensity, {}); },
      [&] { fat_fraction(empty, full); },
      [&] { fat_fraction(full, empty); },
      [&] { fat_fraction(empty, empty); },
      [&] { qc_montage_png(empty, labels, {}); },
      [&] { qc_montage_png(full, empty, {}); },
      [&] { qc_montage_png(empty, empty, {}); },
      [&] {
        tissue_montage_png(full, TissueOverlay{labels, {}, {}, {}}, {});
      },
  };
  for (std::size_t n = 0; n < calls.size(); ++n) {
    INFO(n);
    CHECK(of_cpp(calls[n]) == kArgument);
  }
}

}  // namespace
}  // namespace musclemap
