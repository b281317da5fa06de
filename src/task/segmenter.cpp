#include "musclemap/segmenter.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/checked.hpp"
#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "base/text.hpp"
#include "base/warnings.hpp"
#include "image/volume_reader.hpp"
#include "infer/engine.hpp"
#include "infer/load_engine.hpp"
#include "musclemap/error.hpp"
#include "task/bundle_state.hpp"
#include "task/musclemap_task.hpp"
#include "task/run_task.hpp"
#include "task/segment_options.hpp"

namespace musclemap {
namespace {

constexpr std::int64_t kWindowsPerGpuBatch = 8;
// Beside what comes after it.
const double kClassMapWeight = base::stage_weight(Stage::prepare) + base::stage_weight(Stage::infer);

struct ChosenDevice {
  Device device;
  std::string reason;  // why it is not a GPU
};

// Opening LibTorch's CUDA part costs seconds, so the driver is looked for first.
std::string why_no_driver() {
  void* driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
  if (driver == nullptr) return "no NVIDIA driver (libcuda.so.1)";
  dlclose(driver);
  return {};
}

ChosenDevice choose_device(const SegmentOptions& options, const infer::Network& network) {
  if (options.device) return {options.device->kind == Device::cuda ? *options.device : Device{}, {}};
  if (options.engine == EngineChoice::native) return {Device{}, "the native engine was asked for"};
  std::string reason = why_no_driver();
  if (reason.empty() && !network.not_runnable.empty()) {
    reason = "LibTorch, which has GPU kernels, may not run the model: it " + network.not_runnable;
  }
  if (reason.empty()) {
    const infer::TorchProbe probe = infer::probe_torch(true);
    if (probe.cuda) return {Device{Device::cuda, 0}, {}};
    reason = probe.cuda_problem;
  }
  return {Device{}, reason};
}

std::string device_name(const Device& device) {
  return device.kind == Device::cuda ? "cuda:" + std::to_string(device.index) : "cpu";
}

// Neither LibTorch's threads nor ours live in a child that came from fork(), and both are waited for.
void refuse_after_fork() {
  static std::atomic<pid_t> process_of_engine{0};
  pid_t nobody = 0;
  if (process_of_engine.compare_exchange_strong(nobody, getpid()) || nobody == getpid()) return;
  throw Error(ErrorCode::argument, Reason::forked,
              "this process came from fork() after its parent had used the engine; start workers by exec "
              "(Python: the 'spawn' or 'forkserver' method)");
}

void tell_doubts(const task::TaskReport& told, const RunControl& control) {
  const image::VoxelsSeen& seen = told.seen;
  if (seen.nonfinite > 0) {
    base::warn(control, WarningCode::nonfinite,
               std::to_string(seen.nonfinite) + " voxels are NaN or infinite and were taken as 0");
  }
  if (seen.beyond_float > 0) {
    base::warn(control, WarningCode::beyond_float32,
               std::to_string(seen.beyond_float) +
                   " voxels are too large for single precision (above 3.4e38) and were taken as 0");
  }
  const bool whole = seen.nonfinite == 0 && seen.beyond_float == 0;
  if (whole && seen.least == seen.most) {
    base::warn(control, WarningCode::blank_image,
               "every voxel of the image is " + base::number_text(static_cast<double>(seen.least)));
  }
  if (!told.labelled) {
    base::warn(control, WarningCode::empty_label_map, "nothing was found: every voxel of the label map is 0");
  }
}

// A program that may not be run is told with its file.
infer::LoadedEngine load(const ModelBundle& bundle, const infer::EngineRequest& request) {
  try {
    return infer::load_engine(bundle.state().network, request);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::model) throw error.about(bundle.weights_file());
    throw;
  }
}

}  // namespace

struct Segmenter::State {
  ModelBundle bundle;
  SegmentOptions options;
  Device device;
  task::TaskSpec spec;
  SegmentReport report;
  std::unique_ptr<infer::Engine> engine;

  // What every run asks first. Errors `argument`: a shape that is none, reason `forked`.
  task::Plan plan(const Geometry& image, DType stored) const {
    refuse_after_fork();
    for (const std::int64_t length : image.shape)
      base::check_number(length, 1, std::numeric_limits<std::int64_t>::max(), "an axis of the image");
    return task::bound(spec, image, task::machine_of(bundle, *engine, stored));
  }

  std::int64_t windows_at_once(const task::Plan& plan, const RunControl& control) const {
    std::int64_t wanted = options.windows_per_batch;
    if (wanted <= 0) wanted = plan.useful_windows;
    if (wanted <= 0) {
      wanted = device.kind == Device::cuda ? kWindowsPerGpuBatch : base::resolve_threads(control.threads);
    }
    return task::windows_that_fit(plan, wanted, control.memory_budget);
  }

  Volume classify(SlabReader& image, const RunControl& control);
};

// The class of every voxel.
Volume Segmenter::State::classify(SlabReader& image, const RunControl& control) {
  const Geometry geometry = image.geometry();
  if (!geometry.spacing_known) {
    base::warn(control, WarningCode::no_spacing,
               "the image has no voxel size; it is segmented as if a voxel were a cube of 1 mm");
  }
  const task::Plan planned = plan(geometry, image.dtype());
  const task::RunSettings settings{windows_at_once(planned, control), base::resolve_threads(control.threads)};
  task::TaskReport told;
  Volume classes = task::run_task(spec, planned, *engine, settings, image, control, &told);
  report.prepare_seconds = told.prepare_seconds;
  report.infer_seconds = told.infer_seconds;
  report.filter_seconds = told.filter_seconds;
  report.windows = told.windows;
  report.nonfinite_voxels = told.seen.nonfinite;
  report.beyond_float32_voxels = told.seen.beyond_float;
  tell_doubts(told, control);
  return classes;
}

Segmenter::Segmenter(ModelBundle bundle, SegmentOptions options, const RunControl& control) {
  refuse_after_fork();
  base::check_options(options);
  if (!bundle.problem().empty()) {
    throw Error(ErrorCode::model, Reason::model, bundle.problem(), bundle.weights_file());
  }
  const ChosenDevice chosen = choose_device(options, bundle.state().network);
  task::TaskSpec spec = task::task_of_run(bundle, options);
  state_ =
      std::make_unique<State>(State{std::move(bundle), options, chosen.device, std::move(spec), {}, nullptr});
  infer::EngineRequest request;
  request.engine = options.engine;
  request.device = chosen.device;
  request.precision = options.precision;
  request.torch_threads = options.torch_threads;
  request.threads = base::resolve_threads(control.threads);
  // Where the first engine is not taken, a second one is checked from the start.
  int furthest = 0;
  request.after_layer = [&](int done, int layers) {
    furthest = std::max(furthest, done);
    base::report(control, Stage::prepare, furthest, layers + 1);
  };
  infer::LoadedEngine loaded = load(state_->bundle, request);
  state_->engine = std::move(loaded.engine);
  state_->report.engine_reason = std::move(loaded.reason);
  state_->report.engine_check = std::move(loaded.check);
  state_->report.overlap = options.overlap.value_or(task::kDefaultOverlap);
  state_->report.precision = loaded.precision;
  state_->report.engine = state_->engine->name();
  state_->report.device = device_name(chosen.device);
  state_->report.device_reason = chosen.reason;
  base::report(control, Stage::prepare, 1, 1);
}

Segmenter::~Segmenter() = default;
Segmenter::Segmenter(Segmenter&&) noexcept = default;
Segmenter& Segmenter::operator=(Segmenter&&) noexcept = default;

Volume Segmenter::run(const Volume& image, const RunControl& control) {
  image::VolumeReader reader(image, "image");
  return run(reader, control);
}

Volume Segmenter::run(SlabReader& image, const RunControl& control) {
  const Volume classes = state_->classify(image, control);
  return task::label_values(classes, state_->bundle.labels(), 0, classes.geometry().shape[2]);
}

void Segmenter::run(SlabReader& image, SlabWriter& labels, const RunControl& control) {
  const base::Steps steps(control, {kClassMapWeight, base::stage_weight(Stage::write)});
  const Volume classes = state_->classify(image, steps.step(0));
  const RunControl writing = steps.step(1);
  const std::int64_t slices = classes.geometry().shape[2];
  for (std::int64_t k = 0; k < slices; ++k) {
    labels.write(k, task::label_values(classes, state_->bundle.labels(), k, 1));
    base::report(writing, Stage::write, k + 1, slices);
  }
}

std::size_t Segmenter::peak_bytes(const Geometry& image, const RunControl& control) const {
  const task::Plan plan = state_->plan(image, DType::f64);
  return plan.peak_bytes(state_->windows_at_once(plan, control));
}

const SegmentReport& Segmenter::report() const noexcept { return state_->report; }
const ModelBundle& Segmenter::bundle() const noexcept { return state_->bundle; }
const SegmentOptions& Segmenter::options() const noexcept { return state_->options; }

EngineStatus engine_status() {
  const std::string no_driver = why_no_driver();
  const infer::TorchProbe probe = infer::probe_torch(no_driver.empty());
  EngineStatus status;
  status.native = infer::native_engine_name();
  status.available = probe.available;
  status.name = probe.name;
  status.module_file = probe.module_file;
  status.library_file = probe.library_folder.empty() ? "" : probe.library_folder + "/libtorch_cpu.so";
  status.problem = probe.problem;
  status.cuda = probe.cuda;
  status.cuda_problem = no_driver.empty() ? probe.cuda_problem : no_driver;
  return status;
}

}  // namespace musclemap
