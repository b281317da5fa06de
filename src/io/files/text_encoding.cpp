#include "io/files/text_encoding.hpp"

#include <algorithm>
#include <cstdint>

#include "base/utf8.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

[[noreturn]] void refuse(std::size_t line, const std::string& problem) {
  throw Error(ErrorCode::format, Reason::corrupt,
              "line " + std::to_string(line) + " " + problem +
                  "; UTF-8, or UTF-16 with a byte order mark, is needed: save the table as UTF-8");
}

std::string hex(unsigned byte) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  return {'0', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

std::string checked_utf8(std::string_view text) {
  std::size_t line = 1;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view before = rest;
    const char32_t code = base::take_code_point(rest);
    if (code == '\n') ++line;
    if (code == 0) refuse(line, "holds a byte 0x00");
    // The replacement character itself is a character like any other.
    if (code == base::kReplacement && before.substr(0, 3) != "\xEF\xBF\xBD")
      refuse(line, "is not UTF-8 (byte " + hex(static_cast<unsigned char>(before.front())) + ")");
  }
  return std::string(text);
}

void append_utf8(char32_t code, std::string& to) {
  const auto add = [&](char32_t bits) { to += static_cast<char>(static_cast<unsigned char>(bits)); };
  const auto follow = [&](int shift) { add(0x80U | ((code >> shift) & 0x3FU)); };
  if (code < 0x80) return add(code);
  if (code < 0x800) {
    add(0xC0U | (code >> 6));
  } else if (code < 0x10000) {
    add(0xE0U | (code >> 12));
    follow(6);
  } else {
    add(0xF0U | (code >> 18));
    follow(12);
    follow(6);
  }
  follow(0);
}

std::string from_utf16(std::string_view bytes, bool big_endian) {
  std::string text;
  std::size_t line = 1;
  char32_t high = 0;  // the first half of a pair
  const auto unit_at = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<char32_t>(big_endian ? first << 8 | second : second << 8 | first);
  };
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    const char32_t unit = unit_at(at);
    const bool is_low = unit >= 0xDC00 && unit < 0xE000;
    if (is_low != (high != 0)) refuse(line, "is not UTF-16 (half a pair)");
    if (is_low) {
      append_utf8(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00), text);
      high = 0;
    } else if (unit >= 0xD800 && unit < 0xDC00) {
      high = unit;
    } else {
      if (unit == 0) refuse(line, "holds a character 0x0000");
      append_utf8(unit, text);
      if (unit == '\n') ++line;
    }
  }
  if (high != 0 || bytes.size() % 2 != 0) refuse(line, "is not UTF-16 (it ends inside a character)");
  return text;
}

}  // namespace

bool is_utf16(std::string_view bytes) {
  const std::string_view mark = bytes.substr(0, 2);
  return mark == "\xFF\xFE" || mark == "\xFE\xFF";
}

std::string utf8_text(std::string_view bytes) {
  const auto begins_with = [&](std::string_view mark) { return bytes.substr(0, mark.size()) == mark; };
  using namespace std::string_view_literals;
  if (begins_with("\xFF\xFE\0\0"sv) || begins_with("\0\0\xFE\xFF"sv)) refuse(1, "begins as UTF-32");
  if (begins_with("\xFF\xFE"sv)) return from_utf16(bytes.substr(2), false);
  if (begins_with("\xFE\xFF"sv)) return from_utf16(bytes.substr(2), true);
  return checked_utf8(begins_with("\xEF\xBB\xBF"sv) ? bytes.substr(3) : bytes);
}

}  // namespace musclemap::io
