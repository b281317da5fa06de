#include "quant/cluster/small_math.hpp"

#include <algorithm>
#include <cmath>

#include "support/catch.hpp"

namespace musclemap::quant {

TEST_CASE("exp and log for mixtures are as good as the library's", "[quant]") {
  const MathTables& tables = math_tables();
  double exp_error = 0;
  double log_error = 0;
  for (int i = 0; i <= 1000000; ++i) {
    const Numbers x{-700e-6 * i, -1e-6 * i};
    const Numbers s{1 + 2e-6 * i, 1 + 1e-9 * i};
    Numbers power = x;
    Numbers logarithm = s;
    take_exp(tables, power);
    take_log(tables, logarithm);
    for (const int lane : {0, 1}) {
      exp_error = std::max(exp_error, std::abs(power[lane] / std::exp(x[lane]) - 1));
      log_error = std::max(log_error, std::abs(logarithm[lane] - std::log(s[lane])));
    }
  }
  CHECK(exp_error < 4.5e-16);
  CHECK(log_error < 4.5e-16);
  Numbers one{0, 0};
  take_exp(tables, one);
  CHECK(one[0] == 1);
  Numbers logarithms{1 + 1e-15, 1};
  take_log(tables, logarithms);
  CHECK(logarithms[0] > 0);
  CHECK(logarithms[1] == 0);
}

}  // namespace musclemap::quant
