#include "infer/native/executor.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "musclemap/error.hpp"

namespace musclemap::infer::native {
namespace {

// Pixels of a block that one thread passes over at a time. Part of the result: moments are joined part by
// part.
constexpr std::int64_t kPixelsAtOnce = 4096;

std::int64_t pixels_of(const Map& map) { return map.extent().pixels(); }

// Parts of a block of so many pixels.
std::int64_t parts_of(std::int64_t pixels) { return (pixels + kPixelsAtOnce - 1) / kPixelsAtOnce; }

// `change(values, count)` of the values of each pixel that are channels.
template <class Change>
void change_values(const Map& from, const Map& to, const ChannelMap& channels, const Change& change) {
  for (std::size_t c = 0; c < channels.size(); ++c) {
    const std::size_t lane = c % kLanes;
    const float* in = from.block(static_cast<int>(c / kLanes)) + lane;
    float* out = to.block(static_cast<int>(c / kLanes)) + lane;
    for (std::int64_t p = 0; p < pixels_of(to); ++p)
      out[p * kLanes] = channels[c] < 0 ? 0.0F : change(in[p * kLanes]);
  }
}

void sigmoid(const Map& from, const Map& to, const ChannelMap& channels) {
  change_values(from, to, channels, [](float x) { return 1.0F / (1.0F + std::exp(-x)); });
}

void unit_length(const Map& from, const Map& to, const ChannelMap& channels) {
  double squares = 0;
  for (std::size_t c = 0; c < channels.size(); ++c) {
    if (channels[c] >= 0) squares += static_cast<double>(from.data[c]) * static_cast<double>(from.data[c]);
  }
  const double length = std::sqrt(squares);
  change_values(from, to, channels,
                [&](float x) { return static_cast<float>(static_cast<double>(x) / length); });
}

}  // namespace

Executor::Executor(const Program& program, const Kernels& kernels, base::WorkerPool& pool,
                   std::vector<std::int64_t> sizes, HeadPlace head)
    : program_(program),
      kernels_(kernels),
      pool_(pool),
      convolver_(kernels, pool),
      sizes_(std::move(sizes)),
      extent_(extent_of({1, sizes_})),
      plan_(plan_maps(program, sizes_, pool.threads(), head)),
      memory_(plan_.floats) {
  for (const NormLayer& norm : program.activations) {
    ActivationArrays arrays(static_cast<std::int64_t>(norm.weight.size()));
    if (!norm.measures()) norm.scale_and_shift(nullptr, nullptr, arrays.scale(), arrays.shift());
    std::copy(norm.slope.begin(), norm.slope.end(), arrays.slope());
    activations_.push_back(std::move(arrays));
  }
  if (head == HeadPlace::inside && HeadRows::fits(program)) head_rows_.emplace(program, kernels, pool);
}

void Executor::check_scores() const {
  const std::vector<std::int64_t>& given = plan_.outputs[0].sizes;
  if (given == sizes_) return;
  const auto text = [](const std::vector<std::int64_t>& sizes) {
    std::string joined;
    for (const std::int64_t size : sizes) joined += (joined.empty() ? "" : " x ") + std::to_string(size);
    return joined;
  };
  throw Error(ErrorCode::model, "the network gives " +
                                    (given.empty() ? "a vector" : text(given) + " scores") +
                                    " for a window of " + text(sizes_));
}

FeatureMap Executor::make_features() const {
  const Value& input = program_.head->input;
  const MapPlan::Place& place = plan_.maps[input.map];
  return {input.blocks, place.extent, input.activation != Value::kNone};
}

Map Executor::map_of(const Value& value) const {
  const MapPlan::Place& place = plan_.maps[value.map];
  float* data = const_cast<float*>(memory_.data()) + place.offset;
  if (head_map_ != nullptr && program_.head->input.map == value.map) data = head_map_;
  return whole_map(data, program_.maps[value.map].blocks, place.extent).part(value.first, value.blocks);
}

const ActivationArrays& Executor::activation_of(int index) {
  ActivationArrays& arrays = activations_[index];
  for (const JoinedPart& part : program_.activations[index].joined) {
    arrays.set(activation_of(part.activation), part.channel);
  }
  return arrays;
}

LayerInput Executor::input_of(const Value& value) {
  Activation activation;
  if (value.activation != Value::kNone) activation = activation_of(value.activation).activation();
  if (value.image != Value::kNone) {
    const auto port = static_cast<std::size_t>(value.image);
    const std::int64_t channels = program_.graph.layers[program_.graph.inputs[port].layer].channels;
    return {whole_map(nullptr, 0, extent_), activation, images_[port], static_cast<int>(channels), {}};
  }
  return {map_of(value), activation, nullptr, 0, value.repeats};
}

void Executor::run_operations(const std::vector<const float*>& images) {
  images_ = images;
  for (const Operation& operation : program_.operations) {
    if (between_layers_) between_layers_();
    run(operation);
  }
}

// The value of each channel of the images, where each has one throughout; else nothing.
std::vector<float> Executor::constants_of(const std::vector<const float*>& images) const {
  std::vector<float> constants;
  for (std::size_t port = 0; port < images.size(); ++port) {
    const std::int64_t channels = program_.graph.layers[program_.graph.inputs[port].layer].channels;
    for (std::int64_t c = 0; c < channels; ++c) {
      const float* values = images[port] + c * extent_.pixels();
      const float* end = values + extent_.pixels();
      if (std::any_of(values, end, [&](float value) { return value != *values; })) return {};
      constants.push_back(*values);
    }
  }
  return constants;
}

void Executor::run_to_head(const std::vector<const float*>& images, FeatureMap* features) {
  left_of_.clear();
  head_map_ = features->map().data;
  run_operations(images);
  const Value& input = program_.head->input;
  if (input.activation == Value::kNone) return;
  features->activation().set(activation_of(input.activation));
}

void Executor::run(const std::vector<const float*>& images) {
  std::vector<float> constants = constants_of(images);
  if (!constants.empty() && constants == left_of_ && !observer_) return;
  left_of_.clear();
  run_operations(images);
  left_of_ = std::move(constants);
  if (!program_.head || (streams() && !observer_)) return;
  const Head& head = *program_.head;
  const LayerInput input = input_of(head.input);
  const Extent extent = extent_of(plan_.outputs[0]);
  if (scores_.map().data == nullptr) scores_ = FeatureMap(head.layer.output_blocks, extent, false);
  if (streams()) {
    store_stream();
  } else {
    convolver_.store(head.layer, input, scores_.map(), nullptr);
  }
  if (observer_) observer_(head.convolution, {}, input, scores_.map());
}

void Executor::stream_scores(const ScoreTaker& taker) {
  head_rows_->run(input_of(program_.head->input), taker);
}

// For an observer, who looks at maps.
void Executor::store_stream() {
  const Map map = scores_.map();
  const ChannelMap& channels = program_.outputs[0].channels;
  stream_scores({[](std::int64_t) {},
                 [&](const ScorePiece& piece) {
                   const std::int64_t pixel = (piece.z * map.rows + piece.y) * map.columns + piece.x;
                   for (std::size_t c = 0; c < channels.size(); ++c) {
                     if (channels[c] < 0) continue;
                     float* to = map.block(static_cast<int>(c / kLanes)) + pixel * kLanes + c % kLanes;
                     for (std::int64_t i = 0; i < piece.count; ++i)
                       to[i * kLanes] = piece.values[channels[c] * piece.stride + i];
                   }
                 }});
}

void Executor::write_output(std::size_t port, float* to) {
  if (streams()) {
    const Extent extent = extent_of(plan_.outputs[0]);
    const std::int64_t all = extent.pixels();
    const int classes = program_.outputs[0].count();
    return stream_scores({[](std::int64_t) {},
                          [&](const ScorePiece& piece) {
                            float* row = to + (piece.z * extent.rows + piece.y) * extent.columns + piece.x;
                            for (int c = 0; c < classes; ++c) {
                              std::copy(piece.values + c * piece.stride,
                                        piece.values + c * piece.stride + piece.count, row + c * all);
                            }
                          }});
  }
  const Map map = program_.head ? scores_.map() : map_of(program_.outputs[port].value);
  const ChannelMap& channels = program_.outputs[port].channels;
  const std::int64_t pixels = pixels_of(map);
  const std::int64_t parts = parts_of(pixels);
  pool_.run(map.blocks * parts, [&](std::int64_t item, int) {
    const std::int64_t begin = item % parts * kPixelsAtOnce;
    const std::int64_t end = std::min(begin + kPixelsAtOnce, pixels);
    const std::int64_t first = item / parts * kLanes;
    const float* from = map.block(static_cast<int>(item / parts));
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      const int channel = channels[static_cast<std::size_t>(first + lane)];
      if (channel < 0) continue;
      for (std::int64_t p = begin; p < end; ++p) to[channel * pixels + p] = from[p * kLanes + lane];
    }
  });
}

void Executor::run(const Operation& operation) {
  switch (operation.kind) {
    case OperationKind::convolution:
      return convolve(operation);
    case OperationKind::combine:
      return combine(operation);
    case OperationKind::load:
      return load(operation);
    case OperationKind::measure:
      return set_norms(operation, moments_of(input_of(operation.inputs[0])));
    case OperationKind::pool_max:
    case OperationKind::pool_mean:
    case OperationKind::repeat:
      return resize(operation);
    case OperationKind::global_mean:
      return global_mean(operation);
    case OperationKind::add_vector:
      return add_vector(operation);
    case OperationKind::sigmoid:
      return sigmoid(map_of(operation.inputs[0]), map_of(operation.output), operation.channels);
    case OperationKind::unit_length:
      return unit_length(map_of(operation.inputs[0]), map_of(operation.output), operation.channels);
  }
}

void Executor::convolve(const Operation& operation) {
  const LayerInput input = input_of(operation.inputs[0]);
  const bool measures = !operation.norms.empty();
  const Map output = map_of(operation.output);
  ChannelMoments moments;
  LayerInput added;
  if (operation.inputs.size() > 1) added = input_of(operation.inputs[1]);
  const bool adds = added.map.data != nullptr && !observer_;  // who looks at the sum of products alone
  for (const Layer& layer : operation.layers) {
    convolver_.store(layer, input, output, measures ? &moments : nullptr, adds ? &added : nullptr);
  }
  if (measures) set_norms(operation, moments);
  if (!observer_) return;
  observer_(operation.convolution, operation.norms, input, output);
  if (added.map.data != nullptr) combine({output, {}, nullptr, 0, {}}, &added, output);
}

void Executor::set_norms(const Operation& operation, const ChannelMoments& moments) {
  for (const MeasuredNorm& norm : operation.norms) {
    const std::ptrdiff_t first = norm.first * kLanes;
    ActivationArrays& arrays = activations_[norm.activation];
    program_.activations[norm.activation].scale_and_shift(
        moments.mean.data() + first, moments.variance.data() + first, arrays.scale(), arrays.shift());
  }
}

void Executor::combine(const Operation& operation) {
  const bool two = operation.inputs.size() > 1;
  const LayerInput b = two ? input_of(operation.inputs[1]) : LayerInput{};
  combine(input_of(operation.inputs[0]), two ? &b : nullptr, map_of(operation.output));
}

void Executor::combine(const LayerInput& a, const LayerInput* b, const Map& output) {
  const std::int64_t pixels = pixels_of(output);
  const std::int64_t parts = parts_of(pixels);
  pool_.run(output.blocks * parts, [&](std::int64_t item, int) {
    const auto block = static_cast<int>(item / parts);
    const std::int64_t first = item % parts * kPixelsAtOnce;
    CombineCall call;
    call.a = a.map.block(block) + first * kLanes;
    call.a_activation = a.activation.from_block(block);
    if (b != nullptr) {
      call.b = b->map.block(block) + first * kLanes;
      call.b_activation = b->activation.from_block(block);
    }
    call.output = output.block(block) + first * kLanes;
    call.pixels = std::min(kPixelsAtOnce, pixels - first);
    kernels_.combine(call);
  });
}

void Executor::load(const Operation& operation) {
  const LayerInput image = input_of(operation.inputs[0]);
  const Map output = map_of(operation.output);
  const std::int64_t pixels = pixels_of(output);
  const std::int64_t parts = parts_of(pixels);
  pool_.run(output.blocks * parts, [&](std::int64_t item, int) {
    const std::int64_t block = item / parts;
    const std::int64_t begin = item % parts * kPixelsAtOnce;
    const std::int64_t end = std::min(begin + kPixelsAtOnce, pixels);
    float* to = output.block(static_cast<int>(block));
    std::fill(to + begin * kLanes, to + end * kLanes, 0.0F);
    const std::int64_t channels = std::min(kLanes, image.image_channels - block * kLanes);
    for (std::int64_t lane = 0; lane < channels; ++lane) {
      const float* from = image.image + (block * kLanes + lane) * pixels;
      const ScalarActivation activate(image.activation, block * kLanes + lane);
      for (std::int64_t p = begin; p < end; ++p) to[p * kLanes + lane] = activate(from[p]);
    }
  });
}

ChannelMoments Executor::moments_of(const LayerInput& input) {
  const std::int64_t pixels = pixels_of(input.map);
  const std::int64_t parts = parts_of(pixels);
  const int blocks = input.map.blocks;
  std::vector<Moments> moments(static_cast<std::size_t>(parts * blocks));
  std::vector<std::int64_t> counts;
  for (std::int64_t part = 0; part < parts; ++part) {
    counts.push_back(std::min(kPixelsAtOnce, pixels - part * kPixelsAtOnce));
  }
  pool_.run(parts * blocks, [&](std::int64_t item, int) {
    const auto block = static_cast<int>(item % blocks);
    const std::int64_t part = item / blocks;
    MeasureCall call;
    call.input = input.map.block(block) + part * kPixelsAtOnce * kLanes;
    call.activation = input.activation.from_block(block);
    call.pixels = counts[static_cast<std::size_t>(part)];
    call.moments = moments.data() + item;
    kernels_.measure(call);
  });
  return joined_moments(moments.data(), blocks, counts);
}

void Executor::global_mean(const Operation& operation) {
  const ChannelMoments moments = moments_of(input_of(operation.inputs[0]));
  std::transform(moments.mean.begin(), moments.mean.end(), map_of(operation.output).data,
                 [](double mean) { return static_cast<float>(mean); });
}

void Executor::add_vector(const Operation& operation) {
  const Map vector = map_of(operation.inputs[0]);
  const int activation = operation.norms[0].activation;
  program_.activations[activation].shift_of_vector(vector.data, activations_[activation].shift());
}

void Executor::resize(const Operation& operation) {
  const LayerInput input = input_of(operation.inputs[0]);
  ResizeCall call;
  call.input = input.map;
  call.activation = input.activation;
  call.output = map_of(operation.output);
  call.taps = operation.taps;
  const auto kernel = operation.kind == OperationKind::pool_max    ? kernels_.pool_max
                      : operation.kind == OperationKind::pool_mean ? kernels_.pool_mean
                                                                   : kernels_.repeat;
  const std::int64_t lines = std::int64_t{call.output.planes} * call.output.rows;
  pool_.run(call.output.blocks * lines, [&](std::int64_t item, int) {
    ResizeCall row = call;
    row.block = static_cast<int>(item / lines);
    row.plane = static_cast<int>(item % lines / call.output.rows);
    row.row = static_cast<int>(item % call.output.rows);
    kernel(row);
  });
}

}  // namespace musclemap::infer::native
