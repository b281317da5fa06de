// Options of a segmentation of cells.
#ifndef MUSCLEMAP_TASK_CELLS_CELL_OPTIONS_HPP_
#define MUSCLEMAP_TASK_CELLS_CELL_OPTIONS_HPP_

#include "base/option.hpp"
#include "decode/flows/mask_options.hpp"
#include "musclemap/cell_segmenter.hpp"
#include "task/segment_options.hpp"

namespace musclemap::base {

template <>
struct Options<CellModelOptions> {
  using O = CellModelOptions;
  static constexpr auto kList =
      std::make_tuple(option("trust", &O::trust, "run a TorchScript program that is on no trust list"));
};

template <>
struct Options<CellNormalize> {
  using O = CellNormalize;
  static constexpr auto kList = std::make_tuple(
      option("normalize", &O::normalize, "normalise intensities"),
      option("invert", &O::invert, "cells are dark"),
      option("lowhigh", &O::lowhigh,
             "intensities that become 0 and 1, of all channels or of each; nothing else is done"),
      option("percentile", &O::percentile, "percentiles that become 0 and 1"),
      option("sharpen_radius", &O::sharpen_radius,
             "pixels; the mean around a pixel is taken away; 0: it is not", from(0)),
      option("smooth_radius", &O::smooth_radius, "pixels; 0: not smoothed", from(0)),
      option("tile_norm_blocksize", &O::tile_norm_blocksize,
             "pixels of tiles that are normalised by themselves; 0: all at once", {0, 1000000}),
      option("tile_norm_smooth3d", &O::tile_norm_smooth3d, "tiles; how far their percentiles are smoothed",
             {0, 100}),
      option("norm3d", &O::norm3d, "planes of a stack are normalised together"));
};

template <>
struct Options<CellOptions> {
  using O = CellOptions;
  static constexpr auto kList = std::make_tuple(
      option("masks", &O::masks, "from flows to masks; niter there does not count"),
      option("diameter", &O::diameter,
             "of the cells in pixels (default: that of the model's training); 0: estimated", from(0)),
      option("channels", &O::channels,
             "channel to segment and nuclear channel, from 1; 0, 0: the mean of all channels"),
      option("normalize", &O::normalize, "intensities"),
      option("resample", &O::resample, "follow flows at the picture's size, not at the network's"),
      option("augment", &O::augment, "tiles overlap by half and every second one is flipped"),
      option("batch_size", &O::batch_size, "tiles in one call of LibTorch", {1, 4096}),
      option("bsize", &O::bsize, "pixels of a tile along y and x; a multiple of 16", {16, 8192}),
      option("tile_overlap", &O::tile_overlap,
             "part of a tile that its neighbours share; counts as 0.05 to 0.5", {0, 1}),
      option("niter", &O::niter, "steps along the flows (default, or 0: by the diameter)", {0, 1000000}),
      option("keep_flows", &O::keep_flows, "keep what the network says of each pixel"),
      option("do_3d", &O::do_3d, "cells of a stack are volumes; the network sees it from three sides"),
      option("stitch_threshold", &O::stitch_threshold,
             "overlap (IoU) from which cells of neighbouring planes are one; 0: none are", {0, 1}),
      option("anisotropy", &O::anisotropy, "distance of planes over size of a pixel", {0.001, 1000}),
      option("flow3d_smooth", &O::flow3d_smooth, "sigma in voxels of a Gaussian over the flows; 0: none",
             {0, 100}),
      option("flow3d_mean", &O::flow3d_mean,
             "flows are the mean of those from the three sides, not their sum"));
};

template <>
struct Options<CellEngineOptions> {
  using O = CellEngineOptions;
  static constexpr auto kList = std::make_tuple(
      option("engine", &O::engine, "native (CPU), torch, or auto: native where it can"),
      option("precision", &O::precision, "exact, or fast where there are such kernels"),
      option("device", &O::device, "where the network runs"),
      option("torch_threads", &O::torch_threads,
             "LibTorch's own thread count, which the whole process shares; 0: left alone", {0, 1024}));
};

}  // namespace musclemap::base

namespace musclemap::task {

/// Whether cells reach over the sections of a stack.
inline bool keeps_stack(const CellOptions& options) { return options.do_3d || options.stitch_threshold > 0; }

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_CELL_OPTIONS_HPP_
