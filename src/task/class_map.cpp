#include "task/class_map.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <type_traits>
#include <vector>

#include "base/checked.hpp"
#include "base/progress.hpp"
#include "image/intensity.hpp"
#include "image/labels/components.hpp"
#include "image/logit_box.hpp"
#include "image/orientation.hpp"
#include "image/oriented_slices.hpp"
#include "image/resampler.hpp"
#include "image/sampling_grid.hpp"
#include "image/slice_source.hpp"
#include "infer/class_inferer.hpp"
#include "infer/window_plan.hpp"
#include "musclemap/error.hpp"
#include "task/bundle_state.hpp"

namespace musclemap::task {
namespace {

constexpr std::int64_t kForegroundMargin = 20;
// MuscleMap pads every image to this size in the plane, whatever the model's window.
constexpr std::int64_t kLeastInPlane = 256;

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Slices of the resampled image as the network sees them: z-scored and cut to the box.
class NetworkInput {
 public:
  NetworkInput(image::SliceSource& source, const image::ZScore& score, const Index3& begin, const Index3& end)
      : source_(source), score_(score), begin_(begin), end_(end) {}

  std::vector<float> slice(std::int64_t z) {
    const image::Slice whole = source_.slice(z);
    const std::int64_t row = source_.shape()[1];
    std::vector<float> cut;
    cut.reserve(static_cast<std::size_t>((end_[0] - begin_[0]) * (end_[1] - begin_[1])));
    for (std::int64_t x = begin_[0]; x < end_[0]; ++x) {
      const float* values = whole->data() + x * row;
      for (std::int64_t y = begin_[1]; y < end_[1]; ++y) cut.push_back(score_(values[y]));
    }
    return cut;
  }

 private:
  image::SliceSource& source_;
  image::ZScore score_;
  Index3 begin_;
  Index3 end_;
};

// z of the given step of a pass that follows the stored order.
std::int64_t pass_z(std::int64_t step, std::int64_t count, bool falling) {
  return falling ? count - 1 - step : step;
}

struct Statistics {
  image::ZScore score;
  bool has_foreground = false;
  Index3 begin{};
  Index3 end{};
};

Statistics measure(image::SliceSource& source, bool falling, const image::OrientedSlices& raw,
                   const RunControl& control, ClassMapReport* report) {
  const std::int64_t count = source.shape()[2];
  image::MeanPass first;
  for (std::int64_t step = 0; step < count; ++step) {
    first.add(source.slice(pass_z(step, count, falling)));
    base::report(control, Stage::prepare, step + 1, 2 * count);
  }
  report->nonfinite_voxels += raw.nonfinite();
  report->beyond_float_voxels += raw.beyond_float();
  report->least = std::min(report->least, raw.least());
  report->most = std::max(report->most, raw.most());
  image::SpreadPass second(first, source.shape());
  for (std::int64_t step = 0; step < count; ++step) {
    const std::int64_t z = pass_z(step, count, falling);
    second.add(z, source.slice(z));
    base::report(control, Stage::prepare, count + step + 1, 2 * count);
  }
  Statistics result{second.score(), second.has_foreground(), {}, {}};
  if (result.has_foreground) {
    result.begin = second.box_begin(kForegroundMargin);
    result.end = second.box_end(kForegroundMargin);
  }
  return result;
}

// Calls body with the mutable view of a class map.
template <class Body>
void with_view(Volume& classes, const Body& body) {
  if (classes.dtype() == DType::u8) {
    body(classes.mutable_view<std::uint8_t>());
  } else {
    body(classes.mutable_view<std::int16_t>());
  }
}

// Writes slice z of the oriented volume; a null slice means class 0.
void store(Volume& classes, const image::Orientation& orientation, std::int64_t z,
           const std::int16_t* slice) {
  with_view(classes, [&](const auto& stored) {
    const auto view = image::oriented_view(orientation, stored);
    using Voxel = std::remove_reference_t<decltype(view(0, 0, 0))>;
    for (std::int64_t x = 0; x < view.shape[0]; ++x) {
      for (std::int64_t y = 0; y < view.shape[1]; ++y) {
        view(x, y, z) = slice == nullptr ? Voxel{0} : static_cast<Voxel>(*slice++);
      }
    }
  });
}

infer::SlicePlan slice_plan(const ModelBundle& bundle, double overlap, std::int64_t nx, std::int64_t ny) {
  return {infer::plan_axis(nx, bundle.window()[0], overlap, kLeastInPlane),
          infer::plan_axis(ny, bundle.window()[1], overlap, kLeastInPlane), nx, ny};
}

}  // namespace

ClassMapMemory class_map_memory(const ModelBundle& bundle, const infer::Engine& engine, double overlap,
                                const Geometry& image) {
  const image::Orientation orientation = image::closest_ras(image.to_world);
  const Index3 shape = image::oriented_shape(orientation, image.shape);
  const image::SamplingGrid grid =
      image::sampling_grid(shape, image::oriented_affine(orientation, image), bundle.target_spacing());
  const auto bytes = [](std::int64_t count, std::int64_t size) {
    return static_cast<std::size_t>(base::checked_mul(count, size));
  };
  const std::int64_t plane = base::checked_mul(grid.shape[0], grid.shape[1]);
  const std::int64_t classes = bundle.out_channels();
  ClassMapMemory memory;
  // Three slices of scores: two neighbours that a target slice lies between, and the one that is being made.
  memory.fixed = 3 * bytes(base::checked_mul(plane, classes), 4);
  memory.fixed += 8 * bytes(std::max(plane, shape[0] * shape[1]), 4);
  memory.fixed += 3 * bytes(bundle.parameter_count(), 4);
  memory.fixed +=
      bytes(shape[0] * shape[1] * shape[2], static_cast<std::int64_t>(dtype_size(class_dtype(bundle))));
  if (image::stored_axis(orientation, 2) != 2) memory.fixed += bytes(shape[0] * shape[1] * shape[2], 8);
  // The box of the foreground is not known yet; it is the whole slice at most.
  const infer::EngineMemory of_engine =
      engine.memory(slice_plan(bundle, overlap, grid.shape[0], grid.shape[1]), classes);
  memory.fixed += of_engine.fixed;
  memory.per_window = of_engine.per_window;
  memory.useful_windows = of_engine.useful_windows;
  return memory;
}

void fill_class_map(const ModelBundle& bundle, infer::Engine& engine, const ClassMapSettings& settings,
                    SlabReader& image, Volume classes, const RunControl& control, ClassMapReport* report) {
  const Clock::time_point prepare_start = Clock::now();
  const Geometry geometry = image.geometry();
  const image::Orientation orientation = image::closest_ras(geometry.to_world);
  image::OrientedSlices raw(image, orientation);
  const Index3 native = raw.shape();
  const image::SamplingGrid grid =
      image::sampling_grid(native, image::oriented_affine(orientation, geometry), bundle.target_spacing());
  std::optional<image::ResampledSlices> resampled;
  std::optional<image::Resampler> back;
  if (!grid.identity) {
    resampled.emplace(raw, image::Resampler(native, grid.shape, grid.to_source), settings.threads);
    back.emplace(grid.shape, native, grid.from_source);
  }
  image::SliceSource& source = resampled ? static_cast<image::SliceSource&>(*resampled) : raw;
  const bool falling = raw.reversed();
  const base::Steps steps(control, {base::stage_weight(Stage::prepare), base::stage_weight(Stage::infer)});
  const Statistics statistics = measure(source, falling, raw, steps.step(0), report);
  report->prepare_seconds += seconds_since(prepare_start);

  if (!statistics.has_foreground) {
    for (std::int64_t z = 0; z < native[2]; ++z) store(classes, orientation, z, nullptr);
    return;
  }

  const Clock::time_point infer_start = Clock::now();
  const image::LogitBox box{bundle.out_channels(), statistics.begin, statistics.end};
  const std::int64_t nx = box.end[0] - box.begin[0];
  const std::int64_t ny = box.end[1] - box.begin[1];
  infer::SliceInfererOptions options;
  options.classes = box.classes;
  options.windows_at_once = settings.windows_at_once;
  options.threads = settings.threads;
  options.before_batch = [&control] { base::stop_if_cancelled(control); };
  const infer::SlicePlan windows = slice_plan(bundle, settings.overlap, nx, ny);
  NetworkInput input(source, statistics.score, box.begin, box.end);
  infer::ClassTask task;
  task.box = box;
  task.resampler = back ? &*back : nullptr;
  task.target = native;
  task.falling = falling;
  task.image_of = [&input](std::int64_t z) { return input.slice(z); };
  const std::unique_ptr<infer::ClassInferer> inferer = engine.infer_classes(windows, options, task);
  const RunControl inferring = steps.step(1);
  for (std::int64_t step = 0; step < native[2]; ++step) {
    const std::int64_t z = pass_z(step, native[2], falling);
    const auto& found = inferer->slice(z);
    store(classes, orientation, z, found.data());
    report->labelled =
        report->labelled || std::any_of(found.begin(), found.end(), [](auto c) { return c != 0; });
    base::report(inferring, Stage::infer, step + 1, native[2]);
  }
  report->windows += inferer->windows_done();
  report->infer_seconds += seconds_since(infer_start);
}

DType class_dtype(const ModelBundle& bundle) { return bundle.out_channels() <= 256 ? DType::u8 : DType::i16; }

void keep_largest_parts(Volume classes) {
  with_view(classes, [](const auto& view) { image::keep_largest_components(view); });
}

Volume label_values(const Volume& classes, const std::vector<Label>& labels, std::int64_t k_begin,
                    std::int64_t k_count) {
  const Index3& n = classes.geometry().shape;
  Volume part = classes.subvolume({0, 0, k_begin}, {n[0], n[1], k_count});
  Volume result = Volume::zeros(part.geometry(), DType::i16);
  const VoxelView<std::int16_t> to = result.mutable_view<std::int16_t>();
  with_view(part, [&](const auto& from) {
    for (std::int64_t k = 0; k < k_count; ++k) {
      for (std::int64_t j = 0; j < n[1]; ++j) {
        for (std::int64_t i = 0; i < n[0]; ++i) {
          const auto index = static_cast<std::size_t>(from(i, j, k));
          if (index != 0) to(i, j, k) = static_cast<std::int16_t>(labels[index - 1].value);
        }
      }
    }
  });
  return result;
}

}  // namespace musclemap::task
