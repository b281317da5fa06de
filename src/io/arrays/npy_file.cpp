#include "io/arrays/npy_file.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "io/arrays/npy_header.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/file_bytes.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

void swap_bytes(std::size_t item, std::string* bytes) {
  for (std::size_t at = 0; at < bytes->size(); at += item)
    std::reverse(bytes->begin() + static_cast<std::ptrdiff_t>(at),
                 bytes->begin() + static_cast<std::ptrdiff_t>(at + item));
}

// Values whose first axis is the fastest, put down with the last one as the fastest.
std::string in_c_order(const std::string& from, const std::vector<std::int64_t>& shape, std::size_t item) {
  std::string to(from.size(), '\0');
  const std::size_t axes = shape.size();
  std::vector<std::size_t> stride(axes);  // of the axes in `from`, in bytes
  std::size_t step = item;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    stride[axis] = step;
    step *= static_cast<std::size_t>(shape[axis]);
  }
  std::vector<std::int64_t> index(axes, 0);
  std::size_t source = 0;
  for (std::size_t at = 0; at < to.size(); at += item) {
    std::memcpy(to.data() + at, from.data() + source, item);
    for (std::size_t axis = axes; axis-- > 0;) {
      source += stride[axis];
      if (++index[axis] < shape[axis]) break;
      source -= stride[axis] * static_cast<std::size_t>(shape[axis]);
      index[axis] = 0;
    }
  }
  return to;
}

}  // namespace

Array parse_npy(std::string bytes) {
  const NpyHeader header = parse_npy_header(std::string_view(bytes).substr(0, kMostNpyHeader));
  const std::uint64_t left = bytes.size() - header.size;
  if (left != header.data_size) {
    throw Error(ErrorCode::format, left < header.data_size ? Reason::truncated : Reason::corrupt,
                "has " + std::to_string(left) + " bytes of values; " + shape_text(header.shape) + " of " +
                    array_type_name(header.type) + " are " + std::to_string(header.data_size));
  }
  bytes.erase(0, header.size);
  Array array{header.type, header.shape, std::move(bytes)};
  const std::size_t item = item_size(header.type);
  if (header.big_endian) swap_bytes(item, &array.bytes);
  if (header.fortran_order && header.shape.size() > 1)
    array.bytes = in_c_order(array.bytes, header.shape, item);
  if (header.type == ArrayType::b1) {
    for (char& each : array.bytes) each = each == 0 ? '\0' : '\1';
  }
  return array;
}

Array read_npy(const std::filesystem::path& file, std::uint64_t limit_bytes) {
  try {
    return parse_npy(read_file_bytes(file, limit_bytes));
  } catch (const Error& error) {
    throw error.about(file);
  }
}

void write_npy(const std::filesystem::path& file, const ArrayView& array) {
  AtomicFile out(file);
  const std::string header = npy_header(array.type, array.shape);
  out.write(header.data(), header.size());
  out.write(array.data, static_cast<std::size_t>(array.size()) * item_size(array.type));
  out.commit();
}

}  // namespace musclemap::io
