// Maps of two axes in double precision, and what convolutions make of them.
#ifndef MUSCLEMAP_TESTS_SUPPORT_PLAIN_MAP_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_PLAIN_MAP_HPP_

#include <cstddef>
#include <vector>

#include "infer/reference/swept_layers.hpp"

namespace musclemap::test {

/// Values [channel][row][column].
struct PlainMap {
  int channels = 0;
  int rows = 0;
  int columns = 0;
  std::vector<double> values;

  PlainMap() = default;
  PlainMap(int c, int r, int w)
      : channels(c), rows(r), columns(w), values(static_cast<std::size_t>(c) * r * w, 0.0) {}
  double* plane(int c) { return values.data() + static_cast<std::size_t>(c) * rows * columns; }
  const double* plane(int c) const { return values.data() + static_cast<std::size_t>(c) * rows * columns; }
};

/// Padding 1 for kernels of 3, 0 for those of 1.
inline PlainMap convolve(const PlainMap& input, const net::Tensor& weight, const net::Tensor* bias,
                         int stride, int threads) {
  net::Taps taps;
  taps.kernel = static_cast<int>(weight.shape[2]);
  taps.stride = stride;
  taps.padding = taps.kernel / 2;
  net::Layer layer;
  layer.taps = {taps, taps};
  infer::DoubleMap from(input.channels, {input.rows, input.columns});
  from.values = input.values;
  const auto size = [&](int n) { return (n + 2 * taps.padding - taps.kernel) / stride + 1; };
  PlainMap result(static_cast<int>(weight.shape[0]), size(input.rows), size(input.columns));
  infer::DoubleMap to(result.channels, {result.rows, result.columns});
  infer::convolve(layer, from, weight, bias, threads, &to);
  result.values = to.values;
  return result;
}

/// Kernel 3, padding 1; `stride` times the size comes out.
inline PlainMap convolve_transposed(const PlainMap& input, const net::Tensor& weight, const net::Tensor* bias,
                                    int stride, int threads) {
  net::Taps taps;
  taps.kernel = 3;
  taps.stride = stride;
  taps.padding = 1;
  net::Layer layer;
  layer.taps = {taps, taps};
  infer::DoubleMap from(input.channels, {input.rows, input.columns});
  from.values = input.values;
  PlainMap result(static_cast<int>(weight.shape[1]), input.rows * stride, input.columns * stride);
  infer::DoubleMap to(result.channels, {result.rows, result.columns});
  infer::convolve_transposed(layer, from, weight, bias, threads, &to);
  result.values = to.values;
  return result;
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_PLAIN_MAP_HPP_
