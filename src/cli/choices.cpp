#include "cli/choices.hpp"

#include "base/text.hpp"
#include "cli/nearest_word.hpp"

namespace musclemap::cli {

CLI::Validator one_of(const std::vector<std::string>& words) {
  const auto check = [words](std::string& value) {
    std::string list;
    for (const std::string& word : words) {
      if (base::ascii_lower(word) == base::ascii_lower(value)) {
        value = word;
        return std::string();
      }
      list += (list.empty() ? "" : ", ") + word;
    }
    return "'" + value + "' is not one of " + list + did_you_mean(value, words);
  };
  return CLI::Validator(check, "");
}

CLI::Validator size_in_bytes() {
  const auto check = [](std::string& value) {
    const std::string given = value;
    try {
      // A minus would be that of a very large number without one.
      if (value.find('-') == std::string::npos && CLI::AsSizeValue(false)(value).empty())
        return std::string();
    } catch (const CLI::Error&) {  // a number that is too large, or no number
    }
    return "'" + given + "' is not a size such as 500MB or 4GiB";
  };
  return CLI::Validator(check, "");
}

}  // namespace musclemap::cli
