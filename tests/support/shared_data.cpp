#include "support/shared_data.hpp"

#include <iostream>

namespace musclemap::test {

std::filesystem::path shared_data() {
  const std::filesystem::path folder = MUSCLEMAP_SHARED_DATA;
  if (std::filesystem::is_directory(folder)) return folder;
  std::cout << "skipped: needs the reference data in " << folder << "\n";
  return {};
}

}  // namespace musclemap::test
