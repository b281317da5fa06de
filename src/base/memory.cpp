#include "base/memory.hpp"

#include <fstream>
#include <limits>
#include <string>

#include "musclemap/error.hpp"

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

std::size_t memory_limit(std::size_t budget) { return budget > 0 ? budget : available_memory(); }

void check_memory(std::size_t bytes, std::size_t budget, const std::string& who, const std::string& advice) {
  const std::size_t limit = memory_limit(budget);
  if (bytes <= limit) return;
  throw Error(ErrorCode::memory, Reason::limit,
              who + " need " + std::to_string(bytes) + " bytes; the memory " +
                  (budget > 0 ? "limit" : "at hand") + " is " + std::to_string(limit) + advice);
}

}  // namespace musclemap::base
