#include <memory>

#include "convert.hpp"
#include "guard.hpp"
#include "handles.hpp"

namespace capi = musclemap::capi;
using musclemap::ModelSize;
using musclemap::TaskCompat;
using musclemap::TaskOptions;

namespace {

TaskOptions task_options(const mm_task_options* options) {
  const mm_task_options own = capi::taken_or_default(options, "options");
  TaskOptions result;
  result.fast = own.fast != 0;
  result.fastest = own.fastest != 0;
  result.roi_subset = capi::texts_of(own.roi_subset, own.roi_subset_count, "options.roi_subset");
  result.roi_subset_robust =
      capi::texts_of(own.roi_subset_robust, own.roi_subset_robust_count, "options.roi_subset_robust");
  result.robust_crop = own.robust_crop != 0;
  result.body_seg = own.body_seg != 0;
  result.force_split = own.force_split != 0;
  result.remove_small_blobs = own.remove_small_blobs;
  if (own.resampling_order != 0)
    result.resampling_order = own.resampling_order == MM_NEAREST ? 0 : own.resampling_order;
  result.higher_order_resampling = own.higher_order_resampling != 0;
  result.higher_order_resampling_LEGACY = own.higher_order_resampling_LEGACY != 0;
  if (own.save_probabilities != nullptr) result.save_probabilities = own.save_probabilities;
  result.v1_order = own.v1_order != 0;
  result.save_lowres = own.save_lowres != 0;
  // Numbers and ranges are those of the C++ interface, which checks them.
  result.model_size = static_cast<ModelSize>(own.model_size);
  result.use_mirroring = own.use_mirroring != 0;
  result.compat = static_cast<TaskCompat>(own.compat);
  return result;
}

}  // namespace

mm_status mm_task_open(const char* name_or_path, const mm_task_options* options, const mm_run_options* run,
                       mm_task** out) noexcept {
  return capi::guarded([&] {
    capi::required(name_or_path, "name_or_path");
    capi::required(out, "out");
    const TaskOptions own = task_options(options);
    *out =
        std::make_unique<mm_task>(musclemap::Task::open(name_or_path, own, capi::run_control(run))).release();
  });
}

mm_status mm_task_describe(const mm_task* task, mm_task_info* out) noexcept {
  return capi::guarded([&] {
    const mm_task& own = capi::checked(task, "task");
    const capi::Result<mm_task_info> result(out, "out");
    mm_task_info info{};
    info.images = own.task.images();
    info.name = own.task.name().c_str();
    info.version = own.task.version().c_str();
    info.sha256 = own.sha256.c_str();
    info.networks = static_cast<std::int64_t>(own.task.networks().size());
    result.give(info);
  });
}

mm_status mm_task_labels(const mm_task* task, mm_labels** out) noexcept {
  return capi::guarded([&] {
    const mm_task& own = capi::checked(task, "task");
    capi::required(out, "out");
    *out = std::make_unique<mm_labels>(own.task.labels()).release();
  });
}

mm_status mm_task_write_json(const mm_task* task, mm_write_fn write, void* user_data) noexcept {
  return capi::guarded([&] {
    const mm_task& own = capi::checked(task, "task");
    capi::required(write, "write");
    capi::hand_over(own.task.json(), write, user_data);
  });
}

void mm_task_free(mm_task* task) noexcept {
  if (capi::may_free(task)) delete task;
}
