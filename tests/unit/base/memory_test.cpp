#include "base/memory.hpp"

#include <unistd.h>

#include <string>

#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap::base {
namespace {

TEST_CASE("available_memory: some of the machine's memory, not more than all", "[base]") {
  const auto all =
      static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  CHECK(available_memory() > 0);
  CHECK(available_memory() <= all);
}

TEST_CASE("memory: what does not fit is refused with both numbers", "[base]") {
  check_memory(1000, 1000, "these things");
  CHECK(memory_limit(1000) == 1000);
  CHECK(memory_limit(0) > 1000);
  const std::string error = test::error_of([] { check_memory(1001, 1000, "these things", "; take fewer"); });
  CHECK(test::contains(error, "these things need 1001 bytes; the memory limit is 1000; take fewer"));
}

}  // namespace
}  // namespace musclemap::base
