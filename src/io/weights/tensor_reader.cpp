// File layout after torch/serialization.py: <root>/byteorder, <root>/data/<key> with the elements of each
// storage.
#include "io/weights/tensor_reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "io/weights/state_dict.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {

/// How a tensor lies in its storage.
struct TensorReader::Layout {
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> stride;
  std::int64_t offset = 0;
  std::uint64_t count = 1;
};

namespace {

constexpr std::size_t kMostAxes = 16;
constexpr std::uint64_t kMostElements = std::uint64_t{1} << 30;
// A view may repeat elements (stride 0) and tensors may share storages, but not without bound.
constexpr std::uint64_t kMostRepeats = 8;
constexpr std::uint64_t kFreeElements = std::uint64_t{1} << 16;

[[noreturn]] void refuse_tensor(ErrorCode code, Reason reason, const std::string& message) {
  throw Error(code, reason, message);
}
[[noreturn]] void corrupt_tensor(const std::string& message) {
  refuse_tensor(ErrorCode::format, Reason::corrupt, message);
}

std::string quoted(const std::string& name) { return "'" + base::printable(name) + "'"; }

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
  // `out` of elements that lie one behind the other.
  void (*read_all)(const char* from, std::vector<float>& out);
};

template <class Stored, float (*Value)(Stored)>
constexpr ElementType element_type(const char* storage) {
  return {storage, sizeof(Stored), [](const char* at) { return Value(load<Stored>(at)); },
          [](const char* from, std::vector<float>& out) {
            for (std::size_t i = 0; i < out.size(); ++i)
              out[i] = Value(load<Stored>(from + i * sizeof(Stored)));
          }};
}

float from_float(float value) { return value; }
float from_double(double value) { return static_cast<float>(value); }
float from_integer(std::int64_t value) { return static_cast<float>(value); }
float from_bfloat16(std::uint16_t high) {
  const std::uint32_t bits = static_cast<std::uint32_t>(high) << 16;
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

// Batch norm counts its batches in an integer; weights are never integers.
constexpr const char* kCounterType = "torch.LongStorage";

bool is_counter(const std::string& name) {
  const std::string end = ".num_batches_tracked";
  return name.size() >= end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
}

constexpr ElementType kElementTypes[] = {
    element_type<float, from_float>("torch.FloatStorage"),
    element_type<std::uint16_t, from_half>("torch.HalfStorage"),
    element_type<std::uint16_t, from_bfloat16>("torch.BFloat16Storage"),
    element_type<double, from_double>("torch.DoubleStorage"),
    element_type<std::int64_t, from_integer>(kCounterType),
};

bool all_finite(const std::vector<float>& values) {
  constexpr std::uint32_t kExponent = 0x7f800000;  // all ones: infinite or no number
  std::uint32_t found = 0;
  for (const float value : values) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof(bits));
    found |= (bits & kExponent) == kExponent ? 1U : 0U;
  }
  return found == 0;
}

/// The last element that the tensor touches lies in the storage.
template <class Layout>
void check_reach(const std::string& name, const Layout& layout, std::int64_t elements) {
  if (layout.count == 0) return;
  std::int64_t last = layout.offset;
  bool wrong = false;
  for (std::size_t axis = 0; axis < layout.shape.size(); ++axis) {
    std::int64_t span = 0;
    wrong = wrong || __builtin_mul_overflow(layout.shape[axis] - 1, layout.stride[axis], &span) ||
            __builtin_add_overflow(last, span, &last);
  }
  if (wrong || last >= elements) {
    corrupt_tensor(quoted(name) + " reaches past the " + std::to_string(elements) +
                   " elements of its storage");
  }
}

template <class Layout>
void copy(const Layout& layout, const char* data, const ElementType& type, std::vector<float>& out) {
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
    return type.read_all(data + static_cast<std::size_t>(layout.offset) * type.bytes, out);
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

}  // namespace

std::size_t storage_element_bytes(const std::string& type) {
  const auto* known = std::find_if(std::begin(kElementTypes), std::end(kElementTypes),
                                   [&](const ElementType& each) { return type == each.storage; });
  return known == std::end(kElementTypes) ? 0 : known->bytes;
}

TensorReader::TensorReader(const ZipReader& zip, const PickleTree& tree)
    : zip_(&zip), tree_(tree), root_(archive_root(zip)) {
  check_byte_order();
  std::uint64_t stored_bytes = 0;
  for (const ZipEntry& entry : zip.entries()) stored_bytes += entry.packed_size;
  set_budget(stored_bytes);
}

TensorReader::TensorReader(Storages storages, const PickleTree& tree)
    : tree_(tree), storages_(std::move(storages)) {
  std::uint64_t stored_bytes = 0;
  for (const auto& [key, bytes] : storages_) stored_bytes += bytes.size();
  set_budget(stored_bytes);
}

void TensorReader::set_budget(std::uint64_t stored_bytes) {
  budget_ = std::min(kMostElements, std::max(kFreeElements, kMostRepeats * stored_bytes / 2));
}

void TensorReader::check_byte_order() const {
  const ZipEntry* entry = zip_->find(root_ + "/byteorder");
  if (entry == nullptr) return;
  const std::string order = zip_->read(*entry, 64);
  if (order != "little") {
    refuse_tensor(ErrorCode::unsupported, Reason::unsupported,
                  "weights have byte order '" + base::printable(order) + "'; 'little' is read");
  }
}

TensorReader::Layout TensorReader::read_layout(const std::string& name, const PickleNode& tensor) const {
  const PickleNode& shape = tree_[tensor.items[2]];
  const PickleNode& stride = tree_[tensor.items[3]];
  Layout layout;
  layout.offset = tree_[tensor.items[1]].integer;
  if (shape.items.size() != stride.items.size() || shape.items.size() > kMostAxes || layout.offset < 0) {
    corrupt_tensor(quoted(name) + " has an impossible shape");
  }
  for (std::size_t axis = 0; axis < shape.items.size(); ++axis) {
    const PickleNode& size = tree_[shape.items[axis]];
    const PickleNode& step = tree_[stride.items[axis]];
    if (size.kind != PickleKind::integer || step.kind != PickleKind::integer || size.integer < 0 ||
        step.integer < 0) {
      corrupt_tensor(quoted(name) + " has an impossible shape");
    }
    if (__builtin_mul_overflow(layout.count, static_cast<std::uint64_t>(size.integer), &layout.count) ||
        layout.count > kMostElements) {
      refuse_tensor(ErrorCode::format, Reason::limit, quoted(name) + " has more than 1073741824 elements");
    }
    layout.shape.push_back(size.integer);
    layout.stride.push_back(step.integer);
  }
  return layout;
}

/// Bytes of a storage, checked once.
std::string_view TensorReader::storage_bytes(const std::string& key) {
  const auto known = storages_.find(key);
  if (known != storages_.end()) return known->second;
  const ZipEntry* entry = zip_ == nullptr ? nullptr : zip_->find(root_ + "/data/" + key);
  if (entry == nullptr) corrupt_tensor("has no storage '" + base::printable(key) + "'");
  return storages_.emplace(key, zip_->stored(*entry)).first->second;
}

net::Tensor TensorReader::read(const std::string& name, const PickleNode& tensor) {
  const PickleNode& storage = tree_[tensor.items[0]];
  const std::string& type_name = tree_[storage.items[0]].text;
  const auto* type = std::find_if(std::begin(kElementTypes), std::end(kElementTypes),
                                  [&](const ElementType& known) { return type_name == known.storage; });
  if (type == std::end(kElementTypes) || (type_name == kCounterType && !is_counter(name))) {
    refuse_tensor(ErrorCode::unsupported, Reason::unsupported,
                  quoted(name) + " is stored as " + base::printable(type_name) +
                      "; float, double, half and bfloat16 are read");
  }
  const std::string_view bytes = storage_bytes(storage.text);
  if (static_cast<std::uint64_t>(storage.integer) > bytes.size() / type->bytes) {
    refuse_tensor(ErrorCode::format, Reason::truncated,
                  "storage '" + base::printable(storage.text) + "' has " + std::to_string(bytes.size()) +
                      " bytes; " + std::to_string(storage.integer) + " elements need more");
  }
  const Layout layout = read_layout(name, tensor);
  check_reach(name, layout, storage.integer);
  if (layout.count > budget_) {
    refuse_tensor(ErrorCode::format, Reason::limit,
                  quoted(name) + " expands to more elements than the file justifies");
  }
  budget_ -= layout.count;
  net::Tensor result;
  result.shape = layout.shape;
  copy(layout, bytes.data(), *type, result.values);
  if (!all_finite(result.values)) {
    refuse_tensor(ErrorCode::model, Reason::nonfinite,
                  quoted(name) + " holds a value that is not a finite float32");
  }
  return result;
}

}  // namespace musclemap::io
