#include "cli/display_text.hpp"

#include <clocale>
#include <cwchar>
#include <vector>

namespace musclemap::cli {
namespace {

constexpr std::string_view kGap = "...";

struct Character {
  std::string_view bytes;
  std::size_t columns;
};

// This thread's characters are Unicode as long as it lives, whatever the user's or the host's locale is.
class UnicodeHere {
 public:
  UnicodeHere() {
    static const locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (unicode != nullptr) before_ = uselocale(unicode);
  }
  ~UnicodeHere() {
    if (before_ != nullptr) uselocale(before_);
  }
  UnicodeHere(const UnicodeHere&) = delete;
  UnicodeHere& operator=(const UnicodeHere&) = delete;

 private:
  locale_t before_ = nullptr;
};

std::vector<Character> characters_of(std::string_view text) {
  const UnicodeHere here;
  std::vector<Character> characters;
  std::mbstate_t state{};
  while (!text.empty()) {
    wchar_t code = 0;
    std::size_t length = std::mbrtowc(&code, text.data(), text.size(), &state);
    std::size_t columns = 1;
    if (length == 0 || length > text.size()) {  // a zero, or no UTF-8
      length = 1;
      state = {};
    } else if (const int width = wcwidth(code); width >= 0) {
      columns = static_cast<std::size_t>(width);
    }
    characters.push_back({text.substr(0, length), columns});
    text.remove_prefix(length);
  }
  return characters;
}

}  // namespace

std::size_t display_columns(std::string_view text) {
  std::size_t columns = 0;
  for (const Character& each : characters_of(text)) columns += each.columns;
  return columns;
}

std::string shortened(std::string_view text, std::size_t columns) {
  if (display_columns(text) <= columns) return std::string(text);
  const std::vector<Character> characters = characters_of(text);
  const std::string_view gap = columns > kGap.size() ? kGap : std::string_view();
  const std::size_t room = columns - gap.size();
  const std::size_t right_room = gap.empty() ? 0 : room / 2;

  std::size_t left = 0;
  for (std::size_t used = 0; used + characters[left].columns <= room - right_room; ++left)
    used += characters[left].columns;
  std::size_t right = characters.size();
  for (std::size_t used = 0; used + characters[right - 1].columns <= right_room && right_room > 0; --right)
    used += characters[right - 1].columns;
  while (right < characters.size() && characters[right].columns == 0) ++right;  // accents of what is gone

  std::string result;
  for (std::size_t i = 0; i < left; ++i) result += characters[i].bytes;
  result += gap;
  for (std::size_t i = right; i < characters.size(); ++i) result += characters[i].bytes;
  return result;
}

}  // namespace musclemap::cli
