// A network of micro-sam from its TorchScript file.
#ifndef MUSCLEMAP_TASK_CELLS_SAM_NETWORK_HPP_
#define MUSCLEMAP_TASK_CELLS_SAM_NETWORK_HPP_

#include <filesystem>
#include <memory>

#include "infer/engine.hpp"
#include "musclemap/run.hpp"

namespace musclemap::task {

/// Opens the encoder, the AIS decoder or the prompt and mask decoder
/// (docs/chains/cells.md#networks-of-micro-sam) for LibTorch; a description is not needed. Errors, which name
/// the file: `io`, `format`, `model` for a program that is not trusted or has operators outside of the
/// allow-list, `device`.
/// @param trust run it although its hash is on no trust list
std::unique_ptr<infer::Engine> load_sam_network(const std::filesystem::path& file, bool trust,
                                                const Device& device, int torch_threads,
                                                const RunControl& control);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_SAM_NETWORK_HPP_
