#include "cli/program.hpp"

#include <unistd.h>

#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/help.hpp"
#include "cli/interrupt.hpp"
#include "cli/short_names.hpp"
#include "cli/standard_output.hpp"
#include "cli/terminal.hpp"
#include "cli/wrong_command_line.hpp"
#include "musclemap/error.hpp"
#include "musclemap/version.hpp"

namespace musclemap::cli {
namespace {

// The voice for errors that come before, or instead of, a command's own options.
Voice voice_of(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) return Voice{true};
  }
  return Voice{};
}

int status_of(const Error& error) {
  if (error.code() == ErrorCode::cancelled) return interrupted_status();
  return error.code() == ErrorCode::argument ? kWrongCommandLine : kFailed;
}

void print_help(const CLI::App& app) {
  print(help_text(chosen_command(app), terminal_columns(STDOUT_FILENO)));
}

int parse_and_run(CLI::App& app, int argc, char** argv, int& exit_status) {
  Console console(voice_of(argc, argv));
  try {
    app.parse(argc, argv);
    return exit_status;
  } catch (const CLI::CallForVersion& version) {
    print_line(version.what());
    return kDone;
  } catch (const CLI::Success&) {
    print_help(app);
    return kDone;
  } catch (const CLI::ParseError& error) {
    if (only_names_a_group(app)) {
      print_help(app);
      return kDone;
    }
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    console.fail(Error(ErrorCode::argument, wrong_command_line(app, error, arguments)));
    return kWrongCommandLine;
  } catch (const Error& error) {
    console.fail(error);
    return status_of(error);
  } catch (const std::bad_alloc&) {
    console.fail(Error(ErrorCode::memory, "out of memory"));
  } catch (const std::exception& error) {
    console.fail(Error(ErrorCode::internal, error.what()));
  }
  return kFailed;
}

}  // namespace

void add_general_flags(CLI::App& app) {
  app.set_help_flag("-h,--help", "print this text");
  app.set_version_flag("--version", kVersion, "print the version");
}

int run_program(CLI::App& app, int argc, char** argv, int& exit_status) {
  open_standard_output();
  const int status = parse_and_run(app, argc, argv, exit_status);
  return status == kDone && standard_output_failed() ? kFailed : status;
}

int run_program_of(const ShortNames& names, CLI::App& app, int argc, char** argv, int& exit_status) {
  std::vector<std::string> arguments = names.replaced({argv, argv + argc});
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  return run_program(app, argc, pointers.data(), exit_status);
}

}  // namespace musclemap::cli
