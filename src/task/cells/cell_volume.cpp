// After run_3D of cellpose/core.py, and _run_net and eval of cellpose/models.py, Cellpose 3.1.1.2.
#include "task/cells/cell_volume.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "base/checked.hpp"
#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "decode/flows/foreground.hpp"
#include "decode/flows/masks_of.hpp"
#include "image/reflected_gaussian.hpp"
#include "image/resample/volume_resize.hpp"
#include "infer/cell_tiles.hpp"
#include "musclemap/error.hpp"

namespace musclemap::task {
namespace {

using Shape3 = std::array<std::int64_t, 3>;
using Maps = std::array<image::FloatVolume, 4>;  // flows along z, y, x, and logits

constexpr std::int64_t kVolumeTile = 224;
// Of a run beside each other, on two threads.
constexpr double kSideWeight = 0.3;
constexpr double kVolumeMaskWeight = 0.1;
// Bytes of a voxel that masks take at most: steps, the field of them, labels, ends.
constexpr std::size_t kVolumeMaskBytes = 60;

/// Planes that lie one behind the other along an axis of the stack, with the two others as rows and columns.
struct Side {
  int behind;
  int rows;  // also the axis of the network's first flow
  int columns;
};
// In Cellpose's order, which is that of the sums.
constexpr std::array<Side, 3> kSides{{{0, 1, 2}, {1, 0, 2}, {2, 0, 1}}};

Shape3 shape_of(const image::FloatVolume& volume) { return {volume.depth, volume.height, volume.width}; }

/// Calls body(row, column, z, y, x) for all of a plane.
template <class Body>
void for_plane(const Side& side, const Shape3& shape, std::int64_t plane, const Body& body) {
  Shape3 at{};
  at[static_cast<std::size_t>(side.behind)] = plane;
  for (std::int64_t row = 0; row < shape[static_cast<std::size_t>(side.rows)]; ++row) {
    at[static_cast<std::size_t>(side.rows)] = row;
    for (std::int64_t column = 0; column < shape[static_cast<std::size_t>(side.columns)]; ++column) {
      at[static_cast<std::size_t>(side.columns)] = column;
      body(row, column, at[0], at[1], at[2]);
    }
  }
}

/// What the network says of a volume, from all sides.
class VolumeScorer {
 public:
  VolumeScorer(infer::Engine* engine, const std::vector<StackChannel>& channels, const CellVolumePass& how)
      : engine_(engine), channels_(channels), shape_(shape_of(channels[0].volume)), tiling_(how.pass.tiling) {
    tiling_.tile = kVolumeTile;
    for (image::FloatVolume& map : maps_) map = image::FloatVolume(shape_[0], shape_[1], shape_[2]);
  }

  void see(const Side& side, const RunControl& control) {
    style_.clear();
    const std::int64_t planes = shape_[static_cast<std::size_t>(side.behind)];
    for (std::int64_t plane = 0; plane < planes; ++plane) {
      infer::CellScores scores = infer::score_cells(
          engine_, plane_of(side, plane), tiling_, [&](std::int64_t done, std::int64_t total) {
            base::report(control, Stage::infer, plane * total + done, planes * total);
          });
      add(side, plane, scores.maps);
      style_.insert(style_.end(), scores.style.begin(), scores.style.end());
    }
  }

  Maps& maps() { return maps_; }
  /// Of the planes of the last side.
  std::vector<float>& style() { return style_; }

 private:
  std::vector<image::FloatPlane> plane_of(const Side& side, std::int64_t plane) const {
    std::vector<image::FloatPlane> planes;
    for (const StackChannel& channel : channels_) {
      image::FloatPlane& to = planes.emplace_back(shape_[static_cast<std::size_t>(side.rows)],
                                                  shape_[static_cast<std::size_t>(side.columns)]);
      for_plane(side, shape_, plane,
                [&](std::int64_t row, std::int64_t column, std::int64_t z, std::int64_t y, std::int64_t x) {
                  to.row(row)[column] = channel.at(z, y, x);
                });
    }
    return planes;
  }

  void add(const Side& side, std::int64_t plane, const std::vector<image::FloatPlane>& scores) {
    const std::array<std::size_t, 3> to{static_cast<std::size_t>(side.rows),
                                        static_cast<std::size_t>(side.columns), 3};
    for (std::size_t map = 0; map < to.size(); ++map) {
      image::FloatVolume& sum = maps_[to[map]];
      for_plane(side, shape_, plane,
                [&](std::int64_t row, std::int64_t column, std::int64_t z, std::int64_t y, std::int64_t x) {
                  sum.row(z, y)[x] += scores[map].row(row)[column];
                });
    }
  }

  infer::Engine* engine_;
  const std::vector<StackChannel>& channels_;
  Shape3 shape_;
  infer::CellTiling tiling_;
  Maps maps_;
  std::vector<float> style_;
};

void resize_channels(const Shape3& shape, int threads, std::vector<StackChannel>* channels) {
  for (StackChannel& channel : *channels) {
    image::FloatVolume& volume = channel.volume;
    if (volume.values.empty() || shape_of(volume) == shape) continue;
    volume = image::resize_volume(volume, shape[0], shape[1], shape[2], threads);
  }
}

void divide(float by, image::FloatVolume* map) {
  for (float& value : map->values) value /= by;
}

decode::Foreground foreground_of_volume(const Maps& maps, double threshold, int threads) {
  const Shape3 shape = shape_of(maps[3]);
  const decode::FlowShape flows{shape[0], shape[1], shape[2], 3};
  decode::Foreground foreground(flows, threshold);
  foreground.add_rows({{maps[0].values.data(), maps[1].values.data(), maps[2].values.data()},
                       maps[3].values.data(),
                       0,
                       flows.rows()},
                      threads);
  return foreground;
}

std::vector<float> values_of(const Maps& maps, std::size_t count) {
  std::vector<float> values;
  for (std::size_t map = 0; map < count; ++map) {
    values.insert(values.end(), maps[map].values.begin(), maps[map].values.end());
  }
  return values;
}

}  // namespace

Shape3 network_shape(const Shape3& shape, const CellScale& scale, double anisotropy) {
  Shape3 seen = shape;
  if (scale.factor != 1 || anisotropy != 1) {
    const double depth = static_cast<double>(shape[0]) * anisotropy;
    const double scaled =
        scale.single ? static_cast<double>(static_cast<float>(depth) * static_cast<float>(scale.factor))
                     : depth * scale.factor;
    seen = {static_cast<std::int64_t>(scaled), scale.scaled(shape[1]), scale.scaled(shape[2])};
  }
  if (std::min({seen[0], seen[1], seen[2]}) < 1) {
    throw Error(ErrorCode::argument,
                "the stack of " + std::to_string(shape[0]) + " x " + std::to_string(shape[1]) + " x " +
                    std::to_string(shape[2]) +
                    " voxels has none left for the network along an axis at that diameter and anisotropy");
  }
  return seen;
}

CellResult run_cell_volume(infer::Engine* engine, std::vector<StackChannel> channels,
                           const CellVolumePass& how, const RunControl& control, CellStages* stages) {
  const int threads = base::resolve_threads(control.threads);
  const base::Steps steps(control, {kSideWeight, kSideWeight, kSideWeight, kVolumeMaskWeight});
  const Shape3 shape = shape_of(channels[0].volume);
  const Shape3 seen = network_shape(shape, how.pass.scale, how.anisotropy);
  resize_channels(seen, threads, &channels);
  if (stages != nullptr) stages->rescaled = all_values(channels);
  VolumeScorer scorer(engine, channels, how);
  for (std::size_t side = 0; side < kSides.size(); ++side) scorer.see(kSides[side], steps.step(side));
  channels.clear();
  Maps& maps = scorer.maps();
  if (how.mean) {
    for (std::size_t axis = 0; axis < 3; ++axis) divide(2, &maps[axis]);
    divide(3, &maps[3]);
  }
  if (stages != nullptr) {
    stages->network = values_of(maps, maps.size());
    stages->network_depth = seen[0];
    stages->network_height = seen[1];
    stages->network_width = seen[2];
  }
  if (how.pass.resample && seen != shape) {
    for (image::FloatVolume& map : maps) {
      map = image::resize_volume(map, shape[0], shape[1], shape[2], threads);
    }
  }
  for (std::size_t axis = 0; axis < 3; ++axis) image::smooth_volume(how.smooth, threads, &maps[axis]);

  const CellMaskOptions& options = how.pass.mask_options;
  const bool smaller = !how.pass.resample && seen != shape;
  CellResult result;
  result.style = std::move(scorer.style());
  result.styles = seen[2];
  result.rescale = how.pass.scale.factor;
  result.niter = options.niter;
  result.flow_depth = maps[3].depth;
  result.flow_height = maps[3].height;
  result.flow_width = maps[3].width;
  result.flow_axes = 3;
  decode::Foreground foreground = foreground_of_volume(maps, options.cellprob_threshold, threads);
  if (how.pass.keep_flows) {
    result.flows = values_of(maps, 3);
    result.cellprob = std::move(maps[3].values);
  }
  maps = {};
  result.masks = decode::masks_of(
      std::move(foreground), options, steps.step(3), stages == nullptr ? nullptr : &stages->masks,
      smaller ? decode::MaskSize{shape[1], shape[2], shape[0]} : decode::MaskSize{});
  return result;
}

std::size_t cell_volume_bytes(const Shape3& shape, const CellVolumePass& how, std::int64_t used_channels) {
  const auto voxels = [](const Shape3& of) {
    return static_cast<std::size_t>(base::checked_mul(base::checked_mul(of[0], of[1]), of[2]));
  };
  const Shape3 seen = network_shape(shape, how.pass.scale, how.anisotropy);
  const std::size_t here = voxels(shape);
  const std::size_t there = voxels(seen);
  infer::CellTiling tiling = how.pass.tiling;
  tiling.tile = kVolumeTile;
  std::size_t tiles = 0;
  for (const Side& side : kSides) {
    tiles = std::max(tiles, infer::cell_score_bytes(seen[static_cast<std::size_t>(side.rows)],
                                                    seen[static_cast<std::size_t>(side.columns)], tiling));
  }
  const auto used = static_cast<std::size_t>(used_channels);
  const std::size_t network = (used + 4) * there * sizeof(float) + tiles;
  const std::size_t followed = how.pass.resample ? here : there;
  const std::size_t resizing =
      4 * (there + followed) * sizeof(float) + 2 * std::max(here, there) * sizeof(float);
  const std::size_t masks = 4 * followed * sizeof(float) + std::max(here, followed) * kVolumeMaskBytes;
  return std::max({network, resizing, masks});
}

}  // namespace musclemap::task
