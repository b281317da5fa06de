#include "base/memory.hpp"

#include <unistd.h>

#include "support/catch.hpp"

namespace musclemap::base {
namespace {

TEST_CASE("available_memory: some of the machine's memory, not more than all", "[base]") {
  const auto all =
      static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  CHECK(available_memory() > 0);
  CHECK(available_memory() <= all);
}

}  // namespace
}  // namespace musclemap::base
