// Follows a TorchScript program from call to call, without its values.
#ifndef MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_FOLLOWER_HPP_
#define MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_FOLLOWER_HPP_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "io/weights/pickle_reader.hpp"
#include "io/weights/torchscript/layers.hpp"
#include "io/weights/torchscript/syntax.hpp"
#include "io/weights/torchscript/values.hpp"
#include "io/weights/zip_reader.hpp"

namespace musclemap::io {

/// Bounded in steps, depth and source text. Holds views; what they show outlives it. One thread at a time.
class TorchScriptFollower {
 public:
  TorchScriptFollower(const ZipReader& zip, const PickleTree& tree, TorchScriptLayers& layers);

  /// The layers whose maps forward() of the pickled module returns. Error `unsupported` where it cannot tell.
  std::vector<std::uint32_t> run();

 private:
  using Scope = std::unordered_map<std::string, ScriptValue>;
  using Body = std::vector<ScriptStatement>;
  class Deeper;

  void count_step();
  const ScriptSource& source_of(const std::string& qualifier);
  const ScriptClass& class_of(const PickleNode& object);
  ScriptValue value_of(std::uint32_t node, int depth);
  ScriptValue attribute(const ScriptValue& object, const std::string& name);

  ScriptValue call_function(const ScriptFunction& function, const ScriptArguments& arguments);
  ScriptValue call_named(const std::string& dotted, const ScriptArguments& arguments);
  ScriptValue call_builtin(const std::string& name, const ScriptExpression& call, const Scope& scope);

  std::optional<ScriptValue> follow(const Body& body, Scope& scope);
  std::optional<ScriptValue> follow_branch(const ScriptStatement& branch, Scope& scope);
  std::optional<ScriptValue> follow_loop(const ScriptStatement& loop, Scope& scope);
  void assign(const std::vector<std::string>& targets, const ScriptValue& value, Scope& scope);

  ScriptValue evaluate(const ScriptExpression& expression, const Scope& scope);
  ScriptValue evaluate_call(const ScriptExpression& call, const Scope& scope);
  ScriptValue evaluate_subscript(const ScriptExpression& subscript, const Scope& scope);

  const ZipReader& zip_;
  const PickleTree& tree_;
  TorchScriptLayers& layers_;
  std::string root_;
  std::map<std::string, ScriptSource> sources_;
  std::size_t source_bytes_ = 0;
  std::size_t steps_ = 0;
  int depth_ = 0;
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_FOLLOWER_HPP_
