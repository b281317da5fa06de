// Syntax after torch/csrc/jit/frontend/lexer.h and serialization/python_print.cpp.
#include "io/weights/torchscript/tokens.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

bool starts_name(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }

[[noreturn]] void corrupt(const std::string& message) {
  throw Error(ErrorCode::format, Reason::corrupt, "TorchScript code " + message);
}

std::size_t string_end(std::string_view source, std::size_t at) {
  const char quote = source[at];
  // Three quotes would open a text that spans lines, which the printer never writes.
  if (source.substr(at, 3) == std::string(3, quote)) corrupt("has a text in triple quotes");
  for (std::size_t i = at + 1; i < source.size() && source[i] != '\n'; ++i) {
    if (source[i] == '\\' && source.substr(i + 1, 1) != "\n") {
      ++i;
    } else if (source[i] == quote) {
      return i + 1;
    }
  }
  corrupt("has a text that does not end");
}

}  // namespace

std::vector<TorchScriptToken> tokenize_torchscript(std::string_view source) {
  std::vector<TorchScriptToken> tokens;
  std::size_t at = 0;
  std::size_t line = 1;
  std::size_t line_begin = 0;
  const auto add = [&](TorchScriptToken::Kind kind, std::string_view text) {
    tokens.push_back({kind, text, line, at - line_begin});
  };
  while (at < source.size()) {
    const char c = source[at];
    std::size_t end = at + 1;
    if (c == '\n') {
      ++line;
      line_begin = end;
    } else if (c == ' ' || c == '\r' || c == '\t') {
    } else if (c == '#') {
      end = std::min(source.find('\n', at), source.size());
    } else if (starts_name(c)) {
      while (end < source.size() && (starts_name(source[end]) || digit(source[end]))) ++end;
      // A name right before a quote would be a prefixed text, which the printer never writes.
      if (end < source.size() && (source[end] == '"' || source[end] == '\'')) corrupt("has a prefixed text");
      add(TorchScriptToken::Kind::name, source.substr(at, end - at));
    } else if (digit(c) || (c == '.' && end < source.size() && digit(source[end]))) {
      while (end < source.size() && (digit(source[end]) || source[end] == '.' || starts_name(source[end]) ||
                                     ((source[end] == '-' || source[end] == '+') &&
                                      (source[end - 1] == 'e' || source[end - 1] == 'E')))) {
        ++end;
      }
      // "1.save(x)" would be a method of a number: no letters but those of numbers.
      const std::string_view number = source.substr(at, end - at);
      if (number.find_first_not_of("0123456789.eE+-j") != std::string_view::npos) {
        corrupt("has a number '" + base::printable(number) + "'");
      }
      add(TorchScriptToken::Kind::number, number);
    } else if (c == '"' || c == '\'') {
      end = string_end(source, at);
      add(TorchScriptToken::Kind::text, source.substr(at, end - at));
    } else if (std::string_view("()[]{}.,:=+-*/%<>!&|^~@;").find(c) != std::string_view::npos) {
      add(TorchScriptToken::Kind::sign, source.substr(at, 1));
    } else {
      corrupt("has a character that it should not have: '" + base::printable(source.substr(at, 1)) + "'");
    }
    at = end;
  }
  return tokens;
}

}  // namespace musclemap::io
