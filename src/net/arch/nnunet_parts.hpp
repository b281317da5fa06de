// What nnU-Net's architectures share: convolutions with norm and activation, and the way up.
#ifndef MUSCLEMAP_NET_ARCH_NNUNET_PARTS_HPP_
#define MUSCLEMAP_NET_ARCH_NNUNET_PARTS_HPP_

#include <cstddef>
#include <string>
#include <vector>

#include "net/arch/nnunet_spec.hpp"
#include "net/graph_builder.hpp"

namespace musclemap::net {

class NnUNetParts {
 public:
  using Map = GraphBuilder::Map;

  /// Error `model` for numbers that do not go together. `spec` outlives this.
  explicit NnUNetParts(const NnUNetSpec& spec);

  GraphBuilder& builder() { return builder_; }
  std::size_t axes() const { return spec_.strides[0].size(); }
  /// Padded by half the kernel.
  std::vector<Taps> taps(const std::vector<int>& kernel, const std::vector<int>& stride) const;
  /// `ConvDropoutNormReLU` of that name, without its activation.
  Map normalised(Map map, const std::string& name, int features, const std::vector<Taps>& taps, bool bias);
  Map activated(Map map, const std::string& name);
  /// `StackedConvBlocks` of that name, at the kernels and features of that stage: only the first convolution
  /// has the stride.
  Map stacked(Map map, const std::string& name, std::size_t stage, int count, const std::vector<int>& stride);
  /// `UNetDecoder` over the maps of all stages, finest first. The builder is spent.
  Graph decoded(const std::vector<Map>& skips);

 private:
  const NnUNetSpec& spec_;
  GraphBuilder builder_;
};

}  // namespace musclemap::net

#endif  // MUSCLEMAP_NET_ARCH_NNUNET_PARTS_HPP_
