#include "io/files/text_encoding.hpp"

#include <string>
#include <string_view>

#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap::io {
namespace {

using namespace std::string_view_literals;

std::string refusal(std::string_view bytes) {
  return test::error_of([&] { utf8_text(bytes); });
}

TEST_CASE("text encoding: UTF-8 and UTF-16 by their byte order marks", "[io]") {
  CHECK(utf8_text("") == "");
  CHECK(utf8_text("a\xC3\xA4\n") == "a\xC3\xA4\n");
  CHECK(utf8_text("\xEF\xBB\xBF"
                  "a") == "a");
  CHECK(utf8_text("\xEF\xBF\xBD") == "\xEF\xBF\xBD");
  CHECK(utf8_text("\xFF\xFE"
                  "a\0\xE4\0\x7F\x5E\x3D\xD8\0\xDE"sv) == "a\xC3\xA4\xE5\xB9\xBF\xF0\x9F\x98\x80");
  CHECK(utf8_text("\xFE\xFF\0a\0\xE4\x5E\x7F\xD8\x3D\xDE\0"sv) == "a\xC3\xA4\xE5\xB9\xBF\xF0\x9F\x98\x80");
  CHECK(utf8_text("\xFF\xFE"sv) == "");
}

TEST_CASE("text encoding: anything else is refused with its line", "[io]") {
  const std::string needed = "; UTF-8, or UTF-16 with a byte order mark, is needed: save the table as UTF-8";
  CHECK(refusal("value\n1,M\xFCller\n") == "format/corrupt: line 2 is not UTF-8 (byte 0xFC)" + needed);
  CHECK(refusal("a\n\nb\xC3") == "format/corrupt: line 3 is not UTF-8 (byte 0xC3)" + needed);
  CHECK(refusal("v\0a\0"sv) == "format/corrupt: line 1 holds a byte 0x00" + needed);
  CHECK(refusal("\xFF\xFE\0\0a\0\0\0"sv) == "format/corrupt: line 1 begins as UTF-32" + needed);
  CHECK(refusal("\xFF\xFE\n\0\x3D\xD8"
                "a\0"sv) == "format/corrupt: line 2 is not UTF-16 (half a pair)" + needed);
  CHECK(refusal("\xFE\xFF\0a\0"sv) ==
        "format/corrupt: line 1 is not UTF-16 (it ends inside a character)" + needed);
  CHECK(refusal("\xFE\xFF\0\0"sv) == "format/corrupt: line 1 holds a character 0x0000" + needed);
}

}  // namespace
}  // namespace musclemap::io
