// How layers of three axes, which are transformed along planes as well, are divided.
#ifndef MUSCLEMAP_INFER_NATIVE_DEPTH_CONVOLVER_HPP_
#define MUSCLEMAP_INFER_NATIVE_DEPTH_CONVOLVER_HPP_

#include "infer/native/division.hpp"

namespace musclemap::infer::native {

/// Tiles of a block (Division::block).
int depth_block(const Layer& layer, const Extent& output);

/// Maps of few tiles a plane: all of them together, frequencies over threads, or every block of tiles would
/// read all weights. Else blocks of tiles over threads, each through all planes.
bool by_frequencies(const Division& division);

Scratch depth_scratch(const Layer& layer, const Division& division);

/// Sizes in floats of what lies between the transforms. A panel is one frequency of one plane.
struct DepthStrides {
  int tiles;                  ///< of a panel
  int together;               ///< panels that one product takes along planes
  int planes;                 ///< of inputs that are seen together
  int finished;               ///< planes of outputs that are finished together
  std::int64_t panel;         ///< inputs of a panel
  std::int64_t plane;         ///< all panels of a plane of inputs
  std::int64_t row;           ///< a block of 16 inputs of a product
  std::int64_t inputs;        ///< a frequency along planes of a product's inputs
  std::int64_t products;      ///< the same of products of a group
  std::int64_t output;        ///< products of a panel of a group
  std::int64_t output_plane;  ///< all panels of a plane of a group
  std::int64_t outputs;       ///< of all groups and planes that are finished together

  DepthStrides(const Layer& layer, const Division& division);
};

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_DEPTH_CONVOLVER_HPP_
