// The LibTorch engine: the only file that includes torch, built into a module of its own.
#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/cuda.h>
#include <torch/script.h>
#include <torch/version.h>

#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "infer/engine_module.h"

namespace {

constexpr double kNormEpsilon = 1e-5;

/// MONAI 1.3.2 UNet, evaluated layer by layer from its named weights (MuscleMap spec, section 5).
class UNet {
 public:
  UNet(const musclemap_engine_network& network, const at::Device& device)
      : strides_(network.strides, network.strides + network.levels - 1),
        res_units_(network.res_units),
        negative_slope_(network.negative_slope) {
    for (std::size_t t = 0; t < network.tensor_count; ++t) {
      const musclemap_engine_tensor& tensor = network.tensors[t];
      const at::IntArrayRef shape(tensor.shape, static_cast<std::size_t>(tensor.dims));
      weights_[tensor.name] = at::from_blob(const_cast<float*>(tensor.values), shape, at::kFloat)
                                  .clone()
                                  .to(device, network.half != 0 ? at::kHalf : at::kFloat);
    }
  }

  at::Tensor forward(const at::Tensor& input) const { return level(input, 0, "model"); }

 private:
  const at::Tensor& weight(const std::string& name) const { return weights_.at(name); }

  std::optional<at::Tensor> optional_weight(const std::string& name) const {
    const auto found = weights_.find(name);
    return found == weights_.end() ? std::optional<at::Tensor>() : found->second;
  }

  // "model.0.conv" has its norm and activation at "model.0.adn".
  at::Tensor norm_and_activation(const at::Tensor& x, const std::string& convolution) const {
    const std::string adn = convolution.substr(0, convolution.size() - std::strlen(".conv")) + ".adn";
    const std::optional<at::Tensor> mean = optional_weight(adn + ".N.running_mean");
    const std::optional<at::Tensor> scale = optional_weight(adn + ".N.weight");
    const std::optional<at::Tensor> shift = optional_weight(adn + ".N.bias");
    const at::Tensor normalised =
        mean ? at::batch_norm(x, scale, shift, mean, optional_weight(adn + ".N.running_var"), false, 0.1,
                              kNormEpsilon, false)
             : at::instance_norm(x, scale, shift, {}, {}, true, 0.1, kNormEpsilon, false);
    const std::optional<at::Tensor> slopes = optional_weight(adn + ".A.weight");
    return slopes ? at::prelu(normalised, *slopes) : at::leaky_relu(normalised, negative_slope_);
  }

  at::Tensor convolve(const at::Tensor& x, const std::string& name, int64_t stride) const {
    const at::Tensor& w = weight(name + ".weight");
    const int64_t padding = w.size(2) / 2;
    return at::conv2d(x, w, weight(name + ".bias"), stride, padding);
  }

  // Residual unit: convolutions with norm and activation beside a plain shortcut.
  at::Tensor down(const at::Tensor& x, const std::string& prefix, int64_t stride) const {
    if (res_units_ == 0) return norm_and_activation(convolve(x, prefix + ".conv", stride), prefix + ".conv");
    at::Tensor main = x;
    for (int unit = 0; unit < res_units_; ++unit) {
      const std::string name = prefix + ".conv.unit" + std::to_string(unit) + ".conv";
      main = norm_and_activation(convolve(main, name, unit == 0 ? stride : 1), name);
    }
    const bool shortcut_convolves = weights_.count(prefix + ".residual.weight") != 0;
    return main + (shortcut_convolves ? convolve(x, prefix + ".residual", stride) : x);
  }

  at::Tensor up(const at::Tensor& x, const std::string& prefix, int64_t stride, bool top) const {
    const std::string name = prefix + (res_units_ == 0 ? ".conv" : ".0.conv");
    const at::Tensor raw =
        at::conv_transpose2d(x, weight(name + ".weight"), weight(name + ".bias"), stride, /*padding=*/1,
                             /*output_padding=*/stride - 1);
    if (res_units_ == 0) return top ? raw : norm_and_activation(raw, name);
    const at::Tensor h = norm_and_activation(raw, name);
    const std::string unit = prefix + ".1.conv.unit0.conv";
    const at::Tensor c = convolve(h, unit, 1);
    return (top ? c : norm_and_activation(c, unit)) + h;
  }

  at::Tensor level(const at::Tensor& x, std::size_t depth, const std::string& prefix) const {
    if (depth == strides_.size()) return down(x, prefix, 1);
    const at::Tensor skip = down(x, prefix + ".0", strides_[depth]);
    const at::Tensor below = level(skip, depth + 1, prefix + ".1.submodule");
    return up(at::cat({skip, below}, 1), prefix + ".2", strides_[depth], depth == 0);
  }

  std::map<std::string, at::Tensor> weights_;
  std::vector<int32_t> strides_;
  int res_units_;
  double negative_slope_;
};

struct Model {
  at::Device device{at::kCPU};
  bool half = false;
  std::optional<UNet> unet;
  std::optional<torch::jit::Module> script;

  at::Tensor forward(const at::Tensor& input) {
    if (unet) return unet->forward(input);
    torch::jit::IValue output = script->forward({input});
    if (output.isTuple() && !output.toTuple()->elements().empty()) output = output.toTuple()->elements()[0];
    if (!output.isTensor()) throw std::runtime_error("the network returns something other than a tensor");
    return output.toTensor();
  }
};

void check_shape(const at::Tensor& output, const std::vector<int64_t>& expected) {
  if (output.sizes() != at::IntArrayRef(expected)) {
    std::ostringstream text;
    text << "the network returns shape " << output.sizes() << " where " << at::IntArrayRef(expected)
         << " is expected";
    throw std::runtime_error(text.str());
  }
}

void copy_checked(const at::Tensor& output, const std::vector<int64_t>& expected, float* logits) {
  check_shape(output, expected);
  at::from_blob(logits, expected, at::kFloat).copy_(output);
}

// Every window is computed on its own, so that neither the batch nor the number of threads reaches the
// numbers. Windows run side by side on LibTorch's own pool; inside a window nothing is split further.
void run_on_cpu(Model& model, const float* windows, std::vector<int64_t> shape, int64_t out_channels,
                float* logits) {
  const int64_t count = shape[0];
  shape[0] = 1;
  std::vector<int64_t> out_shape = shape;
  out_shape[1] = out_channels;
  int64_t in_size = 1;
  int64_t out_size = 1;
  for (const int64_t n : shape) in_size *= n;
  for (const int64_t n : out_shape) out_size *= n;
  at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
    const c10::InferenceMode inference;
    for (int64_t w = begin; w < end; ++w) {
      const at::Tensor input = at::from_blob(const_cast<float*>(windows + w * in_size), shape, at::kFloat);
      copy_checked(model.forward(input), out_shape, logits + w * out_size);
    }
  });
}

void run_on_cuda(Model& model, const float* windows, const std::vector<int64_t>& shape, int64_t out_channels,
                 float* logits) {
  const c10::InferenceMode inference;
  const at::NoTF32Guard full_precision;  // of this thread alone
  std::vector<int64_t> out_shape = shape;
  out_shape[1] = out_channels;
  const at::Tensor input = at::from_blob(const_cast<float*>(windows), shape, at::kFloat)
                               .to(model.device, model.half ? at::kHalf : at::kFloat);
  copy_checked(model.forward(input), out_shape, logits);
}

// Sums of weighted windows, and of their weights, on the model's device. Positions count from the first pixel
// that any window covers.
class SliceBlend {
 public:
  SliceBlend(Model& model, const musclemap_engine_slice& slice)
      : model_(model), slice_(slice), options_(at::TensorOptions().dtype(at::kFloat).device(model.device)) {
    int64_t high_x = slice.nx;
    int64_t high_y = slice.ny;
    for (int64_t w = 0; w < slice.windows; ++w) {
      low_x_ = std::max(low_x_, -slice.places[2 * w]);
      low_y_ = std::max(low_y_, -slice.places[2 * w + 1]);
      high_x = std::max(high_x, slice.places[2 * w] + slice.window_x);
      high_y = std::max(high_y, slice.places[2 * w + 1] + slice.window_y);
    }
    image_ = at::zeros({low_x_ + high_x, low_y_ + high_y}, options_);
    image_.narrow(0, low_x_, slice.nx)
        .narrow(1, low_y_, slice.ny)
        .copy_(at::from_blob(const_cast<float*>(slice.image), {slice.nx, slice.ny}, at::kFloat));
    importance_ =
        at::from_blob(const_cast<float*>(slice.importance), {slice.window_x, slice.window_y}, at::kFloat)
            .to(model.device);
    sums_ = at::zeros({slice.classes, image_.size(0), image_.size(1)}, options_);
    weights_ = at::zeros({image_.size(0), image_.size(1)}, options_);
  }

  void add(int64_t first, int64_t count) {
    std::vector<at::Tensor> windows;
    for (int64_t w = first; w < first + count; ++w) windows.push_back(part(image_, w).unsqueeze(0));
    at::Tensor input = at::stack(windows);
    if (model_.half) input = input.to(at::kHalf);
    const at::Tensor logits = model_.forward(input.contiguous(at::MemoryFormat::ChannelsLast));
    const std::vector<int64_t> expected{count, slice_.classes, slice_.window_x, slice_.window_y};
    check_shape(logits, expected);
    // One window after the other: what a pixel's sum is must not depend on the batch.
    for (int64_t w = 0; w < count; ++w) {
      part(sums_, first + w).add_(logits[w].to(at::kFloat) * importance_);
      part(weights_, first + w).add_(importance_);
    }
  }

  void finish(float* scores) const {
    constexpr int64_t kVector = 16;
    const at::Tensor mean = inside(sums_) / inside(weights_);
    const int64_t blocks = (slice_.classes + kVector - 1) / kVector;
    const at::Tensor whole = at::constant_pad_nd(mean, {0, 0, 0, 0, 0, blocks * kVector - slice_.classes});
    at::from_blob(scores, {blocks, slice_.nx, slice_.ny, kVector}, at::kFloat)
        .copy_(whole.reshape({blocks, kVector, slice_.nx, slice_.ny}).permute({0, 2, 3, 1}));
  }

 private:
  // The last two axes are x and y.
  at::Tensor part(const at::Tensor& map, int64_t window) const {
    return map.narrow(-2, low_x_ + slice_.places[2 * window], slice_.window_x)
        .narrow(-1, low_y_ + slice_.places[2 * window + 1], slice_.window_y);
  }
  at::Tensor inside(const at::Tensor& map) const {
    return map.narrow(-2, low_x_, slice_.nx).narrow(-1, low_y_, slice_.ny);
  }

  Model& model_;
  const musclemap_engine_slice& slice_;
  at::TensorOptions options_;
  int64_t low_x_ = 0;
  int64_t low_y_ = 0;
  at::Tensor image_;
  at::Tensor importance_;
  at::Tensor sums_;
  at::Tensor weights_;
};

void write_text(const musclemap_engine_text& text, const char* message) {
  if (text.capacity == 0) return;
  // LibTorch appends a stack trace after the first line.
  const std::size_t length = std::min(std::strcspn(message, "\n"), text.capacity - 1);
  std::memcpy(text.data, message, length);
  text.data[length] = '\0';
}

template <class Body>
int32_t guarded(const musclemap_engine_text& error, const Body& body) {
  try {
    body();
    return 0;
  } catch (const std::bad_alloc&) {
    write_text(error, "out of memory");
    return 2;
  } catch (const c10::OutOfMemoryError& problem) {
    write_text(error, problem.what_without_backtrace());
    return 2;
  } catch (const c10::Error& problem) {
    const bool memory = std::strstr(problem.what_without_backtrace(), "not enough memory") != nullptr;
    write_text(error, problem.what_without_backtrace());
    return memory ? 2 : 1;
  } catch (const std::exception& problem) {
    write_text(error, problem.what());
    return 1;
  } catch (...) {
    write_text(error, "unknown failure in LibTorch");
    return 1;
  }
}

int32_t probe_cuda(const char* library_folder, musclemap_engine_text error) {
  return guarded(error, [&] {
    const std::string library = std::string(library_folder) + "/libtorch_cuda.so";
    if (dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) throw std::runtime_error(dlerror());
    if (!torch::cuda::is_available()) throw std::runtime_error("LibTorch finds no CUDA device or driver");
  });
}

int32_t load(const musclemap_engine_network* network, int32_t cuda_index, void** model,
             musclemap_engine_text error) {
  return guarded(error, [&] {
    auto loaded = std::make_unique<Model>();
    if (cuda_index >= 0) {
      if (cuda_index >= static_cast<int32_t>(torch::cuda::device_count())) {
        throw std::runtime_error("there is no CUDA device " + std::to_string(cuda_index) + " of " +
                                 std::to_string(torch::cuda::device_count()));
      }
      loaded->device = at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(cuda_index));
    }
    loaded->half = network->half != 0;
    if (network->torchscript == nullptr) {
      loaded->unet.emplace(*network, loaded->device);
    } else {
      std::istringstream archive(
          std::string(static_cast<const char*>(network->torchscript), network->torchscript_bytes));
      loaded->script = torch::jit::load(archive, loaded->device);
      loaded->script->eval();
      if (loaded->half) loaded->script->to(at::kHalf);
    }
    *model = loaded.release();
  });
}

int32_t run(void* model, const float* windows, const int64_t* shape, int32_t dims, int64_t out_channels,
            float* logits, musclemap_engine_text error) {
  return guarded(error, [&] {
    auto& loaded = *static_cast<Model*>(model);
    const std::vector<int64_t> sizes(shape, shape + dims);
    if (loaded.device.is_cuda()) {
      run_on_cuda(loaded, windows, sizes, out_channels, logits);
    } else {
      run_on_cpu(loaded, windows, sizes, out_channels, logits);
    }
  });
}

int32_t blend(void* model, const musclemap_engine_slice* slice, float* scores, musclemap_engine_text error) {
  return guarded(error, [&] {
    const c10::InferenceMode inference;
    const at::NoTF32Guard full_precision;  // of this thread alone
    SliceBlend blended(*static_cast<Model*>(model), *slice);
    for (int64_t first = 0; first < slice->windows; first += slice->batch) {
      if (slice->go_on(slice->user) == 0) throw std::runtime_error("ended by the caller");
      blended.add(first, std::min(slice->batch, slice->windows - first));
    }
    blended.finish(scores);
  });
}

void unload(void* model) { delete static_cast<Model*>(model); }

void set_threads(int32_t threads) { at::set_num_threads(threads); }

}  // namespace

extern "C" __attribute__((visibility("default"))) const musclemap_engine_functions*
musclemap_engine_module() {
  static const musclemap_engine_functions functions{
      MUSCLEMAP_ENGINE_ABI, "torch " TORCH_VERSION, probe_cuda, load, run, blend, unload, set_threads};
  return &functions;
}
