#include "io/arrays/npy_header.hpp"

#include <array>
#include <optional>

#include "base/checked.hpp"
#include "base/text.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::string_view kNpyMagic("\x93NUMPY", 6);
constexpr std::size_t kMostAxes = 64;
constexpr std::array<std::string_view, 12> kTypeStrings = {"b1", "u1", "i1", "u2", "i2", "u4",
                                                           "i4", "u8", "i8", "f2", "f4", "f8"};

[[noreturn]] void refuse_header(Reason reason, const std::string& message) {
  throw Error(reason == Reason::unsupported ? ErrorCode::unsupported : ErrorCode::format, reason,
              ".npy header: " + message);
}

std::string quoted_text(std::string_view text) { return "'" + base::printable(text, 60) + "'"; }

// What the dictionary may hold: strings, numbers, truth values and tuples of numbers.
class HeaderText {
 public:
  explicit HeaderText(std::string_view text) : rest_(text) {}

  char peek() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n' || rest_[0] == '\t' || rest_[0] == '\r'))
      rest_.remove_prefix(1);
    return rest_.empty() ? '\0' : rest_[0];
  }
  bool take(char wanted) {
    if (peek() != wanted || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char wanted) {
    if (!take(wanted)) refuse_here(std::string("'") + wanted + "'");
  }
  bool at_end() { return peek() == '\0' && rest_.empty(); }

  std::string_view string() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') refuse_here("a string");
    const std::size_t end = rest_.find(quote, 1);
    if (end == std::string_view::npos || rest_.substr(0, end).find('\\') != std::string_view::npos)
      refuse_here("a string without escapes");
    const std::string_view text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return text;
  }
  bool truth() {
    peek();
    for (const std::string_view word : {std::string_view("True"), std::string_view("False")}) {
      if (rest_.substr(0, word.size()) != word) continue;
      rest_.remove_prefix(word.size());
      return word == "True";
    }
    refuse_here("True or False");
  }
  std::int64_t number() {
    if (peek() < '0' || peek() > '9') refuse_here("a number of 0 or more");
    std::int64_t value = 0;
    while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9') {
      if (__builtin_mul_overflow(value, std::int64_t{10}, &value) ||
          __builtin_add_overflow(value, std::int64_t{rest_[0] - '0'}, &value)) {
        refuse_header(Reason::limit, "an axis is longer than 64 bits can say");
      }
      rest_.remove_prefix(1);
    }
    if (!rest_.empty() && rest_[0] == 'L') rest_.remove_prefix(1);  // of Python 2
    return value;
  }
  std::vector<std::int64_t> tuple() {
    expect('(');
    std::vector<std::int64_t> numbers;
    while (!take(')')) {
      if (numbers.size() == kMostAxes) refuse_header(Reason::limit, "has more than 64 axes");
      numbers.push_back(number());
      if (!take(',') && peek() != ')') refuse_here("',' or ')'");
    }
    return numbers;
  }

 private:
  [[noreturn]] void refuse_here(const std::string& wanted) {
    refuse_header(Reason::bad_header, "has " +
                                          (rest_.empty() ? "its end" : quoted_text(rest_.substr(0, 20))) +
                                          " where " + wanted + " is expected");
  }

  std::string_view rest_;
};

void set_type(std::string_view text, NpyHeader* header) {
  std::string_view kind = text;
  char order = '=';
  if (!kind.empty() && std::string_view("<>|=").find(kind[0]) != std::string_view::npos) {
    order = kind[0];
    kind.remove_prefix(1);
  }
  if (kind == "O") {
    refuse_header(Reason::unsupported,
                  "an array of Python objects, which are a program and are not read; arrays of numbers are");
  }
  for (std::size_t n = 0; n < kTypeStrings.size(); ++n) {
    if (kind != kTypeStrings[n]) continue;
    header->type = static_cast<ArrayType>(n);
    header->big_endian = order == '>' && item_size(header->type) > 1;
    return;
  }
  refuse_header(Reason::unsupported,
                "values are of type " + quoted_text(text) +
                    "; booleans, whole numbers of 8 to 64 bits and reals of 16 to 64 bits are read");
}

NpyHeader parse_dictionary(std::string_view text) {
  HeaderText in(text);
  NpyHeader header;
  std::optional<std::string_view> type;
  std::optional<bool> order;
  std::optional<std::vector<std::int64_t>> shape;
  in.expect('{');
  while (!in.take('}')) {
    const std::string_view key = in.string();
    in.expect(':');
    if (key == "descr" && !type) {
      if (in.peek() == '[' || in.peek() == '(')
        refuse_header(Reason::unsupported, "an array of records; arrays of numbers are read");
      type = in.string();
    } else if (key == "fortran_order" && !order) {
      order = in.truth();
    } else if (key == "shape" && !shape) {
      shape = in.tuple();
    } else {
      refuse_header(Reason::bad_header, "has the key " + quoted_text(key) +
                                            "; descr, fortran_order and shape are allowed, each once");
    }
    if (!in.take(',') && in.peek() != '}') in.expect('}');
  }
  if (!in.at_end()) refuse_header(Reason::bad_header, "goes on behind its dictionary");
  if (!type || !order || !shape)
    refuse_header(Reason::bad_header, "lacks one of descr, fortran_order and shape");
  set_type(*type, &header);
  header.fortran_order = *order;
  header.shape = std::move(*shape);
  return header;
}

}  // namespace

NpyHeader parse_npy_header(std::string_view start) {
  constexpr std::size_t kShortest = 10;
  if (start.substr(0, kNpyMagic.size()) != kNpyMagic) {
    refuse_header(Reason::bad_header, "the file does not begin with \\x93NUMPY: it is no .npy file");
  }
  if (start.size() < kShortest) refuse_header(Reason::truncated, "is cut short");
  const auto byte = [&](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(start[at]));
  };
  const std::size_t version = byte(6);
  if (version < 1 || version > 3 || byte(7) != 0) {
    refuse_header(Reason::unsupported, "version " + std::to_string(version) + "." + std::to_string(byte(7)) +
                                           "; 1.0, 2.0 and 3.0 are read");
  }
  const std::size_t before = version == 1 ? 10 : 12;
  if (start.size() < before) refuse_header(Reason::truncated, "is cut short");
  std::size_t length = byte(8) | byte(9) << 8;
  if (version > 1) length |= byte(10) << 16 | byte(11) << 24;
  if (length > kMostNpyHeader - before) {
    refuse_header(Reason::limit, "has " + std::to_string(length) + " bytes; at most " +
                                     std::to_string(kMostNpyHeader - before) + " are read");
  }
  if (length > start.size() - before) refuse_header(Reason::truncated, "is cut short");
  NpyHeader header = parse_dictionary(start.substr(before, length));
  header.size = before + length;
  std::uint64_t bytes = item_size(header.type);
  bool empty = false;
  for (const std::int64_t axis : header.shape) {
    empty = empty || axis == 0;
    // The lengths that are not 0 fit 64 bits too, as NumPy wants it.
    if (axis != 0 && __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(axis), &bytes))
      bytes = UINT64_MAX;
    if (bytes > static_cast<std::uint64_t>(INT64_MAX)) {
      refuse_header(Reason::limit, "shape " + shape_text(header.shape) + " is larger than 64 bits can say");
    }
  }
  header.data_size = empty ? 0 : bytes;
  return header;
}

std::string npy_header(ArrayType type, const std::vector<std::int64_t>& shape) {
  std::string text = "{'descr': '";
  text += item_size(type) == 1 ? '|' : '<';
  text += kTypeStrings.at(static_cast<std::size_t>(type));
  text += "', 'fortran_order': False, 'shape': (";
  for (const std::int64_t length : shape) text += std::to_string(length) + ", ";
  text += "), }";
  // Magic, version and the length of the text come before.
  constexpr std::size_t kBefore = 10;
  constexpr std::size_t kAligned = 64;
  while ((kBefore + text.size() + 1) % kAligned != 0) text += ' ';
  text += '\n';
  std::string header(kNpyMagic);
  header += '\x01';
  header += '\0';
  header += static_cast<char>(text.size() & 0xff);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

}  // namespace musclemap::io
