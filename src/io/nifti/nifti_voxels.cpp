#include "io/nifti/nifti_voxels.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "image/typed_view.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

template <class Word, class Reverse>
void reverse_words(unsigned char* data, std::size_t bytes, Reverse reverse) {
  for (std::size_t at = 0; at + sizeof(Word) <= bytes; at += sizeof(Word)) {
    Word word;
    std::memcpy(&word, data + at, sizeof word);
    word = reverse(word);
    std::memcpy(data + at, &word, sizeof word);
  }
}

template <class From, class To>
void convert(const void* from, std::size_t count, const Scaling& scaling, void* to) {
  const auto* in = static_cast<const unsigned char*>(from);
  auto* out = static_cast<unsigned char*>(to);
  for (std::size_t n = 0; n < count; ++n) {
    From raw;
    std::memcpy(&raw, in + n * sizeof raw, sizeof raw);
    const To value = scaling.applied
                         ? static_cast<To>(static_cast<double>(raw) * scaling.slope + scaling.inter)
                         : static_cast<To>(raw);
    std::memcpy(out + n * sizeof value, &value, sizeof value);
  }
}

// Calls `body` with a zero of the stored type.
template <class Body>
void with_stored_type(NumberKind kind, const Body& body) {
  switch (kind) {
    case NumberKind::u8:
      return body(std::uint8_t{});
    case NumberKind::i8:
      return body(std::int8_t{});
    case NumberKind::i16:
      return body(std::int16_t{});
    case NumberKind::u16:
      return body(std::uint16_t{});
    case NumberKind::i32:
      return body(std::int32_t{});
    case NumberKind::u32:
      return body(std::uint32_t{});
    case NumberKind::i64:
      return body(std::int64_t{});
    case NumberKind::u64:
      return body(std::uint64_t{});
    case NumberKind::f32:
      return body(float{});
    case NumberKind::f64:
      return body(double{});
    case NumberKind::none:
      break;
  }
  throw Error(ErrorCode::internal, "voxels that are not real numbers cannot be converted");
}

}  // namespace

void reverse_numbers(void* data, std::size_t bytes, int size) {
  auto* at = static_cast<unsigned char*>(data);
  switch (size) {
    case 2:
      return reverse_words<std::uint16_t>(at, bytes, [](std::uint16_t w) { return __builtin_bswap16(w); });
    case 4:
      return reverse_words<std::uint32_t>(at, bytes, [](std::uint32_t w) { return __builtin_bswap32(w); });
    case 8:
      return reverse_words<std::uint64_t>(at, bytes, [](std::uint64_t w) { return __builtin_bswap64(w); });
    case 16:
      for (std::size_t n = 0; n + 16 <= bytes; n += 16) std::reverse(at + n, at + n + 16);
      return;
    default:
      return;
  }
}

void numbers_to_double(const void* from, std::size_t count, NumberKind kind, const Scaling& scaling,
                       double* to) {
  with_stored_type(kind, [&](auto zero) { convert<decltype(zero), double>(from, count, scaling, to); });
}

void convert_numbers(const void* from, std::size_t count, NumberKind kind, const Scaling& scaling, void* to) {
  const DType target = scaling.applied ? DType::f64 : unscaled_dtype(kind);
  if (target == DType::f64) {
    with_stored_type(kind, [&](auto zero) { convert<decltype(zero), double>(from, count, scaling, to); });
  } else if (kind == NumberKind::i8) {
    convert<std::int8_t, std::int16_t>(from, count, scaling, to);
  } else {
    std::memcpy(to, from, count * dtype_size(target));
  }
}

void* first_voxel(Volume& volume) {
  return image::with_type(volume.dtype(),
                          [&](auto voxel) -> void* { return volume.mutable_view<decltype(voxel)>().data; });
}

}  // namespace musclemap::io
