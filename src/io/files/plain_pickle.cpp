#include "io/files/plain_pickle.hpp"

#include <cstdint>
#include <cstring>

namespace musclemap::io {
namespace {

using OrderedJson = nlohmann::ordered_json;

void put_little(std::uint64_t bits, int size, std::string* out) {
  for (int byte = 0; byte < size; ++byte) *out += static_cast<char>(bits >> 8 * byte & 0xff);
}

void put_text(const std::string& text, std::string* out) {
  *out += 'X';
  put_little(text.size(), 4, out);
  *out += text;
}

// LONG1: two's complement of eight bytes.
void put_integer(std::int64_t value, std::string* out) {
  *out += "\x8a\x08";
  put_little(static_cast<std::uint64_t>(value), 8, out);
}

void put_real(double value, std::string* out) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  *out += 'G';
  for (int byte = 7; byte >= 0; --byte) *out += static_cast<char>(bits >> 8 * byte & 0xff);
}

void put(const OrderedJson& value,
         std::string* out) {  // NOLINT(misc-no-recursion): as deep as our own values
  switch (value.type()) {
    case OrderedJson::value_t::object:
      *out += "}(";
      for (const auto& [key, item] : value.items()) {
        put_text(key, out);
        put(item, out);
      }
      *out += 'u';
      return;
    case OrderedJson::value_t::array:
      *out += "](";
      for (const OrderedJson& item : value) put(item, out);
      *out += 'e';
      return;
    case OrderedJson::value_t::string:
      return put_text(value.get_ref<const std::string&>(), out);
    case OrderedJson::value_t::boolean:
      *out += value.get<bool>() ? '\x88' : '\x89';
      return;
    case OrderedJson::value_t::number_float:
      return put_real(value.get<double>(), out);
    case OrderedJson::value_t::number_integer:
    case OrderedJson::value_t::number_unsigned:
      return put_integer(value.get<std::int64_t>(), out);
    default:
      *out += 'N';
  }
}

}  // namespace

std::string plain_pickle(const nlohmann::ordered_json& value) {
  std::string out = "\x80\x02";
  put(value, &out);
  out += '.';
  return out;
}

}  // namespace musclemap::io
