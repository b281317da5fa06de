// Probabilities of a stage on the task's grid.
#ifndef MUSCLEMAP_TASK_STAGE_PROBABILITIES_HPP_
#define MUSCLEMAP_TASK_STAGE_PROBABILITIES_HPP_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "musclemap/segmenter.hpp"
#include "task/plan.hpp"
#include "task/slabs.hpp"

namespace musclemap::task {

/// Puts slices of probabilities, on the grid that scores are decoded on, where the stage's steps take labels
/// back to. Holds classes x voxels of the task's grid. One thread at a time.
class StageProbabilities {
 public:
  /// @param grid the task's
  /// @param image as nnU-Net would have read it
  StageProbabilities(const StageSpec& stage, std::int64_t classes, const Geometry& grid,
                     const Geometry& image);

  /// Of these slices of the grid come the next probabilities.
  void begin_slab(const Slab& slab) { slab_ = slab; }
  /// What the stage has measured is known.
  void begin(const StagePlan& plan);
  /// @param z slice of the plan's half_back.to
  /// @param probabilities [class][y][x] of it
  void take(std::int64_t z, const std::vector<float>& probabilities);

  const NetworkProbabilities& all() const { return all_; }

 private:
  void describe(const image::LabelsBack& back);

  NetworkProbabilities all_;
  Slab slab_;
  // Where along its axis of the grid each slice, row and column of the decoded grid goes: [x, y, z][index].
  std::array<std::vector<std::vector<std::int64_t>>, 3> places_;
  std::array<std::size_t, 3> axis_{};  // of the grid, that places_ are on
  Index3 from_{};                      // shape of the decoded grid
};

/// Bytes that it holds.
std::size_t stage_probability_bytes(std::int64_t classes, const Index3& grid);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_STAGE_PROBABILITIES_HPP_
