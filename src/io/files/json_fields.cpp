#include "io/files/json_fields.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace musclemap::io {
namespace {

std::string shown(const nlohmann::json& value) {
  if (value.is_array()) return "an array of " + std::to_string(value.size());
  if (value.is_object()) return "an object";
  return base::printable(value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace), 60);
}

}  // namespace

void JsonField::refuse(const std::string& allowed, Reason reason) const {
  throw Error(ErrorCode::format, reason, path_ + " is " + shown(*value_) + "; " + allowed);
}

JsonField JsonField::at(const std::string& key) const {
  if (!value_->is_object()) refuse("an object is needed");
  const auto found = value_->find(key);
  const std::string path = path_ == "the description" ? key : path_ + "." + key;
  if (found == value_->end()) throw Error(ErrorCode::format, Reason::bad_json, path + " is missing");
  return {*found, path};
}

std::vector<JsonField> JsonField::elements(std::size_t least, std::size_t most) const {
  if (!value_->is_array() || value_->size() < least || value_->size() > most) {
    refuse("an array of " +
           (least == most ? std::to_string(least) : std::to_string(least) + " to " + std::to_string(most)) +
           " is needed");
  }
  std::vector<JsonField> result;
  for (std::size_t i = 0; i < value_->size(); ++i) {
    result.emplace_back((*value_)[i], path_ + "[" + std::to_string(i) + "]");
  }
  return result;
}

std::int64_t JsonField::integer(std::int64_t least, std::int64_t most) const {
  const std::string allowed = least == most ? std::to_string(least) + " is needed"
                                            : "a whole number from " + std::to_string(least) + " to " +
                                                  std::to_string(most) + " is needed";
  if (value_->is_number_unsigned()) {
    // Compared unsigned first: values above 2^63 would turn negative.
    if (value_->get<std::uint64_t>() > static_cast<std::uint64_t>(std::max<std::int64_t>(most, 0)))
      refuse(allowed);
  } else if (!value_->is_number_integer()) {
    refuse(allowed);
  }
  const auto result = value_->get<std::int64_t>();
  if (result < least || result > most) refuse(allowed);
  return result;
}

double JsonField::number() const {
  if (!value_->is_number()) refuse("a number is needed");
  return value_->get<double>();
}

bool JsonField::boolean() const {
  if (!value_->is_boolean()) refuse("true or false is needed");
  return value_->get<bool>();
}

std::string JsonField::text(std::size_t longest) const {
  if (!value_->is_string()) refuse("a text is needed");
  const auto& result = value_->get_ref<const std::string&>();
  if (result.size() > longest) refuse("a text of at most " + std::to_string(longest) + " bytes is needed");
  const bool clean = std::none_of(result.begin(), result.end(),
                                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (!clean) refuse("a text without control characters is needed");
  return result;
}

}  // namespace musclemap::io
