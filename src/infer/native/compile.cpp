#include "infer/native/compile.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "infer/native/head_rows.hpp"
#include "infer/native/layer_facts.hpp"
#include "infer/native/layer_schemes.hpp"
#include "infer/native/map_plan.hpp"

namespace musclemap::infer::native {
namespace {

using net::LayerKind;
constexpr std::uint32_t kNoLayer = LayerFacts::kNone;
constexpr int kNone = Value::kNone;

// Values of channels of the blocked map; `filling` where a channel only fills.
template <class T>
std::vector<T> by_channel(const ChannelMap& channels, const net::Tensor* values, T otherwise, T filling) {
  std::vector<T> result;
  for (const int channel : channels) {
    if (channel < 0) {
      result.push_back(filling);
    } else if (values == nullptr || values->values.empty()) {
      result.push_back(otherwise);
    } else {  // one value stands for all channels
      result.push_back(
          static_cast<T>(values->values[values->values.size() == 1 ? 0 : static_cast<std::size_t>(channel)]));
    }
  }
  return result;
}

// Takes every value as it is.
NormLayer identity_norm(const ChannelMap& channels) {
  NormLayer norm;
  norm.weight = by_channel<double>(channels, nullptr, 1, 0);
  norm.bias = by_channel<double>(channels, nullptr, 0, 0);
  norm.slope = by_channel<float>(channels, nullptr, 1, 0);
  norm.mean.assign(channels.size(), 0);
  norm.variance.assign(channels.size(), 1);
  return norm;
}

class Compiler {
 public:
  Compiler(const net::Graph& graph, const net::StateDict& weights, int threads)
      : graph_(graph),
        threads_(threads),
        facts_(facts_of(graph)),
        head_(head_of(graph, facts_)),
        values_(graph.layers.size()),
        places_(graph.layers.size()),
        made_by_(graph.layers.size()) {
    for (const net::NamedTensor& named : weights) tensors_[named.name] = &named.tensor;
    program_.graph = graph;
  }

  Program run() {
    for (std::uint32_t i = 0; i < values_.size(); ++i) {
      emit(i);
      if (i == head_ && program_.head) continue;
      const LayerFacts& facts = facts_[i];
      if (facts.ports > 0 || (facts.joined != kNoLayer && !in_place(i))) keep(i);
    }
    for (const net::Port& port : graph_.outputs) {
      program_.outputs.push_back({values_[port.layer], facts_[port.layer].channels, port.layer});
    }
    return std::move(program_);
  }

 private:
  // The operation that computed a layer's map, and its first block among that operation's outputs.
  struct Maker {
    int operation = kNone;
    int first = 0;
  };

  const net::Layer& layer(std::uint32_t i) const { return graph_.layers[i]; }
  std::uint32_t input_of(std::uint32_t i, std::size_t k = 0) const { return layer(i).inputs[k]; }
  const net::Tensor* tensor(std::uint32_t i, std::size_t k) const {
    const std::uint32_t parameter = layer(i).parameters[k];
    return parameter == net::Layer::kNone ? nullptr : tensors_.at(graph_.parameters[parameter].name);
  }
  int blocks_of_layer(std::uint32_t i) const { return static_cast<int>(facts_[i].channels.size()) / kLanes; }
  // A convolution that the sum behind it takes in is computed with that.
  bool is_part_of_other(std::uint32_t i) const {
    return layer(i).kind == LayerKind::convolution &&
           (facts_[i].identity != kNoLayer || facts_[i].added != kNoLayer);
  }

  // Where the map of a layer is stored: its part of a concatenation, or a map of its own.
  Value place(std::uint32_t i) {
    Value& known = places_[i];
    if (known.map != kNone) return known;
    const LayerFacts& facts = facts_[i];
    if (facts.home != kNoLayer) return known = place(facts.home);
    const int blocks = blocks_of_layer(i);
    return known = facts.joined == kNoLayer ? new_map(i, blocks) : part(facts.joined, facts.part);
  }
  Value part(std::uint32_t concatenation, std::size_t index) {
    Value value = place(concatenation);
    for (std::size_t k = 0; k < index; ++k) value.first += blocks_of_layer(input_of(concatenation, k));
    value.blocks = blocks_of_layer(input_of(concatenation, index));
    return value;
  }
  Value new_map(std::uint32_t i, int blocks) {
    program_.maps.push_back({blocks, i});
    return {static_cast<int>(program_.maps.size()) - 1, 0, blocks, kNone, kNone, {}};
  }

  Operation& add(OperationKind kind, std::vector<Value> inputs, const Value& output) {
    Operation operation;
    operation.kind = kind;
    operation.inputs = std::move(inputs);
    operation.output = output;
    program_.operations.push_back(std::move(operation));
    return program_.operations.back();
  }
  int add_norm(NormLayer norm) {
    program_.activations.push_back(std::move(norm));
    return static_cast<int>(program_.activations.size()) - 1;
  }

  void write(const Value& from, const Value& to) {
    if (from.repeats.any()) {
      add(OperationKind::repeat, {from}, to).taps = steps_of_repeats(from.repeats);
    } else {
      add(from.image == kNone ? OperationKind::combine : OperationKind::load, {from}, to);
    }
  }
  static TapGrid steps_of_repeats(const Repeats& repeats) {
    TapGrid steps;
    steps.plane_step = repeats.planes;
    steps.row_step = repeats.rows;
    steps.column_step = repeats.columns;
    return steps;
  }
  // Whether a layer's map lies where it belongs, whatever activation is left to the reader.
  bool in_place(std::uint32_t i) {
    const Value to = place(i);
    return values_[i].map == to.map && values_[i].first == to.first;
  }
  // Stores a layer's map as its readers see it, where it belongs.
  void keep(std::uint32_t i) {
    Value& value = values_[i];
    const Value to = place(i);
    if (value.activation == kNone && in_place(i)) return;
    write(value, to);
    value = to;
  }
  // The map of a layer, whatever repeats and activation are left to the reader.
  const Value& repeated(std::uint32_t i) {
    if (values_[i].image != kNone) keep(i);
    return values_[i];
  }
  // The map of a layer, whatever activation is left to the reader.
  const Value& blocked(std::uint32_t i) {
    if (repeated(i).repeats.any()) keep(i);
    return values_[i];
  }
  // The map of a layer as it is.
  const Value& plain(std::uint32_t i) {
    if (blocked(i).activation != kNone) keep(i);
    return values_[i];
  }
  // The map or image of a layer, whatever repeats are left to the reader.
  const Value& without_activation(std::uint32_t i) {
    return values_[i].activation != kNone ? plain(i) : values_[i];
  }
  // The same with other channels filling its blocks.
  Value arranged(std::uint32_t i, const ChannelMap& channels) {
    if (facts_[i].channels == channels) return blocked(i);
    const auto count = static_cast<std::int64_t>(*std::max_element(channels.begin(), channels.end()) + 1);
    net::Tensor identity{{count, count}, std::vector<float>(static_cast<std::size_t>(count * count), 0)};
    for (std::int64_t c = 0; c < count; ++c) identity.values[static_cast<std::size_t>(c * (count + 1))] = 1;
    LayerWeights weights;
    weights.weight = &identity;
    const Value from = blocked(i);
    const Value to = new_map(i, static_cast<int>(channels.size()) / kLanes);
    add(OperationKind::convolution, {from}, to)
        .layers.push_back(
            make_layer(Scheme::pointwise, Scheme::pointwise, {weights}, facts_[i].channels, threads_));
    return to;
  }

  void emit(std::uint32_t i) {
    switch (layer(i).kind) {
      case LayerKind::input:
        return input(i);
      case LayerKind::convolution:
        if (is_part_of_other(i)) return;
        if (facts_[i].group != i) return;  // computed with the first one
        return convolution(i, i);
      case LayerKind::transposed_convolution:
      case LayerKind::linear:
        return convolution(i, i);
      case LayerKind::instance_norm:
      case LayerKind::batch_norm:
        return norm(i);
      case LayerKind::leaky_relu:
      case LayerKind::prelu:
        return activation(i);
      case LayerKind::sum:
        return facts_[i].identity != kNoLayer ? convolution(facts_[i].identity, i) : sum(i);
      case LayerKind::concatenation:
        return concatenation(i);
      case LayerKind::max_pool:
        return resize(i, OperationKind::pool_max);
      case LayerKind::average_pool:
        return resize(i, OperationKind::pool_mean);
      case LayerKind::upsampling:
        return upsampling(i);
      case LayerKind::global_mean:
        return resize(i, OperationKind::global_mean);
      case LayerKind::sigmoid:
        return by_value(i, OperationKind::sigmoid);
      case LayerKind::unit_length:
        return by_value(i, OperationKind::unit_length);
    }
  }

  void input(std::uint32_t i) {
    for (std::size_t port = 0; port < graph_.inputs.size(); ++port) {
      if (graph_.inputs[port].layer == i) values_[i].image = static_cast<int>(port);
    }
  }

  LayerWeights weights_of(std::uint32_t i, bool identity) const {
    LayerWeights weights;
    weights.weight = tensor(i, 0);
    weights.bias = facts_[i].normed ? nullptr : tensor(i, 1);
    weights.transposed = layer(i).kind == LayerKind::transposed_convolution;
    weights.add_identity = identity;
    return weights;
  }

  // The convolution or linear layer `i`, and those of its group, as the map of layer `as`; with the map of
  // layer `added` where there is one.
  void convolution(std::uint32_t i, std::uint32_t as, std::uint32_t added = kNoLayer) {
    const std::uint32_t from = input_of(i);
    std::vector<std::uint32_t> members = {i};
    const bool identity = as != i && added == kNoLayer;
    std::vector<LayerWeights> parts = {weights_of(i, identity)};
    int blocks = blocks_of_layer(i);
    for (std::uint32_t other = i + 1; i == as && other < facts_.size(); ++other) {
      if (facts_[other].group != i) continue;
      members.push_back(other);
      parts.push_back(weights_of(other, false));
      blocks += blocks_of_layer(other);
    }
    const bool image =
        values_[from].image != kNone && added == kNoLayer && reads_image(layer(i), facts_[from].channels);
    const bool apart = facts_[i].home == kNoLayer && facts_[as].joined == kNoLayer;
    const bool takes_repeats =
        as != head_ && (is_three_by_three(layer(i)) || (is_pointwise(layer(i)) && apart));
    const Value input = image ? values_[from] : takes_repeats ? repeated(from) : blocked(from);
    std::vector<Layer> layers = make_layers(
        layer(i), parts, {facts_[from].channels, facts_[i].bottom, facts_[i].scale, image}, threads_);
    const bool whole = input.map != kNone && input.blocks == program_.maps[input.map].blocks;
    Convolution convolution;
    convolution.channels = facts_[from].channels;
    int first = 0;
    for (const std::uint32_t member : members) {
      convolution.sources.push_back({member, first, {!facts_[member].normed, identity && member == i}});
      first += blocks_of_layer(member);
    }
    if (as == head_ && whole && layers.size() == 1 && layers[0].phases.size() == 1) {
      program_.head = Head{std::move(layers[0]), {}, input, std::move(convolution)};
      if (is_three_by_three(layer(i)))
        program_.head->taps = make_taps(parts[0], facts_[from].channels, threads_);
      return;
    }
    // What one tap sees of repeated pixels is repeated itself.
    const bool repeats = input.repeats.any() && is_pointwise(layer(i));
    Value output;
    if (repeats) {
      output = new_map(program_.maps[input.map].layer, blocks);
    } else {
      output = members.size() > 1 ? new_map(i, blocks) : place(as);
    }
    std::vector<Value> inputs = {input};
    if (repeats) inputs[0].repeats = {};
    if (added != kNoLayer) inputs.push_back(repeated(added));
    Operation& operation = add(OperationKind::convolution, std::move(inputs), output);
    operation.layers = std::move(layers);
    operation.convolution = std::move(convolution);
    for (const ConvolutionSource& source : operation.convolution.sources) {
      const std::uint32_t value = source.layer == i ? as : source.layer;
      values_[value] = {output.map, output.first + source.first,        blocks_of_layer(source.layer), kNone,
                        kNone,      repeats ? input.repeats : Repeats{}};
      if (added == kNoLayer && !repeats)
        made_by_[value] = {static_cast<int>(program_.operations.size()) - 1, source.first};
    }
  }

  void norm(std::uint32_t i) {
    const std::uint32_t from = input_of(i);
    const ChannelMap& channels = facts_[i].channels;
    NormLayer norm;
    norm.weight = by_channel<double>(channels, tensor(i, 0), 1, 0);
    norm.bias = by_channel<double>(channels, tensor(i, 1), 0, 0);
    norm.slope = by_channel<float>(channels, nullptr, 1, 0);
    norm.epsilon = layer(i).epsilon;
    if (layer(i).kind == LayerKind::batch_norm) {
      norm.mean = by_channel<double>(channels, tensor(i, 2), 0, 0);
      norm.variance = by_channel<double>(channels, tensor(i, 3), 1, 1);
      if (facts_[from].normed) {
        const std::vector<double> before = by_channel<double>(channels, tensor(from, 1), 0, 0);
        for (std::size_t c = 0; c < before.size(); ++c) norm.mean[c] -= before[c];
      }
    }
    if (adds_vector(from) && !norm.measures()) return norm_of_shifted(i, std::move(norm));
    const bool raw = values_[from].activation == kNone;
    values_[i] = norm.measures() ? plain(from) : without_activation(from);
    values_[i].activation = add_norm(std::move(norm));
    if (program_.activations.back().measures()) measure(values_[i], raw ? made_by_[from] : Maker{});
  }

  // Whether nothing but a norm reads the sum of a map and a vector, whose shift the norm then takes over.
  bool adds_vector(std::uint32_t i) const {
    const LayerFacts& facts = facts_[i];
    return shifted_by_.count(values_[i].activation) > 0 && facts.readers.size() == 1 && facts.ports == 0 &&
           facts.joined == kNoLayer;
  }
  void norm_of_shifted(std::uint32_t i, NormLayer norm) {
    values_[i] = values_[input_of(i)];
    const int operation = shifted_by_.at(values_[i].activation);
    values_[i].activation = add_norm(std::move(norm));
    program_.operations[operation].norms[0].activation = values_[i].activation;
  }

  void measure(const Value& value, const Maker& maker) {
    const bool on_the_way = maker.operation != kNone &&
                            program_.operations[maker.operation].layers.size() == 1 &&
                            program_.operations[maker.operation].layers[0].phases.size() == 1;
    if (on_the_way) {
      program_.operations[maker.operation].norms.push_back({value.activation, maker.first});
      return;
    }
    Value raw = value;
    raw.activation = kNone;
    add(OperationKind::measure, {raw}, {}).norms.push_back({value.activation, 0});
  }

  void activation(std::uint32_t i) {
    const std::uint32_t from = input_of(i);
    const LayerKind before = layer(from).kind;
    const bool norm = before == LayerKind::instance_norm || before == LayerKind::batch_norm;
    const bool joins_norm = norm && facts_[from].readers.size() == 1 && values_[from].activation != kNone;
    values_[i] = joins_norm ? values_[from] : without_activation(from);
    if (!joins_norm) values_[i].activation = add_norm(identity_norm(facts_[i].channels));
    const net::Tensor* learnt = layer(i).kind == LayerKind::prelu ? tensor(i, 0) : nullptr;
    program_.activations[values_[i].activation].slope =
        by_channel<float>(facts_[i].channels, learnt, static_cast<float>(layer(i).slope), 0);
  }

  void sum(std::uint32_t i) {
    const std::uint32_t a = input_of(i, 0);
    const std::uint32_t b = input_of(i, 1);
    const ChannelMap& channels = facts_[i].channels;
    if (facts_[a].vector != facts_[b].vector)
      return add_vector(i, facts_[a].vector ? b : a, facts_[a].vector ? a : b);
    if (facts_[i].added != kNoLayer) return convolution(facts_[i].added, i, facts_[i].added == a ? b : a);
    const Value first = arranged(a, channels);
    const Value second = arranged(b, channels);
    values_[i] = place(i);
    add(OperationKind::combine, {first, second}, values_[i]);
  }

  // A vector beside a map is a shift, as an activation has one.
  void add_vector(std::uint32_t i, std::uint32_t map, std::uint32_t vector) {
    const ChannelMap& channels = facts_[i].channels;
    plain(map);
    plain(vector);
    values_[i] = arranged(map, channels);
    const Value shift = arranged(vector, channels);
    values_[i].activation = add_norm(identity_norm(channels));
    add(OperationKind::add_vector, {shift}, {}).norms.push_back({values_[i].activation, 0});
    shifted_by_[values_[i].activation] = static_cast<int>(program_.operations.size()) - 1;
  }

  void concatenation(std::uint32_t i) {
    std::vector<JoinedPart> pending;
    for (std::size_t k = 0; k < layer(i).inputs.size(); ++k) {
      const std::uint32_t from = input_of(i, k);
      const LayerFacts& facts = facts_[from];
      const Value to = part(i, k);
      if (facts.joined != i || facts.part != k) {
        write(values_[from], to);
      } else if (values_[from].activation != kNone) {
        pending.push_back({values_[from].activation, (to.first - place(i).first) * static_cast<int>(kLanes)});
      }
    }
    values_[i] = place(i);
    if (pending.empty()) return;
    values_[i].activation = add_norm(identity_norm(facts_[i].channels));
    program_.activations.back().joined = std::move(pending);
  }

  void resize(std::uint32_t i, OperationKind kind) {
    const Value from = blocked(input_of(i));
    values_[i] = place(i);
    Operation& operation = add(kind, {from}, values_[i]);
    if (kind != OperationKind::global_mean) operation.taps = tap_grid(layer(i));
  }

  // Nearest upsampling is left to the readers.
  void upsampling(std::uint32_t i) {
    const TapGrid grid = tap_grid(layer(i));
    values_[i] = repeated(input_of(i));
    Repeats& repeats = values_[i].repeats;
    repeats = {repeats.planes * grid.plane_step, repeats.rows * grid.row_step,
               repeats.columns * grid.column_step};
  }

  void by_value(std::uint32_t i, OperationKind kind) {
    const Value from = plain(input_of(i));
    values_[i] = place(i);
    add(kind, {from}, values_[i]).channels = facts_[i].channels;
  }

  const net::Graph& graph_;
  int threads_;
  std::map<std::string, const net::Tensor*> tensors_;
  std::vector<LayerFacts> facts_;
  std::uint32_t head_;
  std::vector<Value> values_;  // of each layer
  std::vector<Value> places_;  // of each layer that is stored
  std::vector<Maker> made_by_;
  std::map<int, int> shifted_by_;  // activation of a map and a vector to the operation that sets its shift
  Program program_;
};

// The program of a graph without its weights.
Program outline(const net::Graph& graph) {
  net::StateDict shapes;
  for (const net::Parameter& parameter : graph.parameters)
    shapes.push_back({parameter.name, {parameter.shape, {}}});
  return compile(graph, shapes, 1);
}

}  // namespace

std::string why_not_native(const net::Graph& graph) {
  if (graph.empty()) return "the network is a program, not a described UNet";
  for (const net::Layer& layer : graph.layers) {
    const std::string who = std::string("the ") + net::layer_name(layer.kind) + " '" + layer.name + "' has ";
    if (layer.groups != 1) return who + std::to_string(layer.groups) + " groups; the native engine runs 1";
    for (const net::Taps& taps : layer.taps) {
      if (taps.dilation != 1) {
        return who + "a dilation of " + std::to_string(taps.dilation) + "; the native engine runs 1";
      }
      if (layer.kind == LayerKind::transposed_convolution && taps.kernel < taps.stride) {
        return who + "a stride beyond its kernel; the native engine fills no gaps";
      }
    }
  }
  return {};
}

Program compile(const net::Graph& graph, const net::StateDict& weights, int threads) {
  return Compiler(graph, weights, threads).run();
}

void split_weights(Program* program) {
  for (Operation& operation : program->operations) {
    for (Layer& layer : operation.layers) split_weights(&layer);
  }
  // Rows of scores are computed in floats, and take no longer.
  if (!program->head || (program->graph.axes == 3 && HeadRows::fits(*program))) return;
  split_weights(&program->head->layer);
  if (program->head->taps) split_weights(&*program->head->taps);
}

std::size_t weight_bytes(const net::Graph& graph) {
  const Program program = outline(graph);
  std::int64_t floats = 0;
  for (const Operation& operation : program.operations) {
    for (const Layer& layer : operation.layers) floats += layer.weight_floats();
  }
  if (program.head) {
    floats += program.head->layer.weight_floats();
    if (program.head->taps) floats += program.head->taps->weight_floats();
  }
  return static_cast<std::size_t>(floats) * sizeof(float);
}

std::size_t window_bytes(const net::Graph& graph, const std::vector<std::int64_t>& sizes, int threads) {
  // Moments of the parts of a map, and what threads take from the system.
  constexpr std::size_t kBeside = std::size_t{32} << 20;
  const Program program = outline(graph);
  const MapPlan maps = plan_maps(program, sizes, threads, HeadPlace::inside);
  std::int64_t floats = maps.floats + maps.scratch;
  if (program.head && !HeadRows::fits(program)) {
    floats += program.head->layer.output_blocks * kLanes * extent_of(maps.outputs[0]).pixels();
  }
  return static_cast<std::size_t>(floats) * sizeof(float) + kBeside;
}

}  // namespace musclemap::infer::native
