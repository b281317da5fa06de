// After _load_checkpoint() of micro_sam/util.py, micro-sam 1.8.14.
#include "io/weights/microsam/checkpoint.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "io/weights/legacy_state_dict.hpp"
#include "io/weights/pickle_reader.hpp"
#include "io/weights/state_dict.hpp"
#include "io/weights/tensor_reader.hpp"
#include "io/weights/zip_reader.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kLargestSamPickle = std::size_t{64} << 20;
constexpr const char* kModelState = "model_state";
constexpr const char* kDecoderState = "decoder_state";
constexpr std::string_view kSamPrefix = "sam.";

/// The last of that name, as in Python.
std::optional<std::uint32_t> state_in(const PickleTree& tree, std::string_view name) {
  const PickleNode& root = tree[tree.root];
  if (root.kind != PickleKind::dict) return std::nullopt;
  for (std::size_t i = root.items.size(); i >= 2; i -= 2) {
    const PickleNode& key = tree[root.items[i - 2]];
    if (key.kind == PickleKind::text && key.text == name) return root.items[i - 1];
  }
  return std::nullopt;
}

net::StateDict without_prefix(net::StateDict weights) {
  for (net::NamedTensor& each : weights) {
    if (each.name.compare(0, kSamPrefix.size(), kSamPrefix) == 0) each.name.erase(0, kSamPrefix.size());
  }
  return weights;
}

}  // namespace

SamCheckpoint read_sam_checkpoint(std::string_view bytes) {
  if (is_legacy_weights(bytes)) return {without_prefix(read_legacy_state_dict(bytes)), {}};
  refuse_other_weights_formats(bytes);
  const ZipReader zip(bytes);
  const std::string pickle = zip.read(*zip.find(archive_root(zip) + "/data.pkl"), kLargestSamPickle);
  PickleTree tree = read_checkpoint_pickle(pickle, {kModelState, kDecoderState});
  const std::optional<std::uint32_t> model = state_in(tree, kModelState);
  if (!model) return {without_prefix(read_state_dict(zip)), {}};
  const std::optional<std::uint32_t> decoder = state_in(tree, kDecoderState);
  TensorReader tensors(zip, tree);
  SamCheckpoint checkpoint;
  tree.root = *model;
  checkpoint.model = without_prefix(named_tensors(tree, &tensors));
  if (decoder && tree[*decoder].kind != PickleKind::none) {
    tree.root = *decoder;
    checkpoint.decoder = named_tensors(tree, &tensors);
  }
  return checkpoint;
}

}  // namespace musclemap::io
