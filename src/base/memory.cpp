#include "base/memory.hpp"

#include <fstream>
#include <limits>
#include <string>

namespace musclemap::base {

std::size_t available_memory() {
  std::ifstream lines("/proc/meminfo");
  std::string name;
  std::size_t kibibytes = 0;
  std::string unit;
  while (lines >> name >> kibibytes) {
    if (name == "MemAvailable:") return kibibytes * 1024;
    std::getline(lines, unit);
  }
  return std::numeric_limits<std::size_t>::max();
}

}  // namespace musclemap::base
