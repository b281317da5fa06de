// Options of a segmentation of cells with micro-sam.
#ifndef MUSCLEMAP_TASK_CELLS_SAM_OPTIONS_HPP_
#define MUSCLEMAP_TASK_CELLS_SAM_OPTIONS_HPP_

#include "base/option.hpp"
#include "musclemap/micro_sam.hpp"
#include "task/segment_options.hpp"

namespace musclemap::base {

template <>
struct Words<SamMethod> {
  static constexpr WordList<SamMethod, 2> kList{{{SamMethod::ais, "ais"}, {SamMethod::amg, "amg"}}};
};

template <>
struct Words<SamCompat> {
  static constexpr WordList<SamCompat, 2> kList{
      {{SamCompat::current, "current"}, {SamCompat::v1_6_1, "1.6.1"}}};
};

template <>
struct Options<SamModelOptions> {
  using O = SamModelOptions;
  static constexpr auto kList = std::make_tuple(
      option("trust", &O::trust, "run TorchScript programs that are on no trust list"),
      option("decoder", &O::decoder, "checkpoint of the decoder of AIS (default: beside the model's)"));
};

template <>
struct Options<SamAisOptions> {
  using O = SamAisOptions;
  static constexpr auto kList = std::make_tuple(
      option("center_distance_threshold", &O::center_distance_threshold,
             "seeds have a lower distance to the centre", {0, 1}),
      option("boundary_distance_threshold", &O::boundary_distance_threshold,
             "seeds have a lower distance to the boundary", {0, 1}),
      option("foreground_threshold", &O::foreground_threshold, "cells have a higher foreground", {0, 1}),
      option("foreground_smoothing", &O::foreground_smoothing,
             "sigma of a Gaussian over the foreground in pixels; 0: none", {0, 1000}),
      option("distance_smoothing", &O::distance_smoothing,
             "sigma of a Gaussian over both distances in pixels; 0: none", {0, 1000}),
      option("min_size", &O::min_size, "cells of fewer pixels go", from(0)));
};

template <>
struct Options<SamAmgOptions> {
  using O = SamAmgOptions;
  static constexpr auto kList = std::make_tuple(
      option("pred_iou_thresh", &O::pred_iou_thresh, "masks have a higher predicted IoU"),
      option("stability_score_thresh", &O::stability_score_thresh, "masks have this stability or more"),
      option("box_nms_thresh", &O::box_nms_thresh,
             "of two masks whose boxes overlap by a larger IoU, the one with the lower predicted IoU goes"),
      option("drop_largest", &O::drop_largest,
             "the largest region goes, even if it is a cell, as in micro-sam"));
};

template <>
struct Options<SamOptions> {
  using O = SamOptions;
  static constexpr auto kList = std::make_tuple(
      option("ais", &O::ais, "what makes cells of the maps of AIS"),
      option("amg", &O::amg, "which masks of AMG are kept"),
      option("tile_shape", &O::tile_shape, "pixels of a tile along y and x; 0, 0: the whole picture"),
      option("halo", &O::halo, "pixels that a tile is seen with beyond its border, along y and x"),
      option("compat", &O::compat,
             "how pictures become 8 bits: as micro-sam 1.7 and later, or as until 1.6.1"));
};

template <>
struct Options<SamEngineOptions> {
  using O = SamEngineOptions;
  static constexpr auto kList = std::make_tuple(
      option("device", &O::device, "where the networks run"),
      option("torch_threads", &O::torch_threads,
             "LibTorch's own thread count, which the whole process shares; 0: left alone", {0, 1024}));
};

}  // namespace musclemap::base

#endif  // MUSCLEMAP_TASK_CELLS_SAM_OPTIONS_HPP_
