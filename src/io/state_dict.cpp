// File layout after torch/serialization.py: <root>/data.pkl, <root>/byteorder, <root>/data/<key> with the
// elements of each storage.
#include "io/state_dict.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"
#include "io/pickle_reader.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kLargestPickle = std::size_t{16} << 20;
constexpr std::size_t kMostAxes = 16;
constexpr std::uint64_t kMostElements = std::uint64_t{1} << 30;
// A view may repeat elements (stride 0) and tensors may share storages, but not without bound.
constexpr std::uint64_t kMostRepeats = 8;
constexpr std::uint64_t kFreeElements = std::uint64_t{1} << 16;

[[noreturn]] void refuse(ErrorCode code, Reason reason, const std::string& message) {
  throw Error(code, reason, message);
}
[[noreturn]] void corrupt(const std::string& message) { refuse(ErrorCode::format, Reason::corrupt, message); }

float from_half(std::uint16_t bits) {
  const float sign = (bits & 0x8000) != 0 ? -1.0f : 1.0f;
  const int exponent = (bits >> 10) & 31;
  const auto fraction = static_cast<float>(bits & 1023);
  if (exponent == 31) return (bits & 1023) != 0 ? NAN : sign * INFINITY;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(fraction + 1024.0f, exponent - 25);
}

template <class T>
T load(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

struct ElementType {
  const char* storage;
  std::size_t bytes;
  float (*read)(const char*);
};

// Batch norm counts its batches in an integer; weights are never integers.
constexpr const char* kCounterType = "torch.LongStorage";

bool is_counter(const std::string& name) {
  const std::string end = ".num_batches_tracked";
  return name.size() >= end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
}

constexpr ElementType kElementTypes[] = {
    {"torch.FloatStorage", 4, [](const char* at) { return load<float>(at); }},
    {"torch.HalfStorage", 2, [](const char* at) { return from_half(load<std::uint16_t>(at)); }},
    {"torch.BFloat16Storage", 2,
     [](const char* at) {
       const std::uint32_t bits = static_cast<std::uint32_t>(load<std::uint16_t>(at)) << 16;
       float value;
       std::memcpy(&value, &bits, sizeof(value));
       return value;
     }},
    {"torch.DoubleStorage", 8, [](const char* at) { return static_cast<float>(load<double>(at)); }},
    {kCounterType, 8, [](const char* at) { return static_cast<float>(load<std::int64_t>(at)); }},
};

/// How a tensor lies in its storage.
struct Layout {
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> stride;
  std::int64_t offset = 0;
  std::uint64_t count = 1;
};

class StateDictReader {
 public:
  explicit StateDictReader(const ZipReader& zip) : zip_(zip), root_(archive_root(zip)) {}

  base::StateDict run() {
    check_byte_order();
    const std::string pickle = zip_.read(*zip_.find(root_ + "/data.pkl"), kLargestPickle);
    tree_ = read_pickle(pickle);
    std::uint64_t stored_bytes = 0;
    for (const ZipEntry& entry : zip_.entries()) stored_bytes += entry.packed_size;
    budget_ = std::min(kMostElements, std::max(kFreeElements, kMostRepeats * stored_bytes / 2));

    const PickleNode& root = tree_[tree_.root];
    check_root(root);
    base::StateDict weights;
    std::unordered_set<std::string> names;
    for (std::size_t i = 0; i < root.items.size(); i += 2) {
      const std::string& name = tree_[root.items[i]].text;
      if (!names.insert(name).second) corrupt("names " + quoted(name) + " twice");
      weights.push_back({name, read_tensor(name, tree_[root.items[i + 1]])});
    }
    return weights;
  }

 private:
  static std::string quoted(const std::string& name) { return "'" + base::printable(name) + "'"; }

  void check_byte_order() const {
    const ZipEntry* entry = zip_.find(root_ + "/byteorder");
    if (entry == nullptr) return;
    const std::string order = zip_.read(*entry, 64);
    if (order != "little") {
      refuse(ErrorCode::unsupported, Reason::unsupported,
             "weights have byte order '" + base::printable(order) + "'; 'little' is read");
    }
  }

  void check_root(const PickleNode& root) const {
    if (root.kind != PickleKind::dict) {
      refuse(ErrorCode::model, Reason::model,
             std::string("holds a ") + pickle_kind_name(root.kind) +
                 ", not a dictionary of named tensors; save model.state_dict()");
    }
    if (root.items.empty()) refuse(ErrorCode::model, Reason::model, "holds no tensors");
    for (std::size_t i = 0; i < root.items.size(); i += 2) {
      const PickleNode& key = tree_[root.items[i]];
      const PickleNode& value = tree_[root.items[i + 1]];
      if (key.kind != PickleKind::text) {
        refuse(ErrorCode::model, Reason::model,
               std::string("has a key that is a ") + pickle_kind_name(key.kind) + ", not a name");
      }
      if (value.kind == PickleKind::dict) {
        refuse(ErrorCode::model, Reason::model,
               "is a training checkpoint with the weights under " + quoted(key.text) +
                   "; save that dictionary alone: torch.save(checkpoint['" + base::printable(key.text) +
                   "'], file)");
      }
    }
    for (std::size_t i = 0; i < root.items.size(); i += 2) {
      const PickleNode& value = tree_[root.items[i + 1]];
      if (value.kind != PickleKind::tensor) {
        refuse(
            ErrorCode::model, Reason::model,
            quoted(tree_[root.items[i]].text) + " is a " + pickle_kind_name(value.kind) + ", not a tensor");
      }
    }
  }

  Layout read_layout(const std::string& name, const PickleNode& tensor) const {
    const PickleNode& shape = tree_[tensor.items[2]];
    const PickleNode& stride = tree_[tensor.items[3]];
    Layout layout;
    layout.offset = tree_[tensor.items[1]].integer;
    if (shape.items.size() != stride.items.size() || shape.items.size() > kMostAxes || layout.offset < 0) {
      corrupt(quoted(name) + " has an impossible shape");
    }
    for (std::size_t axis = 0; axis < shape.items.size(); ++axis) {
      const PickleNode& size = tree_[shape.items[axis]];
      const PickleNode& step = tree_[stride.items[axis]];
      if (size.kind != PickleKind::integer || step.kind != PickleKind::integer || size.integer < 0 ||
          step.integer < 0) {
        corrupt(quoted(name) + " has an impossible shape");
      }
      if (__builtin_mul_overflow(layout.count, static_cast<std::uint64_t>(size.integer), &layout.count) ||
          layout.count > kMostElements) {
        refuse(ErrorCode::format, Reason::limit, quoted(name) + " has more than 1073741824 elements");
      }
      layout.shape.push_back(size.integer);
      layout.stride.push_back(step.integer);
    }
    return layout;
  }

  /// Bytes of a storage, checked once.
  std::string_view storage_bytes(const std::string& key) {
    const auto known = storages_.find(key);
    if (known != storages_.end()) return known->second;
    const ZipEntry* entry = zip_.find(root_ + "/data/" + key);
    if (entry == nullptr) corrupt("has no storage '" + base::printable(key) + "'");
    return storages_.emplace(key, zip_.stored(*entry)).first->second;
  }

  base::Tensor read_tensor(const std::string& name, const PickleNode& tensor) {
    const PickleNode& storage = tree_[tensor.items[0]];
    const std::string& type_name = tree_[storage.items[0]].text;
    const auto* type = std::find_if(std::begin(kElementTypes), std::end(kElementTypes),
                                    [&](const ElementType& known) { return type_name == known.storage; });
    if (type == std::end(kElementTypes) || (type_name == kCounterType && !is_counter(name))) {
      refuse(ErrorCode::unsupported, Reason::unsupported,
             quoted(name) + " is stored as " + base::printable(type_name) +
                 "; float, double, half and bfloat16 are read");
    }
    const std::string_view bytes = storage_bytes(storage.text);
    if (static_cast<std::uint64_t>(storage.integer) > bytes.size() / type->bytes) {
      refuse(ErrorCode::format, Reason::truncated,
             "storage '" + base::printable(storage.text) + "' has " + std::to_string(bytes.size()) +
                 " bytes; " + std::to_string(storage.integer) + " elements need more");
    }
    const Layout layout = read_layout(name, tensor);
    check_reach(name, layout, storage.integer);
    if (layout.count > budget_) {
      refuse(ErrorCode::format, Reason::limit,
             quoted(name) + " expands to more elements than the file justifies");
    }
    budget_ -= layout.count;
    base::Tensor result;
    result.shape = layout.shape;
    copy(layout, bytes.data(), *type, result.values);
    for (const float value : result.values) {
      if (!std::isfinite(value)) {
        refuse(ErrorCode::model, Reason::nonfinite,
               quoted(name) + " holds a value that is not a finite float32");
      }
    }
    return result;
  }

  /// The last element that the tensor touches lies in the storage.
  static void check_reach(const std::string& name, const Layout& layout, std::int64_t elements) {
    if (layout.count == 0) return;
    std::int64_t last = layout.offset;
    bool wrong = false;
    for (std::size_t axis = 0; axis < layout.shape.size(); ++axis) {
      std::int64_t span = 0;
      wrong = wrong || __builtin_mul_overflow(layout.shape[axis] - 1, layout.stride[axis], &span) ||
              __builtin_add_overflow(last, span, &last);
    }
    if (wrong || last >= elements) {
      corrupt(quoted(name) + " reaches past the " + std::to_string(elements) + " elements of its storage");
    }
  }

  static void copy(const Layout& layout, const char* data, const ElementType& type, std::vector<float>& out) {
    out.resize(static_cast<std::size_t>(layout.count));
    if (layout.count == 0) return;
    const std::size_t axes = layout.shape.size();
    std::int64_t dense = 1;
    bool is_dense = true;
    for (std::size_t axis = axes; axis-- > 0;) {
      is_dense = is_dense && (layout.shape[axis] == 1 || layout.stride[axis] == dense);
      dense *= layout.shape[axis];
    }
    if (is_dense) {
      const char* from = data + static_cast<std::size_t>(layout.offset) * type.bytes;
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = type.read(from + i * type.bytes);
      return;
    }
    std::vector<std::int64_t> index(axes, 0);
    std::int64_t at = layout.offset;
    for (float& value : out) {
      value = type.read(data + static_cast<std::size_t>(at) * type.bytes);
      for (std::size_t axis = axes; axis-- > 0;) {
        at += layout.stride[axis];
        if (++index[axis] < layout.shape[axis]) break;
        at -= layout.shape[axis] * layout.stride[axis];
        index[axis] = 0;
      }
    }
  }

  const ZipReader& zip_;
  std::string root_;
  PickleTree tree_;
  std::uint64_t budget_ = 0;
  std::unordered_map<std::string, std::string_view> storages_;
};

}  // namespace

void refuse_other_weights_formats(std::string_view bytes) {
  // torch/serialization.py: MAGIC_NUMBER 0x1950a86a20f9469cfc6c, pickled by itself in front of everything.
  constexpr std::string_view kLegacyMagic("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 14);
  const auto begins_with = [&](std::string_view magic) { return bytes.substr(0, magic.size()) == magic; };
  if (begins_with(kLegacyMagic)) {
    refuse(ErrorCode::unsupported, Reason::unsupported,
           "is in the file format of PyTorch before 1.6; save it again: "
           "torch.save(torch.load(file, map_location='cpu'), new_file)");
  }
  if (begins_with("PK")) return;
  if (bytes.empty()) refuse(ErrorCode::format, Reason::truncated, "is empty");
  if (begins_with("version https://git-lfs")) {
    refuse(ErrorCode::format, Reason::corrupt,
           "is a Git LFS pointer, not the weights; fetch the file itself");
  }
  if (begins_with("\x89HDF")) {
    refuse(ErrorCode::unsupported, Reason::unsupported, "is an HDF5 file; a file of torch.save is needed");
  }
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

base::StateDict read_state_dict(const ZipReader& zip) { return StateDictReader(zip).run(); }

}  // namespace musclemap::io
