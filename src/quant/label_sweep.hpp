// One pass over a label map and the values on its grid, slab by slab, whatever the number of labels.
#ifndef MUSCLEMAP_QUANT_LABEL_SWEEP_HPP_
#define MUSCLEMAP_QUANT_LABEL_SWEEP_HPP_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "image/labels/label_runs.hpp"
#include "musclemap/run.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::quant {

/// Slices of the label map and of every source of values.
struct SweepSlab {
  std::int64_t k_begin = 0;
  Volume labels;  ///< i32, contiguous
  std::vector<Volume> values;
};

/// Work that may be done beside the next slab, in any order and on any thread.
using SweepTasks = std::vector<std::function<void()>>;

/// Reads, works and finishes side by side: while one slab is worked on, the next is read and the tasks of the
/// one before are done. One thread at a time.
class LabelSweep {
 public:
  /// The readers must outlive this and have one shape.
  LabelSweep(SlabReader& labels, std::vector<SlabReader*> values);

  /// Calls `work` for every slab in rising k, never twice at once but on any thread. Slabs are cut alike
  /// whatever the number of threads; control.memory_budget makes them thinner. Errors: those of the readers
  /// and of `work`; `cancelled`.
  void run(Stage stage, const RunControl& control, const std::function<SweepTasks(const SweepSlab&)>& work);
  /// What was odd about the labels of the last run.
  const std::vector<Warning>& warnings() const { return warnings_; }

 private:
  SlabReader& labels_;
  std::vector<SlabReader*> values_;
  std::vector<Warning> warnings_;
};

/// Voxels [begin, end) of row (j, k) of a slab, of one label and in one slice along an axis.
struct Stretch {
  std::int32_t label;
  std::int64_t slice;
  std::int64_t begin;
  std::int64_t end;
  std::int64_t j;
  std::int64_t k;
};

/// Calls body(runs, j, k) with the runs of every row of the slab.
template <class Body>
void for_each_row(const SweepSlab& slab, const Body& body) {
  const VoxelView<const std::int32_t> labels = slab.labels.view<std::int32_t>();
  std::vector<image::LabelRun> runs;
  for (std::int64_t k = 0; k < labels.shape[2]; ++k) {
    for (std::int64_t j = 0; j < labels.shape[1]; ++j) {
      image::find_runs(labels, j, k, &runs);
      body(runs, j, k);
    }
  }
}

/// Calls body(stretch) for what is labelled in a row. Along axis 0 every voxel is a slice of its own.
template <class Body>
void for_each_stretch(const std::vector<image::LabelRun>& runs, std::int64_t j, std::int64_t k,
                      std::int64_t k_begin, int axis, const Body& body) {
  for (const image::LabelRun& run : runs) {
    if (axis != 0) {
      body(Stretch{run.label, axis == 1 ? j : k_begin + k, run.begin, run.end, j, k});
      continue;
    }
    for (std::int64_t i = run.begin; i < run.end; ++i) body(Stretch{run.label, i, i, i + 1, j, k});
  }
}

template <class Body>
void for_each_stretch(const SweepSlab& slab, int axis, const Body& body) {
  for_each_row(slab, [&](const std::vector<image::LabelRun>& runs, std::int64_t j, std::int64_t k) {
    for_each_stretch(runs, j, k, slab.k_begin, axis, body);
  });
}

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_LABEL_SWEEP_HPP_
