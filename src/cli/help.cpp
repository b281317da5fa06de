#include "cli/help.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <vector>

#include "cli/wrapped_text.hpp"

namespace musclemap::cli {
namespace {

constexpr const char* kGeneral = "Options";
constexpr std::size_t kLeastColumns = 40;
constexpr std::size_t kUsageIndent = 7;  // "Usage: "

// " FILE"; nothing for a flag.
std::string value_of(const CLI::Option& option) {
  if (!option.get_option_text().empty()) return " " + option.get_option_text();
  return option.get_expected_min() > 0 ? " VALUE" : "";
}

// "-i, --input_image FILE"
std::string term_of(const CLI::Option& option) {
  std::string names;
  for (const std::string& name : option.get_snames()) names += (names.empty() ? "-" : ", -") + name;
  for (const std::string& name : option.get_lnames()) names += (names.empty() ? "--" : ", --") + name;
  return names.empty() ? option.get_name(true) : names + value_of(option);
}

std::string meaning_of(const CLI::Option& option) {
  std::string meaning = option.get_description();
  if (!option.get_default_str().empty()) meaning += " (default: " + option.get_default_str() + ")";
  if (option.get_required() && option.nonpositional()) meaning += " (required)";
  return meaning;
}

// "-i FILE", "FILE..."
std::string usage_of(const CLI::Option& option) {
  const bool many = option.get_expected_max() > option.get_expected_min();
  if (option.get_positional()) return option.get_name(true) + (many ? "..." : "");
  const std::vector<std::string>& letters = option.get_snames();
  const std::string name = letters.empty() ? "--" + option.get_lnames().front() : "-" + letters.front();
  return name + value_of(option);
}

bool has_subcommands(const CLI::App& command) {
  return !command.get_subcommands([](const CLI::App*) { return true; }).empty();
}

std::string usage(const CLI::App& command, std::size_t columns) {
  std::string line = full_name(command);
  const auto add = [&](bool positional) {
    for (const CLI::Option* option : command.get_options()) {
      if (option->get_positional() == positional && option->get_required()) line += " " + usage_of(*option);
    }
  };
  add(false);
  if (has_subcommands(command)) line += " COMMAND";
  line += " [OPTIONS]";
  add(true);
  return "Usage: " + wrapped(line, columns, kUsageIndent) + "\n";
}

std::string subcommands(const CLI::App& command, std::size_t columns) {
  if (!has_subcommands(command)) return {};
  std::string text = "\nCommands:\n";
  for (const CLI::App* each : command.get_subcommands([](const CLI::App*) { return true; })) {
    text += definition(each->get_name(), each->get_description(), columns);
  }
  return text;
}

std::string arguments(const CLI::App& command, std::size_t columns) {
  std::string text;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional()) text += definition(term_of(*option), meaning_of(*option), columns);
  }
  return text.empty() ? text : "\nArguments:\n" + text;
}

std::string options(const CLI::App& command, std::size_t columns) {
  std::vector<std::string> groups = command.get_groups();
  std::stable_partition(groups.begin(), groups.end(),
                        [](const std::string& group) { return group != kGeneral; });
  std::string text;
  for (const std::string& group : groups) {
    text += "\n" + group + ":\n";
    for (const CLI::Option* option : command.get_options()) {
      if (option->get_group() == group && option->nonpositional())
        text += definition(term_of(*option), meaning_of(*option), columns);
    }
  }
  return text;
}

std::string footer(const CLI::App& command, std::size_t columns) {
  std::istringstream lines(command.get_footer());
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t tab = line.find('\t');
    text += tab == std::string::npos ? wrapped(line, columns) + "\n"
                                     : definition(line.substr(0, tab), line.substr(tab + 1), columns);
  }
  return text;
}

}  // namespace

std::string help_text(const CLI::App& command, std::size_t columns) {
  columns = std::max(columns, kLeastColumns);
  std::string title = command.get_description();
  title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));  // begins with a letter
  return wrapped(title, columns) + "\n" + usage(command, columns) + subcommands(command, columns) +
         arguments(command, columns) + options(command, columns) + footer(command, columns);
}

const CLI::App& chosen_command(const CLI::App& app) {
  const std::vector<CLI::App*> named = app.get_subcommands();
  return named.empty() ? app : chosen_command(*named.back());
}

std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return (parent == nullptr ? "" : full_name(*parent) + " ") + command.get_name();
}

}  // namespace musclemap::cli
