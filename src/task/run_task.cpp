#include "task/run_task.hpp"

#include <algorithm>

#include "image/typed_view.hpp"
#include "task/slice_task.hpp"
#include "task/volume_task.hpp"

namespace musclemap::task {

void TaskReport::see(const image::VoxelsSeen& more) {
  seen.nonfinite += more.nonfinite;
  seen.beyond_float += more.beyond_float;
  seen.least = std::min(seen.least, more.least);
  seen.most = std::max(seen.most, more.most);
}

void TaskReport::add(const TaskReport& other) {
  prepare_seconds += other.prepare_seconds;
  infer_seconds += other.infer_seconds;
  filter_seconds += other.filter_seconds;
  windows += other.windows;
  truncated |= other.truncated;
  seen.least = std::min(seen.least, other.seen.least);
  seen.most = std::max(seen.most, other.seen.most);
}

Volume run_task(const TaskSpec& task, const Plan& plan, Networks& networks, const RunSettings& settings,
                const std::vector<SlabReader*>& images, const RunControl& control, TaskReport* report,
                TaskGrid* grid, const ProbabilitySink& probabilities) {
  const StageSpec& first = task.stages[0];
  if (sums_in_half(first))
    return run_volume_task(task, plan, networks, settings, images, control, report, grid, probabilities);
  return run_slice_task(task, plan, *networks.open({first.networks[0]}, control)[0], settings, *images[0],
                        control, report);
}

Volume label_values(const TaskSpec& task, const Volume& classes, std::int64_t k_begin, std::int64_t k_count) {
  const Index3& n = classes.geometry().shape;
  Volume part = classes.subvolume({0, 0, k_begin}, {n[0], n[1], k_count});
  if (sums_in_half(task.stages[0])) return part;
  Volume result = Volume::zeros(part.geometry(), DType::i16);
  const VoxelView<std::int16_t> to = result.mutable_view<std::int16_t>();
  image::with_view(part, [&](const auto& from) {
    for (std::int64_t k = 0; k < k_count; ++k) {
      for (std::int64_t j = 0; j < n[1]; ++j) {
        for (std::int64_t i = 0; i < n[0]; ++i) {
          const auto index = static_cast<std::size_t>(from(i, j, k));
          if (index != 0) to(i, j, k) = static_cast<std::int16_t>(task.labels[index - 1].value);
        }
      }
    }
  });
  return result;
}

}  // namespace musclemap::task
