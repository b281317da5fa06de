#include "cli/missing_files.hpp"

#include "io/files/input_file.hpp"

namespace musclemap::cli {

bool all_are_there(const std::vector<std::filesystem::path>& files, Console* console) {
  bool all = true;
  for (const std::filesystem::path& file : files) {
    try {
      if (!file.empty()) io::check_is_there(file);
    } catch (const Error& error) {
      console->fail(error);
      all = false;
    }
  }
  return all;
}

}  // namespace musclemap::cli
