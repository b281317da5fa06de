// What is drawn of a text, seen from outside: pixels and widths.
#include <string>
#include <utility>
#include <vector>

#include "base/sha256.hpp"
#include "draw/canvas.hpp"
#include "draw/text_lines.hpp"
#include "support/catch.hpp"

namespace musclemap::draw {
namespace {

constexpr Font kFonts[] = {Font::small, Font::medium, Font::large};
const std::string kReplacement = "\xEF\xBF\xBD";  // U+FFFD
const std::string kDots = "\xE2\x80\xA6";         // U+2026

std::vector<std::uint8_t> drawn(const std::string& text, Font font = Font::small) {
  Canvas canvas(800, 60, {0, 0, 0});
  canvas.text(20, 20, text, font, {255, 255, 255});
  return canvas.bytes();
}

TEST_CASE("text: letters of Latin, Greek, Cyrillic, Armenian and Georgian have a shape of their own",
          "[draw]") {
  const std::vector<std::string> letters = {"?", "é", "ß", "Ł", "ğ", "ế", "Ω", "λ", "ἄ", "Ж",         "ї",
                                            "ѣ", "Ք", "მ", "µ", "²", "№", "…", "→", "€", kReplacement};
  for (const Font font : kFonts) {
    std::vector<std::vector<std::uint8_t>> seen = {drawn("", font), drawn("筋", font)};
    for (const std::string& letter : letters) {
      CAPTURE(letter);
      const auto pixels = drawn(letter, font);
      for (const auto& other : seen) CHECK(pixels != other);
      seen.push_back(pixels);
    }
  }
}

TEST_CASE("text: letters that the font lacks are a box each", "[draw]") {
  const auto box = drawn("筋");
  CHECK(box != drawn(""));
  CHECK(box != drawn(kReplacement));
  for (const std::string text : {"한", "あ", "ع", "ש", "ไ", "😀", "𝄞", "\xF4\x8F\xBF\xBF"}) {
    CAPTURE(text);
    CHECK(drawn(text) == box);
    CHECK(text_width(text + text, Font::small) == text_width("筋筋", Font::small));
  }
}

TEST_CASE("text: bytes that are no UTF-8 are replacement characters", "[draw]") {
  const std::vector<std::pair<std::string, std::string>> texts = {
      {"\xFF", kReplacement},
      {"caf\xE9", "caf" + kReplacement},
      {"\xC3(", kReplacement + "("},
      {"\xE2\x82 x", kReplacement + " x"},
      {"a\x80\x80z", "a" + kReplacement + kReplacement + "z"},
      {"\xC0\xAF", kReplacement + kReplacement},
      {"\xF0\x9F\x98", kReplacement},
  };
  for (const auto& [bytes, text] : texts) {
    CAPTURE(text);
    CHECK(drawn(bytes) == drawn(text));
    CHECK(text_width(bytes, Font::medium) == text_width(text, Font::medium));
  }
}

TEST_CASE("text: control characters are not drawn, those that end a word are blanks", "[draw]") {
  const std::vector<std::pair<std::string, std::string>> texts = {
      {"a\x01\x1B[b", "a[b"},
      {"a\tb", "a b"},
      {"a\r\nb", "a  b"},
      {"a\x7F"
       "b",
       "ab"},
      {"a\xC2\x85"
       "b",
       "a b"},
      {"a\xC2\x9B"
       "b",
       "ab"},
      {"a\xE2\x80\xA8"
       "b",
       "a b"},
      {"a\xE2\x80\x8E\xE2\x80\xAE"
       "b",
       "ab"},
      {"\xEF\xBB\xBF"
       "a\xC2\xAD"
       "b\xEF\xB8\x8F",
       "ab"},
      {"a\xE2\x80\x8D\xE2\x81\xA0"
       "b",
       "ab"},
  };
  for (const auto& [bytes, text] : texts) {
    CAPTURE(text, bytes);
    CHECK(drawn(bytes) == drawn(text));
    CHECK(text_width(bytes, Font::large) == text_width(text, Font::large));
  }
}

TEST_CASE("text: an accent of its own stands over its letter and takes no room", "[draw]") {
  for (const auto& [apart, plain] :
       std::vector<std::pair<std::string, std::string>>{{"e\xCC\x81", "e"},
                                                        {"O\xCC\x88", "O"},
                                                        {"a\xCC\x8A", "a"},
                                                        {"c\xCC\xA7", "c"},
                                                        {"e\xCC\x82\xCC\x81", "e"}}) {
    CAPTURE(apart);
    CHECK(text_width(apart, Font::medium) == text_width(plain, Font::medium));
    CHECK(drawn(apart) != drawn(plain));
  }
  CHECK(drawn("\xCC\x81") != drawn(""));
}

TEST_CASE("text: what is too long ends in an ellipsis after a whole letter", "[draw]") {
  for (const std::string text : {"biceps femoris long head", "μηριαίος δικέφαλος", "двуглавая мышца бедра",
                                 "großer Gesäßmuskel, überlang", "大腿二頭筋長頭",
                                 "a\xFF\xFE\x80 broken bytes", "Supercalifragilisticexpialidocious"}) {
    CAPTURE(text);
    for (const Font font : kFonts) {
      const int whole = text_width(text, font);
      CHECK(fit_text(text, font, whole) == text);
      for (int width = text_width(kDots, font); width < whole; ++width) {
        const std::string cut = fit_text(text, font, width);
        REQUIRE(text_width(cut, font) <= width);
        REQUIRE(cut.size() >= kDots.size());
        REQUIRE(cut.substr(cut.size() - kDots.size()) == kDots);
        const std::string kept = cut.substr(0, cut.size() - kDots.size());
        REQUIRE(text.substr(0, kept.size()) == kept);
        // Cut between two letters: the next byte starts one.
        const auto next = static_cast<unsigned char>(text[kept.size()]);
        REQUIRE(((next & 0xC0) != 0x80 || text[0] == 'a'));
      }
      CHECK(fit_text(text, font, 0) == kDots);
    }
  }
}

TEST_CASE("text: lines break at blanks, and a number of lines may be asked for", "[draw]") {
  const std::string text = "biceps femoris long head";
  const int half = text_width("biceps femoris ", Font::small) + 3;
  CHECK(wrap_text(text, Font::small, half) == std::vector<std::string>{"biceps femoris", "long head"});
  CHECK(wrap_text("  ", Font::small, 10).empty());
  const std::vector<std::string> two = fit_lines(text + " of the right side", Font::small, half, 2);
  REQUIRE(two.size() == 2);
  CHECK(two[0] == "biceps femoris");
  CHECK(two[1] == "long head of" + kDots);
  for (const std::string& line : fit_lines(std::string(500, 'w') + " x", Font::small, half, 3)) {
    CHECK(text_width(line, Font::small) <= half);
  }
}

TEST_CASE("text: the same pixels on every machine", "[draw]") {
  Canvas canvas(640, 120, {15, 18, 23});
  canvas.text(4, 4, "Größe 12,5 ml: Ωμοπλάτη, лопатка, ế, 筋 \xFF", Font::small, {222, 226, 232});
  canvas.text(4, 30, "Größe 12,5 ml: Ωμοπλάτη, лопатка, ế, 筋", Font::medium, {222, 226, 232});
  canvas.text_on_image(4, 60, "Größe 12,5 ml: Ωμοπλάτη, e\xCC\x81", Font::large, {222, 226, 232});
  const std::vector<std::uint8_t>& bytes = canvas.bytes();
  CHECK(base::sha256_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()}) ==
        "94d7bbb921d879a4e54cf2efec3d95bd26d3aed30e4be2a80517165d439be332");
}

}  // namespace
}  // namespace musclemap::draw
