#include "quant/cluster/small_math.hpp"

#include <algorithm>
#include <cmath>

#include "support/catch.hpp"

namespace musclemap::quant {

TEST_CASE("exp and log for mixtures are as good as the library's", "[quant]") {
  const SmallMath math;
  double exp_error = 0;
  double log_error = 0;
  for (int i = 0; i <= 1000000; ++i) {
    const Pair x{-700e-6 * i, -1e-6 * i};
    const Pair s{1 + 2e-6 * i, 1 + 1e-9 * i};
    const Pair power = math.exp(x);
    const Pair logarithm = math.log(s);
    for (const int lane : {0, 1}) {
      exp_error = std::max(exp_error, std::abs(power[lane] / std::exp(x[lane]) - 1));
      log_error = std::max(log_error, std::abs(logarithm[lane] - std::log(s[lane])));
    }
  }
  CHECK(exp_error < 4.5e-16);
  CHECK(log_error < 4.5e-16);
  CHECK(math.exp(pair_of(0))[0] == 1);
  CHECK(math.log(pair_of(1))[1] == 0);
  CHECK(math.log(pair_of(1 + 1e-15))[0] > 0);
}

}  // namespace musclemap::quant
