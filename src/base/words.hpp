// Enumerations as words and back, the same in every face of the library.
#ifndef MUSCLEMAP_BASE_WORDS_HPP_
#define MUSCLEMAP_BASE_WORDS_HPP_

#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "musclemap/error.hpp"

namespace musclemap::base {

/// Specialised beside the options that use the enumeration: kList has every number of it, ascending, with its
/// word.
template <class Enum>
struct Words;

template <class Enum, std::size_t Count>
using WordList = std::array<std::pair<Enum, const char*>, Count>;

/// "unknown" for a number outside the list.
template <class Enum>
const char* word_of(Enum value) noexcept {
  for (const auto& [number, word] : Words<Enum>::kList) {
    if (number == value) return word;
  }
  return "unknown";
}

/// In the order of the list.
template <class Enum>
std::vector<std::string> words_of() {
  std::vector<std::string> words;
  for (const auto& entry : Words<Enum>::kList) words.emplace_back(entry.second);
  return words;
}

/// "a, b and c".
inline std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t n = 0; n < words.size(); ++n) {
    if (n > 0) text += n + 1 == words.size() ? " and " : ", ";
    text += words[n];
  }
  return text;
}

/// Any case. Error `argument`: "<name> is '<word>'; a, b and c are allowed".
template <class Enum>
Enum from_word(const std::string& word, const std::string& name) {
  for (const auto& [number, known] : Words<Enum>::kList) {
    if (ascii_lower(word) == known) return number;
  }
  throw Error(ErrorCode::argument,
              name + " is '" + printable(word, 40) + "'; " + listed(words_of<Enum>()) + " are allowed");
}

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_WORDS_HPP_
