#include "quant/label_sweep.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "quant/integer_labels.hpp"

namespace musclemap::quant {
namespace {

constexpr std::int64_t kSlabVoxels = std::int64_t{1} << 20;
// Labels, values as double, and what is made of them, for the slabs that are read, worked on and finished.
constexpr std::size_t kBytesPerVoxel = 100;

// Slices at a time; a limit of memory makes them fewer, but never less than one.
std::int64_t slices_of_slab(const Index3& shape, std::size_t memory_budget) {
  auto voxels = kSlabVoxels;
  if (memory_budget > 0) {
    voxels = static_cast<std::int64_t>(
        std::min(static_cast<std::size_t>(kSlabVoxels), memory_budget / kBytesPerVoxel));
  }
  return std::clamp<std::int64_t>(voxels / (shape[0] * shape[1]), 1, shape[2]);
}

struct Pending {
  std::int64_t k_begin = 0;
  std::vector<std::optional<Volume>> volumes;  // labels first
};

}  // namespace

LabelSweep::LabelSweep(SlabReader& labels, std::vector<SlabReader*> values)
    : labels_(labels), values_(std::move(values)) {}

void LabelSweep::run(Stage stage, const RunControl& control,
                     const std::function<SweepTasks(const SweepSlab&)>& work) {
  IntegerLabels labels(labels_);
  std::vector<SlabReader*> readers{&labels};
  readers.insert(readers.end(), values_.begin(), values_.end());
  const Index3 shape = labels.geometry().shape;
  const std::int64_t slices = shape[2];
  const std::int64_t step = slices_of_slab(shape, control.memory_budget);
  const int threads = base::resolve_threads(control.threads);

  std::optional<SweepSlab> current;
  SweepTasks finishing;
  std::int64_t next = 0;
  base::stop_if_cancelled(control);
  while (next < slices || current || !finishing.empty()) {
    Pending reading;
    reading.k_begin = next;
    if (next < slices) reading.volumes.resize(readers.size());
    const std::int64_t count = std::min(step, slices - next);
    SweepTasks made;
    SweepTasks tasks;
    if (current) tasks.emplace_back([&] { made = work(*current); });
    for (std::size_t r = 0; r < reading.volumes.size(); ++r) {
      tasks.emplace_back([&, r] { reading.volumes[r] = readers[r]->read(reading.k_begin, count); });
    }
    for (std::function<void()>& task : finishing) tasks.push_back(std::move(task));
    base::parallel_for(static_cast<std::int64_t>(tasks.size()), threads,
                       [&](std::int64_t n) { tasks[static_cast<std::size_t>(n)](); });
    finishing = std::move(made);
    current.reset();
    if (next < slices) {
      std::vector<Volume> values;
      for (std::size_t r = 1; r < readers.size(); ++r) values.push_back(*reading.volumes[r]);
      current = SweepSlab{next, *reading.volumes[0], std::move(values)};
      next += count;
    }
    base::report(control, stage, next, slices);
  }
  warnings_.clear();
  if (const std::optional<Warning> rounded = labels.warning()) warnings_.push_back(*rounded);
}

}  // namespace musclemap::quant
