// Where the text of a class lies after torch/csrc/jit/serialization/import_source.cpp: `__torch__.a.b.C` is
// the class C of code/__torch__/a/b.py.
#include "io/weights/torchscript/follower.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "base/text.hpp"
#include "io/weights/state_dict.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

using Kind = ScriptValue::Kind;
using Expression = ScriptExpression;
using Statement = ScriptStatement;

// A UNet of twelve levels takes about 20000 steps and 150 blocks and expressions inside each other.
constexpr std::size_t kMostSteps = std::size_t{1} << 20;
constexpr int kDeepest = 400;
constexpr int kDeepestList = 4;
constexpr std::size_t kMostSource = std::size_t{4} << 20;

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::unsupported, Reason::unsupported, message);
}

std::string shown(const std::string& name) { return "'" + base::printable(name, 80) + "'"; }

/// "torch.conv2d" of names with dots between them, or nothing.
std::string dotted_name(const Expression& expression) {
  if (expression.kind == Expression::Kind::name) return expression.text;
  if (expression.kind != Expression::Kind::attribute) return {};
  const std::string object = dotted_name(expression.parts[0]);
  return object.empty() ? object : object + "." + expression.text;
}

std::string first_part(const std::string& dotted) { return dotted.substr(0, dotted.find('.')); }

bool is_global(const std::string& first) {
  return first == "torch" || first == "ops" || first == "__torch__" || first == "CONSTANTS";
}

bool raises(const Statement& statement) {
  return statement.kind == Statement::Kind::evaluation && statement.value.kind == Expression::Kind::call &&
         dotted_name(statement.value.parts[0]) == "ops.prim.RaiseException";
}

bool warns(const Statement& statement) {
  return statement.kind == Statement::Kind::evaluation && statement.value.kind == Expression::Kind::call &&
         dotted_name(statement.value.parts[0]) == "torch.warn";
}

/// Whatever comes before the end of the program has no effect on what it computes.
bool ends_program(const std::vector<Statement>& body) {
  return std::any_of(body.begin(), body.end(), raises);
}
bool only_warns(const std::vector<Statement>& body) { return std::all_of(body.begin(), body.end(), warns); }

ScriptValue number_of(const std::string& text) {
  const char* end = text.data() + text.size();
  ScriptValue value;
  if (text.find_first_of(".eE") == std::string::npos) {
    std::int64_t integer = 0;
    if (std::from_chars(text.data(), end, integer).ptr != end) refuse("its code has a number " + shown(text));
    return ScriptValue::of_integer(integer);
  }
  const std::from_chars_result read = std::from_chars(text.data(), end, value.real);
  if (read.ptr != end || read.ec != std::errc()) refuse("its code has a number " + shown(text));
  value.kind = Kind::real;
  return value;
}

}  // namespace

TorchScriptFollower::TorchScriptFollower(const ZipReader& zip, const PickleTree& tree,
                                         TorchScriptLayers& layers)
    : zip_(zip), tree_(tree), layers_(layers), root_(archive_root(zip)) {}

std::vector<std::uint32_t> TorchScriptFollower::run() {
  const PickleNode& module = tree_[tree_.root];
  if (module.kind != PickleKind::object) {
    refuse(std::string("data.pkl holds a ") + pickle_kind_name(module.kind) + ", not a module");
  }
  const ScriptClass& type = class_of(module);
  const auto forward = type.methods.find("forward");
  if (forward == type.methods.end()) refuse("it has no forward()");
  ScriptArguments arguments{{ScriptValue::of(Kind::object, tree_.root)}, {""}};
  const std::vector<ScriptFunction::Parameter>& parameters = forward->second.parameters;
  for (std::size_t i = 1; i < parameters.size() && parameters[i].otherwise.empty(); ++i) {
    arguments.values.push_back(layers_.input(parameters[i].name));
    arguments.keywords.emplace_back();
  }
  const ScriptValue output = call_function(forward->second, arguments);
  const std::vector<ScriptValue> maps =
      output.is(Kind::tuple) ? *output.items : std::vector<ScriptValue>{output};
  std::vector<std::uint32_t> layers;
  for (const ScriptValue& map : maps) {
    if (!map.is(Kind::map)) refuse("it returns something other than the map of a layer");
    layers.push_back(layers_.returned(map));
  }
  return layers;
}

/// One more block or expression inside the others.
class TorchScriptFollower::Deeper {
 public:
  explicit Deeper(TorchScriptFollower& follower) : depth_(follower.depth_) {
    if (depth_ == kDeepest) refuse("it has more than 400 blocks and expressions inside each other");
    ++depth_;
  }
  ~Deeper() { --depth_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  int& depth_;
};

void TorchScriptFollower::count_step() {
  if (++steps_ > kMostSteps) refuse("it takes more than 1048576 steps to follow");
}

const ScriptSource& TorchScriptFollower::source_of(const std::string& qualifier) {
  const auto known = sources_.find(qualifier);
  if (known != sources_.end()) return known->second;
  std::string file = qualifier;
  std::replace(file.begin(), file.end(), '.', '/');
  const ZipEntry* entry = zip_.find(root_ + "/code/" + file + ".py");
  if (entry == nullptr) refuse("its code has no file " + shown(file + ".py"));
  const std::string text = zip_.read(*entry, kMostSource - source_bytes_);
  source_bytes_ += text.size();
  return sources_.emplace(qualifier, parse_torchscript(text)).first->second;
}

const ScriptClass& TorchScriptFollower::class_of(const PickleNode& object) {
  const std::size_t dot = object.text.rfind('.');
  const ScriptSource& source = source_of(object.text.substr(0, dot));
  const auto found = source.classes.find(object.text.substr(dot + 1));
  if (found == source.classes.end()) refuse("its code has no class " + shown(object.text));
  return found->second;
}

ScriptValue TorchScriptFollower::value_of(std::uint32_t node, int depth) {
  count_step();
  const PickleNode& pickled = tree_[node];
  switch (pickled.kind) {
    case PickleKind::none:
      return ScriptValue::of(Kind::none, 0);
    case PickleKind::boolean:
      return ScriptValue::of_integer(pickled.integer, Kind::boolean);
    case PickleKind::integer:
      return ScriptValue::of_integer(pickled.integer);
    case PickleKind::real: {
      ScriptValue value = ScriptValue::of(Kind::real, 0);
      value.real = pickled.real;
      return value;
    }
    case PickleKind::text:
      return ScriptValue::of_text(pickled.text);
    case PickleKind::tensor:
      return ScriptValue::of(Kind::weights, node);
    case PickleKind::object:
      return ScriptValue::of(Kind::object, node);
    case PickleKind::tuple:
    case PickleKind::list: {
      if (depth == kDeepestList) return {};
      std::vector<ScriptValue> items;
      for (const std::uint32_t item : pickled.items) items.push_back(value_of(item, depth + 1));
      return ScriptValue::of_list(std::move(items),
                                  pickled.kind == PickleKind::tuple ? Kind::tuple : Kind::list);
    }
    case PickleKind::dict:
    case PickleKind::global:
    case PickleKind::storage:
    case PickleKind::plain:
      break;
  }
  return {};
}

ScriptValue TorchScriptFollower::attribute(const ScriptValue& object, const std::string& name) {
  if (!object.is(Kind::object)) refuse("it takes " + shown(name) + " of something that is no module");
  const PickleNode& pickled = tree_[object.index];
  for (std::size_t i = pickled.items.size(); i >= 2; i -= 2) {
    const PickleNode& key = tree_[pickled.items[i - 2]];
    if (key.kind == PickleKind::text && key.text == name) return value_of(pickled.items[i - 1], 0);
  }
  const ScriptClass& type = class_of(pickled);
  const auto constant = type.constants.find(name);
  if (constant == type.constants.end()) refuse("a module of it has no " + shown(name));
  return evaluate(constant->second, {});
}

ScriptValue TorchScriptFollower::call_function(const ScriptFunction& function,
                                               const ScriptArguments& arguments) {
  Scope scope;
  const std::size_t count = function.parameters.size();
  for (std::size_t i = 0; i < arguments.values.size(); ++i) {
    const std::string& keyword = arguments.keywords[i];
    if (keyword.empty() && i >= count) refuse("it calls a function with too many arguments");
    scope[keyword.empty() ? function.parameters[i].name : keyword] = arguments.values[i];
  }
  for (const ScriptFunction::Parameter& parameter : function.parameters) {
    if (scope.count(parameter.name) != 0) continue;
    if (parameter.otherwise.empty()) refuse("it calls a function without its " + shown(parameter.name));
    scope[parameter.name] = evaluate(parameter.otherwise[0], {});
  }
  std::optional<ScriptValue> result = follow(function.body, scope);
  return result ? std::move(*result) : ScriptValue::of(Kind::none, 0);
}

std::optional<ScriptValue> TorchScriptFollower::follow(const Body& body, Scope& scope) {
  const Deeper deeper(*this);
  for (const Statement& statement : body) {
    count_step();
    std::optional<ScriptValue> result;
    switch (statement.kind) {
      case Statement::Kind::result:
        return evaluate(statement.value, scope);
      case Statement::Kind::assignment:
        assign(statement.targets, evaluate(statement.value, scope), scope);
        break;
      case Statement::Kind::evaluation:
        if (raises(statement)) refuse("it ends with an error");
        if (!warns(statement)) evaluate(statement.value, scope);
        break;
      case Statement::Kind::branch:
        result = follow_branch(statement, scope);
        break;
      case Statement::Kind::loop:
        result = follow_loop(statement, scope);
        break;
    }
    if (result) return result;
  }
  return std::nullopt;
}

std::optional<ScriptValue> TorchScriptFollower::follow_branch(const Statement& branch, Scope& scope) {
  const ScriptValue condition = evaluate(branch.value, scope);
  if (condition.is(Kind::boolean)) {
    return follow(condition.integer != 0 ? branch.body : branch.otherwise, scope);
  }
  // A check of what is not known here: it passes, or there is no result to compare with.
  if (ends_program(branch.body)) return follow(branch.otherwise, scope);
  if (ends_program(branch.otherwise)) return follow(branch.body, scope);
  if (only_warns(branch.body) && only_warns(branch.otherwise)) return std::nullopt;
  refuse("it branches on what only running it tells");
}

std::optional<ScriptValue> TorchScriptFollower::follow_loop(const Statement& loop, Scope& scope) {
  const Expression& over = loop.value;
  if (over.kind != Expression::Kind::call || dotted_name(over.parts[0]) != "range" ||
      over.parts.size() != 2 || loop.targets.size() != 1) {
    refuse("it loops over something other than a range");
  }
  const ScriptValue count = evaluate(over.parts[1], scope);
  if (!count.is(Kind::integer)) refuse("it loops as often as only running it tells");
  for (std::int64_t i = 0; i < count.integer; ++i) {
    scope[loop.targets[0]] = ScriptValue::of_integer(i);
    count_step();
    if (std::optional<ScriptValue> result = follow(loop.body, scope)) return result;
  }
  return std::nullopt;
}

void TorchScriptFollower::assign(const std::vector<std::string>& targets, const ScriptValue& value,
                                 Scope& scope) {
  for (const std::string& target : targets) {
    if (is_global(target)) refuse("it assigns to " + shown(target));
  }
  if (targets.size() == 1) {
    scope[targets[0]] = value;
    return;
  }
  if (!value.is_list() || value.items->size() != targets.size()) {
    refuse("it takes apart what is not a list of " + std::to_string(targets.size()));
  }
  for (std::size_t i = 0; i < targets.size(); ++i) scope[targets[i]] = (*value.items)[i];
}

ScriptValue TorchScriptFollower::evaluate(const Expression& expression, const Scope& scope) {
  const Deeper deeper(*this);
  count_step();
  switch (expression.kind) {
    case Expression::Kind::number:
      return number_of(expression.text);
    case Expression::Kind::text:
      // What an escape stands for does not come up.
      if (expression.text.find('\\') != std::string::npos) return {};
      return ScriptValue::of_text(expression.text);
    case Expression::Kind::list:
    case Expression::Kind::tuple: {
      std::vector<ScriptValue> items;
      for (const Expression& part : expression.parts) items.push_back(evaluate(part, scope));
      return ScriptValue::of_list(std::move(items),
                                  expression.kind == Expression::Kind::tuple ? Kind::tuple : Kind::list);
    }
    case Expression::Kind::name: {
      const auto found = scope.find(expression.text);
      if (found != scope.end()) return found->second;
      if (expression.text == "None") return ScriptValue::of(Kind::none, 0);
      if (expression.text == "True" || expression.text == "False") {
        return ScriptValue::of_integer(expression.text == "True" ? 1 : 0, Kind::boolean);
      }
      refuse("its code has a name " + shown(expression.text) + " that nothing was assigned to");
    }
    case Expression::Kind::attribute: {
      const std::string dotted = dotted_name(expression);
      const std::string first = first_part(dotted);
      if (first == "__torch__") return ScriptValue::of_text(dotted, Kind::function);
      if (first == "CONSTANTS") {
        refuse("it takes " + shown(dotted) + ", a tensor of its code, as torch.jit.freeze leaves weights");
      }
      if (is_global(first)) return {};
      return attribute(evaluate(expression.parts[0], scope), expression.text);
    }
    case Expression::Kind::subscript:
      return evaluate_subscript(expression, scope);
    case Expression::Kind::call:
      return evaluate_call(expression, scope);
  }
  return {};
}

ScriptValue TorchScriptFollower::evaluate_subscript(const Expression& subscript, const Scope& scope) {
  const ScriptValue list = evaluate(subscript.parts[0], scope);
  const ScriptValue index = subscript.parts.size() == 2 ? evaluate(subscript.parts[1], scope) : ScriptValue();
  if (!list.is_list() || !index.is(Kind::integer)) return {};
  const auto size = static_cast<std::int64_t>(list.items->size());
  const std::int64_t at = index.integer < 0 ? index.integer + size : index.integer;
  if (at < 0 || at >= size) refuse("it takes an element past the end of a list");
  return (*list.items)[static_cast<std::size_t>(at)];
}

/// Names that are called without a dot and are not assigned to.
ScriptValue TorchScriptFollower::call_builtin(const std::string& name, const Expression& call,
                                              const Scope& scope) {
  const std::size_t count = call.parts.size() - 1;
  // The first argument is a type.
  if ((name == "annotate" || name == "unchecked_cast") && count == 2) return evaluate(call.parts[2], scope);
  if (name == "uninitialized" && count == 1) return {};
  if (name == "int" && count == 1) {
    ScriptValue value = evaluate(call.parts[1], scope);
    return value.is(Kind::integer) || value.is(Kind::extent) ? value : ScriptValue();
  }
  if (name == "getattr" && count == 2) {
    const ScriptValue attribute_name = evaluate(call.parts[2], scope);
    if (attribute_name.is(Kind::text)) return attribute(evaluate(call.parts[1], scope), attribute_name.text);
  }
  refuse("it calls " + shown(name));
}

ScriptValue TorchScriptFollower::call_named(const std::string& dotted, const ScriptArguments& arguments) {
  const std::string first = first_part(dotted);
  if (first == "torch") {
    const std::string name = dotted.substr(first.size() + 1);
    ScriptValue result;
    if (evaluate_plain_operator(name, arguments.values, &result)) return result;
    return layers_.call(name, arguments);
  }
  // What tracing puts around sizes.
  if (dotted == "ops.prim.NumToTensor" && arguments.values.size() == 1) return arguments.values[0];
  if (first != "__torch__") refuse("it calls " + shown(dotted));
  const std::size_t dot = dotted.rfind('.');
  const ScriptSource& source = source_of(dotted.substr(0, dot));
  const auto function = source.functions.find(dotted.substr(dot + 1));
  if (function == source.functions.end()) refuse("its code has no function " + shown(dotted));
  return call_function(function->second, arguments);
}

ScriptValue TorchScriptFollower::evaluate_call(const Expression& call, const Scope& scope) {
  const Expression& callee = call.parts[0];
  const bool named = callee.kind == Expression::Kind::name;
  const auto local = named ? scope.find(callee.text) : scope.end();
  if (named && local == scope.end()) return call_builtin(callee.text, call, scope);

  const std::string dotted = dotted_name(callee);
  const bool global = !named && is_global(first_part(dotted));
  const bool method = !named && !global && callee.kind == Expression::Kind::attribute;
  ScriptArguments arguments;
  const ScriptFunction* function = nullptr;
  if (method) {
    const ScriptValue object = evaluate(callee.parts[0], scope);
    if (!object.is(Kind::object))
      refuse("it calls " + shown(callee.text) + " of something that is no module");
    const ScriptClass& type = class_of(tree_[object.index]);
    const auto found = type.methods.find(callee.text);
    if (found == type.methods.end()) refuse("a module of it has no " + shown(callee.text));
    function = &found->second;
    arguments.values.push_back(object);
    arguments.keywords.emplace_back();
  }
  for (std::size_t i = 1; i < call.parts.size(); ++i) {
    arguments.values.push_back(evaluate(call.parts[i], scope));
    arguments.keywords.push_back(call.keywords[i - 1]);
  }
  if (method) return call_function(*function, arguments);
  if (global) return call_named(dotted, arguments);
  if (!named || !local->second.is(Kind::function)) refuse("it calls a computed value");
  return call_named(local->second.text, arguments);
}

}  // namespace musclemap::io
