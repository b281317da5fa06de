// Structs of options from keyword arguments: names, words and ranges are those of their lists.
#ifndef MUSCLEMAP_PYTHON_OPTIONS_HPP_
#define MUSCLEMAP_PYTHON_OPTIONS_HPP_

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/option.hpp"
#include "bindings.hpp"
#include "metrics/metrics_options.hpp"
#include "task/cells/cell_options.hpp"
#include "task/cells/sam_options.hpp"
#include "task/segment_options.hpp"

namespace musclemap::python {

template <class Struct>
Struct options_from(const py::dict& given);

/// Fields that have no keyword: what the wrapper sets itself.
template <class Value>
inline constexpr bool kOfPython = !std::is_same_v<Value, RunControl> && !std::is_same_v<Value, TissueEdits> &&
                                  !std::is_same_v<Value, std::optional<StatedVoxelSize>> &&
                                  !std::is_same_v<Value, std::function<void(const Warning&)>>;

/// What messages say of a type.
template <class Value>
const char* allowed() {
  if constexpr (std::is_same_v<Value, bool> || std::is_same_v<Value, std::optional<bool>>) return "a bool";
  if constexpr (std::is_floating_point_v<Value> || std::is_same_v<Value, std::optional<double>>) {
    return "a number";
  }
  if constexpr (std::is_integral_v<Value> || std::is_same_v<Value, std::optional<int>>) {
    return "a whole number that is not negative or very large";
  }
  if constexpr (std::is_same_v<Value, std::filesystem::path>) return "a path";
  if constexpr (std::is_same_v<Value, std::pair<double, double>> ||
                std::is_same_v<Value, std::array<double, 2>>) {
    return "a pair of numbers";
  }
  if constexpr (std::is_same_v<Value, std::vector<std::array<double, 2>>>)
    return "a list of pairs of numbers";
  if constexpr (std::is_same_v<Value, std::array<std::int64_t, 2>>) return "a pair of whole numbers";
  if constexpr (std::is_same_v<Value, std::vector<std::string>>) return "a list of texts";
  return "a text";
}

/// Error `argument` for another type.
template <class Value>
Value cast_or_refuse(const py::handle& given, const std::string& name) {
  try {
    return given.cast<Value>();
  } catch (const py::cast_error&) {
    throw Error(ErrorCode::argument, name + " is of the type " + Py_TYPE(given.ptr())->tp_name + "; " +
                                         allowed<Value>() + " is allowed");
  }
}

template <class Value>
void take(const py::handle& given, const std::string& name, Value& value) {
  if constexpr (std::is_enum_v<Value>) {
    value = base::from_word<Value>(cast_or_refuse<std::string>(given, name), name);
  } else if constexpr (std::is_same_v<Value, std::filesystem::path>) {
    if (!given.is_none()) value = cast_or_refuse<Value>(given, name);
  } else if constexpr (std::is_same_v<Value, std::optional<Device>>) {
    value = task::device_of(cast_or_refuse<std::string>(given, name), name);
  } else if constexpr (std::is_same_v<Value, Device>) {
    const auto device = task::device_of(cast_or_refuse<std::string>(given, name), name);
    if (!device) throw Error(ErrorCode::argument, name + " is 'auto'; cpu, cuda and cuda:N are allowed");
    value = *device;
  } else if constexpr (std::is_same_v<Value, IntensityRange>) {
    const auto [low, high] = cast_or_refuse<std::pair<double, double>>(given, name);
    value = {low, high};
  } else if constexpr (std::is_same_v<Value, char>) {
    const auto text = cast_or_refuse<std::string>(given, name);
    if (text.size() != 1) {
      throw Error(ErrorCode::argument, name + " is '" + text + "'; one character is allowed");
    }
    value = text.front();
  } else if constexpr (std::is_same_v<Value, TissueOptions> || std::is_same_v<Value, TableWriteOptions> ||
                       std::is_same_v<Value, CellMaskOptions> || std::is_same_v<Value, CellNormalize> ||
                       std::is_same_v<Value, SamAisOptions> || std::is_same_v<Value, SamAmgOptions>) {
    value = options_from<Value>(cast_or_refuse<py::dict>(given, name));
  } else {
    value = cast_or_refuse<Value>(given, name);
  }
}

/// Options that `given` does not name keep their defaults. Error `argument` names the one that is wrong.
template <class Struct>
Struct options_from(const py::dict& given) {
  Struct options;
  std::size_t taken = 0;
  base::for_each_option<Struct>([&](const auto& each) {
    using Value = std::decay_t<decltype(options.*each.field)>;
    if constexpr (kOfPython<Value>) {
      if (!given.contains(each.name)) return;
      take(given[each.name], each.name, options.*each.field);
      ++taken;
    }
  });
  if (taken != given.size()) throw Error(ErrorCode::internal, "a keyword is no option of the library");
  return options;
}

}  // namespace musclemap::python

#endif  // MUSCLEMAP_PYTHON_OPTIONS_HPP_
