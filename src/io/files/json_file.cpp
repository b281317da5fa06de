#include "io/files/json_file.hpp"

#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "io/files/file_bytes.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLargestFile = std::size_t{16} << 20;
constexpr std::size_t kDeepest = 64;

/// Input iterator that tells from outside how far the parser has read.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** reached) : at_(at), reached_(reached) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    *reached_ = at_;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** reached_;
};

/// Builds the document and stops at the first thing that is not allowed.
class Builder : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t& /*spelling*/) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t& /*value*/) override { return stop("holds binary data"); }
  bool start_object(std::size_t /*size*/) override { return open(Json::object()); }
  bool start_array(std::size_t /*size*/) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& value) override {
    Json& object = *open_.back();
    if (object.contains(value))
      return stop("key '" + base::printable(value) + "' stands twice in one object");
    key_ = std::move(value);
    return true;
  }

  bool parse_error(std::size_t /*position*/, const std::string& /*last*/,
                   const Json::exception& error) override {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: what was wrong"; the place is told
    // anew.
    std::string text = error.what();
    const std::size_t column = text.find("column ");
    const std::size_t tail = column == std::string::npos ? text.find("] ") : text.find(": ", column);
    if (tail != std::string::npos) text = text.substr(tail + 2);
    return stop(base::printable(text, 200));
  }

  Json& document() { return document_; }
  const std::string& problem() const { return problem_; }

 private:
  Json* place(Json&& value) {
    if (open_.empty()) {
      document_ = std::move(value);
      return &document_;
    }
    Json& container = *open_.back();
    if (container.is_array()) {
      container.push_back(std::move(value));
      return &container.back();
    }
    Json& slot = container[key_];
    slot = std::move(value);
    return &slot;
  }
  bool add(Json value) {
    place(std::move(value));
    return true;
  }
  bool open(Json container) {
    if (open_.size() == kDeepest) return stop("is nested more than 64 deep");
    open_.push_back(place(std::move(container)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }
  bool stop(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  Json document_;
  std::vector<Json*> open_;
  std::string key_;
  std::string problem_;
};

std::string place_of(std::string_view text, std::size_t offset) {
  std::size_t line = 1;
  std::size_t column = 1;
  for (std::size_t i = 0; i + 1 < offset && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++line;
      column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
      ++column;  // one column per character, not per byte
    }
  }
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace

nlohmann::json parse_json(std::string_view text) {
  if (text.size() > kLargestFile) {
    throw Error(ErrorCode::format, Reason::limit,
                "JSON has " + std::to_string(text.size()) + " bytes; at most 16777216 are read");
  }
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.substr(0, 3) == kByteOrderMark) text.remove_prefix(3);
  Builder builder;
  const char* reached = text.data();
  if (!Json::sax_parse(CountingIterator(text.data(), &reached),
                       CountingIterator(text.data() + text.size(), &reached), &builder)) {
    throw Error(ErrorCode::format, Reason::bad_json,
                "bad JSON at " + place_of(text, static_cast<std::size_t>(reached - text.data())) + ": " +
                    builder.problem());
  }
  return std::move(builder.document());
}

nlohmann::json read_json_file(const std::filesystem::path& file) {
  try {
    return parse_json(read_file_bytes(file, kLargestFile));
  } catch (const Error& error) {
    throw error.about(file);
  }
}

}  // namespace musclemap::io
