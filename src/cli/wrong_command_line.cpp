#include "cli/wrong_command_line.hpp"

#include <algorithm>

#include "cli/help.hpp"
#include "cli/nearest_word.hpp"

namespace musclemap::cli {
namespace {

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* each : command.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(each->get_name());
  return names;
}

std::string list_of(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// "-overlap 50" is "-o verlap" and a word too many to the parser.
std::string long_name_with_one_dash(const std::vector<std::string>& options,
                                    const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    if (contains(options, "-" + argument.substr(0, argument.find('='))) && argument.size() > 2)
      return argument;
  }
  return {};
}

std::string unknown_option(const std::string& argument, const std::vector<std::string>& options) {
  const std::string name = argument.substr(0, argument.find('='));
  return "unknown option " + name + did_you_mean(name, options);
}

std::string unknown_word(const CLI::App& command, const std::string& word) {
  const std::vector<std::string> commands = command_names(command);
  if (!commands.empty()) {
    const std::string meant = did_you_mean(word, commands);
    return "unknown command '" + word + "'" + (meant.empty() ? "; there are " + list_of(commands) : meant);
  }
  const CLI::Option* image = command.get_option_no_throw("-i");
  return "unexpected argument '" + word + "'" + (image == nullptr ? "" : "; images are named with -i");
}

}  // namespace

std::string wrong_command_line(const CLI::App& app, const CLI::ParseError& error,
                               const std::vector<std::string>& arguments) {
  const CLI::App& command = chosen_command(app);
  const std::vector<std::string> options = option_names(command);
  const std::vector<std::string> unknown = app.remaining(true);
  std::string message = error.what();
  if (const std::string one_dash = long_name_with_one_dash(options, arguments); !one_dash.empty()) {
    message = unknown_option(one_dash, options);
  } else if (!unknown.empty()) {
    const bool is_option = unknown.front().size() > 1 && unknown.front().front() == '-';
    message = is_option ? unknown_option(unknown.front(), options) : unknown_word(command, unknown.front());
  }
  return message + (message.back() == '?' ? " see " : "; see ") + full_name(command) + " --help";
}

bool only_names_a_group(const CLI::App& app) {
  return app.remaining(true).empty() && !command_names(chosen_command(app)).empty();
}

}  // namespace musclemap::cli
