// Names and order after MONAI 1.3.2, monai/networks/nets/unet.py and blocks/convolutions.py.
#include "net/arch/monai_unet.hpp"

#include <string>

#include "musclemap/error.hpp"
#include "net/graph_builder.hpp"

namespace musclemap::net {
namespace {

using Map = GraphBuilder::Map;

class MonaiUNet {
 public:
  explicit MonaiUNet(const UNetSpec& spec) : spec_(spec), builder_(spec.axes) {}

  Graph build() {
    const Map image = builder_.input("image", spec_.in_channels);
    builder_.output("scores", level(image, 0, "model"));
    return builder_.finish();
  }

 private:
  Map level(Map input, std::size_t depth, const std::string& prefix) {
    const std::size_t levels = spec_.strides.size();
    if (depth == levels) return down(input, prefix, spec_.channels[depth], 1);
    const int stride = spec_.strides[depth];
    const Map skip = down(input, prefix + ".0", spec_.channels[depth], stride);
    const Map below = level(skip, depth + 1, prefix + ".1.submodule");
    const Map joined = builder_.concatenation({skip, below}, prefix + ".1");
    const int outputs = depth == 0 ? spec_.out_channels : spec_.channels[depth - 1];
    return up(joined, prefix + ".2", outputs, stride, depth == 0);
  }

  /// ResidualUnit, or a plain Convolution where there are no residual units.
  Map down(Map input, const std::string& prefix, int channels, int stride) {
    const int units = spec_.num_res_units;
    if (units == 0) return activated(convolution(input, prefix + ".conv", channels, 3, stride), prefix);
    Map main = input;
    for (int unit = 0; unit < units; ++unit) {
      const std::string name = prefix + ".conv.unit" + std::to_string(unit);
      main = activated(convolution(main, name + ".conv", channels, 3, unit == 0 ? stride : 1), name);
    }
    // Without a change of size or channels the residual is the identity.
    Map shortcut = input;
    if (stride != 1 || builder_.channels(input) != channels) {
      shortcut = convolution(input, prefix + ".residual", channels, stride == 1 ? 1 : 3, stride);
    }
    return builder_.sum(main, shortcut, prefix);
  }

  /// Transposed convolution and one residual unit of stride 1. At the top neither norm nor activation follows
  /// the last one.
  Map up(Map input, const std::string& prefix, int outputs, int stride, bool top) {
    const bool unit = spec_.num_res_units > 0;
    const std::string first = prefix + (unit ? ".0" : "");
    Taps taps;
    taps.kernel = 3;
    taps.stride = stride;
    taps.padding = 1;
    taps.output_padding = stride - 1;
    const Map wide =
        builder_.transposed_convolution(input, first + ".conv", outputs, builder_.every_axis(taps));
    if (!unit) return top ? wide : activated(wide, first);
    const Map shortcut = activated(wide, first);
    const std::string name = prefix + ".1.conv.unit0";
    const Map plain = convolution(shortcut, name + ".conv", outputs, 3, 1);
    return builder_.sum(top ? plain : activated(plain, name), shortcut, prefix + ".1");
  }

  Map convolution(Map input, const std::string& name, int outputs, int kernel, int stride) {
    Taps taps;
    taps.kernel = kernel;
    taps.stride = stride;
    taps.padding = kernel / 2;
    return builder_.convolution(input, name, outputs, builder_.every_axis(taps));
  }

  /// Norm and activation of the block of that name.
  Map activated(Map input, const std::string& block) {
    const LayerKind kind = spec_.norm == Norm::batch ? LayerKind::batch_norm : LayerKind::instance_norm;
    const Map normalised = builder_.norm(kind, input, block + ".adn.N", spec_.affine, kNormEpsilon);
    const std::string activation = block + ".adn.A";
    return spec_.nonlinearity == Nonlinearity::prelu
               ? builder_.prelu(normalised, activation)
               : builder_.leaky_relu(normalised, activation, spec_.negative_slope);
  }

  const UNetSpec& spec_;
  GraphBuilder builder_;
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

Graph monai_unet(const UNetSpec& spec) {
  check(spec);
  return MonaiUNet(spec).build();
}

}  // namespace musclemap::net
