#include "quant/small_math.hpp"

#include <algorithm>
#include <cmath>

#include "support/catch.hpp"

namespace musclemap::quant {

TEST_CASE("exp and log for mixtures are as good as the library's", "[quant]") {
  const SmallMath& math = SmallMath::instance();
  double exp_error = 0;
  double log_error = 0;
  for (int i = 0; i <= 1000000; ++i) {
    const double x = -700e-6 * i;
    exp_error = std::max(exp_error, std::abs(math.exp(x) - std::exp(x)) / std::exp(x));
    const double s = 1 + 2e-6 * i;
    log_error = std::max(log_error, std::abs(math.log(s) - std::log(s)));
  }
  CHECK(exp_error < 4e-16);
  CHECK(log_error < 4e-16);
  CHECK(math.exp(0) == 1);
  CHECK(math.log(1) == 0);
  CHECK(math.log(1 + 1e-15) > 0);
}

}  // namespace musclemap::quant
