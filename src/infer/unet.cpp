// Names and order after MONAI 1.3.2, monai/networks/nets/unet.py and blocks/convolutions.py.
#include <string>
#include <utility>

#include "infer/network.hpp"
#include "musclemap/error.hpp"

namespace musclemap::infer {
namespace {

using Parameters = std::vector<ParameterSpec>;

class Lister {
 public:
  explicit Lister(const UNetSpec& spec) : spec_(spec) {}

  /// ResidualUnit, or a plain Convolution where there are no residual units.
  void down(const std::string& prefix, int in, int channels, int stride) {
    const int units = spec_.num_res_units;
    if (units == 0) return convolution(prefix + ".conv", channels, in, 3, channels, true);
    for (int unit = 0; unit < units; ++unit) {
      convolution(prefix + ".conv.unit" + std::to_string(unit) + ".conv", channels, unit == 0 ? in : channels,
                  3, channels, true);
    }
    // Without a change of size or channels the residual is the identity.
    if (stride != 1 || in != channels) {
      convolution(prefix + ".residual", channels, in, stride == 1 ? 1 : 3, channels, false);
    }
  }

  /// Transposed convolution, whose weight has its input channels first, and one residual unit of stride 1. At
  /// the top neither norm nor activation follows the last one.
  void up(const std::string& prefix, int in, int channels, bool top) {
    if (spec_.num_res_units == 0) return convolution(prefix + ".conv", in, channels, 3, channels, !top);
    convolution(prefix + ".0.conv", in, channels, 3, channels, true);
    convolution(prefix + ".1.conv.unit0.conv", channels, channels, 3, channels, !top);
  }

  Parameters parameters() { return std::move(parameters_); }

 private:
  void convolution(const std::string& name, int first, int second, int kernel, int channels,
                   bool normalised) {
    parameters_.push_back({name + ".weight", {first, second, kernel, kernel}});
    parameters_.push_back({name + ".bias", {channels}});
    if (!normalised) return;
    const std::string adn = adn_of(name);
    if (spec_.affine) {
      for (const char* parameter : {".N.weight", ".N.bias"})
        parameters_.push_back({adn + parameter, {channels}});
    }
    if (spec_.norm == Norm::batch) {
      for (const char* parameter : {".N.running_mean", ".N.running_var"}) {
        parameters_.push_back({adn + parameter, {channels}});
      }
      parameters_.push_back({adn + ".N.num_batches_tracked", {}});
    }
    if (spec_.nonlinearity == Nonlinearity::prelu) {
      parameters_.push_back({adn + ".A.weight", {1}});
    }
  }

  const UNetSpec& spec_;
  Parameters parameters_;
};

void check(const UNetSpec& spec) {
  const auto refuse = [](const std::string& message) { throw Error(ErrorCode::model, message); };
  if (spec.channels.size() < 2) refuse("a UNet needs channels for at least 2 levels");
  if (spec.strides.size() != spec.channels.size() - 1) {
    refuse("a UNet of " + std::to_string(spec.channels.size()) + " levels needs one stride fewer, not " +
           std::to_string(spec.strides.size()));
  }
  if (spec.num_res_units < 0) refuse("the number of residual units is negative");
}

}  // namespace

std::string adn_of(const std::string& convolution) {
  constexpr std::size_t kSuffix = 5;  // ".conv"
  return convolution.substr(0, convolution.size() - kSuffix) + ".adn";
}

std::vector<ParameterSpec> unet_parameters(const UNetSpec& spec) {
  check(spec);
  Lister lister(spec);
  const std::size_t levels = spec.strides.size();
  std::vector<std::string> prefixes = {"model"};
  for (std::size_t level = 0; level < levels; ++level) {
    const int in = level == 0 ? spec.in_channels : spec.channels[level - 1];
    lister.down(prefixes[level] + ".0", in, spec.channels[level], spec.strides[level]);
    prefixes.push_back(prefixes[level] + ".1.submodule");
  }
  lister.down(prefixes[levels], spec.channels[levels - 1], spec.channels[levels], 1);
  for (std::size_t level = levels; level-- > 0;) {
    // The skip connection adds this level's channels to those from below: the bottom's, or this level's
    // again.
    const int below = level + 1 == levels ? spec.channels[level + 1] : spec.channels[level];
    const int outputs = level == 0 ? spec.out_channels : spec.channels[level - 1];
    lister.up(prefixes[level] + ".2", spec.channels[level] + below, outputs, level == 0);
  }
  return lister.parameters();
}

}  // namespace musclemap::infer
