#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/program.hpp"
#include "cli/programs.hpp"
#include "cli/short_names.hpp"

namespace musclemap::cli {

int totalsegmentator_main(int argc, char** argv) {
  CLI::App app("Segments organs, bones, muscles and vessels as TotalSegmentator does, with its weights.",
               "totalsegmentator");
  add_general_flags(app);
  int exit_status = 0;
  ShortNames names;
  add_totalsegmentator_options(app, names, exit_status);
  std::vector<std::string> arguments = names.replaced({argv, argv + argc});
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  return run_program(app, argc, pointers.data(), exit_status);
}

}  // namespace musclemap::cli
