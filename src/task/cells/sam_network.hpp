// A network of micro-sam: a TorchScript file, or a part of a checkpoint.
#ifndef MUSCLEMAP_TASK_CELLS_SAM_NETWORK_HPP_
#define MUSCLEMAP_TASK_CELLS_SAM_NETWORK_HPP_

#include <filesystem>
#include <memory>
#include <string>

#include "infer/engine.hpp"
#include "infer/known_network.hpp"
#include "musclemap/run.hpp"

namespace musclemap::task {

/// The encoder, the AIS decoder or the prompt and mask decoder
/// (docs/chains/cells.md#networks-of-micro-sam).
struct SamNetwork {
  std::filesystem::path file;
  std::string sha256;
  std::shared_ptr<const infer::Network> program;     ///< of a TorchScript file, or null
  std::shared_ptr<const infer::KnownNetwork> known;  ///< of a checkpoint, or null

  bool is_there() const { return program != nullptr || known != nullptr; }
};

/// Of a TorchScript file; a description is not needed. Errors, which name the file: `io`, `format`, `model`
/// for a program that is not trusted or has operators outside of the allow-list.
/// @param trust run it although its hash is on no trust list
SamNetwork open_sam_network(const std::filesystem::path& file, bool trust, const RunControl& control);

/// In LibTorch. Errors `device`, `model`, which name the file.
std::unique_ptr<infer::Engine> load_sam_network(const SamNetwork& network, const Device& device,
                                                int torch_threads);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_SAM_NETWORK_HPP_
