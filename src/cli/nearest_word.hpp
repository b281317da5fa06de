// The word that was meant.
#ifndef MUSCLEMAP_CLI_NEAREST_WORD_HPP_
#define MUSCLEMAP_CLI_NEAREST_WORD_HPP_

#include <string>
#include <vector>

namespace musclemap::cli {

/// Of the words that differ from `word` by a few letters (case, '-' and '_' aside), or that contain it, the
/// one that differs least; empty where there is none.
std::string nearest_word(const std::string& word, const std::vector<std::string>& words);

/// "; did you mean WORD?", or nothing.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& words);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_NEAREST_WORD_HPP_
