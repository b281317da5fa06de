#include "base/isa.hpp"

#include <cstdlib>

#include "musclemap/error.hpp"
#include "support/catch.hpp"

namespace musclemap::base {
namespace {

// Sets the variable for as long as it lives.
class MaxIsa {
 public:
  explicit MaxIsa(const char* value) { ::setenv("MUSCLEMAP_MAX_ISA", value, 1); }
  ~MaxIsa() { ::unsetenv("MUSCLEMAP_MAX_ISA"); }
  MaxIsa(const MaxIsa&) = delete;
  MaxIsa& operator=(const MaxIsa&) = delete;
};

TEST_CASE("The best instruction set is the last that this machine has", "[base]") {
  REQUIRE(isas_here().front() == Isa::portable);
  CHECK(best_isa() == isas_here().back());
}

TEST_CASE("MUSCLEMAP_MAX_ISA holds the choice back", "[base]") {
  for (const Isa isa : isas_here()) {
    const MaxIsa held(isa_name(isa));
    CHECK(best_isa() == isa);
  }
  const MaxIsa nonsense("sse9");
  CHECK_THROWS_AS(best_isa(), Error);
}

}  // namespace
}  // namespace musclemap::base
