// What a mixture does with every value, for each instruction set.
#ifndef MUSCLEMAP_QUANT_CLUSTER_MIXTURE_KERNELS_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_MIXTURE_KERNELS_HPP_

#include <cstddef>
#include <cstdint>

#include "base/isa.hpp"
#include "quant/cluster/log_density.hpp"
#include "quant/cluster/small_math.hpp"

namespace musclemap::quant {

/// Values in ascending order, with weights; the variance around each of them may be null.
struct WeightedValues {
  std::size_t size;
  const double* place;
  const double* weight;
  const double* inner_variance;
};

/// The sums of an E-step by component. Moments are about the component's mean, without cancellation.
struct MixtureSums {
  double weight[3];
  double first[3];
  double second[3];
  double log_likelihood;
};

/// Two or three Gaussians. The bits are the same with every instruction set: sums run over the values in two
/// lanes, those at even and those at odd places, which come together at the end.
struct MixtureKernels {
  void (*sums)(const MathTables& tables, const WeightedValues& values, const LogDensity* density, int k,
               MixtureSums& sums);
  /// The component with the highest density at each value less `origin`; of equal ones the first.
  void (*labels)(const double* values, std::size_t size, double origin, const LogDensity* density, int k,
                 std::uint8_t* labels);
};

const MixtureKernels& portable_mixture_kernels();
/// For machines that have the instruction set; x86 alone.
const MixtureKernels& avx2_mixture_kernels();
const MixtureKernels& avx512_mixture_kernels();  ///< see avx2_mixture_kernels()
/// Those of one of isas_here().
const MixtureKernels& mixture_kernels_for(base::Isa isa);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_MIXTURE_KERNELS_HPP_
