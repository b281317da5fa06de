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
#include "task/loaded_networks.hpp"
#include "task/musclemap_task.hpp"
#include "task/probability_files.hpp"
#include "task/run_task.hpp"
#include "task/segment_options.hpp"
#include "task/task_state.hpp"

namespace musclemap {
namespace {

constexpr std::int64_t kWindowsPerGpuBatch = 8;
constexpr float kSmallRange = 10;
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
  } else if (told.truncated && seen.most - seen.least < kSmallRange) {
    base::warn(control, WarningCode::small_range,
               "the image's values, " + base::number_text(static_cast<double>(seen.least)) + " to " +
                   base::number_text(static_cast<double>(seen.most)) +
                   ", differ by less than 10, and the task takes whole numbers of them: little of the image "
                   "is left");
  }
  if (told.box_empty) {
    base::warn(control, WarningCode::empty_label_map,
               "the rough model has found nothing to crop to: every voxel of the label map is 0");
  } else if (!told.labelled) {
    base::warn(control, WarningCode::empty_label_map, "nothing was found: every voxel of the label map is 0");
  }
}

// The model's task with the model itself as its network.
Task task_of(const ModelBundle& bundle, const SegmentOptions& options) {
  auto state = std::make_shared<Task::State>();
  state->spec = task::task_of_run(bundle, options);
  task::NetworkSource source;
  source.file = bundle.weights_file();
  source.bytes = task::held_weight_bytes(bundle);
  source.read = [bundle](const RunControl& /*control*/) { return task::network_of(bundle); };
  state->sources[state->spec.stages[0].networks[0].file] = std::move(source);
  return Task(std::move(state));
}

void refuse_slice_options(const SegmentOptions& options) {
  const auto refuse = [](const char* name) {
    throw Error(
        ErrorCode::argument,
        std::string(name) + " is an option of networks that see slices; a task states its own windows");
  };
  if (options.overlap) refuse("overlap");
  if (options.chunk_slices > 0) refuse("chunk_slices");
  if (options.all_parts) refuse("all_parts");
}

// The network that a run begins with.
const task::NetworkRef& first_network(const task::TaskSpec& task) {
  if (task.rough) return first_network(*task.rough->task);
  if (task.previous) return first_network(*task.previous->task);
  return task.stages[0].networks[0];
}

}  // namespace

struct Segmenter::State {
  std::optional<ModelBundle> bundle;
  Task task;
  SegmentOptions options;
  Device device;
  std::unique_ptr<task::LoadedNetworks> networks;
  SegmentReport report;

  State(std::optional<ModelBundle> model, Task what, const SegmentOptions& how)
      : bundle(std::move(model)), task(std::move(what)), options(how) {}

  const task::TaskSpec& spec() const { return task.state().spec; }

  void load(const RunControl& control);

  // What every run asks first. Errors `argument`: a shape that is none, reason `forked`.
  task::Plan plan(const Geometry& image, DType stored) const {
    refuse_after_fork();
    for (const std::int64_t length : image.shape)
      base::check_number(length, 1, std::numeric_limits<std::int64_t>::max(), "an axis of the image");
    const infer::LoadedEngine* first = networks->loaded(first_network(spec()));
    task::Machine machine = task::machine_of(*first->engine, networks->bytes(), stored);
    machine.window = [this](const task::NetworkRef& network, const std::vector<std::int64_t>& sizes,
                            std::int64_t classes) { return networks->window_bytes(network, sizes, classes); };
    return task::bound(spec(), image, machine);
  }

  std::int64_t windows_at_once(const task::Plan& plan, const RunControl& control) const {
    std::int64_t wanted = options.windows_per_batch;
    if (wanted <= 0) wanted = plan.useful_windows;
    if (wanted <= 0) {
      wanted = device.kind == Device::cuda ? kWindowsPerGpuBatch : base::resolve_threads(control.threads);
    }
    return task::windows_that_fit(plan, wanted, control.memory_budget);
  }

  // `probabilities` get those of a task; where there is no sink, the task's files do, if it has some.
  Volume classify(const std::vector<SlabReader*>& images, const RunControl& control, task::TaskGrid* grid,
                  const ProbabilitySink& probabilities = {});
};

// Chooses the device and loads the first network.
void Segmenter::State::load(const RunControl& control) {
  const task::NetworkRef& first = first_network(spec());
  ChosenDevice chosen;
  if (bundle) {
    chosen = choose_device(options, bundle->state().network);
  } else {
    chosen = choose_device(options, {});
  }
  device = chosen.device;
  infer::EngineRequest request;
  request.engine = options.engine;
  request.device = device;
  request.precision = options.precision;
  request.torch_threads = options.torch_threads;
  request.threads = base::resolve_threads(control.threads);
  networks = std::make_unique<task::LoadedNetworks>(task.state().sources, request);
  networks->open({first}, control);
  const infer::LoadedEngine& loaded = *networks->loaded(first);
  report.engine_reason = loaded.reason;
  report.engine_check = loaded.check;
  if (!task::sums_in_half(spec().stages[0])) report.overlap = options.overlap.value_or(task::kDefaultOverlap);
  report.precision = loaded.precision;
  report.engine = loaded.engine->name();
  report.device = device_name(device);
  report.device_reason = chosen.reason;
  base::report(control, Stage::prepare, 1, 1);
}

// What run_task() gives for every voxel.
Volume Segmenter::State::classify(const std::vector<SlabReader*>& images, const RunControl& control,
                                  task::TaskGrid* grid, const ProbabilitySink& probabilities) {
  if (static_cast<std::int64_t>(images.size()) != spec().images) {
    throw Error(ErrorCode::argument, "the task takes " + std::to_string(spec().images) +
                                         " images on one grid, " + std::to_string(images.size()) +
                                         " were given");
  }
  const Geometry geometry = images[0]->geometry();
  for (const SlabReader* each : images) {
    if (!same_grid(geometry, each->geometry()))
      throw Error(ErrorCode::geometry, "the images of the task are not on one grid");
  }
  if (!geometry.spacing_known) {
    base::warn(control, WarningCode::no_spacing,
               "the image has no voxel size; it is segmented as if a voxel were a cube of 1 mm");
  }
  const task::Plan planned = plan(geometry, images[0]->dtype());
  const task::RunSettings settings{windows_at_once(planned, control), base::resolve_threads(control.threads)};
  std::optional<task::ProbabilityFiles> files;
  ProbabilitySink sink = probabilities;
  if (!sink && !task.state().save_probabilities.empty()) {
    files.emplace(spec(), task.state().save_probabilities);
    sink = [&](const NetworkProbabilities& found) { files->take(found); };
  }
  task::TaskReport told;
  Volume classes = task::run_task(spec(), planned, *networks, settings, images, control, &told, grid, sink);
  if (files) files->commit();
  report.prepare_seconds = told.prepare_seconds;
  report.infer_seconds = told.infer_seconds;
  report.filter_seconds = told.filter_seconds;
  report.windows = told.windows;
  report.nonfinite_voxels = told.seen.nonfinite;
  report.beyond_float32_voxels = told.seen.beyond_float;
  report.box_empty = told.box_empty;
  tell_doubts(told, control);
  return classes;
}

Segmenter::Segmenter(ModelBundle bundle, SegmentOptions options, const RunControl& control) {
  refuse_after_fork();
  base::check_options(options);
  if (!bundle.problem().empty()) {
    throw Error(ErrorCode::model, Reason::model, bundle.problem(), bundle.weights_file());
  }
  Task task = task_of(bundle, options);
  state_ = std::make_unique<State>(std::move(bundle), std::move(task), options);
  state_->load(control);
}

Segmenter::Segmenter(Task task, SegmentOptions options, const RunControl& control) {
  refuse_after_fork();
  base::check_options(options);
  if (task::sums_in_half(task.state().spec.stages[0])) refuse_slice_options(options);
  state_ = std::make_unique<State>(std::nullopt, std::move(task), options);
  state_->load(control);
}

Segmenter::~Segmenter() = default;
Segmenter::Segmenter(Segmenter&&) noexcept = default;
Segmenter& Segmenter::operator=(Segmenter&&) noexcept = default;

Volume Segmenter::run(const Volume& image, const RunControl& control) {
  image::VolumeReader reader(image, "image");
  return run(reader, control);
}

Volume Segmenter::run(SlabReader& image, const RunControl& control) {
  return run(std::vector<SlabReader*>{&image}, control);
}

Volume Segmenter::run(const std::vector<SlabReader*>& images, const RunControl& control) {
  const Volume classes = state_->classify(images, control, nullptr);
  return task::label_values(state_->spec(), classes, 0, classes.geometry().shape[2]);
}

void Segmenter::run(SlabReader& image, SlabWriter& labels, const RunControl& control) {
  const base::Steps steps(control, {kClassMapWeight, base::stage_weight(Stage::write)});
  const Volume classes = state_->classify({&image}, steps.step(0), nullptr);
  const RunControl writing = steps.step(1);
  const std::int64_t slices = classes.geometry().shape[2];
  for (std::int64_t k = 0; k < slices; ++k) {
    labels.write(k, task::label_values(state_->spec(), classes, k, 1));
    base::report(writing, Stage::write, k + 1, slices);
  }
}

TaskGridLabels Segmenter::run_with_grid(const std::vector<SlabReader*>& images, const RunControl& control,
                                        const ProbabilitySink& probabilities) {
  if (!task::sums_in_half(state_->spec().stages[0]))
    throw Error(ErrorCode::argument, "a model whose network sees slices has no grid of its own");
  task::TaskGrid grid;
  TaskGridLabels found;
  found.labels = state_->classify(images, control, &grid, probabilities);
  found.grid_image = grid.image;
  found.grid_labels = grid.labels;
  return found;
}

std::size_t Segmenter::peak_bytes(const Geometry& image, const RunControl& control) const {
  const task::Plan plan = state_->plan(image, DType::f64);
  return plan.peak_bytes(state_->windows_at_once(plan, control));
}

const SegmentReport& Segmenter::report() const noexcept { return state_->report; }
const ModelBundle& Segmenter::bundle() const {
  if (!state_->bundle) throw Error(ErrorCode::argument, "the segmenter runs a task, which is not a model's");
  return *state_->bundle;
}
const Task& Segmenter::task() const noexcept { return state_->task; }
std::vector<TaskNetwork> Segmenter::networks() const {
  std::vector<TaskNetwork> networks = state_->task.networks();
  for (TaskNetwork& each : networks) each.sha256 = state_->networks->sha256(each);
  return networks;
}

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
