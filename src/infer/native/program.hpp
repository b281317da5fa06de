// What compile() makes of a graph: operations on blocked maps with their weights ready for products, whatever
// the size of the window.
#ifndef MUSCLEMAP_INFER_NATIVE_PROGRAM_HPP_
#define MUSCLEMAP_INFER_NATIVE_PROGRAM_HPP_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "infer/native/layer.hpp"
#include "infer/native/norm_layer.hpp"
#include "net/graph.hpp"

namespace musclemap::infer::native {

/// A map in memory. A vector of the graph is a map of one pixel.
struct MapSpec {
  int blocks = 0;
  std::uint32_t layer = 0;  ///< of the graph, whose rows and columns it has
};

/// What an operation reads or writes: blocks of a map, or an image as it came.
struct Value {
  static constexpr int kNone = -1;

  int map = kNone;
  int first = 0;  ///< block of the map
  int blocks = 0;
  int activation = kNone;  ///< that its readers apply: index of Program::activations
  int image = kNone;       ///< input port of the graph, in place of a map
  Repeats repeats;         ///< of its pixels, which its readers see
};

enum class OperationKind : std::uint8_t {
  convolution,  ///< of the first input; a second one is added to its outputs
  combine,      ///< the sum of one or two activated maps
  load,         ///< an image into a map
  measure,      ///< the moments of a map
  pool_max,
  pool_mean,
  repeat,       ///< nearest upsampling
  global_mean,  ///< of an activated map, to one pixel
  add_vector,   ///< the vector becomes the shift of norms[0]
  sigmoid,
  unit_length,
};

/// An activation whose scale and shift come from the moments of an operation's channels.
struct MeasuredNorm {
  int activation = 0;
  int first = 0;  ///< block among those measured
};

/// What becomes of a convolution's sum in this program.
struct LayerRole {
  bool adds_bias = true;
  bool adds_input = false;  ///< LayerWeights::add_identity
};

/// A layer of the graph whose outputs begin at a block of an operation's.
struct ConvolutionSource {
  std::uint32_t layer = 0;
  int first = 0;
  LayerRole role;
};

/// What a convolution computes of an input with those channels. No sources: it only moves channels.
struct Convolution {
  std::vector<ConvolutionSource> sources;
  ChannelMap channels;
};

struct Operation {
  OperationKind kind = OperationKind::combine;
  std::vector<Value> inputs;
  Value output;
  std::vector<Layer> layers;  ///< of a convolution; a transposed one may have a layer for each of its phases
  TapGrid taps;               ///< of pooling; the steps of repetition
  std::vector<MeasuredNorm> norms;  ///< of a convolution's output, of what is measured
  ChannelMap channels;              ///< sigmoid, unit_length: channels that only fill stay zero
  Convolution convolution;
};

/// The last convolution of a network of one output. It is not run with the others, so that its outputs may be
/// added to a slice instead of being stored.
struct Head {
  Layer layer;
  std::optional<Layer> taps;  ///< the same as a product of nine maps, for LinearBlend
  Value input;                ///< a whole map
  Convolution convolution;
};

/// What comes out at a port.
struct ProgramOutput {
  Value value;              ///< none if the head gives it
  ChannelMap channels;      ///< of the blocked map
  std::uint32_t layer = 0;  ///< of the graph
  int count() const {
    return static_cast<int>(channels.size() - std::count(channels.begin(), channels.end(), -1));
  }
};

struct Program {
  net::Graph graph;
  std::vector<MapSpec> maps;
  std::vector<NormLayer> activations;
  std::vector<Operation> operations;
  std::optional<Head> head;
  std::vector<ProgramOutput> outputs;  ///< one a port
};

/// Turns the weights of every layer that allows it into split numbers.
void split_weights(Program* program);

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_PROGRAM_HPP_
