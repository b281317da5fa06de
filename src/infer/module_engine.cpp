#include "infer/module_engine.hpp"

#include <exception>
#include <functional>
#include <numeric>
#include <utility>

#include "infer/device_class_inferer.hpp"
#include "infer/module_message.hpp"
#include "musclemap/error.hpp"

namespace musclemap::infer {
namespace {

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t size : shape) text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "[" + text + "]";
}

}  // namespace

/// Where outputs go: the first one, if it has the expected shape, into given memory, others into tensors.
class ModuleEngine::Room {
 public:
  Room() = default;
  Room(std::vector<std::int64_t> expected, float* first) : expected_(std::move(expected)), first_(first) {}

  musclemap_engine_outputs outputs() { return {ask, this}; }
  std::vector<net::Tensor> tensors() { return std::move(tensors_); }
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  // No exception may cross the module.
  static float* ask(void* user, std::int32_t output, const std::int64_t* shape, std::int32_t dims) {
    auto& room = *static_cast<Room*>(user);
    try {
      return room.of(static_cast<std::size_t>(output), {shape, shape + dims});
    } catch (...) {
      room.failure_ = std::current_exception();
      return nullptr;
    }
  }

  float* of(std::size_t output, std::vector<std::int64_t> shape) {
    if (tensors_.size() <= output) tensors_.resize(output + 1);
    if (output == 0 && first_ != nullptr) {
      if (shape == expected_) return first_;
      throw Error(ErrorCode::model, "the network does not run: the network returns shape " +
                                        shape_text(shape) + " where " + shape_text(expected_) +
                                        " is expected");
    }
    net::Tensor& tensor = tensors_[output];
    const auto count = std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
    tensor.values.resize(static_cast<std::size_t>(count));
    tensor.shape = std::move(shape);
    return tensor.values.data();
  }

  std::vector<std::int64_t> expected_;
  float* first_ = nullptr;
  std::vector<net::Tensor> tensors_;
  std::exception_ptr failure_;
};

ModuleEngine::ModuleEngine(const musclemap_engine_functions& functions, const ModuleNetwork& network,
                           int cuda_index)
    : functions_(functions), name_(functions.name), on_gpu_(cuda_index >= 0) {
  ModuleMessage message;
  const std::int32_t status = functions_.load(network.get(), cuda_index, &model_, message.text());
  if (status != 0) message.fail(status, "the network does not load: ");
}

ModuleEngine::~ModuleEngine() {
  if (model_ != nullptr) functions_.unload(model_);
}

void ModuleEngine::run(const std::vector<musclemap_engine_values>& inputs, Room& room) {
  const musclemap_engine_outputs outputs = room.outputs();
  ModuleMessage message;
  const std::int32_t status = functions_.run(model_, inputs.data(), static_cast<std::int32_t>(inputs.size()),
                                             &outputs, message.text());
  room.rethrow();
  if (status != 0) message.fail(status, "the network does not run: ");
}

void ModuleEngine::run(const float* windows, const std::vector<std::int64_t>& shape,
                       std::int64_t out_channels, float* logits) {
  std::vector<std::int64_t> expected = shape;
  expected.at(1) = out_channels;
  Room room(std::move(expected), logits);
  run({{windows, shape.data(), static_cast<std::int32_t>(shape.size())}}, room);
}

std::vector<net::Tensor> ModuleEngine::run_ports(const std::vector<net::Tensor>& inputs) {
  std::vector<musclemap_engine_values> values;
  values.reserve(inputs.size());
  for (const net::Tensor& input : inputs) {
    values.push_back(
        {input.values.data(), input.shape.data(), static_cast<std::int32_t>(input.shape.size())});
  }
  Room room;
  run(values, room);
  return room.tensors();
}

std::unique_ptr<ClassInferer> ModuleEngine::infer_classes(const SlicePlan& plan,
                                                          const SliceInfererOptions& options,
                                                          const ClassTask& task) {
  if (!on_gpu_ && !options.on_device) return Engine::infer_classes(plan, options, task);
  return std::make_unique<DeviceClassInferer>(functions_, model_, plan, options, task);
}

bool ModuleEngine::find_volume_classes(image::Field& field, const VolumeWindows& plan,
                                       const DeviceVolumeOptions& options, const ClassSink& sink) {
  if (plan.axes != 3 || (!on_gpu_ && !options.on_device)) return false;
  device_volume_classes(functions_, model_, field, plan, options, sink);
  return true;
}

}  // namespace musclemap::infer
