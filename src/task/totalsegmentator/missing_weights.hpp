// What is said of networks that are not there.
#ifndef MUSCLEMAP_TASK_TOTALSEGMENTATOR_MISSING_WEIGHTS_HPP_
#define MUSCLEMAP_TASK_TOTALSEGMENTATOR_MISSING_WEIGHTS_HPP_

#include <filesystem>
#include <string>
#include <vector>

#include "task/totalsegmentator/task_choice.hpp"

namespace musclemap::task {

/// One line: which networks are in none of the folders, where these were looked for, where they come from and
/// under which licence (docs/chains/totalsegmentator.md, section 16). Empty where all are there.
std::string missing_weights(const TaskChoice& choice, const std::vector<std::filesystem::path>& roots);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_TOTALSEGMENTATOR_MISSING_WEIGHTS_HPP_
