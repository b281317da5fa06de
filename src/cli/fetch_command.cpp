// `musclemap fetch`: hands over to musclemap-fetch, as no part of this program opens a connection.
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "base/own_folder.hpp"
#include "cli/commands.hpp"
#include "cli/program.hpp"
#include "musclemap/error.hpp"
#include "task/search_path.hpp"

namespace musclemap::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFetchProgram = "musclemap-fetch";

bool is_program(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) && access(file.c_str(), X_OK) == 0;
}

/// Beside this program, else in a folder of PATH; empty where it is in none.
fs::path fetch_program() {
  std::vector<fs::path> folders = task::listed_folders("PATH");
  const fs::path own = base::own_folder();
  if (!own.empty()) folders.insert(folders.begin(), own);
  for (const fs::path& folder : folders) {
    if (is_program(folder / kFetchProgram)) return folder / kFetchProgram;
  }
  return {};
}

[[noreturn]] void hand_over(char** arguments) {
  const fs::path program = fetch_program();
  if (program.empty()) {
    throw Error(
        ErrorCode::unsupported,
        std::string("there is no program '") + kFetchProgram + "' in " + base::own_folder().string() +
            " or in a folder of PATH; cmake --install and the Python package put it beside musclemap");
  }
  std::string name = program.string();
  std::vector<char*> taken{name.data()};
  for (char** each = arguments; *each != nullptr; ++each) taken.push_back(*each);
  taken.push_back(nullptr);
  execv(name.c_str(), taken.data());
  throw Error(ErrorCode::io, Reason::io, std::string("cannot be started: ") + std::strerror(errno), program);
}

}  // namespace

void add_fetch_command(CLI::App& app, char** argv) {
  CLI::App* command = app.add_subcommand("fetch", "published models, checked and put in their place");
  // Its options, --help among them, are that program's.
  command->set_help_flag();
  command->prefix_command();
  command->callback([argv] { hand_over(argv + 2); });
}

}  // namespace musclemap::cli
