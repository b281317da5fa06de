#include "support/fixed_bundle.hpp"

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "support/fixed_network.hpp"
#include "support/pth_writer.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap::test {
namespace {

constexpr const char* kDescription = R"({
  "parameters": {"roi_size": [256, 256], "spatial_window_batch_size": 1, "pix_dim": [1, 1, -1]},
  "model": {"version": 1.0, "spatial_dims": 2, "in_channels": 1, "out_channels": 6, "channels": [4, 8, 16, 32, 64],
            "act": "LeakyReLU", "strides": [2, 2, 2, 2], "num_res_units": 1, "norm": "instance"},
  "labels": [{"value": 1101}, {"value": 5121}, {"value": 6160}, {"value": 7101}, {"value": 8162}]
})";

std::string weights() {
  std::vector<PthTensor> tensors;
  std::map<std::string, std::string> storages;
  for (const net::NamedTensor& named : fixed_network(1).weights) {
    PthTensor tensor;
    tensor.name = named.name;
    tensor.shape = named.tensor.shape;
    std::int64_t step = 1;
    for (auto size = tensor.shape.rbegin(); size != tensor.shape.rend(); ++size) {
      tensor.stride.insert(tensor.stride.begin(), step);
      step *= *size;
    }
    tensor.key = std::to_string(tensors.size());
    tensor.storage_elements = step;
    storages[tensor.key] = float_bytes(named.tensor.values);
    tensors.push_back(tensor);
  }
  return write_pth(pickle_state_dict(tensors), storages);
}

}  // namespace

ModelBundle fixed_bundle() {
  const TemporaryFolder folder;
  std::ofstream(folder / "fixed.json") << kDescription;
  std::ofstream(folder / "fixed.pth", std::ios::binary) << weights();
  return ModelBundle::open(folder / "fixed.pth");
}

}  // namespace musclemap::test
