// A convolution with its weights ready for products.
#ifndef MUSCLEMAP_INFER_NATIVE_LAYER_HPP_
#define MUSCLEMAP_INFER_NATIVE_LAYER_HPP_

#include <vector>

#include "base/aligned.hpp"
#include "infer/native/kernels.hpp"
#include "net/tensor.hpp"

namespace musclemap::infer::native {

constexpr int blocks_of(int channels) { return static_cast<int>((channels + kLanes - 1) / kLanes); }

/// Which channel of a weight array a channel of the blocked map is; -1: none, it only fills a block.
using ChannelMap = std::vector<int>;

/// Channels 0, 1, .. filled up to whole blocks.
ChannelMap whole_blocks(int channels);

/// Weights as the state dict has them. Convolutions: (out, in, kernel..); transposed ones: (in, out,
/// kernel..), with a kernel of two or three axes; linear layers: (out, in).
struct LayerWeights {
  const net::Tensor* weight = nullptr;
  const net::Tensor* bias = nullptr;  ///< null: left out, because a normalisation follows
  bool transposed = false;
  bool add_identity = false;  ///< the layer's input is added to its output: 1 at the middle tap

  int outputs() const { return static_cast<int>(weight->shape[transposed ? 1 : 0]); }
  int planes() const { return along(3); }
  int rows() const { return along(2); }
  int columns() const { return along(1); }
  double value(int output, int input, int plane, int row, int column) const {
    const std::int64_t tap = (std::int64_t{plane} * rows() + row) * columns() + column;
    return static_cast<double>(taps_of(output, input)[tap]) + (identity_at(output, input, tap) ? 1 : 0);
  }
  /// [plane][row][column], without the identity.
  const float* taps_of(int output, int input) const;
  /// Whether the identity adds 1 to that tap.
  bool identity_at(int output, int input, std::int64_t tap) const {
    return add_identity && input == output && 2 * tap + 1 == std::int64_t{planes()} * rows() * columns();
  }

 private:
  // The kernel along an axis, counted from the last one.
  int along(std::size_t from_end) const {
    const std::size_t axes = weight->shape.size();
    return axes >= 2 + from_end ? static_cast<int>(weight->shape[axes - from_end]) : 1;
  }
};

struct Layer {
  Scheme scheme = Scheme::pointwise;  ///< along rows and columns
  Scheme depth = Scheme::pointwise;   ///< along planes
  TapGrid taps;                       ///< of schemes that gather
  std::vector<Lattice> phases = {
      Lattice{}};        ///< the output pixels that it gives; each has weights of its own
  int input_blocks = 0;  ///< of the product
  int output_blocks = 0;
  /// [phase][group of kGroup output blocks][weight of the scheme][weight along planes][input][output]
  base::AlignedFloats weights;
  base::AlignedFloats bias;  ///< one value per output channel; empty: none
  bool split = false;        ///< `weights` are split numbers

  int groups_of_phase() const { return (output_blocks + kGroup - 1) / kGroup; }
  /// Of all phases; group `g` belongs to phase g / groups_of_phase().
  int groups() const { return static_cast<int>(phases.size()) * groups_of_phase(); }
  const Lattice& phase_of(int group) const {
    return phases[static_cast<std::size_t>(group / groups_of_phase())];
  }
  int first_block(int group) const { return group % groups_of_phase() * kGroup; }
  int blocks_of_group(int group) const;
  /// Weights of the schemes, each a matrix.
  int weight_count() const {
    const int along = shape_of(scheme).weights;
    return along * along * shape_of(depth).weights;
  }
  /// Floats of a phase before its group that begins with an output block.
  std::int64_t weights_before(int output_block) const;
  const float* weights_of_group(int group) const;
  /// Floats of all weights; they may not be there yet (fill_layer()).
  std::int64_t weight_floats() const {
    return static_cast<std::int64_t>(phases.size()) * weights_before(output_blocks);
  }
};

/// Schemes that do not gather, one for rows and columns and one for planes. `parts` are layers of one input
/// whose outputs lie one behind the other, each filled up to whole blocks. `threads` share the work.
Layer make_layer(Scheme scheme, Scheme depth, const std::vector<LayerWeights>& parts,
                 const ChannelMap& inputs, int threads);

/// Turns the weights into split numbers, where inputs come in pairs of blocks and are transformed at all.
void split_weights(Layer* layer);

/// Scheme::taps. Tap (k, i, j) of the grid is (plane + k plane_step, row + i row_step,
/// column + j column_step) of the kernel.
Layer make_gather_layer(const std::vector<LayerWeights>& parts, const ChannelMap& inputs, const TapGrid& taps,
                        const Lattice& kernel, int threads);

/// A transposed convolution of any kernel and stride, row step by column step of them in `steps`; its kernel
/// is no smaller. A layer for each of the phases that the output pixels have between two inputs: where the
/// steps are 2, even and odd planes, rows and columns.
std::vector<Layer> make_transposed_layers(const LayerWeights& part, const ChannelMap& inputs,
                                          const TapGrid& taps, int threads);

/// A transposed convolution whose kernel is its stride, without padding: every output sees one input. One
/// layer of all phases.
Layer make_spread_layer(const LayerWeights& part, const ChannelMap& inputs, int threads);

/// Scheme::image: the inputs are the channels of an image.
Layer make_image_layer(const std::vector<LayerWeights>& parts, int channels, const TapGrid& taps,
                       int threads);

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_LAYER_HPP_
