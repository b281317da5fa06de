// File layout after torch/serialization.py: <root>/data.pkl and what io/tensor_reader.cpp reads.
#include "io/weights/state_dict.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/text.hpp"
#include "io/files/foreign_format.hpp"
#include "io/weights/legacy_state_dict.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kLargestPickle = std::size_t{16} << 20;

[[noreturn]] void refuse(ErrorCode code, Reason reason, const std::string& message) {
  throw Error(code, reason, message);
}
[[noreturn]] void corrupt(const std::string& message) { refuse(ErrorCode::format, Reason::corrupt, message); }

std::string tensor_name(const std::string& name) { return "'" + base::printable(name) + "'"; }

void check_root(const PickleTree& tree) {
  const PickleNode& root = tree[tree.root];
  if (root.kind != PickleKind::dict) {
    refuse(ErrorCode::model, Reason::model,
           std::string("holds a ") + pickle_kind_name(root.kind) +
               ", not a dictionary of named tensors; save model.state_dict()");
  }
  if (root.items.empty()) refuse(ErrorCode::model, Reason::model, "holds no tensors");
  for (std::size_t i = 0; i < root.items.size(); i += 2) {
    const PickleNode& key = tree[root.items[i]];
    const PickleNode& value = tree[root.items[i + 1]];
    if (key.kind != PickleKind::text) {
      refuse(ErrorCode::model, Reason::model,
             std::string("has a key that is a ") + pickle_kind_name(key.kind) + ", not a name");
    }
    if (value.kind == PickleKind::dict) {
      refuse(ErrorCode::model, Reason::model,
             "is a training checkpoint with the weights under " + tensor_name(key.text) +
                 "; save that dictionary alone: torch.save(checkpoint['" + base::printable(key.text) +
                 "'], file)");
    }
  }
  for (std::size_t i = 0; i < root.items.size(); i += 2) {
    const PickleNode& value = tree[root.items[i + 1]];
    if (value.kind != PickleKind::tensor) {
      refuse(
          ErrorCode::model, Reason::model,
          tensor_name(tree[root.items[i]].text) + " is a " + pickle_kind_name(value.kind) + ", not a tensor");
    }
  }
}

}  // namespace

void refuse_other_weights_formats(std::string_view bytes) {
  const auto begins_with = [&](std::string_view magic) { return bytes.substr(0, magic.size()) == magic; };
  if (is_legacy_weights(bytes)) {
    refuse(ErrorCode::unsupported, Reason::unsupported,
           "is in the file format of PyTorch before 1.6; save it again: "
           "torch.save(torch.load(file, map_location='cpu'), new_file)");
  }
  if (begins_with("PK")) return;
  if (bytes.empty()) refuse(ErrorCode::format, Reason::truncated, "is empty");
  if (begins_with("\x89HDF")) {
    refuse(ErrorCode::unsupported, Reason::unsupported, "is an HDF5 file; a file of torch.save is needed");
  }
  const ForeignFormat format = foreign_format(bytes);
  if (!format.name.empty()) corrupt("is not a weights file but " + format.with_cure());
  corrupt("is not a weights file: it is no zip archive as torch.save writes it");
}

std::string archive_root(const ZipReader& zip) {
  if (zip.entries().empty()) corrupt("is an empty zip archive");
  const std::string& first = zip.entries().front().name;
  std::string root = first.substr(0, first.find('/'));
  for (const ZipEntry& entry : zip.entries()) {
    // LibTorch takes the folder of the first entry as the archive's; another folder would go unseen.
    if (entry.name.compare(0, root.size() + 1, root + "/") != 0) {
      corrupt("is not a file of torch.save: '" + base::printable(entry.name) + "' lies outside of '" +
              base::printable(root) + "/'");
    }
  }
  if (zip.find(root + "/data.pkl") == nullptr) corrupt("is not a file of torch.save: it has no data.pkl");
  return root;
}

net::StateDict named_tensors(const PickleTree& tree, TensorReader* tensors) {
  check_root(tree);
  const PickleNode& root = tree[tree.root];
  net::StateDict weights;
  std::unordered_set<std::string> names;
  for (std::size_t i = 0; i < root.items.size(); i += 2) {
    const std::string& name = tree[root.items[i]].text;
    if (!names.insert(name).second) corrupt("names " + tensor_name(name) + " twice");
    weights.push_back({name, tensors->read(name, tree[root.items[i + 1]])});
  }
  return weights;
}

net::StateDict read_state_dict(const ZipReader& zip) {
  const PickleTree tree = read_pickle(zip.read(*zip.find(archive_root(zip) + "/data.pkl"), kLargestPickle));
  TensorReader tensors(zip, tree);
  return named_tensors(tree, &tensors);
}

}  // namespace musclemap::io
