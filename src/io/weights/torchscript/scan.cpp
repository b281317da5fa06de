#include "io/weights/torchscript/scan.hpp"

#include "base/text.hpp"

namespace musclemap::io {

namespace {

/// Names that the language calls without a dot.
constexpr std::string_view kBuiltins[] = {
    "abs",        "annotate", "bool",           "dict",          "enumerate", "float",    "getattr", "int",
    "isinstance", "len",      "list",           "max",           "min",       "range",    "round",   "str",
    "tuple",      "zip",      "unchecked_cast", "uninitialized", "sum",       "reversed", "sorted"};

constexpr std::string_view kKeywords[] = {"and",  "as",   "assert", "break",  "class", "continue", "def",
                                          "elif", "else", "for",    "if",     "in",    "is",       "not",
                                          "or",   "pass", "raise",  "return", "while"};

/// Statements that run code when their block begins or ends, or that TorchScript does not print.
constexpr std::string_view kRefusedKeywords[] = {"with", "import", "from", "global", "lambda",
                                                 "del",  "yield",  "try",  "except"};

/// Operators that reach outside when called as methods; a method of the archive may not hide behind their
/// names.
constexpr std::string_view kReserved[] = {
    "save",       "load", "from_file", "open",   "_save",         "manual_seed", "set_",
    "__import__", "eval", "exec",      "system", "register_hook", "backward",    "share_memory_"};

/// Run when the archive is loaded, before anyone calls forward.
constexpr std::string_view kLoadHooks[] = {"__setstate__", "__getstate__", "__del__", "__reduce__"};

}  // namespace

void TorchScriptScan::add(std::string_view source) {
  const std::vector<Token> tokens = tokenize_torchscript(source);
  std::size_t begin = 0;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].kind != Token::Kind::name || (tokens[i].text != "def" && tokens[i].text != "class"))
      continue;
    const std::string name(tokens[i + 1].text);
    if (tokens[i].text == "def") defined_.insert(name);
    if (contains(kLoadHooks, name) || contains(kReserved, name))
      refused_.insert("definition of " + base::printable(name));
    // Local names mean something else in the next function.
    scan_function(tokens, begin, i);
    begin = i;
  }
  scan_function(tokens, begin, tokens.size());
}

void TorchScriptScan::scan_function(const std::vector<Token>& tokens, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    const Token& token = tokens[i];
    if (token.kind == Token::Kind::name) {
      name_at(tokens, i, begin, end);
    } else if (i > begin && token.kind == Token::Kind::sign && token.text == "(") {
      const std::string_view before = tokens[i - 1].text;
      if (tokens[i - 1].kind == Token::Kind::text || before == ")" || before == "]" || before == "}") {
        refused_.insert("call of a computed value");
      }
    }
  }
}

void TorchScriptScan::name_at(const std::vector<Token>& tokens, std::size_t at, std::size_t begin,
                              std::size_t end) {
  const auto text = [&](std::size_t i) { return i < end ? tokens[i].text : std::string_view(); };
  const auto is_sign = [&](std::size_t i, std::string_view sign) {
    return i < end && tokens[i].kind == Token::Kind::sign && tokens[i].text == sign;
  };
  const std::string name(tokens[at].text);
  const bool after_dot = at > begin && is_sign(at - 1, ".");
  const bool called = is_sign(at + 1, "(");
  const bool defining = at > begin && (text(at - 1) == "def" || text(at - 1) == "class");
  if (after_dot) {
    // Parts of `torch.x` and `ops.n.x` are dealt with at their first name; `__torch__` names are the
    // archive's own.
    std::size_t root = at;
    while (root >= begin + 2 && is_sign(root - 1, ".") && tokens[root - 2].kind == Token::Kind::name)
      root -= 2;
    const bool rooted = !(root > begin && is_sign(root - 1, "."));
    const std::string_view first = tokens[root].text;
    if (rooted && (first == "torch" || first == "ops")) return;
    if (rooted && first == "__torch__") {
      if (at == root + 4 && text(root + 2) == "torch" && name == "classes") {
        refused_.insert("class of torch.classes");
      }
      return;
    }
    if (contains(kReserved, name)) refused_.insert("operator aten::" + name);
    if (called) methods_.insert(name);
    return;
  }
  if (defining || contains(kKeywords, name)) return;
  if (contains(kRefusedKeywords, name)) {
    refused_.insert("statement " + name);
    return;
  }
  if (name == "torch" || name == "ops") {
    const std::size_t parts = name == "torch" ? 2 : 3;
    std::string operation = name == "torch" ? "aten::" : "";
    for (std::size_t part = 1; part < parts; ++part) {
      if (!is_sign(at + 2 * part - 1, ".") || at + 2 * part >= end ||
          tokens[at + 2 * part].kind != Token::Kind::name) {
        refused_.insert("use of " + name + " as a value");
        return;
      }
      operation += std::string(text(at + 2 * part)) + (part + 1 < parts ? "::" : "");
    }
    if (is_sign(at + 2 * parts - 1, ".")) {
      refused_.insert("operator " + operation + "." + base::printable(text(at + 2 * parts)));
      return;
    }
    use_operator(operation);
    return;
  }
  if (!called || contains(kBuiltins, name)) return;
  // A local that is called must hold a function of the archive and nothing else.
  for (std::size_t i = begin; i < end; ++i) {
    if (tokens[i].kind != Token::Kind::name || tokens[i].text != name) continue;
    if (i > begin && is_sign(i - 1, ".")) continue;
    const bool assigned = is_sign(i + 1, "=") && text(i + 2) == "__torch__";
    if (!assigned && !is_sign(i + 1, "(")) {
      refused_.insert("call of " + name + ", which may be anything");
      return;
    }
  }
  const bool ever_assigned = [&] {
    for (std::size_t i = begin; i + 2 < end; ++i) {
      if (tokens[i].text == name && is_sign(i + 1, "=") && text(i + 2) == "__torch__") return true;
    }
    return false;
  }();
  if (!ever_assigned) refused_.insert("call of " + name);
}

TorchScriptFindings TorchScriptScan::finish() {
  for (const std::string& method : methods_) {
    if (method == "forward" || defined_.count(method) != 0) continue;
    use_operator("aten::" + method);
  }
  return {{operators_.begin(), operators_.end()}, {refused_.begin(), refused_.end()}};
}

}  // namespace musclemap::io
