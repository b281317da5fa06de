// Format after torch/serialization.py, _legacy_save(): the magic number, the protocol's version, what machine
// wrote it, the object and the list of storages are pickles; each storage is its number of elements in eight
// bytes and the elements.
#include "io/weights/legacy_state_dict.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/text.hpp"
#include "io/weights/pickle_reader.hpp"
#include "io/weights/state_dict.hpp"
#include "io/weights/tensor_reader.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

// 0x1950a86a20f9469cfc6c as a pickle.
constexpr std::string_view kLegacyMagic("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15);
constexpr std::int64_t kLegacyVersion = 1001;
constexpr std::size_t kLargestLegacyPickle = std::size_t{16} << 20;

[[noreturn]] void refuse_legacy(Reason reason, const std::string& message) {
  throw Error(reason == Reason::unsupported ? ErrorCode::unsupported : ErrorCode::format, reason, message);
}

PickleTree take_bounded(std::string_view* bytes) {
  std::string_view some = bytes->substr(0, kLargestLegacyPickle);
  const std::size_t before = some.size();
  PickleTree tree = take_pickle(&some);
  bytes->remove_prefix(before - some.size());
  return tree;
}

void check_machine(const PickleTree& tree) {
  const PickleNode& machine = tree[tree.root];
  for (std::size_t i = 0; machine.kind == PickleKind::dict && i + 1 < machine.items.size(); i += 2) {
    if (tree[machine.items[i]].text != "little_endian") continue;
    const PickleNode& value = tree[machine.items[i + 1]];
    if (value.kind == PickleKind::boolean && value.integer == 1) return;
    refuse_legacy(Reason::unsupported, "has weights in big-endian order; little-endian ones are read");
  }
  refuse_legacy(Reason::corrupt, "does not say in which byte order its weights are");
}

/// Bytes of an element of each storage that the object names.
std::unordered_map<std::string, std::size_t> element_sizes(const PickleTree& tree) {
  std::unordered_map<std::string, std::size_t> sizes;
  for (const PickleNode& node : tree.nodes) {
    if (node.kind != PickleKind::storage) continue;
    const std::string& type = tree[node.items[0]].text;
    const std::size_t size = storage_element_bytes(type);
    if (size == 0) {
      refuse_legacy(Reason::unsupported, "has a storage of type " + base::printable(type) +
                                             "; float, double, half, bfloat16 and long are read");
    }
    if (!sizes.emplace(node.text, size).second && sizes[node.text] != size) {
      refuse_legacy(Reason::corrupt, "has two types of storage '" + base::printable(node.text) + "'");
    }
  }
  return sizes;
}

Storages take_storages(const PickleTree& object, const PickleTree& list, std::string_view bytes) {
  const std::unordered_map<std::string, std::size_t> sizes = element_sizes(object);
  const PickleNode& keys = list[list.root];
  if (keys.kind != PickleKind::list) refuse_legacy(Reason::corrupt, "has no list of storages");
  Storages storages;
  for (const std::uint32_t item : keys.items) {
    const std::string& key = list[item].text;
    const std::string who = "storage '" + base::printable(key) + "' ";
    const auto size = sizes.find(key);
    if (size == sizes.end()) refuse_legacy(Reason::corrupt, who + "belongs to no tensor");
    std::uint64_t elements = 0;
    if (bytes.size() < sizeof elements) refuse_legacy(Reason::truncated, who + "is cut short");
    std::memcpy(&elements, bytes.data(), sizeof elements);
    bytes.remove_prefix(sizeof elements);
    if (elements > bytes.size() / size->second) {
      refuse_legacy(Reason::truncated, who + "has " + std::to_string(elements) + " elements of " +
                                           std::to_string(size->second) + " bytes; " +
                                           std::to_string(bytes.size()) + " bytes are left");
    }
    if (!storages.emplace(key, bytes.substr(0, elements * size->second)).second) {
      refuse_legacy(Reason::corrupt, who + "is listed twice");
    }
    bytes.remove_prefix(elements * size->second);
  }
  if (!bytes.empty()) refuse_legacy(Reason::corrupt, "has data behind its last storage");
  return storages;
}

}  // namespace

bool is_legacy_weights(std::string_view bytes) {
  return bytes.substr(0, kLegacyMagic.size()) == kLegacyMagic;
}

net::StateDict read_legacy_state_dict(std::string_view bytes) {
  if (!is_legacy_weights(bytes)) refuse_legacy(Reason::corrupt, "is no file of PyTorch before 1.6");
  bytes.remove_prefix(kLegacyMagic.size());
  const PickleTree version = take_bounded(&bytes);
  const PickleNode& number = version[version.root];
  if (number.kind != PickleKind::integer || number.integer != kLegacyVersion) {
    refuse_legacy(Reason::unsupported, "is written in another version of the format than 1001");
  }
  check_machine(take_bounded(&bytes));
  const PickleTree object = take_bounded(&bytes);
  const PickleTree list = take_bounded(&bytes);
  TensorReader tensors(take_storages(object, list, bytes), object);
  return named_tensors(object, &tensors);
}

}  // namespace musclemap::io
