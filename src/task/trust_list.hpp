// Hashes of TorchScript files that may be run.
#ifndef MUSCLEMAP_TASK_TRUST_LIST_HPP_
#define MUSCLEMAP_TASK_TRUST_LIST_HPP_

#include <filesystem>
#include <string>

namespace musclemap::task {

/// $MUSCLEMAP_TRUST_LIST, else musclemap/trusted_models.txt in $XDG_CONFIG_HOME or ~/.config; empty without a
/// home.
std::filesystem::path trust_list_file();

/// One SHA-256 a line, `#` begins a comment. False without a list. Error `format` names a line that is
/// neither.
bool is_on_trust_list(const std::string& sha256);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_TRUST_LIST_HPP_
