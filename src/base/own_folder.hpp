// Where this code lies.
#ifndef MUSCLEMAP_BASE_OWN_FOLDER_HPP_
#define MUSCLEMAP_BASE_OWN_FOLDER_HPP_

#include <filesystem>

namespace musclemap::base {

/// Folder of the program or shared library that this code was linked into, symbolic links resolved; empty
/// where the system does not say.
std::filesystem::path own_folder();

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_OWN_FOLDER_HPP_
