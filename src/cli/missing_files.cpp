#include "cli/missing_files.hpp"

#include <sys/stat.h>

#include <cerrno>

#include "io/files/io_error.hpp"

namespace musclemap::cli {

void check_is_there(const std::filesystem::path& file) {
  struct stat found {};
  if (stat(file.c_str(), &found) != 0) io::throw_io("open", errno, file);
}

bool all_are_there(const std::vector<std::filesystem::path>& files, Console* console) {
  bool all = true;
  for (const std::filesystem::path& file : files) {
    try {
      if (!file.empty()) check_is_there(file);
    } catch (const Error& error) {
      console->fail(error);
      all = false;
    }
  }
  return all;
}

}  // namespace musclemap::cli
