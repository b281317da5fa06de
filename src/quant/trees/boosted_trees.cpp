#include "quant/trees/boosted_trees.hpp"

#include <charconv>
#include <cmath>
#include <string>

#include "base/text.hpp"
#include "musclemap/error.hpp"

namespace musclemap::quant {
namespace {

constexpr int kDeepestTree = 32;

[[noreturn]] void refuse_trees(std::size_t line, const std::string& what) {
  throw Error(ErrorCode::format, Reason::bad_json,
              "boosted trees, line " + std::to_string(line) + ": " + what);
}

/// Takes what stands before `mark`, or all, off `text`.
std::string_view take_until(char mark, std::string_view* text) {
  const std::size_t end = text->find(mark);
  const std::string_view taken = text->substr(0, end);
  text->remove_prefix(end == std::string_view::npos ? text->size() : end + 1);
  return taken;
}

template <class T>
T tree_number(std::string_view word, std::size_t line) {
  T value{};
  const std::from_chars_result read = std::from_chars(word.data(), word.data() + word.size(), value);
  if (read.ec != std::errc() || read.ptr != word.data() + word.size()) {
    refuse_trees(line, "'" + base::printable(word, 60) + "' where a number is needed");
  }
  return value;
}

double log_odds(double probability) { return std::log(probability / (1 - probability)); }

}  // namespace

/// Of the lines of one fold.
class BoostedTrees::Parser {
 public:
  Parser(std::string_view heading, std::size_t line) : line_(line) {
    const std::string_view kind = take_until(' ', &heading);
    if (kind != "regression" && kind != "logistic") {
      refuse_trees(line, "the kind is '" + base::printable(kind, 60) + "'; regression or logistic are known");
    }
    trees_.kind_ = kind == "logistic" ? TreeKind::logistic : TreeKind::regression;
    trees_.features_ = tree_number<std::uint16_t>(take_until(' ', &heading), line);
    trees_.base_ = tree_number<double>(heading, line);
    const bool possible = trees_.base_ > 0 && trees_.base_ < 1;
    if (trees_.kind_ == TreeKind::logistic && !possible) {
      refuse_trees(line,
                   "the base is " + base::number_text(trees_.base_) + "; above 0 and below 1 is needed");
    }
  }

  void add_tree(std::string_view text, std::size_t line) {
    line_ = line;
    trees_.roots_.push_back(trees_.nodes_.size());
    add_node(&text, 0);
    if (!text.empty()) refuse_trees(line, "more nodes than the splits lead to");
  }

  BoostedTrees trees() const { return trees_; }

 private:
  void add_node(std::string_view* text, int depth) {
    if (depth > kDeepestTree) refuse_trees(line_, "a tree of more than 32 levels");
    std::string_view word = take_until(' ', text);
    if (word.find('<') == std::string_view::npos) {
      trees_.nodes_.push_back({tree_number<float>(word, line_), -1, 0});
      return;
    }
    const auto feature = tree_number<std::uint16_t>(take_until('<', &word), line_);
    if (feature >= trees_.features_) {
      refuse_trees(line_, "feature " + std::to_string(feature) + " of " + std::to_string(trees_.features_));
    }
    const std::size_t node = trees_.nodes_.size();
    trees_.nodes_.push_back({tree_number<float>(word, line_), feature, 0});
    add_node(text, depth + 1);
    trees_.nodes_[node].right = static_cast<std::int32_t>(trees_.nodes_.size());
    add_node(text, depth + 1);
  }

  BoostedTrees trees_;
  std::size_t line_;
};

double BoostedTrees::predict(const std::vector<double>& features) const {
  if (features.size() != features_) {
    throw Error(ErrorCode::argument,
                std::to_string(features.size()) + " features; " + std::to_string(features_) + " are needed");
  }
  double sum = kind_ == TreeKind::logistic ? log_odds(base_) : base_;
  for (std::size_t at : roots_) {
    while (nodes_[at].feature >= 0) {
      const auto value = static_cast<float>(features[static_cast<std::size_t>(nodes_[at].feature)]);
      at = value < nodes_[at].number ? at + 1 : static_cast<std::size_t>(nodes_[at].right);
    }
    sum += static_cast<double>(nodes_[at].number);
  }
  return kind_ == TreeKind::logistic ? 1 / (1 + std::exp(-sum)) : sum;
}

std::vector<BoostedTrees> parse_trees(std::string_view text) {
  std::vector<BoostedTrees::Parser> folds;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::string_view words = take_until('\n', &text);
    const bool heading = !words.empty() && words.front() >= 'a' && words.front() <= 'z';
    if (heading) {
      folds.emplace_back(words, line);
    } else if (folds.empty()) {
      refuse_trees(line, "a tree before the first fold");
    } else {
      folds.back().add_tree(words, line);
    }
  }
  std::vector<BoostedTrees> result;
  result.reserve(folds.size());
  for (const BoostedTrees::Parser& fold : folds) result.push_back(fold.trees());
  return result;
}

}  // namespace musclemap::quant
