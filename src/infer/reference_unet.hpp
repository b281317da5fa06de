// The UNet computed plainly, in double precision: what faster engines are checked against.
#ifndef MUSCLEMAP_INFER_REFERENCE_UNET_HPP_
#define MUSCLEMAP_INFER_REFERENCE_UNET_HPP_

#include <cstdint>
#include <functional>
#include <vector>

#include "infer/network.hpp"

namespace musclemap::infer {

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

/// Called on the calling thread, `done` of `layers` being computed; what it throws comes out. May be empty.
using AfterLayer = std::function<void(int done, int layers)>;

/// Logits of one window. `network.unet` with its weights; rows and columns that its strides divide.
PlainMap run_reference(const Network& network, const PlainMap& window, int threads,
                       const AfterLayer& after_layer = {});

/// Convolutions as LibTorch defines them, padding 1 for kernels of 3; `bias` may be null. Transposed: stride
/// 2, kernel 3, padding 1, output padding 1.
PlainMap convolve(const PlainMap& input, const net::Tensor& weight, const net::Tensor* bias, int stride,
                  int threads);
PlainMap convolve_transposed(const PlainMap& input, const net::Tensor& weight, const net::Tensor* bias,
                             int stride, int threads);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_REFERENCE_UNET_HPP_
