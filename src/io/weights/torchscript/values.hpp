// What the values of a TorchScript program are, as far as they are known without running it.
#ifndef MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_VALUES_HPP_
#define MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_VALUES_HPP_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace musclemap::io {

struct ScriptValue {
  enum class Kind : std::uint8_t {
    unknown,  ///< such as the size of a map
    none,
    boolean,
    integer,
    real,
    text,
    list,
    tuple,
    function,  ///< of the archive: text is its name
    object,    ///< of the archive: index of a pickled object
    weights,   ///< index of a pickled tensor
    map,       ///< what a layer gives: index of the layer, `integer` the number of its axes
    extent,    ///< the size of such a map along axis `integer`
    squares,   ///< parts of v / sqrt(sum(v * v)) of a vector v: index of its layer, `integer` the number of
               ///< its axes
    squared_length,
    length,
  } kind = Kind::unknown;
  std::int64_t integer = 0;  ///< also of a boolean
  double real = 0;
  std::string text;
  std::shared_ptr<std::vector<ScriptValue>> items;  ///< shared, as the program shares them
  std::uint32_t index = 0;

  bool is(Kind other) const { return kind == other; }
  bool is_list() const { return kind == Kind::list || kind == Kind::tuple; }

  static ScriptValue of(Kind kind, std::uint32_t index) {
    ScriptValue value;
    value.kind = kind;
    value.index = index;
    return value;
  }
  static ScriptValue of_map(std::uint32_t layer, std::int64_t axes, Kind kind = Kind::map) {
    ScriptValue value = of(kind, layer);
    value.integer = axes;
    return value;
  }
  static ScriptValue of_integer(std::int64_t number, Kind kind = Kind::integer) {
    ScriptValue value;
    value.kind = kind;
    value.integer = number;
    return value;
  }
  static ScriptValue of_text(std::string text, Kind kind = Kind::text) {
    ScriptValue value;
    value.kind = kind;
    value.text = std::move(text);
    return value;
  }
  static ScriptValue of_list(std::vector<ScriptValue> elements, Kind kind = Kind::list) {
    ScriptValue value;
    value.kind = kind;
    value.items = std::make_shared<std::vector<ScriptValue>>(std::move(elements));
    return value;
  }
};

/// Arguments of a call: those given by position first, then those by name.
struct ScriptArguments {
  std::vector<ScriptValue> values;
  std::vector<std::string> keywords;  ///< one a value, empty for those given by position
};

/// The number, length or truth that an operator on plain values gives: `torch.eq`, `torch.len`, …; unknown
/// where a value that it needs is. False if it is no such operator.
bool evaluate_plain_operator(const std::string& name, const std::vector<ScriptValue>& values,
                             ScriptValue* result);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_TORCHSCRIPT_VALUES_HPP_
