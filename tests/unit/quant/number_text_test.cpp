#include "quant/table/number_text.hpp"

#include <clocale>
#include <cmath>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::quant {
namespace {

std::string rounded_text(double value, int decimals = 2) { return real_text(rounded(value, decimals)); }

TEST_CASE("number text: the rounding vectors of docs/chains/metrics.md, section 14 (T8)", "[quant]") {
  CHECK(rounded_text(2.675) == "2.67");
  CHECK(rounded_text(0.125) == "0.12");
  CHECK(rounded_text(0.375) == "0.38");
  CHECK(rounded_text(1.005) == "1.0");
  CHECK(rounded_text(99.995) == "100.0");
  CHECK(rounded_text(-0.001) == "-0.0");
}

TEST_CASE("number text: any number of decimals, of either sign and any size", "[quant]") {
  CHECK(rounded_text(50) == "50.0");
  CHECK(rounded_text(0) == "0.0");
  CHECK(rounded_text(2.5, 0) == "2.0");
  CHECK(rounded_text(3.5, 0) == "4.0");
  CHECK(rounded_text(-0.4, 0) == "-0.0");
  CHECK(rounded_text(1e22 / 3, 2) == "3.3333333333333335e+21");
  CHECK(rounded_text(0.1, 60) == "0.1");
  CHECK(rounded_text(5e-324, 2000) == "5e-324");
  CHECK(rounded_text(5e-324, 323) == "0.0");
  CHECK(rounded_text(-std::numeric_limits<double>::max(), 1074) == "-1.7976931348623157e+308");
  CHECK(rounded_text(1.0 / 3, -1) == "0.3333333333333333");
}

TEST_CASE("number text: the layout of Python's repr", "[quant]") {
  CHECK(real_text(1e-4) == "0.0001");
  CHECK(real_text(1e-5) == "1e-05");
  CHECK(real_text(1.5e-5) == "1.5e-05");
  CHECK(real_text(-1.25e-7) == "-1.25e-07");
  CHECK(real_text(1e15) == "1000000000000000.0");
  CHECK(real_text(9999999999999998.0) == "9999999999999998.0");
  CHECK(real_text(1e16) == "1e+16");
  CHECK(real_text(123456789012345680.0) == "1.2345678901234568e+17");
  CHECK(real_text(-123.456) == "-123.456");
  CHECK(real_text(1e100) == "1e+100");
  CHECK(real_text(-0.0) == "-0.0");
  CHECK(real_text(HUGE_VAL) == "inf");
  CHECK(rounded_text(-HUGE_VAL) == "-inf");
  CHECK(rounded_text(std::nan("")) == "nan");
}

TEST_CASE("number text: whole numbers have no point", "[quant]") {
  CHECK(integer_text(0) == "0");
  CHECK(integer_text(-0.0) == "0");
  CHECK(integer_text(-17) == "-17");
  CHECK(integer_text(1e17) == "100000000000000000");
  CHECK(integer_text(9007199254740992.0) == "9007199254740992");
  CHECK(integer_text(HUGE_VAL) == "inf");
}

TEST_CASE("number text: a German process writes the same", "[quant]") {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  const char* german = std::setlocale(LC_ALL, "de_DE.UTF-8");
  if (german == nullptr) german = std::setlocale(LC_ALL, "de_DE.utf8");
  if (german == nullptr) std::cout << "skipped: needs the locale de_DE.UTF-8\n";
  const std::vector<std::string> seen = {rounded_text(1234567.891), real_text(1e-5), integer_text(1234567)};
  std::setlocale(LC_ALL, before.c_str());
  CHECK(seen == std::vector<std::string>{"1234567.89", "1e-05", "1234567"});
}

}  // namespace
}  // namespace musclemap::quant
