// Passes over maps that no convolution does on its way. Functions are templates of the vector, as in
// convolution.hpp.
#ifndef MUSCLEMAP_INFER_NATIVE_MAP_KERNELS_HPP_
#define MUSCLEMAP_INFER_NATIVE_MAP_KERNELS_HPP_

#include "infer/native/convolution.hpp"

namespace musclemap::infer::native {

template <class V>
void combine(const CombineCall& call) {
  const BlockActivation<V> activate_a(call.a_activation, 0);
  if (call.b == nullptr) {
    for (std::int64_t p = 0; p < call.pixels * kLanes; p += kLanes) {
      activate_a(V::load(call.a + p)).store(call.output + p);
    }
    return;
  }
  const BlockActivation<V> activate_b(call.b_activation, 0);
  for (std::int64_t p = 0; p < call.pixels * kLanes; p += kLanes) {
    (activate_a(V::load(call.a + p)) + activate_b(V::load(call.b + p))).store(call.output + p);
  }
}

template <class V>
void turn(const TurnCall& call) {
  const BlockActivation<V> activate(call.activation, 0);
  for (int p = 0; p < call.pixels; p += kLanes) {
    V values[kLanes];
    for (int i = 0; i < kLanes; ++i) {
      values[i] =
          p + i < call.pixels ? activate(V::load(call.from + std::int64_t{p + i} * kLanes)) : V::zero();
    }
    V::transpose(values);
    for (int lane = 0; lane < kLanes; ++lane)
      values[lane].store(call.to + std::int64_t{lane} * kRowPixels + p);
  }
}

template <class V>
void add_row_bias(const RowBiasCall& call) {
  float* values = call.values;
  for (int row = 0; row < call.rows; ++row) {
    const V bias = V::all(call.bias[row]);
    for (int p = 0; p < kRowPixels; p += kLanes, values += kLanes) (V::load(values) + bias).store(values);
  }
}

template <class V>
void measure(const MeasureCall& call) {
  const BlockActivation<V> activate(call.activation, 0);
  MomentSum<V> moments(activate(V::load(call.input)));
  for (std::int64_t begin = 0; begin < call.pixels; begin += kMeasuredTogether) {
    const std::int64_t left = call.pixels - begin;
    const auto count = static_cast<int>(left < kMeasuredTogether ? left : kMeasuredTogether);
    moments.begin_tile();
    for (int p = 0; p < count; ++p) moments.add(activate(V::load(call.input + (begin + p) * kLanes)));
    moments.end_tile(count);
  }
  moments.write(call.moments);
}

/// A row of ResizeCall::output.
template <class V>
inline float* resized_row(const ResizeCall& call) {
  const Map& to = call.output;
  const std::int64_t line = std::int64_t{call.plane} * to.rows + call.row;
  return to.block(call.block) + line * to.columns * kLanes;
}

/// The largest or the mean of the inputs under the taps that lie on the map.
template <class V, bool Mean>
void pool(const ResizeCall& call) {
  const Map& from = call.input;
  const TapGrid& grid = call.taps;
  const BlockActivation<V> activate(call.activation, call.block);
  const float* values = from.block(call.block);
  float* to = resized_row<V>(call);
  const auto clamped = [](int first, int count, int size, int* begin, int* end) {
    *begin = first > 0 ? first : 0;
    *end = first + count < size ? first + count : size;
  };
  int plane_begin, plane_end, row_begin, row_end;
  clamped(call.plane * grid.plane_step + grid.first_plane, grid.planes, from.planes, &plane_begin,
          &plane_end);
  clamped(call.row * grid.row_step + grid.first_row, grid.rows, from.rows, &row_begin, &row_end);
  for (int column = 0; column < call.output.columns; ++column, to += kLanes) {
    int begin, end;
    clamped(column * grid.column_step + grid.first_column, grid.columns, from.columns, &begin, &end);
    V result = V::zero();
    for (int z = plane_begin; z < plane_end; ++z) {
      for (int r = row_begin; r < row_end; ++r) {
        for (int c = begin; c < end; ++c) {
          const std::int64_t pixel = (std::int64_t{z} * from.rows + r) * from.columns + c;
          const V x = activate(V::load(values + pixel * kLanes));
          if constexpr (Mean) {
            result = result + x;
          } else {
            result = z == plane_begin && r == row_begin && c == begin ? x : V::max(result, x);
          }
        }
      }
    }
    if constexpr (Mean) {
      const int count = (plane_end - plane_begin) * (row_end - row_begin) * (end - begin);
      result = result * V::all(1.0 / count);
    }
    result.store(to);
  }
}

/// Every input pixel plane_step x row_step x column_step times: the nearest one.
template <class V>
void repeat(const ResizeCall& call) {
  const Map& from = call.input;
  const BlockActivation<V> activate(call.activation, call.block);
  const std::int64_t line =
      std::int64_t{call.plane / call.taps.plane_step} * from.rows + call.row / call.taps.row_step;
  const float* pixels = from.block(call.block) + line * from.columns * kLanes;
  float* to = resized_row<V>(call);
  for (int column = 0; column < from.columns; ++column, pixels += kLanes) {
    const V x = activate(V::load(pixels));
    for (int copy = 0; copy < call.taps.column_step; ++copy, to += kLanes) x.store(to);
  }
}

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_MAP_KERNELS_HPP_
