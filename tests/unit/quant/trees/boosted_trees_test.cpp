#include "quant/trees/boosted_trees.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "quant/trees/embedded_trees.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap::quant {
namespace {

double predicted(const std::string& text, const std::vector<double>& features) {
  const std::vector<BoostedTrees> folds = parse_trees(text);
  REQUIRE(folds.size() == 1);
  return folds[0].predict(features);
}

TEST_CASE("trees: below the threshold goes left, all else right", "[quant]") {
  const std::string text = "regression 2 10.5\n1<2 -1 0<0.5 4 8\n";
  CHECK(predicted(text, {0, 1.5}) == 9.5);
  CHECK(predicted(text, {0, 2}) == 14.5);
  CHECK(predicted(text, {0.5, 3}) == 18.5);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(predicted(text, {nan, nan}) == 18.5);
}

TEST_CASE("trees: features are compared in single precision", "[quant]") {
  // 1 - 1e-9 is 1 in single precision.
  CHECK(predicted("regression 1 0\n0<1 -5 5\n", {1 - 1e-9}) == 5);
}

TEST_CASE("trees: the leaves of all trees are added to the base", "[quant]") {
  CHECK(predicted("regression 1 1\n0<1 2 3\n4\n0<0 5 6\n", {0.5}) == 1.0 + 2 + 4 + 6);
  CHECK(predicted("logistic 1 0.5\n2\n", {0}) == 1 / (1 + std::exp(-2.0)));
}

TEST_CASE("trees: folds follow each other", "[quant]") {
  const std::vector<BoostedTrees> folds = parse_trees("regression 1 1\n2\nregression 3 5\n7\n8\n");
  REQUIRE(folds.size() == 2);
  CHECK(folds[1].features() == 3);
  CHECK(folds[1].predict({0, 0, 0}) == 20);
}

TEST_CASE("trees: another form is refused with its line", "[quant]") {
  const auto told = [](const std::string& text) { return test::error_of([&] { parse_trees(text); }); };
  CHECK(test::contains(told("1 2\n"), "line 1: a tree before the first fold"));
  CHECK(test::contains(told("forest 1 0\n1\n"), "the kind is 'forest'"));
  CHECK(test::contains(told("regression 1 0\n0<1 2\n"), "line 2: '' where a number is needed"));
  CHECK(test::contains(told("regression 1 0\n1 2\n"), "line 2: more nodes than the splits lead to"));
  CHECK(test::contains(told("regression 1 0\n1\n1<2 1 1\n"), "line 3: feature 1 of 1"));
  CHECK(test::contains(told("regression 1 0\n0<x 1 1\n"), "'x' where a number is needed"));
  CHECK(test::contains(told("logistic 1 1.5\n1\n"), "the base is 1.5"));
  std::string deep = "regression 1 0\n";
  for (int level = 0; level < 40; ++level) deep += "0<1 ";
  CHECK(test::contains(told(deep + "1\n"), "more than 32 levels"));
  const std::vector<BoostedTrees> folds = parse_trees("regression 2 0\n1\n");
  CHECK(test::contains(test::error_of([&] { folds[0].predict({1}); }), "1 features; 2 are needed"));
}

TEST_CASE("trees: the built-in ensembles have five folds", "[quant]") {
  CHECK(parse_trees(embedded_phase_trees()).size() == 5);
  CHECK(parse_trees(embedded_modality_trees()).size() == 5);
  CHECK(parse_trees(embedded_modality_normalised_trees()).size() == 5);
  CHECK(parse_trees(embedded_phase_trees())[4].features() == 20);
  CHECK(parse_trees(embedded_modality_trees())[4].features() == 4);
  CHECK(parse_trees(embedded_modality_normalised_trees())[4].features() == 16);
}

}  // namespace
}  // namespace musclemap::quant
