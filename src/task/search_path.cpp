#include "task/search_path.hpp"

#include <algorithm>
#include <cstdlib>

namespace musclemap::task {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::vector<std::filesystem::path> listed_folders(const char* name) {
  std::vector<std::filesystem::path> folders;
  const std::string listed = environment(name);
  for (std::size_t at = 0; at < listed.size();) {
    const std::size_t end = std::min(listed.find(':', at), listed.size());
    if (end > at) folders.emplace_back(listed.substr(at, end - at));
    at = end + 1;
  }
  return folders;
}

}  // namespace musclemap::task
