#include "cli/arguments.hpp"

#include <algorithm>

#include "musclemap/error.hpp"

namespace musclemap::cli {
namespace {

std::string trimmed(const std::string& text) {
  const char* blanks = " \t";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    const std::string part = trimmed(text.substr(begin, comma - begin));
    if (!part.empty()) parts.push_back(part);
    begin = comma + 1;
  }
  return parts;
}

std::vector<std::filesystem::path> parse_images(const std::vector<std::string>& arguments) {
  std::vector<std::filesystem::path> images;
  for (const std::string& argument : arguments) {
    std::error_code ignored;
    if (std::filesystem::exists(argument, ignored)) {
      images.emplace_back(argument);
      continue;
    }
    for (const std::string& name : split_at_commas(argument)) images.emplace_back(name);
  }
  if (images.empty()) throw Error(ErrorCode::argument, "-i names no image");
  return images;
}

}  // namespace musclemap::cli
