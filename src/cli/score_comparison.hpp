// How far the scores of one window lie apart. Scores are [class][pixel].
#ifndef MUSCLEMAP_CLI_SCORE_COMPARISON_HPP_
#define MUSCLEMAP_CLI_SCORE_COMPARISON_HPP_

#include <cstdint>
#include <vector>

namespace musclemap::cli {

/// Without its sign.
double largest_score(const std::vector<float>& scores);

/// NaN if there is a NaN.
double largest_difference(const std::vector<float>& a, const std::vector<float>& b);

/// Part of the pixels whose best class, the first of those with the largest score, is not the same.
double changed_fraction(const std::vector<float>& a, const std::vector<float>& b, std::int64_t classes);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_SCORE_COMPARISON_HPP_
