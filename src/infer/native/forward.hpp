// One window through the layers of a UNet.
#ifndef MUSCLEMAP_INFER_NATIVE_FORWARD_HPP_
#define MUSCLEMAP_INFER_NATIVE_FORWARD_HPP_

#include <cstdint>
#include <vector>

#include "base/aligned.hpp"
#include "base/worker_pool.hpp"
#include "infer/native/convolver.hpp"
#include "infer/native/unet_layers.hpp"

namespace musclemap::infer::native {

/// A map of its own, and the norm and activation that its readers apply.
class FeatureMap {
 public:
  FeatureMap() = default;
  FeatureMap(int blocks, int rows, int columns);

  const Map& map() const { return map_; }
  /// As it is.
  LayerInput plain() const { return {map_, {}, nullptr, 0}; }
  /// Normalised and activated; after normalise().
  LayerInput activated() const;
  /// Sets what activated() applies to the first channels, as many as `norm` has. `moments` of the map.
  void normalise(const NormLayer& norm, const ChannelMoments& moments);

 private:
  base::AlignedFloats memory_;
  base::AlignedFloats channels_;  // scale, shift, slope
  Map map_;
};

/// Holds the maps of one window size; each window replaces the one before.
class Forward {
 public:
  /// `rows` and `columns` are multiples of 2 to the number of levels.
  Forward(const UNetLayers& layers, const Kernels& kernels, base::WorkerPool& pool, int rows, int columns);

  int rows() const { return rows_; }
  int columns() const { return columns_; }

  /// Runs all but the last layer on `image`, [channel][row][column]. What the last layer reads goes to
  /// `features` if that is given, a map that suits (make_features()), else to one of this object's own.
  LayerInput run(const float* image, FeatureMap* features = nullptr);
  FeatureMap make_features() const;
  Convolver& convolver() { return convolver_; }

 private:
  struct Level {
    FeatureMap first;  // raw outputs of a down block's first layer
    FeatureMap unit[2];
    FeatureMap shortcut;
    FeatureMap joined;  // skip connection, then what comes from below
    FeatureMap transposed;
    FeatureMap raw_unit;
  };

  void down(std::size_t level, const LayerInput& input, const Map& output);
  void up(std::size_t level, const Map& output);
  /// A convolution into `output`, whose norm and activation are left to its readers.
  void convolve(const NormalisedLayer& layer, const LayerInput& input, FeatureMap& output);
  void combine(const LayerInput& a, const LayerInput* b, const Map& output);

  const UNetLayers& layers_;
  const Kernels& kernels_;
  base::WorkerPool& pool_;
  Convolver convolver_;
  int rows_;
  int columns_;
  std::vector<Level> levels_;
  ChannelMoments moments_;
};

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_FORWARD_HPP_
