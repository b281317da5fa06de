// After MONAI 1.3.2, monai/networks/nets/unet.py, as the MuscleMap spec, section 5, describes it.
#include "infer/reference_unet.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "base/parallel.hpp"

namespace musclemap::infer {
namespace {

// Parameters of one channel of a norm and the activation behind it.
struct NormOfChannel {
  bool fixed = false;  // mean and variance are given
  double mean = 0;
  double variance = 1;
  double weight = 1;
  double bias = 0;
  double slope = 0;
};

void normalise_channel(double* values, std::size_t pixels, NormOfChannel norm) {
  if (!norm.fixed) {
    norm.mean = 0;
    norm.variance = 0;
    for (std::size_t p = 0; p < pixels; ++p) norm.mean += values[p];
    norm.mean /= static_cast<double>(pixels);
    for (std::size_t p = 0; p < pixels; ++p) {
      norm.variance += (values[p] - norm.mean) * (values[p] - norm.mean);
    }
    norm.variance /= static_cast<double>(pixels);
  }
  const double scale = norm.weight / std::sqrt(norm.variance + kNormEpsilon);
  for (std::size_t p = 0; p < pixels; ++p) {
    const double z = (values[p] - norm.mean) * scale + norm.bias;
    values[p] = z > 0 ? z : norm.slope * z;
  }
}

void add(PlainMap* to, const PlainMap& other) {
  for (std::size_t i = 0; i < to->values.size(); ++i) to->values[i] += other.values[i];
}

PlainMap joined(const PlainMap& first, const PlainMap& second) {
  PlainMap result = first;
  result.channels += second.channels;
  result.values.insert(result.values.end(), second.values.begin(), second.values.end());
  return result;
}

class Reference {
 public:
  Reference(const Network& network, int threads, const AfterLayer& after_layer)
      : spec_(network.unet), threads_(threads), after_layer_(after_layer) {
    constexpr std::size_t kAxesOfKernel = 4;
    for (const net::NamedTensor& named : network.weights) {
      tensors_[named.name] = &named.tensor;
      layers_ += named.tensor.shape.size() == kAxesOfKernel ? 1 : 0;
    }
  }

  PlainMap level(const PlainMap& input, std::size_t depth, const std::string& prefix) {
    if (depth == spec_.strides.size()) return down(input, prefix, 1);
    const int stride = spec_.strides[depth];
    const PlainMap skip = down(input, prefix + ".0", stride);
    const PlainMap below = level(skip, depth + 1, prefix + ".1.submodule");
    return up(joined(skip, below), prefix + ".2", stride, depth == 0);
  }

 private:
  PlainMap convolution(const PlainMap& input, const std::string& name, int stride) {
    tell();
    return convolve(input, *tensors_.at(name + ".weight"), tensors_.at(name + ".bias"), stride, threads_);
  }

  void tell() {
    if (after_layer_) after_layer_(done_++, layers_);
  }

  // Value of a channel's parameter; one value stands for all channels.
  double parameter(const std::string& name, int channel, double otherwise) const {
    const auto found = tensors_.find(name);
    if (found == tensors_.end()) return otherwise;
    const std::vector<float>& values = found->second->values;
    return static_cast<double>(values[values.size() == 1 ? 0 : static_cast<std::size_t>(channel)]);
  }

  void normalise_and_activate(PlainMap* map, const std::string& convolution) const {
    const std::string adn = adn_of(convolution);
    for (int c = 0; c < map->channels; ++c) {
      NormOfChannel norm;
      norm.fixed = spec_.norm == Norm::batch;
      norm.mean = parameter(adn + ".N.running_mean", c, 0);
      norm.variance = parameter(adn + ".N.running_var", c, 1);
      norm.weight = parameter(adn + ".N.weight", c, 1);
      norm.bias = parameter(adn + ".N.bias", c, 0);
      norm.slope = parameter(adn + ".A.weight", c, spec_.negative_slope);
      normalise_channel(map->plane(c), static_cast<std::size_t>(map->rows) * map->columns, norm);
    }
  }

  PlainMap down(const PlainMap& input, const std::string& prefix, int stride) {
    const int units = spec_.num_res_units;
    PlainMap main = input;
    for (int unit = 0; unit < std::max(units, 1); ++unit) {
      const std::string name =
          prefix + (units == 0 ? ".conv" : ".conv.unit" + std::to_string(unit) + ".conv");
      main = convolution(main, name, unit == 0 ? stride : 1);
      normalise_and_activate(&main, name);
    }
    if (units == 0) return main;
    const bool convolves = tensors_.count(prefix + ".residual.weight") != 0;
    add(&main, convolves ? convolution(input, prefix + ".residual", stride) : input);
    return main;
  }

  PlainMap up(const PlainMap& input, const std::string& prefix, int stride, bool top) {
    const int units = spec_.num_res_units;
    const std::string name = prefix + (units == 0 ? ".conv" : ".0.conv");
    tell();
    PlainMap h = convolve_transposed(input, *tensors_.at(name + ".weight"), tensors_.at(name + ".bias"),
                                     stride, threads_);
    if (!top || units > 0) normalise_and_activate(&h, name);
    if (units == 0) return h;
    const std::string unit = prefix + ".1.conv.unit0.conv";
    PlainMap result = convolution(h, unit, 1);
    if (!top) normalise_and_activate(&result, unit);
    add(&result, h);
    return result;
  }

  const UNetSpec& spec_;
  int threads_;
  const AfterLayer& after_layer_;
  int layers_ = 0;
  int done_ = 0;
  std::map<std::string, const net::Tensor*> tensors_;
};

// First and one past the last output of an axis whose input output * stride + offset lies in [0, size).
struct Range {
  int begin;
  int end;
};

Range outputs_inside(int outputs, int stride, int offset, int size) {
  Range range{0, outputs};
  while (range.begin < outputs && range.begin * stride + offset < 0) ++range.begin;
  while (range.end > range.begin && (range.end - 1) * stride + offset >= size) --range.end;
  return range;
}

}  // namespace

PlainMap convolve(const PlainMap& input, const net::Tensor& weight, const net::Tensor* bias, int stride,
                  int threads) {
  const auto outputs = static_cast<int>(weight.shape[0]);
  const auto taps = static_cast<int>(weight.shape[2]);
  const int padding = taps / 2;
  PlainMap result(outputs, (input.rows + 2 * padding - taps) / stride + 1,
                  (input.columns + 2 * padding - taps) / stride + 1);
  base::parallel_for(outputs, threads, [&](std::int64_t item) {
    const auto o = static_cast<int>(item);
    double* plane = result.plane(o);
    const double start = bias != nullptr ? static_cast<double>(bias->values[static_cast<std::size_t>(o)]) : 0;
    std::fill(plane, plane + static_cast<std::ptrdiff_t>(result.rows) * result.columns, start);
    const float* w = weight.values.data() + static_cast<std::ptrdiff_t>(o) * input.channels * taps * taps;
    for (int i = 0; i < input.channels; ++i) {
      for (int t = 0; t < taps * taps; ++t, ++w) {
        const int dy = t / taps - padding;
        const int dx = t % taps - padding;
        const Range ys = outputs_inside(result.rows, stride, dy, input.rows);
        const Range xs = outputs_inside(result.columns, stride, dx, input.columns);
        for (int y = ys.begin; y < ys.end; ++y) {
          const double* from =
              input.plane(i) + static_cast<std::ptrdiff_t>(y * stride + dy) * input.columns + dx;
          double* to = plane + static_cast<std::ptrdiff_t>(y) * result.columns;
          for (int x = xs.begin; x < xs.end; ++x) {
            to[x] += static_cast<double>(*w) * from[static_cast<std::ptrdiff_t>(x) * stride];
          }
        }
      }
    }
  });
  return result;
}

PlainMap convolve_transposed(const PlainMap& input, const net::Tensor& weight, const net::Tensor* bias,
                             int stride, int threads) {
  constexpr int kTaps = 3;
  const auto outputs = static_cast<int>(weight.shape[1]);
  PlainMap result(outputs, input.rows * stride, input.columns * stride);
  base::parallel_for(outputs, threads, [&](std::int64_t item) {
    const auto o = static_cast<int>(item);
    double* plane = result.plane(o);
    const double start = bias != nullptr ? static_cast<double>(bias->values[static_cast<std::size_t>(o)]) : 0;
    std::fill(plane, plane + static_cast<std::ptrdiff_t>(result.rows) * result.columns, start);
    for (int i = 0; i < input.channels; ++i) {
      const float* w = weight.values.data() + (static_cast<std::ptrdiff_t>(i) * outputs + o) * kTaps * kTaps;
      for (int t = 0; t < kTaps * kTaps; ++t) {
        for (int y = 0; y < input.rows; ++y) {
          const int row = y * stride + t / kTaps - 1;
          if (row < 0 || row >= result.rows) continue;
          const double* from = input.plane(i) + static_cast<std::ptrdiff_t>(y) * input.columns;
          double* to = plane + static_cast<std::ptrdiff_t>(row) * result.columns;
          for (int x = 0; x < input.columns; ++x) {
            const int column = x * stride + t % kTaps - 1;
            if (column >= 0 && column < result.columns) to[column] += static_cast<double>(w[t]) * from[x];
          }
        }
      }
    }
  });
  return result;
}

PlainMap run_reference(const Network& network, const PlainMap& window, int threads,
                       const AfterLayer& after_layer) {
  return Reference(network, threads, after_layer).level(window, 0, "model");
}

}  // namespace musclemap::infer
