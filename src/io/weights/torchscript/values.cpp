// Operators after torch/csrc/jit/runtime/register_prim_ops.cpp.
#include "io/weights/torchscript/values.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace musclemap::io {
namespace {

using Kind = ScriptValue::Kind;

std::optional<double> number(const ScriptValue& value) {
  if (value.is(Kind::integer) || value.is(Kind::boolean)) return static_cast<double>(value.integer);
  if (value.is(Kind::real)) return value.real;
  return std::nullopt;
}

ScriptValue truth(std::optional<bool> value) {
  if (!value) return {};
  return ScriptValue::of_integer(*value ? 1 : 0, Kind::boolean);
}

std::optional<bool> equal(const ScriptValue& a, const ScriptValue& b) {
  if (a.is(Kind::text) && b.is(Kind::text)) return a.text == b.text;
  const std::optional<double> x = number(a);
  const std::optional<double> y = number(b);
  if (!x || !y) return std::nullopt;
  return *x == *y;
}

std::optional<bool> negated(std::optional<bool> value) {
  return value ? std::optional<bool>(!*value) : std::nullopt;
}

std::optional<bool> same(const ScriptValue& a, const ScriptValue& b) {
  // Only a comparison with None comes up.
  if (a.is(Kind::unknown) || b.is(Kind::unknown) || (!a.is(Kind::none) && !b.is(Kind::none)))
    return std::nullopt;
  return a.kind == b.kind;
}

std::optional<bool> compared(std::string_view name, const ScriptValue& a, const ScriptValue& b) {
  const std::optional<double> x = number(a);
  const std::optional<double> y = number(b);
  if (!x || !y) return std::nullopt;
  if (name == "lt") return *x < *y;
  if (name == "le") return *x <= *y;
  if (name == "gt") return *x > *y;
  return *x >= *y;
}

ScriptValue arithmetic(std::string_view name, const ScriptValue& a, const ScriptValue& b) {
  std::int64_t result = 0;
  if (!a.is(Kind::integer) || !b.is(Kind::integer)) return {};
  const bool overflow = name == "add"   ? __builtin_add_overflow(a.integer, b.integer, &result)
                        : name == "sub" ? __builtin_sub_overflow(a.integer, b.integer, &result)
                                        : __builtin_mul_overflow(a.integer, b.integer, &result);
  return overflow ? ScriptValue() : ScriptValue::of_integer(result);
}

ScriptValue contains(const ScriptValue& list, const ScriptValue& wanted) {
  if (!list.is_list()) return {};
  bool sure = true;
  for (const ScriptValue& item : *list.items) {
    const std::optional<bool> here = equal(item, wanted);
    if (here.value_or(false)) return truth(true);
    sure = sure && here;
  }
  return sure ? truth(false) : ScriptValue();
}

// Sizes of a map are not known, but which they are.
ScriptValue size_of(const std::vector<ScriptValue>& values) {
  const ScriptValue& map = values[0];
  const auto extent = [&](std::int64_t axis) { return ScriptValue::of_map(map.index, axis, Kind::extent); };
  if (values.size() == 1) {
    std::vector<ScriptValue> all;
    for (std::int64_t axis = 0; axis < map.integer; ++axis) all.push_back(extent(axis));
    return ScriptValue::of_list(std::move(all));
  }
  if (!values[1].is(Kind::integer)) return {};
  const std::int64_t axis = values[1].integer < 0 ? values[1].integer + map.integer : values[1].integer;
  return axis >= 0 && axis < map.integer ? extent(axis) : ScriptValue();
}

// What is put on a list must not hold the list, or neither would ever go.
bool appended(const ScriptValue& list, const ScriptValue& value) {
  if (!list.is(Kind::list) || value.items != nullptr) return false;
  list.items->push_back(value);
  return true;
}

// i, j of range(begin, end, step)
ScriptValue range_length(const std::vector<ScriptValue>& values) {
  for (const ScriptValue& value : values)
    if (!value.is(Kind::integer)) return {};
  constexpr std::int64_t kFar = std::int64_t{1} << 31;
  const std::int64_t begin = values[0].integer;
  const std::int64_t end = values[1].integer;
  const std::int64_t step = values[2].integer;
  if (step <= 0 || std::min({begin, end, step}) < -kFar || std::max({begin, end, step}) > kFar) return {};
  return ScriptValue::of_integer(end <= begin ? 0 : (end - begin + step - 1) / step);
}

}  // namespace

bool evaluate_plain_operator(const std::string& name, const std::vector<ScriptValue>& values,
                             ScriptValue* result) {
  const std::size_t count = values.size();
  const bool of_map = count > 0 && values[0].is(Kind::map);
  if (name == "format") {
    *result = {};
  } else if (name == "size" && of_map) {
    *result = size_of(values);
  } else if (name == "dim" && of_map && count == 1) {
    *result = ScriptValue::of_integer(values[0].integer);
  } else if (name == "__is__" && count == 2) {
    *result = truth(same(values[0], values[1]));
  } else if (name == "__isnot__" && count == 2) {
    *result = truth(negated(same(values[0], values[1])));
  } else if (of_map) {
    return false;
  } else if (name == "len" && count == 1) {
    *result = values[0].is_list()
                  ? ScriptValue::of_integer(static_cast<std::int64_t>(values[0].items->size()))
                  : ScriptValue();
  } else if (name == "__not__" && count == 1) {
    *result = truth(values[0].is(Kind::boolean) ? std::optional<bool>(values[0].integer == 0) : std::nullopt);
  } else if (name == "__range_length" && count == 3) {
    *result = range_length(values);
  } else if (name == "__derive_index" && count == 3) {
    *result = arithmetic("add", values[1], arithmetic("mul", values[0], values[2]));
  } else if (count != 2) {
    return false;
  } else if (name == "append") {
    if (!appended(values[0], values[1])) return false;
    *result = values[0];
  } else if (name == "eq") {
    *result = truth(equal(values[0], values[1]));
  } else if (name == "ne") {
    *result = truth(negated(equal(values[0], values[1])));
  } else if (name == "__contains__") {
    *result = contains(values[0], values[1]);
  } else if (name == "lt" || name == "le" || name == "gt" || name == "ge") {
    *result = truth(compared(name, values[0], values[1]));
  } else if ((name == "add" || name == "sub" || name == "mul") && !values[1].is(Kind::map)) {
    *result = arithmetic(name, values[0], values[1]);
  } else {
    return false;
  }
  return true;
}

}  // namespace musclemap::io
