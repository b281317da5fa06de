#include "task/stage_probabilities.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/checked.hpp"

namespace musclemap::task {

StageProbabilities::StageProbabilities(const StageSpec& stage, std::int64_t classes, const Geometry& grid,
                                       const Geometry& image) {
  all_.network = stage.name;
  all_.classes = classes;
  all_.grid = grid;
  all_.image = image;
  const std::int64_t voxels = grid.shape[0] * grid.shape[1] * grid.shape[2];
  all_.values.resize(stage_probability_bytes(classes, grid.shape) / sizeof(float));
  // nnU-Net 2.8.1, utilities/label_handling/label_handling.py, revert_cropping_on_probabilities().
  if (!std::holds_alternative<Regions>(stage.decode))
    std::fill(all_.values.begin(), all_.values.begin() + voxels, 1.0F);
}

void StageProbabilities::begin(const StagePlan& plan) {
  from_ = plan.half_back.to;
  const image::LabelsBack& back = plan.labels_back;
  for (std::size_t a = 0; a < 3; ++a) {
    const auto below = static_cast<std::size_t>(back.axis[a]);
    axis_[below] = a;
    places_[below].assign(static_cast<std::size_t>(from_[below]), {});
    for (std::size_t i = 0; i < back.at[a].size(); ++i) {
      if (back.at[a][i] < 0) continue;
      auto at = static_cast<std::int64_t>(i);
      if (a == 2) {
        at += slab_.begin;
        if (at < slab_.keep_begin || at >= slab_.keep_end) continue;
      }
      places_[below][static_cast<std::size_t>(back.at[a][i])].push_back(at);
    }
  }
  describe(back);
}

// Axis 2 - d of the decoded grid is the network's axis d; it lies on axis 2 - n of the grid, nnU-Net's n.
void StageProbabilities::describe(const image::LabelsBack& back) {
  const bool whole = slab_.end - slab_.begin == all_.grid.shape[2];
  for (std::size_t d = 0; d < 3; ++d) {
    const std::size_t a = axis_[2 - d];
    all_.transpose[d] = static_cast<int>(2 - a);
    const std::vector<std::int64_t>& at = back.at[a];
    const auto seen = [](std::int64_t index) { return index >= 0; };
    const auto first = std::find_if(at.begin(), at.end(), seen);
    const auto behind = std::find_if(at.rbegin(), at.rend(), seen).base();
    all_.box_begin[d] = whole ? first - at.begin() : 0;
    all_.box_end[d] = whole ? behind - at.begin() : all_.grid.shape[a];
  }
}

void StageProbabilities::take(std::int64_t z, const std::vector<float>& probabilities) {
  const Index3& shape = all_.grid.shape;
  const Index3 steps{1, shape[0], shape[0] * shape[1]};
  const auto step = [&](std::size_t below) { return steps[axis_[below]]; };
  const std::int64_t voxels = shape[0] * shape[1] * shape[2];
  const float* from = probabilities.data();
  for (std::int64_t c = 0; c < all_.classes; ++c) {
    float* to = all_.values.data() + c * voxels;
    for (const std::vector<std::int64_t>& rows : places_[1]) {
      for (const std::vector<std::int64_t>& columns : places_[0]) {
        const float value = *from++;
        for (const std::int64_t k : places_[2][static_cast<std::size_t>(z)]) {
          for (const std::int64_t j : rows) {
            for (const std::int64_t i : columns) to[k * step(2) + j * step(1) + i * step(0)] = value;
          }
        }
      }
    }
  }
}

std::size_t stage_probability_bytes(std::int64_t classes, const Index3& grid) {
  std::int64_t bytes = base::checked_mul(classes, static_cast<std::int64_t>(sizeof(float)));
  for (const std::int64_t length : grid) bytes = base::checked_mul(bytes, length);
  return static_cast<std::size_t>(bytes);
}

}  // namespace musclemap::task
