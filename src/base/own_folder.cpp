#include "base/own_folder.hpp"

#include <dlfcn.h>
#include <link.h>

#include <system_error>

namespace musclemap::base {

std::filesystem::path own_folder() {
  Dl_info info{};
  link_map* object = nullptr;
  if (dladdr1(reinterpret_cast<const void*>(&own_folder), &info, reinterpret_cast<void**>(&object),
              RTLD_DL_LINKMAP) == 0) {
    return {};
  }
  // The program itself has no name here, and the one that it was started by is no path if the shell searched
  // for it: a file of that name in the working folder would be taken for it.
  const bool program = object == nullptr || object->l_name == nullptr || *object->l_name == '\0';
  std::error_code failed;
  const std::filesystem::path file = program ? std::filesystem::read_symlink("/proc/self/exe", failed)
                                             : std::filesystem::canonical(object->l_name, failed);
  return failed ? std::filesystem::path() : file.parent_path();
}

}  // namespace musclemap::base
