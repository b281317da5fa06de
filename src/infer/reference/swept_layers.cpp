#include "infer/reference/swept_layers.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/parallel.hpp"

namespace musclemap::infer {
namespace {

using Place = std::array<std::int64_t, 3>;

/// The three axes of a map; one of two axes lies in a single plane.
Place three(const std::vector<std::int64_t>& sizes) {
  return sizes.size() == 3 ? Place{sizes[0], sizes[1], sizes[2]} : Place{1, sizes[0], sizes[1]};
}

/// What pairs a value of the coarser map (an output of a convolution, an input of a transposed one) with one
/// of the finer map: place * stride + tap * dilation - padding.
class Pairing {
 public:
  Pairing(const net::Layer& layer, const DoubleMap& coarse, const DoubleMap& fine)
      : coarse_(three(coarse.sizes)), fine_(three(fine.sizes)) {
    const std::size_t flat = 3 - layer.taps.size();
    std::copy(layer.taps.begin(), layer.taps.end(), taps_.begin() + static_cast<std::ptrdiff_t>(flat));
  }

  std::int64_t tap_count() const { return std::int64_t{taps_[0].kernel} * taps_[1].kernel * taps_[2].kernel; }

  /// pair(place in the coarse map, place in the fine map) for all that a tap pairs.
  template <class Pair>
  void of_tap(std::int64_t tap, const Pair& pair) const {
    const Place at = {tap / taps_[2].kernel / taps_[1].kernel, tap / taps_[2].kernel % taps_[1].kernel,
                      tap % taps_[2].kernel};
    Place offset{};
    Place begin{};
    Place end = coarse_;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const std::int64_t stride = taps_[axis].stride;
      offset[axis] = at[axis] * taps_[axis].dilation - taps_[axis].padding;
      while (begin[axis] < end[axis] && begin[axis] * stride + offset[axis] < 0) ++begin[axis];
      while (end[axis] > begin[axis] && (end[axis] - 1) * stride + offset[axis] >= fine_[axis]) --end[axis];
    }
    for (std::int64_t z = begin[0]; z < end[0]; ++z) {
      for (std::int64_t y = begin[1]; y < end[1]; ++y) {
        const std::int64_t coarse = (z * coarse_[1] + y) * coarse_[2];
        const std::int64_t fine =
            ((z * taps_[0].stride + offset[0]) * fine_[1] + y * taps_[1].stride + offset[1]) * fine_[2] +
            offset[2];
        for (std::int64_t x = begin[2]; x < end[2]; ++x) pair(coarse + x, fine + x * taps_[2].stride);
      }
    }
  }

 private:
  Place coarse_;
  Place fine_;
  std::array<net::Taps, 3> taps_;
};

void fill_with_bias(const net::Tensor* bias, std::int64_t channel, DoubleMap* map) {
  const double start =
      bias != nullptr ? static_cast<double>(bias->values[static_cast<std::size_t>(channel)]) : 0;
  std::fill(map->plane(channel), map->plane(channel) + map->pixels(), start);
}

}  // namespace

void convolve(const net::Layer& layer, const DoubleMap& input, const net::Tensor& weight,
              const net::Tensor* bias, int threads, DoubleMap* output) {
  const Pairing pairing(layer, *output, input);
  const std::int64_t inputs = input.channels / layer.groups;  // of an output
  const std::int64_t outputs = output->channels / layer.groups;
  base::parallel_for(output->channels, threads, [&](std::int64_t o) {
    fill_with_bias(bias, o, output);
    double* to = output->plane(o);
    const float* w = weight.values.data() + o * inputs * pairing.tap_count();
    for (std::int64_t i = 0; i < inputs; ++i) {
      const double* from = input.plane(o / outputs * inputs + i);
      for (std::int64_t tap = 0; tap < pairing.tap_count(); ++tap, ++w) {
        const auto factor = static_cast<double>(*w);
        pairing.of_tap(tap, [&](std::int64_t here, std::int64_t there) { to[here] += factor * from[there]; });
      }
    }
  });
}

void convolve_transposed(const net::Layer& layer, const DoubleMap& input, const net::Tensor& weight,
                         const net::Tensor* bias, int threads, DoubleMap* output) {
  const Pairing pairing(layer, input, *output);
  const std::int64_t inputs = input.channels / layer.groups;
  const std::int64_t outputs = output->channels / layer.groups;
  base::parallel_for(output->channels, threads, [&](std::int64_t o) {
    fill_with_bias(bias, o, output);
    double* to = output->plane(o);
    for (std::int64_t n = 0; n < inputs; ++n) {
      const std::int64_t i = o / outputs * inputs + n;
      const double* from = input.plane(i);
      const float* w = weight.values.data() + (i * outputs + o % outputs) * pairing.tap_count();
      for (std::int64_t tap = 0; tap < pairing.tap_count(); ++tap) {
        const auto factor = static_cast<double>(w[tap]);
        pairing.of_tap(tap, [&](std::int64_t here, std::int64_t there) { to[there] += factor * from[here]; });
      }
    }
  });
}

void pool_max(const net::Layer& layer, const DoubleMap& input, DoubleMap* output) {
  const Pairing pairing(layer, *output, input);
  std::fill(output->values.begin(), output->values.end(), -std::numeric_limits<double>::infinity());
  for (std::int64_t c = 0; c < input.channels; ++c) {
    double* to = output->plane(c);
    const double* from = input.plane(c);
    for (std::int64_t tap = 0; tap < pairing.tap_count(); ++tap) {
      pairing.of_tap(
          tap, [&](std::int64_t here, std::int64_t there) { to[here] = std::max(to[here], from[there]); });
    }
  }
}

void pool_average(const net::Layer& layer, const DoubleMap& input, DoubleMap* output) {
  const Pairing pairing(layer, *output, input);
  for (std::int64_t c = 0; c < input.channels; ++c) {
    double* to = output->plane(c);
    const double* from = input.plane(c);
    for (std::int64_t tap = 0; tap < pairing.tap_count(); ++tap) {
      pairing.of_tap(tap, [&](std::int64_t here, std::int64_t there) { to[here] += from[there]; });
    }
  }
  for (double& value : output->values) value /= static_cast<double>(pairing.tap_count());
}

void repeat_values(const net::Layer& layer, const DoubleMap& input, DoubleMap* output) {
  net::Layer repeating = layer;
  for (net::Taps& taps : repeating.taps) taps.kernel = taps.stride;
  const Pairing pairing(repeating, input, *output);
  for (std::int64_t c = 0; c < input.channels; ++c) {
    double* to = output->plane(c);
    const double* from = input.plane(c);
    for (std::int64_t tap = 0; tap < pairing.tap_count(); ++tap) {
      pairing.of_tap(tap, [&](std::int64_t here, std::int64_t there) { to[there] = from[here]; });
    }
  }
}

}  // namespace musclemap::infer
