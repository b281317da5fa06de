// What `musclemap bench` times: the network of a model, or the first one of a folder that nnU-Net has
// trained.
#ifndef MUSCLEMAP_CLI_BENCH_MODEL_HPP_
#define MUSCLEMAP_CLI_BENCH_MODEL_HPP_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "infer/network.hpp"

namespace musclemap::cli {

struct BenchModel {
  std::filesystem::path file;  ///< of the weights
  std::string text;            ///< one line about the network
  std::shared_ptr<const infer::Network> network;
  std::vector<std::int64_t> window;  ///< in the network's axes; empty: nothing states one
  std::int64_t classes = 0;
  std::int64_t channels = 1;
};

/// Whether a folder holds a network that nnU-Net has trained, with its plans.
bool is_of_nnunet(const std::string& model);

/// `path` is such a folder, or what ModelBundle::open() takes; a TorchScript file needs no description.
/// Errors: those of reading it; `model` where nothing says how many channels it gives.
BenchModel open_bench_model(const std::string& path, bool trust);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_BENCH_MODEL_HPP_
