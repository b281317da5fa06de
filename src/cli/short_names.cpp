#include "cli/short_names.hpp"

#include <algorithm>

#include "cli/arguments.hpp"

namespace musclemap::cli {

std::string ShortNames::known(const std::string& names) {
  std::vector<std::string> letters;
  std::string kept;
  std::string long_name;
  for (const std::string& name : split_at_commas(names)) {
    const bool is_long = name.compare(0, 2, "--") == 0;
    if (is_long && long_name.empty()) long_name = name;
    if (!is_long && name.size() > 2) {
      letters.push_back(name);
    } else {
      kept += (kept.empty() ? "" : ",") + name;
    }
  }
  for (const std::string& name : letters) long_names_[name] = long_name;
  return kept;
}

std::vector<std::string> ShortNames::replaced(const std::vector<std::string>& arguments) const {
  std::vector<std::string> result;
  for (const std::string& argument : arguments) {
    const std::size_t end = std::min(argument.find('='), argument.size());
    const auto known = long_names_.find(argument.substr(0, end));
    result.push_back(known == long_names_.end() ? argument : known->second + argument.substr(end));
  }
  return result;
}

std::string ShortNames::of(const std::string& long_name) const {
  for (const auto& [letters, name] : long_names_) {
    if (name == long_name) return letters;
  }
  return {};
}

}  // namespace musclemap::cli
