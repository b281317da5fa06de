// Gradient boosted decision trees: Chen and Guestrin, XGBoost, KDD 2016.
#ifndef MUSCLEMAP_QUANT_TREES_BOOSTED_TREES_HPP_
#define MUSCLEMAP_QUANT_TREES_BOOSTED_TREES_HPP_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace musclemap::quant {

/// What the sum of an ensemble means.
enum class TreeKind {
  regression,  ///< the value itself
  logistic,    ///< the log odds of a probability
};

/// One ensemble. Immutable.
class BoostedTrees {
 public:
  std::size_t features() const noexcept { return features_; }

  /// base + the leaves that the features reach, summed in double in the order of the trees; for a logistic
  /// ensemble 1 / (1 + exp(-sum)) with the base's log odds. A split goes left where float(feature) is below
  /// its threshold, so right for NaN. Error `argument` unless there are features() of them.
  double predict(const std::vector<double>& features) const;

 private:
  friend std::vector<BoostedTrees> parse_trees(std::string_view text);

  // A node stands before its left branch, and that before the right one.
  struct Node {
    float number;          // threshold, or the value of a leaf
    std::int32_t feature;  // below 0: a leaf
    std::int32_t right;    // node of the right branch
  };

  class Parser;

  std::size_t features_ = 0;
  TreeKind kind_ = TreeKind::regression;
  double base_ = 0;
  std::vector<Node> nodes_;
  std::vector<std::size_t> roots_;
};

/// The folds of a text in the form of src/quant/trees/README.md. Error `format`, with the line, for any
/// other.
std::vector<BoostedTrees> parse_trees(std::string_view text);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_TREES_BOOSTED_TREES_HPP_
