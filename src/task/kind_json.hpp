// Steps, rules and their fields as JSON and back: a value says by its kKind, kWords and fields() how it is
// written (image/steps/parts.hpp).
#ifndef MUSCLEMAP_TASK_KIND_JSON_HPP_
#define MUSCLEMAP_TASK_KIND_JSON_HPP_

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/words.hpp"
#include "image/steps/parts.hpp"
#include "io/files/json_fields.hpp"

namespace musclemap::task {

using Json = nlohmann::ordered_json;
using io::JsonField;

inline constexpr std::int64_t kMostVoxels = 32767;
inline constexpr std::size_t kMostSteps = 64;
inline constexpr std::size_t kMostLabels = 65536;

inline std::string quoted(const std::string& word) { return "\"" + word + "\""; }

/// Refuses what is not an object and what it has beside those keys.
inline void only(const JsonField& field, const std::vector<std::string>& keys) {
  if (!field.value().is_object()) field.refuse("an object is needed");
  for (const auto& [key, value] : field.value().items()) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      field.at(key).refuse("there is no such field");
  }
}

inline void word(const JsonField& field, const std::string& supported) {
  if (!field.value().is_string() || field.value() != supported)
    field.refuse(quoted(supported) + " is supported");
}

/// Which of the words stands there.
inline std::size_t one_of(const JsonField& field, const std::vector<std::string>& words) {
  std::string allowed;
  for (std::size_t n = 0; n < words.size(); ++n) {
    if (field.value() == words[n]) return n;
    allowed += (n == 0 ? "" : n + 1 == words.size() ? " and " : ", ") + quoted(words[n]);
  }
  field.refuse(allowed + (words.size() == 1 ? " is supported" : " are supported"));
}

inline void read_field(const JsonField& field, Spacing* spacing) {
  const std::vector<JsonField> axes = field.elements(3, 3);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (axes[axis].value() == "keep") {
      (*spacing)[axis] = -1;
      continue;
    }
    (*spacing)[axis] = axes[axis].value().is_number() ? axes[axis].number() : 0;
    if (!((*spacing)[axis] >= 0.01 && (*spacing)[axis] <= 100))
      axes[axis].refuse("0.01 to 100 mm, or \"keep\", is allowed");
  }
}

inline Json field_json(const Spacing& spacing) {
  Json axes = Json::array();
  for (const double mm : spacing) axes.push_back(mm > 0 ? Json(mm) : Json("keep"));
  return axes;
}

inline void read_field(const JsonField& field, Index3* voxels) {
  const std::vector<JsonField> axes = field.elements(3, 3);
  for (std::size_t axis = 0; axis < 3; ++axis) (*voxels)[axis] = axes[axis].integer(0, kMostVoxels);
}

inline Json field_json(const Index3& voxels) { return voxels; }

inline void read_field(const JsonField& field, double* number) { *number = field.number(); }
inline Json field_json(double number) { return number; }

inline void read_field(const JsonField& field, bool* flag) {
  if (!field.value().is_boolean()) field.refuse("true or false is needed");
  *flag = field.value().get<bool>();
}
inline Json field_json(bool flag) { return flag; }

inline void read_field(const JsonField& field, std::int64_t* number) {
  *number = field.integer(0, std::numeric_limits<std::int32_t>::max());
}
inline Json field_json(std::int64_t number) { return number; }

inline void read_field(const JsonField& field, std::array<int, 3>* axes) {
  const std::vector<JsonField> each = field.elements(3, 3);
  for (std::size_t n = 0; n < 3; ++n) (*axes)[n] = static_cast<int>(each[n].integer(0, 2));
  for (int axis = 0; axis < 3; ++axis) {
    if (std::count(axes->begin(), axes->end(), axis) != 1) field.refuse("0, 1 and 2, each once, are allowed");
  }
}
inline Json field_json(const std::array<int, 3>& axes) { return axes; }

template <class Enum, class = decltype(base::Words<Enum>::kList)>
void read_field(const JsonField& field, Enum* value) {
  const std::vector<std::string> words = base::words_of<Enum>();
  *value = base::Words<Enum>::kList[one_of(field, words)].first;
}
template <class Enum, class = decltype(base::Words<Enum>::kList)>
Json field_json(Enum value) {
  return base::word_of(value);
}

inline void read_field(const JsonField& field, std::vector<std::int64_t>* numbers) {
  for (const JsonField& each : field.elements(0, kMostLabels)) read_field(each, &numbers->emplace_back());
}
inline Json field_json(const std::vector<std::int64_t>& numbers) { return numbers; }

/// Structures with fields of their own.
template <class T>
void read_field(const JsonField& field, std::vector<T>* list) {
  for (const JsonField& each : field.elements(1, kMostSteps)) {
    T value;
    std::vector<std::string> keys;
    T::fields(value, [&](const char* key, auto&) { keys.emplace_back(key); });
    only(each, keys);
    T::fields(value, [&](const char* key, auto& inside) { read_field(each.at(key), &inside); });
    list->push_back(std::move(value));
  }
}
template <class T>
Json field_json(const std::vector<T>& list) {
  Json json = Json::array();
  for (const T& each : list) {
    Json inside = Json::object();
    T::fields(each, [&](const char* key, const auto& field) { inside[key] = field_json(field); });
    json.push_back(std::move(inside));
  }
  return json;
}

/// {"kind": {words, fields}} as one of the types of a variant.
template <class Variant>
class KindReader {
 public:
  explicit KindReader(const JsonField& field) : field_(field) {}

  Variant read() {
    if (!field_.value().is_object() || field_.value().size() != 1) refuse_kind();
    try_all(std::make_index_sequence<std::variant_size_v<Variant>>());
    if (found_) return *found_;
    if (words_.empty()) refuse_kind();
    one_of(*word_, words_);  // refuses
    return {};
  }

 private:
  template <std::size_t... I>
  void try_all(std::index_sequence<I...>) {
    (attempt<std::variant_alternative_t<I, Variant>>(), ...);
  }

  template <class Option>
  void attempt() {
    if (found_ || !field_.has(Option::kKind)) return;
    const JsonField own = field_.at(Option::kKind);
    std::vector<std::string> keys;
    keys.reserve(Option::kWords.size());
    for (const image::Word& each : Option::kWords) keys.emplace_back(each.key);
    if (!keys.empty()) {
      const JsonField first = own.at(keys[0]);
      if (first.value() != Option::kWords.begin()->value) {
        word_.emplace(first);
        words_.emplace_back(Option::kWords.begin()->value);
        return;
      }
    }
    Option option;
    Option::fields(option, [&](const char* key, auto&) { keys.emplace_back(key); });
    only(own, keys);
    for (const image::Word& each : Option::kWords) word(own.at(each.key), each.value);
    Option::fields(option, [&](const char* key, auto& value) { read_field(own.at(key), &value); });
    found_ = option;
  }

  [[noreturn]] void refuse_kind() const {
    std::vector<std::string> kinds;
    list_kinds(std::make_index_sequence<std::variant_size_v<Variant>>(), &kinds);
    std::string allowed;
    for (const std::string& kind : kinds) allowed += (allowed.empty() ? "" : ", ") + quoted(kind);
    field_.refuse("an object of one of " + allowed + " is needed");
  }

  template <std::size_t... I>
  static void list_kinds(std::index_sequence<I...>, std::vector<std::string>* kinds) {
    const auto add = [&](const char* kind) {
      if (std::find(kinds->begin(), kinds->end(), kind) == kinds->end()) kinds->emplace_back(kind);
    };
    (add(std::variant_alternative_t<I, Variant>::kKind), ...);
  }

  const JsonField& field_;
  std::optional<Variant> found_;
  std::optional<JsonField> word_;  // the one that is none of the words
  std::vector<std::string> words_;
};

template <class Variant>
Json kind_json(const Variant& value) {
  return std::visit(
      [](const auto& option) {
        using Option = std::decay_t<decltype(option)>;
        Json inside = Json::object();
        for (const image::Word& each : Option::kWords) inside[each.key] = each.value;
        Option::fields(option, [&](const char* key, const auto& field) { inside[key] = field_json(field); });
        return Json{{Option::kKind, std::move(inside)}};
      },
      value);
}

template <class Variant>
std::vector<Variant> read_list(const JsonField& field) {
  std::vector<Variant> list;
  for (const JsonField& each : field.elements(0, kMostSteps))
    list.push_back(KindReader<Variant>(each).read());
  return list;
}

template <class Variant>
Json list_json(const std::vector<Variant>& list) {
  Json json = Json::array();
  for (const Variant& each : list) json.push_back(kind_json(each));
  return json;
}

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_KIND_JSON_HPP_
