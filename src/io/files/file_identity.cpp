#include "io/files/file_identity.hpp"

#include <sys/stat.h>

namespace musclemap::io {

namespace fs = std::filesystem;

fs::path whole_path(const fs::path& file) {
  std::error_code failed;
  fs::path place = fs::weakly_canonical(fs::absolute(file, failed), failed);
  return failed ? file.lexically_normal() : place;
}

std::string file_identity(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return whole_path(file).native();
  return std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

std::string entry_identity(const fs::path& file) {
  const fs::path whole = file.lexically_normal();
  return (whole_path(whole.has_parent_path() ? whole.parent_path() : fs::path(".")) / whole.filename())
      .native();
}

}  // namespace musclemap::io
