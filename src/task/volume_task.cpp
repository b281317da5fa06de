#include "task/volume_task.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "base/progress.hpp"
#include "image/cropped_reader.hpp"
#include "image/held_field.hpp"
#include "image/joined_field.hpp"
#include "image/labels/smooth_back.hpp"
#include "image/labels_back.hpp"
#include "image/polish/parts.hpp"
#include "image/reordered.hpp"
#include "image/steps/resample_corner.hpp"
#include "image/sub_field.hpp"
#include "task/measured_chain.hpp"
#include "task/polish/polish.hpp"
#include "task/rough_box.hpp"
#include "task/seconds.hpp"
#include "task/slabs.hpp"
#include "task/stage_probabilities.hpp"
#include "task/volume_stage.hpp"

namespace musclemap::task {
namespace {

Geometry geometry_of(const image::Grid& grid) {
  Geometry geometry;
  geometry.shape = grid.shape;
  geometry.to_world.m = grid.to_world.m;
  return geometry;
}

image::Zooms zooms_of(const image::Grid& grid) {
  const Spacing sizes = image::voxel_sizes(grid);
  image::Zooms zooms{};
  std::transform(sizes.begin(), sizes.end(), zooms.begin(),
                 [](double size) { return static_cast<float>(size); });
  return zooms;
}

// The first channel, without a copy.
Volume image_volume(const std::shared_ptr<image::HeldField>& image, const image::Grid& grid) {
  constexpr auto kVoxel = static_cast<std::int64_t>(sizeof(float));
  const Index3 strides{kVoxel, kVoxel * grid.shape[0], kVoxel * grid.shape[0] * grid.shape[1]};
  return Volume::borrow(image->all().data(), geometry_of(grid), DType::f32, strides, image);
}

// Whether values become whole numbers: a step that has nothing to resample leaves them as they are.
bool truncates(const TaskSpec& task, const Plan& plan) {
  for (std::size_t n = 0; n < task.steps.size(); ++n) {
    const auto* step = std::get_if<image::ResampleCorner>(&task.steps[n]);
    if (step != nullptr && step->truncate && image::voxel_sizes(plan.grids[n]) != step->spacing_mm)
      return true;
  }
  return false;
}

// A task on whole images, without its rough one.
class VolumeRun {
 public:
  VolumeRun(const TaskSpec& task, Networks& networks, const RunSettings& settings,
            const ProbabilitySink& probabilities, const Volume* previous, TaskReport* report)
      : task_(task),
        networks_(networks),
        settings_(settings),
        probabilities_(probabilities),
        previous_(previous),
        report_(report) {}

  // Labels before those that are done on the images' own grid.
  Volume labels(const Plan& plan, const std::vector<SlabReader*>& images, const RunControl& control,
                TaskGrid* grid) {
    const Geometry stored = images[0]->geometry();
    const image::Grid& own = plan.grids.back();
    const std::vector<Slab> slabs = slabs_of(task_, own.shape);  // refuses before anything runs
    std::vector<double> weights{base::stage_weight(Stage::prepare)};
    weights.insert(weights.end(), slabs.size() * task_.stages.size(), base::stage_weight(Stage::infer));
    const base::Steps steps(control, weights);
    const std::shared_ptr<image::HeldField> image = hold(images, plan, steps.step(0));
    Volume found = Volume::zeros(geometry_of(own), class_dtype(task_));
    // Slabs do not share a voxel, so that stages may come first: a network's probabilities are whole then.
    for (std::size_t n = 0; n < task_.stages.size(); ++n) {
      const StageSpec& stage = task_.stages[n];
      std::optional<StageProbabilities> kept;
      if (probabilities_) kept.emplace(stage, task_.channels(stage), geometry_of(own), as_read(plan));
      for (std::size_t s = 0; s < slabs.size(); ++s)
        run(stage, slabs[s], own, *image, steps.step(1 + n * slabs.size() + s), &found,
            kept ? &*kept : nullptr);
      if (kept) probabilities_(kept->all());
    }
    const Clock::time_point start = Clock::now();
    polish_at(image::At::task, task_.polish, {zooms_of(own), nullptr}, &found);
    report_->filter_seconds += seconds_since(start);
    if (grid != nullptr) *grid = {image_volume(image, own), found};
    return taken_back(plan, stored, found);
  }

 private:
  // The image that nnU-Net would have been given.
  Geometry as_read(const Plan& plan) const {
    return geometry_of(plan.grids[task_.steps.size() - static_cast<std::size_t>(task_.steps_of_reader)]);
  }

  // The images as channels on the task's grid.
  std::shared_ptr<image::HeldField> hold(const std::vector<SlabReader*>& images, const Plan& plan,
                                         const RunControl& control) {
    const Clock::time_point start = Clock::now();
    std::vector<std::unique_ptr<image::OrientedField>> raw;
    std::vector<image::Field*> channels;
    for (SlabReader* each : images) {
      raw.push_back(std::make_unique<image::OrientedField>(*each, plan.orientation));
      channels.push_back(raw.back().get());
    }
    image::JoinedField joined(channels);
    MeasuredChain chain(
        task_.steps, joined, plan.grids[0], plan.falling(), settings_.threads, [] {}, control);
    auto held = std::make_shared<image::HeldField>(chain.top(), plan.grids.back().shape, plan.falling());
    for (const auto& each : raw) report_->see(each->seen());
    report_->truncated |= truncates(task_, plan);
    report_->prepare_seconds += seconds_since(start);
    return held;
  }

  void run(const StageSpec& stage, const Slab& slab, const image::Grid& grid, image::HeldField& image,
           const RunControl& control, Volume* labels, StageProbabilities* probabilities) {
    if (probabilities != nullptr) probabilities->begin_slab(slab);
    image::Block block = image::whole(grid.shape);
    block.begin[2] = slab.begin;
    block.end[2] = slab.end;
    image::SubField part(image, block.begin);
    const image::Grid own = image::sub_grid(grid, block);
    run_volume_stage(
        task_, stage, part, own, networks_, settings_, control, report_,
        [&](std::int64_t z, const std::vector<std::int16_t>& found) {
          if (slab.begin + z < slab.keep_begin || slab.begin + z >= slab.keep_end) return;
          merge(found, slab.begin + z, labels);
        },
        probabilities, previous_);
  }

  // A stage's labels count where it has found one.
  void merge(const std::vector<std::int16_t>& found, std::int64_t z, Volume* labels) {
    image::with_labels(*labels, [&](const auto& view) {
      const std::int16_t* from = found.data();
      for (std::int64_t y = 0; y < view.shape[1]; ++y) {
        for (std::int64_t x = 0; x < view.shape[0]; ++x, ++from) {
          if (*from == 0) continue;
          view(x, y, z) = static_cast<std::decay_t<decltype(view(0, 0, 0))>>(*from);
          report_->labelled = true;
        }
      }
    });
  }

  Volume taken_back(const Plan& plan, const Geometry& stored, const Volume& labels) const {
    if (task_.labels_back == LabelsReturn::none)
      return image::reordered(labels, image::inverse(plan.orientation)).deep_copy();
    if (task_.labels_back == LabelsReturn::nearest) return taken_by(plan.labels_back, stored, labels);
    // Classes that are dropped later must not take voxels of others here.
    Volume kept = labels;
    for (const Polish& each : task_.polish) {
      const auto* keep = std::get_if<image::KeepOnly>(&each);
      if (keep == nullptr) continue;
      kept = labels.deep_copy();
      polish(*keep, kept, {});
    }
    const std::size_t before = task_.steps.size() - 1;
    image::LabelsBack back = image::labels_as_they_are(plan.grids[before].shape);
    for (std::size_t n = before; n > 0; --n) {
      std::visit([&](const auto& step) { undo_labels(step, plan.grids[n - 1], {}, &back); },
                 task_.steps[n - 1]);
    }
    return taken_by(back, stored,
                    image::smooth_back(kept, geometry_of(plan.grids[before]), settings_.threads));
  }

  static Volume taken_by(const image::LabelsBack& way, const Geometry& stored, const Volume& labels) {
    Volume back = Volume::zeros(stored, labels.dtype());
    image::with_labels(back, [&](const auto& to) {
      using Voxel = std::decay_t<decltype(to(0, 0, 0))>;
      const Voxel* from = labels.view<Voxel>().data;
      for (std::int64_t k = 0; k < stored.shape[2]; ++k)
        image::take_back(way, from, labels.geometry().shape, k, &to(0, 0, k));
    });
    return back;
  }

  const TaskSpec& task_;
  Networks& networks_;
  const RunSettings& settings_;
  const ProbabilitySink& probabilities_;  // may be empty
  const Volume* previous_;                // labels of task.previous on the task's grid; null: it has none
  TaskReport* report_;
};

Volume pasted(const Volume& part, const image::Block& box, const Geometry& whole) {
  Volume result = Volume::zeros(whole, part.dtype());
  Volume inside = result.subvolume(box.begin, box.shape());
  image::with_labels(inside, [&](const auto& to) {
    const auto from = part.view<std::decay_t<decltype(to(0, 0, 0))>>();
    for (std::int64_t k = 0; k < to.shape[2]; ++k) {
      for (std::int64_t j = 0; j < to.shape[1]; ++j) {
        for (std::int64_t i = 0; i < to.shape[0]; ++i) to(i, j, k) = from(i, j, k);
      }
    }
  });
  return result;
}

}  // namespace

Volume run_volume_task(const TaskSpec& task, const Plan& plan, Networks& networks,
                       const RunSettings& settings, const std::vector<SlabReader*>& images,
                       const RunControl& control, TaskReport* report, TaskGrid* grid,
                       const ProbabilitySink& probabilities) {
  const double network = base::stage_weight(Stage::infer);
  const base::Steps steps(control, {task.rough || task.previous ? network : 0, network,
                                    task.beside ? network : 0, base::stage_weight(Stage::filter)});
  const Geometry whole = images[0]->geometry();
  TaskGrid first;
  if (task.previous) {
    TaskReport of_first;
    run_volume_task(*task.previous->task, *plan.previous, networks, settings, images, steps.step(0),
                    &of_first, &first);
    report->add(of_first);
    first.image = {};
  }
  VolumeRun run(task, networks, settings, probabilities, task.previous ? &first.labels : nullptr, report);
  Volume rough;
  Volume labels;
  if (task.rough) {
    TaskReport of_rough;
    rough = run_volume_task(*task.rough->task, *plan.rough, networks, settings, images, steps.step(0),
                            &of_rough, nullptr);
    report->add(of_rough);
    const image::Block box = rough_box(*task.rough, rough);
    if (box.empty()) {
      report->box_empty = true;
      report->see(of_rough.seen);
      return Volume::zeros(whole, class_dtype(task));
    }
    std::vector<std::unique_ptr<image::CroppedReader>> cropped;
    std::vector<SlabReader*> parts;
    for (SlabReader* each : images) {
      cropped.push_back(std::make_unique<image::CroppedReader>(*each, box));
      parts.push_back(cropped.back().get());
    }
    const Plan of_box = lay_out(task, parts[0]->geometry());
    labels = pasted(run.labels(of_box, parts, steps.step(1), grid), box, whole);
  } else {
    labels = run.labels(plan, images, steps.step(1), grid);
  }
  Volume beside;
  if (task.beside) {
    TaskReport of_beside;
    beside = run_volume_task(*task.beside, *plan.beside, networks, settings, images, steps.step(2),
                             &of_beside, nullptr);
    report->add(of_beside);
  }
  const Clock::time_point start = Clock::now();
  const Volume* other = task.beside ? &beside : task.rough ? &rough : nullptr;
  const image::Grid stored{labels.geometry().shape, image::to_matrix(labels.geometry().to_world)};
  polish_at(image::At::image, task.polish, {zooms_of(stored), other}, &labels);
  report->filter_seconds += seconds_since(start);
  base::report(steps.step(3), Stage::filter, 1, 1);
  return labels;
}

}  // namespace musclemap::task
