// Folders that the environment names.
#ifndef MUSCLEMAP_TASK_SEARCH_PATH_HPP_
#define MUSCLEMAP_TASK_SEARCH_PATH_HPP_

#include <filesystem>
#include <string>
#include <vector>

namespace musclemap::task {

/// Empty where the variable is not set.
std::string environment(const char* name);

/// The folders of a colon-separated variable; empty entries are passed over.
std::vector<std::filesystem::path> listed_folders(const char* name);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_SEARCH_PATH_HPP_
