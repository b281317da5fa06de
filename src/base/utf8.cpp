#include "base/utf8.hpp"

#include <cstddef>

namespace musclemap::base {
namespace {

// What may follow a lead byte: so many bytes, the first of them from `low` to `high`, the rest 80 to BF.
struct Sequence {
  std::size_t following;
  unsigned char low;
  unsigned char high;
};

// Unicode, table 3-7; overlong forms, surrogates and what lies beyond U+10FFFF have no row.
Sequence sequence_of(unsigned char lead) noexcept {
  if (lead < 0xC2 || lead > 0xF4) return {0, 0, 0};
  if (lead < 0xE0) return {1, 0x80, 0xBF};
  if (lead < 0xF0) {
    const bool surrogates = lead == 0xED;
    return {2, static_cast<unsigned char>(lead == 0xE0 ? 0xA0 : 0x80),
            static_cast<unsigned char>(surrogates ? 0x9F : 0xBF)};
  }
  return {3, static_cast<unsigned char>(lead == 0xF0 ? 0x90 : 0x80),
          static_cast<unsigned char>(lead == 0xF4 ? 0x8F : 0xBF)};
}

}  // namespace

char32_t take_code_point(std::string_view& text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  text.remove_prefix(1);
  if (lead < 0x80) return lead;
  const Sequence sequence = sequence_of(lead);
  if (sequence.following == 0) return kReplacement;
  char32_t code = lead & (0x3FU >> sequence.following);
  unsigned char low = sequence.low;
  unsigned char high = sequence.high;
  for (std::size_t n = 0; n < sequence.following; ++n) {
    const auto byte = static_cast<unsigned char>(text.empty() ? 0 : text.front());
    if (byte < low || byte > high) return kReplacement;
    text.remove_prefix(1);
    code = (code << 6) | (byte & 0x3FU);
    low = 0x80;
    high = 0xBF;
  }
  return code;
}

}  // namespace musclemap::base
