// Names and order after Cellpose 3.1.1.2, cellpose/resnet_torch.py.
#include "net/arch/cpnet.hpp"

#include <algorithm>
#include <string>

#include "musclemap/error.hpp"
#include "net/graph_builder.hpp"

namespace musclemap::net {
namespace {

using Map = GraphBuilder::Map;

constexpr std::size_t kMostLevels = 8;
constexpr int kMostChannels = 1 << 14;
constexpr double kBatchNormEpsilon = 1e-5;

std::string down_name(std::size_t level) { return "downsample.down.res_down_" + std::to_string(level); }

class CpNet {
 public:
  explicit CpNet(const CpNetSpec& spec) : spec_(spec), builder_(2) {}

  Graph build() {
    const std::size_t levels = spec_.widths.size();
    Map map = builder_.input("image", spec_.in_channels);
    std::vector<Map> skips;
    for (std::size_t level = 0; level < levels; ++level) {
      if (level > 0) map = builder_.max_pool(map, "downsample.maxpool", taps(2, 2, 0));
      map = down(map, down_name(level), spec_.widths[level]);
      skips.push_back(map);
    }
    style_ = builder_.unit_length(builder_.global_mean(map, "make_style.mean"), "make_style");
    for (std::size_t level = levels; level-- > 0;) {
      if (level + 1 < levels) map = builder_.upsampling(map, "upsample.upsampling", taps(1, 2, 0));
      map = up(map, skips[level], "upsample.up.res_up_" + std::to_string(level), spec_.widths[level]);
    }
    builder_.output("scores", convolved(map, "output.", spec_.outputs, 1));
    builder_.output("style", style_);
    return builder_.finish();
  }

 private:
  std::vector<Taps> taps(int kernel, int stride, int padding) const {
    Taps each;
    each.kernel = kernel;
    each.stride = stride;
    each.padding = padding;
    return builder_.every_axis(each);
  }

  /// `batchconv`: batch norm, ReLU, convolution.
  Map convolved(Map map, const std::string& prefix, int outputs, int kernel) {
    map = builder_.norm(LayerKind::batch_norm, map, prefix + "0", true, kBatchNormEpsilon);
    map = builder_.leaky_relu(map, prefix + "1", 0);
    return builder_.convolution(map, prefix + "2", outputs, taps(kernel, 1, kernel / 2));
  }

  /// `batchconv0`: batch norm and a convolution of one tap.
  Map projected(Map map, const std::string& name, int outputs) {
    map = builder_.norm(LayerKind::batch_norm, map, name + ".proj.0", true, kBatchNormEpsilon);
    return builder_.convolution(map, name + ".proj.1", outputs, taps(1, 1, 0));
  }

  Map down(Map map, const std::string& name, int width) {
    const auto block = [&](Map input, int number) {
      return convolved(input, name + ".conv.conv_" + std::to_string(number) + ".", width, 3);
    };
    const Map main = block(block(map, 0), 1);
    map = builder_.sum(main, projected(map, name, width), name + ".sum_0");
    return builder_.sum(block(block(map, 2), 3), map, name + ".sum_1");
  }

  Map up(Map map, Map skip, const std::string& name, int width) {
    const auto styled = [&](Map input, int number) {
      const std::string prefix = name + ".conv.conv_" + std::to_string(number);
      const Map style = builder_.linear(style_, prefix + ".full", static_cast<int>(builder_.channels(input)));
      return convolved(builder_.sum(input, style, prefix + ".styled"), prefix + ".conv.", width, 3);
    };
    const Map first = builder_.sum(convolved(map, name + ".conv.conv_0.", width, 3), skip, name + ".skip");
    map = builder_.sum(styled(first, 1), projected(map, name, width), name + ".sum_0");
    return builder_.sum(styled(styled(map, 2), 3), map, name + ".sum_1");
  }

  const CpNetSpec& spec_;
  GraphBuilder builder_;
  Map style_ = 0;
};

[[noreturn]] void refuse_cpnet(const std::string& message) {
  throw Error(ErrorCode::model, Reason::model, message);
}

/// The sizes of a convolution's weights (out, in, k, k).
const std::vector<std::int64_t>* convolution_shape(const StateDict& weights, const std::string& name,
                                                   std::int64_t kernel) {
  const auto found = std::find_if(weights.begin(), weights.end(),
                                  [&](const NamedTensor& each) { return each.name == name; });
  if (found == weights.end()) return nullptr;
  const std::vector<std::int64_t>& shape = found->tensor.shape;
  if (shape.size() != 4 || shape[0] < 1 || shape[1] < 1 || shape[0] > kMostChannels ||
      shape[1] > kMostChannels || shape[2] != kernel || shape[3] != kernel) {
    refuse_cpnet("'" + name + "' has shape " + shape_text(shape) + "; a convolution of kernel " +
                 std::to_string(kernel) + " in Cellpose's network has (out, in, " + std::to_string(kernel) +
                 ", " + std::to_string(kernel) + "), at most 16384 channels");
  }
  return &shape;
}

}  // namespace

CpNetSpec cpnet_spec(const StateDict& weights) {
  CpNetSpec spec;
  for (std::size_t level = 0;; ++level) {
    const std::string name = down_name(level) + ".conv.conv_0.2.weight";
    const std::vector<std::int64_t>* shape = convolution_shape(weights, name, 3);
    if (shape == nullptr && level < 2) refuse_cpnet("is no network of Cellpose 3: it has no '" + name + "'");
    if (shape == nullptr) break;
    if (level == kMostLevels) refuse_cpnet("has more than 8 levels");
    if (level == 0) spec.in_channels = static_cast<int>((*shape)[1]);
    spec.widths.push_back(static_cast<int>((*shape)[0]));
  }
  const std::vector<std::int64_t>* output = convolution_shape(weights, "output.2.weight", 1);
  if (output == nullptr) refuse_cpnet("is no network of Cellpose 3: it has no 'output.2.weight'");
  spec.outputs = static_cast<int>((*output)[0]);
  return spec;
}

Graph cpnet(const CpNetSpec& spec) {
  const bool positive = std::all_of(spec.widths.begin(), spec.widths.end(),
                                    [](int width) { return width >= 1 && width <= kMostChannels; });
  if (spec.widths.size() < 2 || spec.widths.size() > kMostLevels || !positive || spec.in_channels < 1 ||
      spec.outputs < 1) {
    refuse_cpnet("Cellpose's network has 2 to 8 levels of at least one channel each");
  }
  return CpNet(spec).build();
}

}  // namespace musclemap::net
