// Names and order after MONAI 1.3.2, monai/networks/nets/unet.py and blocks/convolutions.py.
#include <string>

#include "infer/network.hpp"
#include "musclemap/error.hpp"

namespace musclemap::infer {
namespace {

using Parameters = std::vector<ParameterSpec>;

void add_convolution(Parameters& out, const std::string& name, int first, int second, int kernel, int bias) {
  out.push_back({name + ".weight", {first, second, kernel, kernel}});
  out.push_back({name + ".bias", {bias}});
}

/// ResidualUnit, or a plain Convolution where there are no residual units.
void add_down(Parameters& out, const std::string& prefix, int in, int channels, int stride, int units) {
  if (units == 0) return add_convolution(out, prefix + ".conv", channels, in, 3, channels);
  for (int unit = 0; unit < units; ++unit) {
    add_convolution(out, prefix + ".conv.unit" + std::to_string(unit) + ".conv", channels,
                    unit == 0 ? in : channels, 3, channels);
  }
  // Without a change of size or channels the residual is the identity.
  if (stride != 1 || in != channels) {
    add_convolution(out, prefix + ".residual", channels, in, stride == 1 ? 1 : 3, channels);
  }
}

/// Transposed convolution, whose weight has its input channels first, and one residual unit of stride 1.
void add_up(Parameters& out, const std::string& prefix, int in, int channels, int units) {
  if (units == 0) return add_convolution(out, prefix + ".conv", in, channels, 3, channels);
  add_convolution(out, prefix + ".0.conv", in, channels, 3, channels);
  add_convolution(out, prefix + ".1.conv.unit0.conv", channels, channels, 3, channels);
}

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

std::vector<ParameterSpec> unet_parameters(const UNetSpec& spec) {
  check(spec);
  Parameters out;
  const std::size_t levels = spec.strides.size();
  std::vector<std::string> prefixes = {"model"};
  for (std::size_t level = 0; level < levels; ++level) {
    const int in = level == 0 ? spec.in_channels : spec.channels[level - 1];
    add_down(out, prefixes[level] + ".0", in, spec.channels[level], spec.strides[level], spec.num_res_units);
    prefixes.push_back(prefixes[level] + ".1.submodule");
  }
  add_down(out, prefixes[levels], spec.channels[levels - 1], spec.channels[levels], 1, spec.num_res_units);
  for (std::size_t level = levels; level-- > 0;) {
    // The skip connection adds this level's channels to those from below: the bottom's, or this level's
    // again.
    const int below = level + 1 == levels ? spec.channels[level + 1] : spec.channels[level];
    const int outputs = level == 0 ? spec.out_channels : spec.channels[level - 1];
    add_up(out, prefixes[level] + ".2", spec.channels[level] + below, outputs, spec.num_res_units);
  }
  return out;
}

}  // namespace musclemap::infer
