#include "cli/nearest_word.hpp"

#include <algorithm>
#include <cstddef>

#include "base/text.hpp"

namespace musclemap::cli {
namespace {

std::string letters_of(const std::string& word) {
  std::string letters = base::ascii_lower(word);
  letters.erase(std::remove_if(letters.begin(), letters.end(), [](char c) { return c == '-' || c == '_'; }),
                letters.end());
  return letters;
}

// Letters put in, left out, changed, or two neighbours swapped (optimal string alignment).
std::size_t edits_between(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> edits(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) edits[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) edits[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = edits[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      edits[i][j] = std::min({edits[i - 1][j] + 1, edits[i][j - 1] + 1, changed});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        edits[i][j] = std::min(edits[i][j], edits[i - 2][j - 2] + 1);
    }
  }
  return edits[a.size()][b.size()];
}

}  // namespace

std::string nearest_word(const std::string& word, const std::vector<std::string>& words) {
  constexpr std::size_t kLongest = 64;
  constexpr std::size_t kLeastPart = 3;
  const std::string wanted = letters_of(word);
  if (wanted.empty() || wanted.size() > kLongest) return {};
  std::string nearest;
  std::size_t least = 1 + std::max<std::size_t>(1, wanted.size() / 3);
  for (const std::string& each : words) {
    const std::size_t edits = edits_between(wanted, letters_of(each));
    if (edits >= least || edits >= letters_of(each).size()) continue;
    least = edits;
    nearest = each;
  }
  if (!nearest.empty() || wanted.size() < kLeastPart) return nearest;
  const auto whole = std::find_if(words.begin(), words.end(), [&](const std::string& each) {
    return letters_of(each).find(wanted) != std::string::npos;
  });
  return whole == words.end() ? nearest : *whole;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& words) {
  const std::string nearest = nearest_word(word, words);
  return nearest.empty() ? "" : "; did you mean " + nearest + "?";
}

}  // namespace musclemap::cli
