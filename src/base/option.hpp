// Structs of options as lists: each option stands once, with its name, what it may be and a line about it.
// Checks, flags, keyword arguments and docs/options.md are made of these lists or compared with them.
#ifndef MUSCLEMAP_BASE_OPTION_HPP_
#define MUSCLEMAP_BASE_OPTION_HPP_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>

#include "base/checked.hpp"
#include "base/text.hpp"
#include "base/words.hpp"

namespace musclemap::base {

/// Numbers that an option may be; true and false, texts and enumerations have none.
struct Range {
  double least = std::numeric_limits<double>::lowest();
  double most = std::numeric_limits<double>::max();
  bool below = false;  ///< `most` itself is not allowed
};

constexpr Range from(double least) { return {least}; }

template <class Struct, class Value>
struct Option {
  const char* name;  ///< of the field, which is that of the keyword argument
  Value Struct::*field;
  const char* help;  ///< one line, without a full stop
  Range range;
};

template <class Struct, class Value>
constexpr Option<Struct, Value> option(const char* name, Value Struct::*field, const char* help,
                                       Range range = {}) {
  return {name, field, help, range};
}

/// Specialised beside the code that obeys the options: kList is a std::tuple of Option, every field once.
template <class Struct>
struct Options;

/// visit(option) for each of the list.
template <class Struct, class Visit>
void for_each_option(const Visit& visit) {
  std::apply([&](const auto&... each) { (visit(each), ...); }, Options<Struct>::kList);
}

/// Overloads for structs inside of structs stand beside those.
template <class Value>
void check_value(const Value& value, const Range& range, const std::string& name) {
  if constexpr (std::is_enum_v<Value>) {
    check_enum(value, Words<Value>::kList.front().first, Words<Value>::kList.back().first, name.c_str());
  } else if constexpr (std::is_arithmetic_v<Value> && !std::is_same_v<Value, bool>) {
    const auto number = static_cast<double>(value);
    if (number >= range.least && (range.below ? number < range.most : number <= range.most)) return;
    const bool open = range.most == Range{}.most;
    throw Error(ErrorCode::argument, name + " is " + number_text(number) + "; " + number_text(range.least) +
                                         (open          ? " or more"
                                          : range.below ? " to below "
                                                        : " to ") +
                                         (open ? "" : number_text(range.most)) + " is allowed");
  }
}

template <class Value>
void check_value(const std::optional<Value>& value, const Range& range, const std::string& name) {
  if (value) check_value(*value, range, name);
}

/// Error `argument` for an option that is not what it may be. `before` stands before names in messages.
template <class Struct>
void check_options(const Struct& options, const std::string& before = "options.") {
  for_each_option<Struct>(
      [&](const auto& each) { check_value(options.*each.field, each.range, before + each.name); });
}

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_OPTION_HPP_
