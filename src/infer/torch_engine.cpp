// The LibTorch engine, with torch_sam.cpp a module of its own: the only files that include torch.
#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/cuda.h>
#include <torch/script.h>
#include <torch/version.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "infer/engine_module.h"
#include "infer/torch_sam.hpp"

namespace {

using Maps = std::vector<at::Tensor>;

// The module's own copy, on its device.
at::Tensor weight_of(const musclemap_engine_tensor& tensor, const at::Device& device, bool half) {
  const at::IntArrayRef shape(tensor.shape, static_cast<std::size_t>(tensor.dims));
  return at::from_blob(const_cast<float*>(tensor.values), shape, at::kFloat)
      .clone()
      .to(device, half ? at::kHalf : at::kFloat);
}

/// A network evaluated layer by layer. Maps are (windows, channels, spatial axes..), vectors (windows,
/// channels).
class Graph {
 public:
  Graph(const musclemap_engine_network& network, const at::Device& device) {
    for (std::size_t t = 0; t < network.tensor_count; ++t) {
      tensors_.push_back(weight_of(network.tensors[t], device, network.half != 0));
    }
    for (std::size_t l = 0; l < network.layer_count; ++l) add(network.layers[l]);
    for (std::size_t p = 0; p < network.input_count; ++p) inputs_.push_back(network.inputs[p].layer);
    for (std::size_t p = 0; p < network.output_count; ++p) outputs_.push_back(network.outputs[p].layer);
    for (const uint32_t output : outputs_) layers_.at(output).last_use = layers_.size();
  }

  Maps forward(const Maps& inputs) const {
    if (inputs.size() != inputs_.size()) throw std::runtime_error("the network has another number of inputs");
    Maps maps(layers_.size());
    for (std::size_t port = 0; port < inputs.size(); ++port) maps[inputs_[port]] = inputs[port];
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      const Layer& layer = layers_[l];
      if (layer.kind != MUSCLEMAP_LAYER_INPUT) maps[l] = map_of(layer, maps);
      for (const uint32_t input : layer.inputs) {
        if (layers_[input].last_use == l) maps[input].reset();
      }
    }
    Maps result;
    for (const uint32_t output : outputs_) result.push_back(maps[output]);
    return result;
  }

 private:
  struct Layer {
    int32_t kind;
    int32_t groups;
    double epsilon;
    double slope;
    std::vector<uint32_t> inputs;
    std::vector<std::optional<at::Tensor>> tensors;
    std::vector<int64_t> kernel, stride, padding, dilation, output_padding;
    std::size_t last_use = 0;
  };

  void add(const musclemap_engine_layer& from) {
    Layer layer{
        from.kind, from.groups, from.epsilon, from.slope, {from.inputs, from.inputs + from.input_count}};
    for (const uint32_t input : layer.inputs) layers_.at(input).last_use = layers_.size();
    for (std::size_t t = 0; t < from.tensor_count; ++t) {
      const bool given = from.tensors[t] != MUSCLEMAP_ENGINE_NO_TENSOR;
      layer.tensors.push_back(given ? std::optional<at::Tensor>(tensors_.at(from.tensors[t])) : std::nullopt);
    }
    for (std::size_t axis = 0; axis < from.tap_count; ++axis) {
      const musclemap_engine_taps& taps = from.taps[axis];
      layer.kernel.push_back(taps.kernel);
      layer.stride.push_back(taps.stride);
      layer.padding.push_back(taps.padding);
      layer.dilation.push_back(taps.dilation);
      layer.output_padding.push_back(taps.output_padding);
    }
    layers_.push_back(std::move(layer));
  }

  static at::Tensor map_of(const Layer& layer, const Maps& maps) {
    const at::Tensor& x = maps[layer.inputs.at(0)];
    const auto& t = layer.tensors;
    switch (layer.kind) {
      case MUSCLEMAP_LAYER_CONVOLUTION:
      case MUSCLEMAP_LAYER_TRANSPOSED_CONVOLUTION:
        return at::convolution(x, t.at(0).value(), t.at(1), layer.stride, layer.padding, layer.dilation,
                               layer.kind == MUSCLEMAP_LAYER_TRANSPOSED_CONVOLUTION, layer.output_padding,
                               layer.groups);
      case MUSCLEMAP_LAYER_LINEAR:
        return at::linear(x, t.at(0).value(), t.at(1));
      case MUSCLEMAP_LAYER_INSTANCE_NORM:
        return at::instance_norm(x, t.at(0), t.at(1), {}, {}, true, 0.1, layer.epsilon, false);
      case MUSCLEMAP_LAYER_BATCH_NORM:
        return at::batch_norm(x, t.at(0), t.at(1), t.at(2), t.at(3), false, 0.1, layer.epsilon, false);
      case MUSCLEMAP_LAYER_LEAKY_RELU:
        return at::leaky_relu(x, layer.slope);
      case MUSCLEMAP_LAYER_PRELU:
        return at::prelu(x, t.at(0).value());
      case MUSCLEMAP_LAYER_SIGMOID:
        return at::sigmoid(x);
      case MUSCLEMAP_LAYER_SUM:
        return sum(x, maps[layer.inputs.at(1)]);
      case MUSCLEMAP_LAYER_CONCATENATION: {
        Maps joined;
        for (const uint32_t input : layer.inputs) joined.push_back(maps[input]);
        return at::cat(joined, 1);
      }
      case MUSCLEMAP_LAYER_MAX_POOL:
        return x.dim() == 5 ? at::max_pool3d(x, layer.kernel, layer.stride, layer.padding, layer.dilation)
                            : at::max_pool2d(x, layer.kernel, layer.stride, layer.padding, layer.dilation);
      case MUSCLEMAP_LAYER_AVERAGE_POOL:
        return x.dim() == 5 ? at::avg_pool3d(x, layer.kernel, layer.stride)
                            : at::avg_pool2d(x, layer.kernel, layer.stride);
      case MUSCLEMAP_LAYER_UPSAMPLING:
        return repeated(x, layer.stride);
      case MUSCLEMAP_LAYER_GLOBAL_MEAN:
        return x.flatten(2).mean(2);
      case MUSCLEMAP_LAYER_UNIT_LENGTH:
        return x / x.square().sum(1, true).sqrt();
    }
    throw std::runtime_error("a layer of kind " + std::to_string(layer.kind) + " is not known");
  }

  static at::Tensor sum(const at::Tensor& a, const at::Tensor& b) {
    if (a.dim() == b.dim()) return a + b;
    const at::Tensor& map = a.dim() > b.dim() ? a : b;
    const at::Tensor& vector = a.dim() > b.dim() ? b : a;
    std::vector<int64_t> shape(static_cast<std::size_t>(map.dim()), 1);
    shape[0] = map.size(0);
    shape[1] = map.size(1);
    return map + vector.view(shape);
  }

  // Every value as often along each axis as its factor says.
  static at::Tensor repeated(const at::Tensor& x, const std::vector<int64_t>& factors) {
    std::vector<int64_t> apart{x.size(0), x.size(1)};
    std::vector<int64_t> wide = apart;
    std::vector<int64_t> joined = apart;
    for (std::size_t axis = 0; axis < factors.size(); ++axis) {
      const int64_t size = x.size(static_cast<int64_t>(axis) + 2);
      apart.insert(apart.end(), {size, 1});
      wide.insert(wide.end(), {size, factors[axis]});
      joined.push_back(size * factors[axis]);
    }
    return x.reshape(apart).expand(wide).reshape(joined);
  }

  Maps tensors_;
  std::vector<Layer> layers_;
  std::vector<uint32_t> inputs_;
  std::vector<uint32_t> outputs_;
};

// Blended scores of a slice on the model's device, (pixels, classes): those of a pixel lie together.
struct KeptScores {
  int64_t nx;
  int64_t ny;
  at::Tensor values;
};

class VolumeBlend;

struct Model {
  at::Device device{at::kCPU};
  bool half = false;
  std::optional<Graph> graph;
  std::unique_ptr<musclemap::torch_sam::Network> known;
  std::optional<torch::jit::Module> script;
  std::map<int64_t, KeptScores> kept;                       // by handle
  std::map<int64_t, std::shared_ptr<VolumeBlend>> volumes;  // by handle
  int64_t handles_given = 0;

  Maps forward(const Maps& inputs) {
    if (graph) return graph->forward(inputs);
    if (known) return known->forward(inputs);
    const torch::jit::IValue output = script->forward({inputs.begin(), inputs.end()});
    Maps maps;
    if (output.isTuple()) {
      for (const torch::jit::IValue& each : output.toTuple()->elements()) {
        if (each.isTensor()) maps.push_back(each.toTensor());
      }
    } else if (output.isTensor()) {
      maps.push_back(output.toTensor());
    }
    if (maps.empty()) throw std::runtime_error("the network returns something other than a tensor");
    return maps;
  }
};

std::vector<int64_t> shape_of(const musclemap_engine_values& values) {
  return {values.shape, values.shape + values.dims};
}

// Asks room for every output as soon as its shape is known, and fills it window by window.
class Outputs {
 public:
  Outputs(const musclemap_engine_outputs& to, int64_t windows) : to_(to), windows_(windows) {}

  // What `count` windows from `first` on give.
  void store(int64_t first, int64_t count, const Maps& maps) {
    for (const at::Tensor& map : maps) {
      if (map.dim() < 2 || map.size(0) != count)
        throw std::runtime_error("the network returns no map a window");
    }
    ask_for_room(maps);
    for (std::size_t o = 0; o < places_.size(); ++o) {
      const at::Tensor& map = maps.at(o);
      const int64_t window = map.numel() / count;
      if (window != places_[o].window) throw std::runtime_error("windows of one size give maps of several");
      at::from_blob(places_[o].values + first * window, map.sizes(), at::kFloat).copy_(map);
    }
  }

 private:
  struct Place {
    float* values;
    int64_t window;  // values of one
  };

  void ask_for_room(const Maps& maps) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!places_.empty()) return;
    std::vector<Place> places;
    for (const at::Tensor& map : maps) {
      std::vector<int64_t> shape = map.sizes().vec();
      places.push_back({nullptr, map.numel() / shape[0]});
      shape[0] = windows_;
      places.back().values = to_.room(to_.user, static_cast<int32_t>(places.size() - 1), shape.data(),
                                      static_cast<int32_t>(shape.size()));
      if (places.back().values == nullptr) throw std::runtime_error("there is no room for an output");
    }
    places_ = std::move(places);
  }

  const musclemap_engine_outputs& to_;
  int64_t windows_;
  std::mutex mutex_;
  std::vector<Place> places_;
};

// Windows from `first` on, in the caller's memory; an input of one window is that of all.
Maps windows_of(const std::vector<musclemap_engine_values>& inputs, int64_t first, int64_t count) {
  Maps maps;
  for (const musclemap_engine_values& input : inputs) {
    std::vector<int64_t> shape = shape_of(input);
    int64_t window = 1;
    for (std::size_t axis = 1; axis < shape.size(); ++axis) window *= shape[axis];
    const int64_t begin = shape[0] == 1 ? 0 : first * window;
    if (shape[0] != 1) shape[0] = count;
    maps.push_back(at::from_blob(const_cast<float*>(input.values) + begin, shape, at::kFloat));
  }
  return maps;
}

// Every window is computed on its own, so that neither the batch nor the number of threads reaches the
// numbers. Windows run side by side on LibTorch's own pool; inside a window nothing is split further.
void run_on_cpu(Model& model, const std::vector<musclemap_engine_values>& inputs, int64_t count,
                Outputs& outputs) {
  at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
    const c10::InferenceMode inference;
    for (int64_t w = begin; w < end; ++w) outputs.store(w, 1, model.forward(windows_of(inputs, w, 1)));
  });
}

void run_on_cuda(Model& model, const std::vector<musclemap_engine_values>& inputs, int64_t count,
                 Outputs& outputs) {
  const c10::InferenceMode inference;
  const at::NoTF32Guard full_precision;  // of this thread alone
  Maps windows = windows_of(inputs, 0, count);
  for (at::Tensor& each : windows) each = each.to(model.device, model.half ? at::kHalf : at::kFloat);
  outputs.store(0, count, model.forward(windows));
}

// Sums of weighted windows, and of their weights, on the model's device. Positions count from the first pixel
// that any window covers.
class SliceBlend {
 public:
  SliceBlend(Model& model, const musclemap_engine_slice& slice)
      : model_(model), slice_(slice), options_(at::TensorOptions().dtype(at::kFloat).device(model.device)) {
    int64_t high_x = slice.nx;
    int64_t high_y = slice.ny;
    for (int64_t w = 0; w < slice.windows; ++w) {
      low_x_ = std::max(low_x_, -slice.places[2 * w]);
      low_y_ = std::max(low_y_, -slice.places[2 * w + 1]);
      high_x = std::max(high_x, slice.places[2 * w] + slice.window_x);
      high_y = std::max(high_y, slice.places[2 * w + 1] + slice.window_y);
    }
    image_ = at::zeros({low_x_ + high_x, low_y_ + high_y}, options_);
    image_.narrow(0, low_x_, slice.nx)
        .narrow(1, low_y_, slice.ny)
        .copy_(at::from_blob(const_cast<float*>(slice.image), {slice.nx, slice.ny}, at::kFloat));
    importance_ =
        at::from_blob(const_cast<float*>(slice.importance), {slice.window_x, slice.window_y}, at::kFloat)
            .to(model.device);
    // In memory the classes of a pixel lie together, as in the network's maps.
    sums_ = at::zeros({image_.size(0), image_.size(1), slice.classes}, options_).permute({2, 0, 1});
    weights_ = at::zeros({image_.size(0), image_.size(1)}, options_);
  }

  void add(int64_t first, int64_t count) {
    std::vector<at::Tensor> windows;
    for (int64_t w = first; w < first + count; ++w) windows.push_back(part(image_, w).unsqueeze(0));
    at::Tensor input = at::stack(windows);
    if (model_.half) input = input.to(at::kHalf);
    const at::Tensor logits = model_.forward({input.contiguous(at::MemoryFormat::ChannelsLast)})[0];
    const std::vector<int64_t> expected{count, slice_.classes, slice_.window_x, slice_.window_y};
    if (logits.sizes() != at::IntArrayRef(expected)) {
      std::ostringstream text;
      text << "the network returns shape " << logits.sizes() << " where " << at::IntArrayRef(expected)
           << " is expected";
      throw std::runtime_error(text.str());
    }
    // One window after the other: what a pixel's sum is must not depend on the batch.
    for (int64_t w = 0; w < count; ++w) {
      part(sums_, first + w).add_(logits[w].to(at::kFloat) * importance_);
      part(weights_, first + w).add_(importance_);
    }
  }

  KeptScores finish() {
    const at::Tensor mean = inside(sums_).div_(inside(weights_)).permute({1, 2, 0});
    return {slice_.nx, slice_.ny, mean.reshape({slice_.nx * slice_.ny, slice_.classes}).contiguous()};
  }

 private:
  // The last two axes are x and y.
  at::Tensor part(const at::Tensor& map, int64_t window) const {
    return map.narrow(-2, low_x_ + slice_.places[2 * window], slice_.window_x)
        .narrow(-1, low_y_ + slice_.places[2 * window + 1], slice_.window_y);
  }
  at::Tensor inside(const at::Tensor& map) const {
    return map.narrow(-2, low_x_, slice_.nx).narrow(-1, low_y_, slice_.ny);
  }

  Model& model_;
  const musclemap_engine_slice& slice_;
  at::TensorOptions options_;
  int64_t low_x_ = 0;
  int64_t low_y_ = 0;
  at::Tensor image_;
  at::Tensor importance_;
  at::Tensor sums_;
  at::Tensor weights_;
};

// Class of the highest score of each row, the lowest class on ties, 0 where no score is a number. LibTorch
// leaves open which of equal scores its argmax() finds.
at::Tensor best_class(const at::Tensor& scores) {
  constexpr double kLowest = -std::numeric_limits<double>::infinity();
  const at::Tensor numbers = scores.masked_fill(scores.isnan(), kLowest);
  const at::Tensor highest = numbers == numbers.amax(1, true);
  const at::Tensor classes = at::arange(scores.size(1), scores.options().dtype(at::kInt));
  return at::where(highest, classes, scores.size(1)).amin(1).to(at::kShort);
}

// Sums of a volume's weighted windows, in half precision, and of their weights, on the model's device; with
// the zeros around the volume that windows may see.
class VolumeBlend {
 public:
  VolumeBlend(Model& model, const musclemap_engine_volume& volume)
      : model_(model),
        classes_(volume.classes),
        sizes_(volume.sizes, volume.sizes + kAxes),
        window_(volume.window, volume.window + kAxes),
        low_(volume.low, volume.low + kAxes) {
    std::vector<int64_t> padded;
    for (std::size_t axis = 0; axis < kAxes; ++axis)
      padded.push_back(volume.low[axis] + sizes_[axis] + volume.high[axis]);
    const at::TensorOptions floats = at::TensorOptions().dtype(at::kFloat).device(model.device);
    weights_ = at::from_blob(const_cast<float*>(volume.weights), window_, at::kFloat)
                   .to(model.device, at::kFloat, false, true);
    total_ = at::zeros(padded, floats.dtype(at::kHalf));
    padded.insert(padded.begin(), volume.channels);
    image_ = at::zeros(padded, floats);
    padded[0] = classes_;
    sums_ = at::zeros(padded, floats.dtype(at::kHalf));
  }

  void set_slice(int64_t slice, const float* values) {
    if (slice < 0 || slice >= sizes_[0]) throw std::runtime_error("there is no such slice");
    const at::Tensor from =
        at::from_blob(const_cast<float*>(values), {image_.size(0), sizes_[1], sizes_[2]}, at::kFloat);
    inside(image_, slice).copy_(from);
  }

  void add(const int64_t* places, int64_t count) {
    std::vector<at::Tensor> windows;
    for (int64_t w = 0; w < count; ++w) windows.push_back(part(image_, places + kAxes * w));
    at::Tensor input = at::stack(windows);
    if (model_.half) input = input.to(at::kHalf);
    const at::Tensor logits = model_.forward({input})[0];
    std::vector<int64_t> expected{count, classes_};
    expected.insert(expected.end(), window_.begin(), window_.end());
    if (logits.sizes() != at::IntArrayRef(expected)) {
      std::ostringstream text;
      text << "the network returns shape " << logits.sizes() << " where " << at::IntArrayRef(expected)
           << " is expected";
      throw std::runtime_error(text.str());
    }
    for (int64_t w = 0; w < count; ++w) {
      const at::Tensor sums = part(sums_, places + kAxes * w);
      sums.copy_((logits[w].to(at::kFloat) * weights_).add_(sums));
      const at::Tensor total = part(total_, places + kAxes * w);
      total.copy_(weights_ + total);
    }
  }

  void classes(int64_t slice, int16_t* classes) const;

 private:
  static constexpr std::size_t kAxes = 3;

  // The last three axes are the volume's.
  at::Tensor part(const at::Tensor& map, const int64_t* place) const {
    at::Tensor result = map;
    for (std::size_t axis = 0; axis < kAxes; ++axis) {
      result = result.narrow(static_cast<int64_t>(axis) - static_cast<int64_t>(kAxes),
                             place[axis] + low_[axis], window_[axis]);
    }
    return result;
  }
  at::Tensor inside(const at::Tensor& map, int64_t slice) const {
    return map.select(-3, low_[0] + slice).narrow(-2, low_[1], sizes_[1]).narrow(-1, low_[2], sizes_[2]);
  }

  Model& model_;
  int64_t classes_;
  std::vector<int64_t> sizes_;
  std::vector<int64_t> window_;
  std::vector<int64_t> low_;
  at::Tensor weights_;
  at::Tensor image_;
  at::Tensor sums_;
  at::Tensor total_;
};

void VolumeBlend::classes(int64_t slice, int16_t* classes) const {
  if (slice < 0 || slice >= sizes_[0]) throw std::runtime_error("there is no such slice");
  const at::Tensor mean =
      inside(sums_, slice).to(at::kFloat).div_(inside(total_, slice).to(at::kFloat)).to(at::kHalf);
  if (mean.isinf().any().item<bool>()) {
    throw std::runtime_error("scores leave the range of half precision, which ends at 65504 (slice " +
                             std::to_string(slice) + ")");
  }
  at::from_blob(classes, {sizes_[1] * sizes_[2]}, at::kShort)
      .copy_(best_class(mean.to(at::kFloat).reshape({classes_, -1}).t()));
}

VolumeBlend& volume_of(Model& model, int64_t handle) {
  const auto found = model.volumes.find(handle);
  if (found == model.volumes.end()) throw std::runtime_error("no volume is kept under this handle");
  return *found->second;
}

// Neighbours of target pixels along one axis, checked: a place outside would take the whole process's CUDA
// context down.
class AxisNeighbours {
 public:
  AxisNeighbours(const musclemap_engine_neighbours& axis, const musclemap_engine_target& target, int64_t size,
                 const at::Device& device)
      : target_ny_(target.ny), count_(axis.count) {
    const bool extents = (axis.nx == 1 || axis.nx == target.nx) && (axis.ny == 1 || axis.ny == target.ny);
    if (!extents || count_ < 1 || count_ > 2) throw std::runtime_error("neighbours do not fit the target");
    const std::vector<int64_t> shape{axis.nx, axis.ny, count_};
    const at::Tensor places = at::from_blob(const_cast<int64_t*>(axis.places), shape, at::kLong);
    if (places.min().item<int64_t>() < 0 || places.max().item<int64_t>() >= size)
      throw std::runtime_error("neighbours lie outside of the scores");
    if (axis.nx == 1 && axis.ny == 1) same_ = axis.places;
    places_ = places.to(device);
    weights_ = at::from_blob(const_cast<double*>(axis.weights), shape, at::kDouble).to(device);
  }

  int64_t count() const { return count_; }
  // The place of every pixel; null where they differ.
  const int64_t* same(int64_t neighbour) const { return same_ == nullptr ? nullptr : same_ + neighbour; }
  // For each pixel of the rows.
  at::Tensor places(int64_t neighbour, int64_t first, int64_t rows) const {
    return of_rows(places_, neighbour, first, rows);
  }
  at::Tensor weights(int64_t neighbour, int64_t first, int64_t rows) const {
    return of_rows(weights_, neighbour, first, rows);
  }

 private:
  at::Tensor of_rows(const at::Tensor& values, int64_t neighbour, int64_t first, int64_t rows) const {
    const at::Tensor chosen = values.select(2, neighbour);
    const at::Tensor part = chosen.size(0) == 1 ? chosen : chosen.narrow(0, first, rows);
    return part.expand({rows, target_ny_}).reshape({rows * target_ny_});
  }

  int64_t target_ny_;
  int64_t count_;
  const int64_t* same_ = nullptr;  // borrowed
  at::Tensor places_;
  at::Tensor weights_;
};

// Classes of a target slice from the scores around its pixels.
class SliceClasses {
 public:
  SliceClasses(const Model& model, const musclemap_engine_target& target) : target_(target) {
    if (target.nx < 1 || target.ny < 1 || target.score_count < 1)
      throw std::runtime_error("a target without pixels or scores");
    for (int64_t n = 0; n < target.score_count; ++n) {
      const auto found = model.kept.find(target.scores[n]);
      if (found == model.kept.end()) throw std::runtime_error("no scores are kept under this handle");
      scores_.push_back(found->second);
      if (scores_[0].nx != found->second.nx || scores_[0].values.sizes() != found->second.values.sizes())
        throw std::runtime_error("slices of scores differ in size");
    }
    const std::array<int64_t, 3> sizes{scores_[0].nx, scores_[0].ny, target.score_count};
    for (std::size_t axis = 0; axis < 3; ++axis)
      axes_.emplace_back(target.axes[axis], target, sizes[axis], model.device);
  }

  // A number of rows at once that keeps what is between small.
  void fill(int16_t* classes) const {
    constexpr int64_t kScoresAtOnce = int64_t{1} << 23;
    const int64_t rows = std::max<int64_t>(1, kScoresAtOnce / (scores_[0].values.size(1) * target_.ny));
    for (int64_t first = 0; first < target_.nx; first += rows) {
      const int64_t count = std::min(rows, target_.nx - first);
      at::from_blob(classes + first * target_.ny, {count * target_.ny}, at::kShort)
          .copy_(best_class(sums(first, count).to(at::kFloat)));
    }
  }

 private:
  // Weighted sums in double, (pixels, classes), rounded one by one and in the order of the corners.
  at::Tensor sums(int64_t first, int64_t rows) const {
    at::Tensor sum = at::zeros({rows * target_.ny, scores_[0].values.size(1)},
                               scores_[0].values.options().dtype(at::kDouble));
    for (int64_t x = 0; x < axes_[0].count(); ++x) {
      for (int64_t y = 0; y < axes_[1].count(); ++y) {
        const at::Tensor pixels =
            axes_[0].places(x, first, rows) * scores_[0].ny + axes_[1].places(y, first, rows);
        for (int64_t z = 0; z < axes_[2].count(); ++z) {
          const at::Tensor weight = ((axes_[2].weights(z, first, rows) * axes_[1].weights(y, first, rows)) *
                                     axes_[0].weights(x, first, rows))
                                        .unsqueeze(1);
          // A score that is no number must not count where its weight is 0.
          sum.add_(corner(pixels, z, first, rows).to(at::kDouble).mul_(weight).masked_fill_(weight == 0, 0));
        }
      }
    }
    return sum;
  }

  // Scores at those pixels of the z-th neighbours among the slices.
  at::Tensor corner(const at::Tensor& pixels, int64_t z, int64_t first, int64_t rows) const {
    if (const int64_t* slice = axes_[2].same(z))
      return scores_[static_cast<std::size_t>(*slice)].values.index_select(0, pixels);
    const at::Tensor slices = axes_[2].places(z, first, rows);
    at::Tensor result = at::empty({pixels.size(0), scores_[0].values.size(1)}, scores_[0].values.options());
    for (std::size_t s = 0; s < scores_.size(); ++s) {
      const at::Tensor here = (slices == static_cast<int64_t>(s)).nonzero().squeeze(1);
      if (here.size(0) == 0) continue;
      result.index_copy_(0, here, scores_[s].values.index_select(0, pixels.index_select(0, here)));
    }
    return result;
  }

  const musclemap_engine_target& target_;
  std::vector<KeptScores> scores_;
  std::vector<AxisNeighbours> axes_;
};

void write_text(const musclemap_engine_text& text, const char* message) {
  if (text.capacity == 0) return;
  // LibTorch appends a stack trace after the first line.
  const std::size_t length = std::min(std::strcspn(message, "\n"), text.capacity - 1);
  std::memcpy(text.data, message, length);
  text.data[length] = '\0';
}

template <class Body>
int32_t guarded(const musclemap_engine_text& error, const Body& body) {
  try {
    body();
    return 0;
  } catch (const std::bad_alloc&) {
    write_text(error, "out of memory");
    return 2;
  } catch (const c10::OutOfMemoryError& problem) {
    write_text(error, problem.what_without_backtrace());
    return 2;
  } catch (const c10::Error& problem) {
    const bool memory = std::strstr(problem.what_without_backtrace(), "not enough memory") != nullptr;
    write_text(error, problem.what_without_backtrace());
    return memory ? 2 : 1;
  } catch (const std::exception& problem) {
    write_text(error, problem.what());
    return 1;
  } catch (...) {
    write_text(error, "unknown failure in LibTorch");
    return 1;
  }
}

int32_t probe_cuda(const char* library_folder, musclemap_engine_text error) {
  return guarded(error, [&] {
    const std::string library = std::string(library_folder) + "/libtorch_cuda.so";
    if (dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
      throw std::runtime_error(
          std::string(dlerror()) +
          "; a GPU needs torch with all that it depends on: pip install torch==" TORCH_VERSION);
    }
    if (!torch::cuda::is_available()) throw std::runtime_error("LibTorch finds no CUDA device or driver");
  });
}

int32_t load(const musclemap_engine_network* network, int32_t cuda_index, void** model,
             musclemap_engine_text error) {
  return guarded(error, [&] {
    auto loaded = std::make_unique<Model>();
    if (cuda_index >= 0) {
      if (cuda_index >= static_cast<int32_t>(torch::cuda::device_count())) {
        throw std::runtime_error("there is no CUDA device " + std::to_string(cuda_index) + " of " +
                                 std::to_string(torch::cuda::device_count()));
      }
      loaded->device = at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(cuda_index));
    }
    loaded->half = network->half != 0;
    if (network->architecture != nullptr) {
      const c10::InferenceMode inference;
      musclemap::torch_sam::Tensors tensors;
      for (std::size_t t = 0; t < network->tensor_count; ++t) {
        const musclemap_engine_tensor& tensor = network->tensors[t];
        tensors.emplace(tensor.name, weight_of(tensor, loaded->device, loaded->half));
      }
      loaded->known = musclemap::torch_sam::network_of(network->architecture, std::move(tensors));
    } else if (network->torchscript == nullptr) {
      loaded->graph.emplace(*network, loaded->device);
    } else {
      std::istringstream archive(
          std::string(static_cast<const char*>(network->torchscript), network->torchscript_bytes));
      loaded->script = torch::jit::load(archive, loaded->device);
      loaded->script->eval();
      if (loaded->half) loaded->script->to(at::kHalf);
    }
    *model = loaded.release();
  });
}

int32_t run(void* model, const musclemap_engine_values* inputs, int32_t input_count,
            const musclemap_engine_outputs* outputs, musclemap_engine_text error) {
  return guarded(error, [&] {
    auto& loaded = *static_cast<Model*>(model);
    const std::vector<musclemap_engine_values> windows(inputs, inputs + input_count);
    if (windows.empty() || windows[0].dims < 2) throw std::runtime_error("there is no input");
    int64_t count = 1;
    for (const musclemap_engine_values& input : windows) count = std::max(count, input.shape[0]);
    for (const musclemap_engine_values& input : windows) {
      if (input.shape[0] != 1 && input.shape[0] != count)
        throw std::runtime_error("inputs have different numbers of windows");
    }
    Outputs filled(*outputs, count);
    if (loaded.device.is_cuda()) {
      run_on_cuda(loaded, windows, count, filled);
    } else {
      run_on_cpu(loaded, windows, count, filled);
    }
  });
}

int32_t blend(void* model, const musclemap_engine_slice* slice, int64_t* handle,
              musclemap_engine_text error) {
  return guarded(error, [&] {
    auto& loaded = *static_cast<Model*>(model);
    const c10::InferenceMode inference;
    const at::NoTF32Guard full_precision;  // of this thread alone
    SliceBlend blended(loaded, *slice);
    for (int64_t first = 0; first < slice->windows; first += slice->batch) {
      if (slice->go_on(slice->user) == 0) throw std::runtime_error("ended by the caller");
      blended.add(first, std::min(slice->batch, slice->windows - first));
    }
    loaded.kept.emplace(loaded.handles_given + 1, blended.finish());
    *handle = ++loaded.handles_given;
  });
}

int32_t classify(void* model, const musclemap_engine_target* target, int16_t* classes,
                 musclemap_engine_text error) {
  return guarded(error, [&] {
    const c10::InferenceMode inference;
    SliceClasses(*static_cast<Model*>(model), *target).fill(classes);
  });
}

int32_t volume_begin(void* model, const musclemap_engine_volume* volume, int64_t* handle,
                     musclemap_engine_text error) {
  return guarded(error, [&] {
    auto& loaded = *static_cast<Model*>(model);
    const c10::InferenceMode inference;
    loaded.volumes.emplace(loaded.handles_given + 1, std::make_shared<VolumeBlend>(loaded, *volume));
    *handle = ++loaded.handles_given;
  });
}

int32_t volume_slice(void* model, int64_t handle, int64_t slice, const float* values,
                     musclemap_engine_text error) {
  return guarded(error, [&] {
    const c10::InferenceMode inference;
    volume_of(*static_cast<Model*>(model), handle).set_slice(slice, values);
  });
}

int32_t volume_windows(void* model, int64_t handle, const int64_t* places, int64_t count,
                       musclemap_engine_text error) {
  return guarded(error, [&] {
    const c10::InferenceMode inference;
    const at::NoTF32Guard full_precision;  // of this thread alone
    volume_of(*static_cast<Model*>(model), handle).add(places, count);
  });
}

int32_t volume_classes(void* model, int64_t handle, int64_t slice, int16_t* classes,
                       musclemap_engine_text error) {
  return guarded(error, [&] {
    const c10::InferenceMode inference;
    volume_of(*static_cast<Model*>(model), handle).classes(slice, classes);
  });
}

void release(void* model, int64_t handle) {
  auto& loaded = *static_cast<Model*>(model);
  loaded.kept.erase(handle);
  loaded.volumes.erase(handle);
}

void unload(void* model) { delete static_cast<Model*>(model); }

void set_threads(int32_t threads) { at::set_num_threads(threads); }

}  // namespace

extern "C" __attribute__((visibility("default"))) const musclemap_engine_functions*
musclemap_engine_module() {
  static const musclemap_engine_functions functions{MUSCLEMAP_ENGINE_ABI,
                                                    "torch " TORCH_VERSION,
                                                    probe_cuda,
                                                    load,
                                                    run,
                                                    blend,
                                                    classify,
                                                    volume_begin,
                                                    volume_slice,
                                                    volume_windows,
                                                    volume_classes,
                                                    release,
                                                    unload,
                                                    set_threads};
  return &functions;
}
