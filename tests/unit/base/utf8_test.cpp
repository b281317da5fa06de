#include "base/utf8.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::base {
namespace {

std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> result;
  while (!text.empty()) result.push_back(take_code_point(text));
  return result;
}

TEST_CASE("utf8: a code point at a time", "[base]") {
  CHECK(code_points("").empty());
  CHECK(code_points("aé€😀") == std::vector<char32_t>{'a', 0xE9, 0x20AC, 0x1F600});
  CHECK(code_points(std::string_view("\0b", 2)) == std::vector<char32_t>{0, 'b'});
  CHECK(code_points("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF") ==
        std::vector<char32_t>{0xD7FF, 0xE000, 0x10FFFF});
}

// The Unicode Standard, section 3.9: table 3-8 and its neighbours.
TEST_CASE("utf8: what is ill-formed is replaced, once for a part that could have begun a character",
          "[base]") {
  constexpr char32_t kBad = 0xFFFD;
  CHECK(code_points("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41") ==
        std::vector<char32_t>{kBad, kBad, kBad, kBad, kBad, kBad, kBad, kBad, 'A'});
  CHECK(code_points("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41") ==
        std::vector<char32_t>{kBad, kBad, kBad, kBad, kBad, kBad, kBad, kBad, 'A'});
  CHECK(code_points("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42") ==
        std::vector<char32_t>{kBad, kBad, kBad, kBad, kBad, 'A', kBad, kBad, 'B'});
  CHECK(code_points("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41") ==
        std::vector<char32_t>{kBad, kBad, kBad, kBad, 'A'});
  CHECK(code_points("\xF0\x9F\x98") == std::vector<char32_t>{kBad});
}

}  // namespace
}  // namespace musclemap::base
