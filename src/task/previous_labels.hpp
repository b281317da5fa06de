// Labels of a cascade's first network as channels of its second one
// (docs/chains/totalsegmentator.md, section 7.9).
#ifndef MUSCLEMAP_TASK_PREVIOUS_LABELS_HPP_
#define MUSCLEMAP_TASK_PREVIOUS_LABELS_HPP_

#include <cstdint>
#include <vector>

#include "image/field.hpp"
#include "musclemap/volume.hpp"
#include "task/plan.hpp"

namespace musclemap::task {

/// A channel for each of the labels, 1 where it is and 0 elsewhere. Any block is fast. One thread at a time.
class PreviousLabels : public image::Field {
 public:
  /// Takes the labels of the task's grid to the network's, which is what its steps have made of that: turned
  /// and cropped as the image, then resampled with half-pixel coordinates. A voxel gets the label with the
  /// greatest part in what lies around it; of equal ones that of the nearest voxel, if it is one of them,
  /// else the smallest. Background where the image is 0 in all channels, holes filled, is a label of its own.
  /// @param labels on the task's grid, u8 or i16
  /// @param values that have a channel, ascending
  /// @param image of the same grid, without what the stage's steps make of it
  /// @param plan of the stage, with what it has measured
  /// @param separate_axis of the grid below the resampling, on the way there; -1: none
  PreviousLabels(const Volume& labels, std::vector<std::int64_t> values, image::Field& image,
                 const StagePlan& plan, int separate_axis, int threads);

  int channels() const override { return static_cast<int>(values_.size()); }
  void read(const image::Block& block, float* out) override;

 private:
  std::vector<std::int64_t> values_;
  Index3 shape_;
  std::vector<std::int16_t> labels_;  // [z][y][x]
};

/// What it holds while it is made.
std::size_t previous_label_bytes(const StagePlan& plan);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_PREVIOUS_LABELS_HPP_
