// TorchScript source text as a tree.
#ifndef MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_SYNTAX_HPP_
#define MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_SYNTAX_HPP_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace musclemap::io {

struct ScriptExpression {
  enum class Kind : std::uint8_t {
    name,
    number,     ///< text is its spelling, with its sign
    text,       ///< text is what stands between the quotes, escapes untouched
    list,       ///< parts are its elements
    tuple,      ///< likewise
    attribute,  ///< `text` of parts[0]
    subscript,  ///< parts[0], then the indices
    call,       ///< of parts[0] with the others
  } kind = Kind::name;
  std::string text;
  std::vector<ScriptExpression> parts;
  std::vector<std::string> keywords;  ///< of a call: one an argument, empty for those given by position
};

struct ScriptStatement {
  enum class Kind : std::uint8_t {
    assignment,  ///< of `value` to `targets`; several take the elements
    evaluation,  ///< `value` alone
    branch,      ///< on `value`: `body` or `otherwise`
    loop,        ///< `targets` run over `value`
    result,      ///< return `value`
  } kind = Kind::evaluation;
  std::vector<std::string> targets;
  ScriptExpression value;
  std::vector<ScriptStatement> body;
  std::vector<ScriptStatement> otherwise;
};

struct ScriptFunction {
  struct Parameter {
    std::string name;
    std::vector<ScriptExpression> otherwise;  ///< its default, or nothing
  };
  std::vector<Parameter> parameters;
  std::vector<ScriptStatement> body;
};

struct ScriptClass {
  std::map<std::string, ScriptExpression> constants;
  std::map<std::string, ScriptFunction> methods;
};

/// One file of code/.
struct ScriptSource {
  std::map<std::string, ScriptFunction> functions;
  std::map<std::string, ScriptClass> classes;
};

/// Reads the part of the language that the printer of torch.jit.save uses for networks. Errors: `format`,
/// `unsupported` with the line for anything else.
ScriptSource parse_torchscript(std::string_view source);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_SYNTAX_HPP_
