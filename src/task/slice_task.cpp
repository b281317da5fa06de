#include "task/slice_task.hpp"

#include <algorithm>
#include <memory>
#include <type_traits>
#include <variant>

#include "base/progress.hpp"
#include "image/labels/components.hpp"
#include "image/polish/parts.hpp"
#include "image/typed_view.hpp"
#include "image/volume_reader.hpp"
#include "task/chunks.hpp"
#include "task/measured_chain.hpp"
#include "task/polish/polish.hpp"
#include "task/seconds.hpp"
#include "task/streamed_classes.hpp"

namespace musclemap::task {
namespace {

// Writes slice z of the task's grid, [x][y] with y fastest.
void store(Volume& classes, const image::Orientation& orientation, std::int64_t z,
           const std::vector<std::int16_t>& slice) {
  image::with_labels(classes, [&](const auto& stored) {
    const auto view = image::oriented_view(orientation, stored);
    using Voxel = std::remove_reference_t<decltype(view(0, 0, 0))>;
    const std::int16_t* from = slice.data();
    for (std::int64_t x = 0; x < view.shape[0]; ++x) {
      for (std::int64_t y = 0; y < view.shape[1]; ++y) view(x, y, z) = static_cast<Voxel>(*from++);
    }
  });
}

// One image, or a chunk of one; `classes` are 0.
class Run {
 public:
  Run(const TaskSpec& task, infer::Engine& engine, const RunSettings& settings, TaskReport* report)
      : task_(task), engine_(engine), settings_(settings), report_(report) {}

  void fill(const Plan& bound, SlabReader& image, Volume& classes, const RunControl& control) {
    const base::Steps steps(control, {base::stage_weight(Stage::prepare), base::stage_weight(Stage::infer)});
    const Clock::time_point prepare_start = Clock::now();
    image::OrientedField raw(image, bound.orientation);
    bool seen = false;
    const auto after_pass = [&] {
      if (!seen) report_->see(raw.seen());
      seen = true;
    };
    falling_ = bound.falling();
    orientation_ = bound.orientation;
    MeasuredChain chain(task_.stages[0].steps, raw, bound.grids.back(), falling_, settings_.threads,
                        after_pass, steps.step(0));
    const StagePlan plan = plan_stage(task_.stages[0], bound.grids.back(), chain.measured());
    report_->prepare_seconds += seconds_since(prepare_start);
    if (plan.back.box.empty()) return;
    const Clock::time_point infer_start = Clock::now();
    infer(plan, chain.top(), classes, steps.step(1));
    report_->infer_seconds += seconds_since(infer_start);
    if (!seen) report_->see(raw.seen());
  }

 private:
  void infer(const StagePlan& plan, image::Field& field, Volume& classes, const RunControl& control) {
    const std::unique_ptr<infer::ClassInferer> inferer = classes_of(plan, field, control);
    const std::int64_t slices = plan.back.target[2];
    for (std::int64_t n = 0; n < slices; ++n) {
      const std::int64_t z = falling_ ? slices - 1 - n : n;
      const std::vector<std::int16_t>& found = inferer->slice(z);
      store(classes, orientation_, z, found);
      report_->labelled =
          report_->labelled || std::any_of(found.begin(), found.end(), [](auto c) { return c != 0; });
      base::report(control, Stage::infer, n + 1, slices);
    }
    report_->windows += inferer->windows_done();
  }

  // By the engine's own way where it has one, else from its scores.
  std::unique_ptr<infer::ClassInferer> classes_of(const StagePlan& plan, image::Field& field,
                                                  const RunControl& control) {
    infer::SliceInfererOptions options;
    options.classes = task_.classes();
    options.windows_at_once = settings_.windows_at_once;
    options.threads = settings_.threads;
    options.before_batch = [&control] { base::stop_if_cancelled(control); };
    infer::ClassTask task;
    task.back = plan.back;
    task.falling = falling_;
    const image::Block all = image::whole(plan.back.box.shape());
    task.image_of = [&field, all, first = plan.back.box.begin[2]](std::int64_t z) {
      return field.values(image::slice_of(all, z - first));
    };
    std::unique_ptr<infer::ClassInferer> own = engine_.infer_classes(plan.slice, options, task);
    if (own) return own;
    return std::make_unique<StreamedClasses>(engine_.infer_slices(plan.slice, options), task, options.classes,
                                             options.threads);
  }

  const TaskSpec& task_;
  infer::Engine& engine_;
  const RunSettings& settings_;
  TaskReport* report_;
  bool falling_ = false;
  image::Orientation orientation_;
};

}  // namespace

Volume run_slice_task(const TaskSpec& task, const Plan& plan, infer::Engine& engine,
                      const RunSettings& settings, SlabReader& image, const RunControl& control,
                      TaskReport* report) {
  const Geometry geometry = image.geometry();
  const std::int64_t slices = geometry.shape[2];
  Volume classes = Volume::zeros(geometry, class_dtype(task));
  const base::Steps steps(control, {base::stage_weight(Stage::prepare) + base::stage_weight(Stage::infer),
                                    base::stage_weight(Stage::filter)});
  const RunControl mapping = steps.step(0);
  Run run(task, engine, settings, report);
  const std::vector<Chunk> chunks = chunks_of(slices, task.each.chunk_slices);
  if (chunks.size() == 1) {
    run.fill(plan, image, classes, mapping);
  } else {
    std::vector<double> weights;
    weights.reserve(chunks.size());
    for (const Chunk& chunk : chunks) weights.push_back(static_cast<double>(chunk.count));
    const base::Steps parts(mapping, weights);
    TaskSpec whole = task;
    whole.each = {};
    for (std::size_t n = 0; n < chunks.size(); ++n) {
      image::VolumeReader chunk(read_chunk(image, chunks[n]));
      Volume part =
          classes.subvolume({0, 0, chunks[n].begin}, {geometry.shape[0], geometry.shape[1], chunks[n].count});
      run.fill(lay_out(whole, chunk.geometry()), chunk, part, parts.step(n));
    }
  }
  const Clock::time_point polish_start = Clock::now();
  polish_at(image::At::image, task.polish, {}, &classes);
  base::report(steps.step(1), Stage::filter, 1, 1);
  report->filter_seconds += seconds_since(polish_start);
  return classes;
}

}  // namespace musclemap::task
