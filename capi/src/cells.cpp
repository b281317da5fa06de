#include "musclemap/cells.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/progress.hpp"
#include "convert.hpp"
#include "guard.hpp"
#include "handles.hpp"
#include "image/typed_view.hpp"
#include "images.hpp"
#include "quant/cells/cell_table.hpp"

namespace capi = musclemap::capi;
using musclemap::CellEngineOptions;
using musclemap::CellMaskOptions;
using musclemap::CellOptions;
using musclemap::Device;
using musclemap::DType;
using musclemap::Error;
using musclemap::ErrorCode;
using musclemap::ImageStack;
using musclemap::Index5;
using musclemap::RunControl;
using musclemap::StackGeometry;

namespace {

template <class T>
void set_unless_zero(T given, T& option) {
  if (given != T{}) option = given;
}

CellMaskOptions mask_options(const mm_cells_mask_options* options, const char* name) {
  const mm_cells_mask_options own = capi::taken_or_default(options, name);
  CellMaskOptions result;
  // Numbers and ranges are those of the C++ interface, which checks them.
  result.cellprob_threshold = own.cellprob_threshold;
  set_unless_zero(own.flow_threshold, result.flow_threshold);
  set_unless_zero(own.min_size, result.min_size);
  set_unless_zero(own.max_size_fraction, result.max_size_fraction);
  set_unless_zero(own.niter, result.niter);
  result.dynamics = static_cast<musclemap::CellDynamics>(own.dynamics);
  result.compat = static_cast<musclemap::CellCompat>(own.compat);
  result.interp = own.no_interp == 0;
  result.largest_part_only = own.largest_part_only != 0;
  return result;
}

musclemap::CellNormalize normalisation(const mm_cells_options& own) {
  musclemap::CellNormalize result;
  result.normalize = own.no_normalize == 0;
  result.invert = own.invert != 0;
  const double* const pairs = own.lowhigh;
  if (pairs[0] != 0 || pairs[1] != 0) result.lowhigh.push_back({pairs[0], pairs[1]});
  if (pairs[2] != 0 || pairs[3] != 0) {
    if (result.lowhigh.empty()) result.lowhigh.push_back({0, 0});
    result.lowhigh.push_back({pairs[2], pairs[3]});
  }
  if (own.percentile[0] != 0 || own.percentile[1] != 0)
    result.percentile = {own.percentile[0], own.percentile[1]};
  result.sharpen_radius = own.sharpen_radius;
  result.smooth_radius = own.smooth_radius;
  result.tile_norm_blocksize = own.tile_norm_blocksize;
  if (own.tile_norm_smooth3d != 0) result.tile_norm_smooth3d = std::max(own.tile_norm_smooth3d, 0.0);
  return result;
}

CellOptions cell_options(const mm_cells_options* options) {
  const mm_cells_options own = capi::taken_or_default(options, "options");
  CellOptions result;
  result.masks = mask_options(own.masks, "options.masks");
  if (own.diameter != 0) result.diameter = own.diameter == MM_ESTIMATE_DIAMETER ? 0 : own.diameter;
  result.channels = {own.channels[0], own.channels[1]};
  result.normalize = normalisation(own);
  result.resample = own.no_resample == 0;
  result.augment = own.augment != 0;
  set_unless_zero(own.batch_size, result.batch_size);
  set_unless_zero(own.bsize, result.bsize);
  set_unless_zero(own.tile_overlap, result.tile_overlap);
  if (own.niter != 0) result.niter = own.niter;
  return result;
}

CellEngineOptions engine_options(const mm_cells_model_options& own) {
  CellEngineOptions result;
  result.engine = static_cast<musclemap::EngineChoice>(own.engine);
  result.precision = static_cast<musclemap::Precision>(own.precision);
  result.torch_threads = own.torch_threads;
  if (own.device < MM_DEVICE_AUTO || own.device > MM_DEVICE_CUDA) {
    throw Error(ErrorCode::argument,
                "options.device is " + std::to_string(own.device) + "; 0 to 2 are allowed");
  }
  if (own.device != MM_DEVICE_CUDA && own.device_index != 0)
    throw Error(ErrorCode::argument, "options.device_index belongs to MM_DEVICE_CUDA");
  result.device = Device{own.device == MM_DEVICE_CUDA ? Device::cuda : Device::cpu, own.device_index};
  return result;
}

/// Arrays (frame, ...) that grow by frames of one size.
template <class T>
struct Frames {
  std::vector<T> values;
  std::size_t frame = 0;

  void add(const std::vector<T>& next, const char* what) {
    if (!values.empty() && next.size() != frame) {
      throw Error(ErrorCode::argument,
                  std::string(what) + " of the times differ in size; run the times one by one");
    }
    frame = next.size();
    values.insert(values.end(), next.begin(), next.end());
  }
};

template <class T>
ImageStack stack_of(const std::vector<std::uint32_t>& labels, const StackGeometry& geometry, DType dtype) {
  ImageStack stack = ImageStack::zeros(geometry, dtype);
  std::transform(labels.begin(), labels.end(), stack.mutable_plane<T>(0, 0, 0).data,
                 [](std::uint32_t label) { return static_cast<T>(label); });
  return stack;
}

// (T, 1, Z, Y, X) of the image that the cells were found in.
std::unique_ptr<mm_image> label_image(const std::vector<std::uint32_t>& labels, StackGeometry geometry) {
  constexpr std::uint32_t kMostNarrowLabel = 65535;
  geometry.shape[1] = 1;
  geometry.channel_names = {"Segmentation mask"};
  const bool wide = *std::max_element(labels.begin(), labels.end()) > kMostNarrowLabel;
  return std::make_unique<mm_image>(wide ? stack_of<std::uint32_t>(labels, geometry, DType::u32)
                                         : stack_of<std::uint16_t>(labels, geometry, DType::u16));
}

std::unique_ptr<mm_image> float_image(const std::vector<float>& values, const Index5& shape) {
  StackGeometry geometry;
  geometry.shape = shape;
  ImageStack stack = ImageStack::zeros(geometry, DType::f32);
  std::copy(values.begin(), values.end(), stack.mutable_plane<float>(0, 0, 0).data);
  return std::make_unique<mm_image>(std::move(stack));
}

// Holds an image of a file against other calls; null: nothing.
class FileHeld {
 public:
  FileHeld(const mm_image* image, const char* name) {
    if (image != nullptr && image->reader) held_.emplace(*image, name);
  }

 private:
  std::optional<capi::Changing> held_;
};

musclemap::CellResult run_frame(mm_cells& cells, const mm_image& image, std::int64_t time,
                                const CellOptions& options, const RunControl& control) {
  const Index5& shape = image.info.geometry.shape;
  if (shape[2] != 1) {
    throw Error(ErrorCode::argument,
                "image has " + std::to_string(shape[2]) + " planes of depth; 1 is allowed");
  }
  // A picture of a file need not be in memory.
  if (image.reader && shape[0] == 1) return cells.segmenter.run(*image.reader, options, control);
  return cells.segmenter.run(capi::frame_of(image, time), options, control);
}

void check_flow_shapes(const mm_image& flows, const mm_image& cellprob) {
  const auto text = [](const Index5& shape) {
    std::string of;
    for (const std::int64_t length : shape) of += (of.empty() ? "(" : ", ") + std::to_string(length);
    return of + ")";
  };
  const Index5& f = flows.info.geometry.shape;
  const Index5& p = cellprob.info.geometry.shape;
  const bool fits = ((f[1] == 2 && f[2] == 1) || f[1] == 3) && p[1] == 1 && f[0] == p[0] && f[2] == p[2] &&
                    f[3] == p[3] && f[4] == p[4];
  if (!fits) {
    throw Error(ErrorCode::argument,
                "flows has the shape " + text(f) + " and cellprob " + text(p) +
                    "; (T, 2, 1, Y, X) or (T, 3, Z, Y, X), and (T, 1, Z, Y, X) are allowed");
  }
  for (const auto& [image, name] : {std::pair(&flows, "flows"), std::pair(&cellprob, "cellprob")}) {
    if (image->info.dtype == DType::f32) continue;
    throw Error(ErrorCode::argument,
                std::string(name) + " holds " + dtype_name(image->info.dtype) + "; float32 is allowed");
  }
}

std::vector<std::uint32_t> all_labels(const mm_image& image) {
  const Index5& shape = image.info.geometry.shape;
  std::vector<std::uint32_t> labels;
  for (std::int64_t t = 0; t < shape[0]; ++t) {
    const ImageStack frame = capi::frame_of(image, t);
    musclemap::image::with_type(frame.dtype(), [&](auto pixel) {
      using Pixel = decltype(pixel);
      if constexpr (std::is_unsigned_v<Pixel>) {
        const auto plane = frame.plane<Pixel>(0, 0, 0);
        for (std::int64_t y = 0; y < shape[3]; ++y) {
          for (std::int64_t x = 0; x < shape[4]; ++x) labels.push_back(plane(y, x));
        }
      } else {
        throw Error(ErrorCode::argument, std::string("labels holds ") + dtype_name(frame.dtype()) +
                                             "; uint8, uint16 and uint32 are allowed");
      }
    });
  }
  return labels;
}

void copy_channel(const mm_image& image, std::int64_t time, std::int64_t channel, double* to) {
  const ImageStack frame = capi::frame_of(image, time);
  musclemap::image::with_type(frame.dtype(), [&](auto pixel) {
    const auto plane = frame.plane<decltype(pixel)>(0, channel, 0);
    for (std::int64_t y = 0; y < plane.shape[0]; ++y) {
      for (std::int64_t x = 0; x < plane.shape[1]; ++x) *to++ = static_cast<double>(plane(y, x));
    }
  });
}

// Of one plane of depth and one size; `image` may be null.
void check_measured(const mm_image& labels, const mm_image* image) {
  const Index5& shape = labels.info.geometry.shape;
  if (shape[1] != 1 || shape[2] != 1) {
    throw Error(ErrorCode::argument, "labels has " + std::to_string(shape[1]) + " channels and " +
                                         std::to_string(shape[2]) + " planes of depth; 1 and 1 are allowed");
  }
  if (image == nullptr) return;
  const Index5& other = image->info.geometry.shape;
  if (other[0] != shape[0] || other[2] != 1 || other[3] != shape[3] || other[4] != shape[4])
    throw Error(ErrorCode::argument,
                "image has not the times and the size of labels, and one plane of depth");
}

}  // namespace

mm_status mm_cells_open(const char* name_or_path, const mm_cells_model_options* options,
                        const mm_run_options* run, mm_cells** out) noexcept {
  return capi::guarded([&] {
    capi::required(name_or_path, "name_or_path");
    capi::required(out, "out");
    const mm_cells_model_options own = capi::taken_or_default(options, "options");
    const CellEngineOptions engine = engine_options(own);
    const RunControl control = capi::run_control(run);
    musclemap::CellModelOptions open;
    open.trust = own.trust != 0;
    const musclemap::base::Steps steps(control, {1, 1});
    const musclemap::CellModel model = musclemap::CellModel::open(name_or_path, open, steps.step(0));
    *out = std::make_unique<mm_cells>(musclemap::CellSegmenter(model, engine, steps.step(1))).release();
  });
}

mm_status mm_cells_describe(const mm_cells* cells, mm_cells_info* out) noexcept {
  return capi::guarded([&] {
    const mm_cells& own = capi::checked(cells, "cells");
    const capi::Result<mm_cells_info> result(out, "out");
    const musclemap::CellModel& model = own.segmenter.model();
    mm_cells_info info{};
    info.builtin = model.builtin() ? 1 : 0;
    info.estimates_diameter = model.estimates_diameter() ? 1 : 0;
    info.name = model.name().c_str();
    info.weights_file = own.weights_file.c_str();
    info.sha256 = model.sha256().c_str();
    info.engine = own.segmenter.engine().c_str();
    info.engine_reason = own.segmenter.engine_reason().c_str();
    info.diam_mean = model.diam_mean();
    info.diam_labels = model.diam_labels();
    result.give(info);
  });
}

mm_status mm_cells_run(mm_cells* cells, mm_image* image, const mm_cells_options* options,
                       const mm_run_options* run, mm_image** flows_out, mm_image** cellprob_out,
                       mm_image** labels_out) noexcept {
  return capi::guarded([&] {
    mm_cells& own = capi::checked(cells, "cells");
    const mm_image& picture = capi::checked(image, "image");
    capi::required(labels_out, "labels_out");
    CellOptions how = cell_options(options);
    how.keep_flows = flows_out != nullptr || cellprob_out != nullptr;
    const RunControl control = capi::run_control(run);
    const capi::Changing only_one(own, "cells");
    const FileHeld held(&picture, "image");
    const std::int64_t times = picture.info.geometry.shape[0];
    const musclemap::base::Steps steps(control, std::vector<double>(static_cast<std::size_t>(times), 1.0));
    std::vector<double> diameters;
    std::vector<std::int64_t> counts;
    Frames<std::uint32_t> labels;
    Frames<float> flows;
    Frames<float> cellprob;
    Index5 flow_shape{times, 2, 1, 0, 0};
    for (std::int64_t t = 0; t < times; ++t) {
      const musclemap::CellResult found =
          run_frame(own, picture, t, how, steps.step(static_cast<std::size_t>(t)));
      diameters.push_back(found.diameter);
      counts.push_back(found.masks.count);
      labels.add(found.masks.labels, "labels");
      flow_shape[3] = found.flow_height;
      flow_shape[4] = found.flow_width;
      if (flows_out != nullptr) flows.add(found.flows, "flows");
      if (cellprob_out != nullptr) cellprob.add(found.cellprob, "flows");
    }
    auto label_result = label_image(labels.values, picture.info.geometry);
    std::unique_ptr<mm_image> flow_result;
    std::unique_ptr<mm_image> cellprob_result;
    if (flows_out != nullptr) flow_result = float_image(flows.values, flow_shape);
    flow_shape[1] = 1;
    if (cellprob_out != nullptr) cellprob_result = float_image(cellprob.values, flow_shape);
    own.diameters = std::move(diameters);
    own.counts = std::move(counts);
    if (flows_out != nullptr) *flows_out = flow_result.release();
    if (cellprob_out != nullptr) *cellprob_out = cellprob_result.release();
    *labels_out = label_result.release();
  });
}

mm_status mm_cells_report(const mm_cells* cells, mm_cells_run_report* out) noexcept {
  return capi::guarded([&] {
    const mm_cells& own = capi::checked(cells, "cells");
    const capi::Result<mm_cells_run_report> result(out, "out");
    const capi::Reading reading(own, "cells");
    mm_cells_run_report report{};
    report.frames = static_cast<int64_t>(own.diameters.size());
    if (report.frames > 0) {
      report.diameters = own.diameters.data();
      report.counts = own.counts.data();
    }
    result.give(report);
  });
}

mm_status mm_cells_masks(mm_image* flows, mm_image* cellprob, const mm_cells_mask_options* options,
                         const mm_run_options* run, mm_image** labels_out) noexcept {
  return capi::guarded([&] {
    const mm_image& f = capi::checked(flows, "flows");
    const mm_image& p = capi::checked(cellprob, "cellprob");
    capi::required(labels_out, "labels_out");
    const CellMaskOptions how = mask_options(options, "options");
    const RunControl control = capi::run_control(run);
    check_flow_shapes(f, p);
    const FileHeld held_flows(&f, "flows");
    const FileHeld held_cellprob(flows == cellprob ? nullptr : &p, "cellprob");
    const Index5& shape = p.info.geometry.shape;
    const musclemap::base::Steps steps(control, std::vector<double>(static_cast<std::size_t>(shape[0]), 1.0));
    Frames<std::uint32_t> labels;
    for (std::int64_t t = 0; t < shape[0]; ++t) {
      const ImageStack flow = capi::contiguous_frame_of(f, t);
      const ImageStack logits = capi::contiguous_frame_of(p, t);
      musclemap::CellFlows view;
      view.flows = static_cast<const float*>(capi::first_pixel(flow));
      view.cellprob = static_cast<const float*>(capi::first_pixel(logits));
      view.depth = flow.shape()[1] == 3 ? shape[2] : 0;
      view.height = shape[3];
      view.width = shape[4];
      labels.add(musclemap::cell_masks(view, how, steps.step(static_cast<std::size_t>(t))).labels, "labels");
    }
    *labels_out = label_image(labels.values, p.info.geometry).release();
  });
}

mm_status mm_cells_measure(mm_image* labels, mm_image* image, mm_table** out) noexcept {
  return capi::guarded([&] {
    const mm_image& map = capi::checked(labels, "labels");
    const mm_image* picture = image == nullptr ? nullptr : &capi::checked(image, "image");
    capi::required(out, "out");
    check_measured(map, picture);
    const FileHeld held_labels(&map, "labels");
    const FileHeld held_image(picture == &map ? nullptr : picture, "image");
    const StackGeometry& geometry = map.info.geometry;
    const bool sized = geometry.pixel_size_um[0] > 0 || picture == nullptr;
    const auto& size = sized ? geometry.pixel_size_um : picture->info.geometry.pixel_size_um;
    const std::vector<std::uint32_t> values = all_labels(map);
    std::vector<musclemap::quant::CellChannel> channels;
    const std::int64_t count = picture == nullptr ? 0 : picture->info.geometry.shape[1];
    for (std::int64_t c = 0; c < count; ++c) {
      const auto& names = picture->info.geometry.channel_names;
      channels.push_back({names.empty() ? std::string() : names[static_cast<std::size_t>(c)],
                          [picture, c](std::int64_t t, double* to) { copy_channel(*picture, t, c, to); }});
    }
    *out = std::make_unique<mm_table>(
               musclemap::quant::cell_table(
                   {values.data(), geometry.shape[0], geometry.shape[3], geometry.shape[4], size[0], size[1]},
                   channels))
               .release();
  });
}

void mm_cells_free(mm_cells* cells) noexcept {
  if (capi::may_free(cells)) delete cells;
}
