#include "infer/native/spot_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>

#include "base/parallel.hpp"

namespace musclemap::infer::native {
namespace {

// Of the sum of the absolute terms. Schemes lose up to 80 roundings of 2^-24 (tests/unit/infer/native), split
// numbers 2^-15; a wrong weight is off by far more.
constexpr double kTolerance = 1e-4;
constexpr double kSplitTolerance = 1e-3;

struct Pixel {
  std::int64_t z;
  std::int64_t y;
  std::int64_t x;
};

std::int64_t line(const Extent& extent, const Pixel& at) {
  return (at.z * extent.rows + at.y) * extent.columns + at.x;
}

// Both ends, the middle, and one beside no border of a tile in particular.
std::array<Pixel, 4> pixels_of(const Extent& size) {
  return {{{0, 0, 0},
           {size.planes - 1, size.rows - 1, size.columns - 1},
           {size.planes / 2, size.rows / 2, size.columns / 2},
           {size.planes * 2 / 3, size.rows / 3, size.columns * 3 / 4}}};
}

bool inside(const Pixel& at, const Extent& size) {
  return at.z >= 0 && at.y >= 0 && at.x >= 0 && at.z < size.planes && at.y < size.rows && at.x < size.columns;
}

// What a channel of the blocked map, or of the image, is at a pixel.
double input_at(const LayerInput& input, int channel, const Pixel& at) {
  const Extent extent = input.map.extent();
  double x = 0;
  if (input.image != nullptr) {
    x = static_cast<double>(input.image[channel * extent.pixels() + line(extent, at)]);
  } else {
    const Repeats& repeats = input.repeats;
    const Pixel repeated{at.z / repeats.planes, at.y / repeats.rows, at.x / repeats.columns};
    const float* values = input.map.block(static_cast<int>(channel / kLanes));
    x = static_cast<double>(values[line(extent, repeated) * kLanes + channel % kLanes]);
  }
  if (input.activation.scale == nullptr) return x;
  const double z = static_cast<double>(input.activation.scale[channel]) * x +
                   static_cast<double>(input.activation.shift[channel]);
  return std::max(z, 0.0) + static_cast<double>(input.activation.slope[channel]) * std::min(z, 0.0);
}

// Where a tap looks for an output pixel along one axis; -1: between the inputs of a transposed convolution.
std::int64_t seen_along(const net::Taps& taps, bool transposed, std::int64_t output, std::int64_t tap) {
  if (!transposed) return output * taps.stride - taps.padding + tap;
  const std::int64_t at = output + taps.padding - tap;
  return at >= 0 && at % taps.stride == 0 ? at / taps.stride : -1;
}

// Of the channels of a block.
struct BlockMoments {
  double mean[kLanes] = {};
  double variance[kLanes] = {};
};

BlockMoments moments_of(const float* values, std::int64_t pixels) {
  BlockMoments result;
  for (std::int64_t p = 0; p < pixels; ++p) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane)
      result.mean[lane] += static_cast<double>(values[p * kLanes + lane]);
  }
  for (double& mean : result.mean) mean /= static_cast<double>(pixels);
  for (std::int64_t p = 0; p < pixels; ++p) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      const double difference = static_cast<double>(values[p * kLanes + lane]) - result.mean[lane];
      result.variance[lane] += difference * difference;
    }
  }
  for (double& variance : result.variance) variance /= static_cast<double>(pixels);
  return result;
}

class Checker {
 public:
  Checker(Executor* executor, const Program& program, const net::StateDict& weights, bool split, int threads)
      : executor_(*executor),
        program_(program),
        tolerance_(split ? kSplitTolerance : kTolerance),
        threads_(threads) {
    for (const net::NamedTensor& named : weights) tensors_[named.name] = &named.tensor;
  }

  void look(const Convolution& convolution, const std::vector<MeasuredNorm>& norms, const LayerInput& input,
            const Map& output) {
    if (!found_.empty() || convolution.sources.empty()) return;
    for (const ConvolutionSource& source : convolution.sources) {
      for (const Pixel& pixel : pixels_of(output.extent())) {
        compare(source, convolution.channels, input, output, pixel);
      }
    }
    for (const MeasuredNorm& norm : norms) {
      compare_norm(program_.graph.layers[convolution.sources.front().layer], norm, output);
    }
  }
  const std::string& found() const { return found_; }

 private:
  const net::Tensor* tensor(const net::Layer& layer, std::size_t k) const {
    const std::uint32_t parameter = layer.parameters[k];
    if (parameter == net::Layer::kNone) return nullptr;
    return tensors_.at(program_.graph.parameters[parameter].name);
  }

  void report(const net::Layer& layer, double difference, double size) {
    if (!found_.empty() || difference <= tolerance_ * size) return;  // false for NaN
    found_ = std::string("the native engine's ") + net::layer_name(layer.kind) + " '" + layer.name +
             "' differs from double precision by " + std::to_string(difference) + " on values up to " +
             std::to_string(size);
  }

  void compare(const ConvolutionSource& source, const ChannelMap& channels, const LayerInput& input,
               const Map& output, const Pixel& pixel) {
    const net::Layer& layer = program_.graph.layers[source.layer];
    const net::Tensor* bias = source.role.adds_bias ? tensor(layer, 1) : nullptr;
    LayerWeights weights;
    weights.weight = tensor(layer, 0);
    weights.transposed = layer.kind == net::LayerKind::transposed_convolution;
    net::Taps planes;
    net::Taps rows;
    net::Taps columns;
    if (!layer.taps.empty()) {
      columns = layer.taps.back();
      rows = layer.taps[layer.taps.size() - 2];
      if (layer.taps.size() > 2) planes = layer.taps[0];
    }
    const std::int64_t kernel = std::int64_t{weights.planes()} * weights.rows() * weights.columns();
    const std::int64_t of_output = weights.transposed ? kernel : weights.weight->shape[1] * kernel;
    const std::int64_t of_input = weights.transposed ? weights.weight->shape[1] * kernel : kernel;
    struct Term {
      std::int64_t weight;  // of output 0
      int identity;         // the output that the input itself is added to; -1: none
      double value;
    };
    struct SeenTap {
      Pixel at;
      std::int64_t index;
    };
    std::vector<SeenTap> taps;
    std::int64_t tap = 0;
    for (int p = 0; p < weights.planes(); ++p) {
      for (int r = 0; r < weights.rows(); ++r) {
        for (int c = 0; c < weights.columns(); ++c, ++tap) {
          const Pixel at{seen_along(planes, weights.transposed, pixel.z, p),
                         seen_along(rows, weights.transposed, pixel.y, r),
                         seen_along(columns, weights.transposed, pixel.x, c)};
          if (inside(at, input.extent())) taps.push_back({at, tap});
        }
      }
    }
    std::vector<Term> terms;  // in the order of the weights
    terms.reserve(channels.size() * taps.size());
    for (std::size_t k = 0; k < channels.size(); ++k) {
      if (channels[k] < 0) continue;
      for (const SeenTap& seen : taps) {
        const bool middle = source.role.adds_input && 2 * seen.index + 1 == kernel;
        terms.push_back({channels[k] * of_input + seen.index, middle ? channels[k] : -1,
                         input_at(input, static_cast<int>(k), seen.at)});
      }
    }
    std::vector<double> differences(static_cast<std::size_t>(weights.outputs()));
    std::vector<double> sizes(differences.size());
    base::parallel_for(weights.outputs(), threads_, [&](std::int64_t o) {
      const auto at = static_cast<std::size_t>(o);
      const float* of_this = weights.weight->values.data() + o * of_output;
      double sum = bias == nullptr ? 0 : static_cast<double>(bias->values[at]);
      double size = std::abs(sum);
      for (const Term& term : terms) {
        const double weight = static_cast<double>(of_this[term.weight]) + (term.identity == o ? 1 : 0);
        sum += term.value * weight;
        size += std::abs(term.value * weight);
      }
      const auto block = static_cast<int>(source.first + o / kLanes);
      const float* got = output.block(block) + line(output.extent(), pixel) * kLanes + o % kLanes;
      differences[at] = std::abs(static_cast<double>(*got) - sum);
      sizes[at] = size;
    });
    const double size = *std::max_element(sizes.begin(), sizes.end());
    for (const double difference : differences) report(layer, difference, size);
  }

  void compare_norm(const net::Layer& layer, const MeasuredNorm& norm, const Map& output) {
    const NormLayer& expected = program_.activations[norm.activation];
    const Activation got = executor_.norm_of(norm);
    const std::int64_t pixels = output.extent().pixels();
    std::vector<double> differences(expected.weight.size());
    base::parallel_for(
        static_cast<std::int64_t>(expected.weight.size()) / kLanes, threads_, [&](std::int64_t block) {
          const float* values = output.block(norm.first + static_cast<int>(block));
          const BlockMoments moments = moments_of(values, pixels);
          for (std::int64_t lane = 0; lane < kLanes; ++lane) {
            const std::int64_t c = block * kLanes + lane;
            const auto at = static_cast<std::size_t>(c);
            const double mean = moments.mean[lane];
            const double factor = expected.weight[at] / std::sqrt(moments.variance[lane] + expected.epsilon);
            const double shift = expected.bias[at] - mean * factor;
            // Of the value at the mean and one deviation beside it.
            differences[at] =
                std::abs(static_cast<double>(got.scale[c]) - factor) / (std::abs(factor) + 1e-30) +
                std::abs(static_cast<double>(got.shift[c]) - shift) /
                    (std::abs(expected.bias[at]) + std::abs(mean * factor) + std::abs(expected.weight[at]) +
                     1e-30);
          }
        });
    for (const double difference : differences) report(layer, difference, 1);
  }

  Executor& executor_;
  const Program& program_;
  double tolerance_;
  int threads_;
  std::map<std::string, const net::Tensor*> tensors_;
  std::string found_;
};

}  // namespace

std::string spot_check(Executor* executor, const Program& program, const net::StateDict& weights,
                       const std::vector<const float*>& images, bool split, int threads,
                       const AfterLayer& after_layer) {
  Checker checker(executor, program, weights, split, threads);
  const auto convolves = [](const Operation& operation) {
    return operation.kind == OperationKind::convolution;
  };
  const auto layers =
      std::count_if(program.operations.begin(), program.operations.end(), convolves) + (program.head ? 1 : 0);
  int done = 0;
  executor->set_observer([&](const Convolution& convolution, const std::vector<MeasuredNorm>& norms,
                             const LayerInput& input, const Map& output) {
    checker.look(convolution, norms, input, output);
    if (after_layer) after_layer(done++, static_cast<int>(layers));
  });
  executor->run(images);
  executor->set_observer({});
  return checker.found();
}

}  // namespace musclemap::infer::native
