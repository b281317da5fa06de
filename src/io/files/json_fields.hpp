// Typed access to JSON fields; every error names the field, the value seen and the values allowed.
#ifndef MUSCLEMAP_IO_FILES_JSON_FIELDS_HPP_
#define MUSCLEMAP_IO_FILES_JSON_FIELDS_HPP_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "musclemap/error.hpp"

namespace musclemap::io {

/// A value with its path from the top, such as `model.strides[2]`.
class JsonField {
 public:
  JsonField(const nlohmann::json& value, std::string path) : value_(&value), path_(std::move(path)) {}

  const nlohmann::json& value() const { return *value_; }
  const std::string& path() const { return path_; }

  bool has(const std::string& key) const { return value_->is_object() && value_->contains(key); }
  /// Whether there is such a member and it is not null.
  bool given(const std::string& key) const { return has(key) && !(*value_)[key].is_null(); }
  /// A required member.
  JsonField at(const std::string& key) const;
  /// The elements of an array of `least` to `most`.
  std::vector<JsonField> elements(std::size_t least, std::size_t most) const;
  std::int64_t integer(std::int64_t least, std::int64_t most) const;
  double number() const;
  bool boolean() const;
  /// Text of at most `longest` bytes without control characters.
  std::string text(std::size_t longest = 256) const;

  /// Throws Error `format`: "<path> is <value>; <allowed>".
  [[noreturn]] void refuse(const std::string& allowed, Reason reason = Reason::bad_json) const;

 private:
  const nlohmann::json* value_;
  std::string path_;
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_JSON_FIELDS_HPP_
