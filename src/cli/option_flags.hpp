// Flags of a struct of options: help, words and range are those of its list.
#ifndef MUSCLEMAP_CLI_OPTION_FLAGS_HPP_
#define MUSCLEMAP_CLI_OPTION_FLAGS_HPP_

#include <CLI/CLI.hpp>
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/option.hpp"
#include "cli/choices.hpp"

namespace musclemap::cli {

/// "a|b|c".
inline std::string alternatives(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "|") + word;
  return text;
}

/// Both must outlive the parsing.
template <class Struct>
class OptionFlags {
 public:
  OptionFlags(CLI::App& app, Struct* options) : app_(app), options_(options) {}

  /// `help` in place of the list's, for a flag that says more or less than the option.
  template <class Value>
  CLI::Option* add(const std::string& flag, Value Struct::*field, const std::string& help = {}) {
    CLI::Option* added = nullptr;
    base::for_each_option<Struct>([&](const auto& each) {
      if constexpr (std::is_same_v<decltype(each.field), Value Struct::*>) {
        if (each.field == field) added = bind(flag, options_->*field, help.empty() ? each.help : help);
      }
    });
    return added;
  }

 private:
  CLI::Option* bind(const std::string& flag, bool& value, const std::string& help) {
    const bool set = !value;  // a flag turns the default over
    return app_.add_flag_callback(
        flag, [&value, set] { value = set; }, help);
  }

  CLI::Option* bind(const std::string& flag, std::optional<bool>& value, const std::string& help) {
    return app_.add_flag_callback(
        flag, [&value] { value = true; }, help);
  }

  CLI::Option* bind(const std::string& flag, std::filesystem::path& value, const std::string& help) {
    return app_.add_option(flag, value, help)->option_text("FILE");
  }

  CLI::Option* bind(const std::string& flag, std::string& value, const std::string& help) {
    return app_.add_option(flag, value, help);
  }

  CLI::Option* bind(const std::string& flag, std::vector<std::string>& value, const std::string& help) {
    return app_.add_option(flag, value, help)->option_text("NAME...");
  }

  CLI::Option* bind(const std::string& flag, std::optional<int>& value, const std::string& help) {
    return app_
        .add_option_function<int>(
            flag, [&value](int number) { value = number; }, help)
        ->option_text("N");
  }

  CLI::Option* bind(const std::string& flag, std::optional<double>& value, const std::string& help) {
    return app_
        .add_option_function<double>(
            flag, [&value](double number) { value = number; }, help)
        ->option_text("N");
  }

  CLI::Option* bind(const std::string& flag, std::array<std::int64_t, 2>& value, const std::string& help) {
    return app_.add_option(flag, value, help)->option_text("Y X");
  }

  template <class Enum>
  std::enable_if_t<std::is_enum_v<Enum>, CLI::Option*> bind(const std::string& flag, Enum& value,
                                                            const std::string& help) {
    const std::vector<std::string> words = base::words_of<Enum>();
    const auto take = [&value, flag](const std::string& word) { value = base::from_word<Enum>(word, flag); };
    return app_.add_option_function<std::string>(flag, take, help)
        ->option_text(alternatives(words))
        ->transform(one_of(words))
        ->default_str(base::word_of(value));
  }

  template <class Number>
  std::enable_if_t<std::is_arithmetic_v<Number>, CLI::Option*> bind(const std::string& flag, Number& value,
                                                                    const std::string& help) {
    return app_.add_option(flag, value, help)->option_text("N");
  }

  CLI::App& app_;
  Struct* options_;
};

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_OPTION_FLAGS_HPP_
