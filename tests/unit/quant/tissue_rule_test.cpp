#include "quant/tissue_rule.hpp"

#include <cstdint>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::quant {
namespace {

constexpr double kMuscleMax = 10;
constexpr double kFatMin = 20;

TissueOptions options_of(int components, TissueOperators operators = TissueOperators::upstream) {
  TissueOptions options;
  options.method = TissueMethod::kmeans;
  options.components = components;
  options.operators = operators;
  return options;
}

TissueRule rule(const TissueOptions& options, double muscle_max = kMuscleMax, double fat_min = kFatMin) {
  TissueFit fit;
  fit.muscle_max = muscle_max;
  fit.fat_min = fat_min;
  return {fit, options};
}

// One voxel's cells of the table in docs/chains/metrics.md, section 7.1, in the order of its rows.
struct Cells {
  double x;
  bool muscle_share;
  bool muscle;
  bool undefined_share;
  bool undefined;
  bool fat;
  int bits;
};

void check(const TissueRule& rule, const std::vector<Cells>& table) {
  for (const Cells& cells : table) {
    INFO("x = " << cells.x);
    TissueCounts counts;
    rule.count(cells.x, &counts);
    CHECK(counts.voxels == 1);
    CHECK(counts.muscle_share == (cells.muscle_share ? 1 : 0));
    CHECK(counts.muscle == (cells.muscle ? 1 : 0));
    CHECK(counts.undefined_share == (cells.undefined_share ? 1 : 0));
    CHECK(counts.undefined == (cells.undefined ? 1 : 0));
    CHECK(counts.fat == (cells.fat ? 1 : 0));
    CHECK(counts.sum == cells.x);
    CHECK(counts.muscle_sum == (cells.muscle ? cells.x : 0));
    CHECK(static_cast<int>(rule.map_bits(cells.x)) == cells.bits);
  }
}

TEST_CASE("tissue rule: two components as upstream", "[quant]") {
  check(rule(options_of(2)), {{9, true, true, false, false, false, muscle_bit},
                              {10, true, true, false, false, false, fat_bit},
                              {11, false, false, false, false, true, fat_bit}});
}

TEST_CASE("tissue rule: three components as upstream", "[quant]") {
  check(rule(options_of(3)), {{9, true, true, false, false, false, muscle_bit},
                              {10, false, true, true, false, false, undefined_bit},
                              {11, false, false, true, true, false, undefined_bit},
                              {20, false, false, false, false, true, fat_bit},
                              {21, false, false, false, false, true, fat_bit}});
}

TEST_CASE("tissue rule: consistent operators count as the maps show", "[quant]") {
  check(rule(options_of(2, TissueOperators::consistent)), {{9, true, true, false, false, false, muscle_bit},
                                                           {10, true, true, false, false, false, muscle_bit},
                                                           {11, false, false, false, false, true, fat_bit}});
  check(rule(options_of(3, TissueOperators::consistent)),
        {{9, true, true, false, false, false, muscle_bit},
         {10, true, true, false, false, false, muscle_bit},
         {11, false, false, true, true, false, undefined_bit},
         {20, false, false, false, false, true, fat_bit},
         {21, false, false, false, false, true, fat_bit}});
}

TEST_CASE("tissue rule: muscle and fat overlap where fat begins below the end of muscle", "[quant]") {
  const int both = muscle_bit | fat_bit;
  check(rule(options_of(3), 20, 10), {{9, true, true, false, false, false, muscle_bit},
                                      {10, true, true, false, false, true, both},
                                      {19, true, true, false, false, true, both},
                                      {20, false, true, false, false, true, fat_bit},
                                      {21, false, false, false, false, true, fat_bit}});
  check(rule(options_of(3), 10, 10),
        {{9, true, true, false, false, false, muscle_bit}, {10, false, true, false, false, true, fat_bit}});
}

TEST_CASE("tissue rule: windows hold both their ends, and fat wins", "[quant]") {
  TissueOptions options = options_of(2);
  options.method = TissueMethod::hu;
  const TissueRule windows = rule(options, TissueFit::kNone, TissueFit::kNone);
  check(windows, {{-191, false, false, true, true, false, undefined_bit},
                  {-190, false, false, false, false, true, fat_bit},
                  {-30, false, false, false, false, true, fat_bit},
                  {-29.5, false, false, true, true, false, undefined_bit},
                  {-29, true, true, false, false, false, muscle_bit},
                  {150, true, true, false, false, false, muscle_bit},
                  {150.5, false, false, true, true, false, undefined_bit}});
  options.fat_range = {-190, 0};
  options.operators = TissueOperators::consistent;
  check(rule(options), {{-29, false, false, false, false, true, fat_bit},
                        {0, false, false, false, false, true, fat_bit},
                        {1, true, true, false, false, false, muscle_bit}});
}

TEST_CASE("tissue rule: a label that is not divided has voxels and their sum alone", "[quant]") {
  TissueFit fit;
  fit.status = LabelStatus::nonfinite;
  const TissueRule none(fit, options_of(3));
  CHECK_FALSE(none.divided());
  TissueCounts counts;
  none.count(5, &counts);
  CHECK(counts.voxels == 1);
  CHECK(counts.muscle + counts.undefined + counts.fat + counts.muscle_share + counts.undefined_share == 0);
  CHECK(counts.sum == 5);  // a bone has a mean
  CHECK(static_cast<int>(none.map_bits(5)) == 0);
  fit.status = LabelStatus::collapsed;
  CHECK(TissueRule(fit, options_of(3)).divided());
}

TEST_CASE("tissue rule: the last of muscle, undefined, fat wins in the combined map", "[quant]") {
  const std::vector<int> codes{0, 1, 7, 7, 4, 4, 4, 4};
  for (std::size_t bits = 0; bits < codes.size(); ++bits) {
    CHECK(static_cast<int>(combined_code(static_cast<std::uint8_t>(bits))) == codes[bits]);
  }
}

TEST_CASE("tissue rule: counts add up field by field", "[quant]") {
  TissueCounts sum{1, 2, 3, 4, 5, 6, 7, 8};
  sum += TissueCounts{10, 20, 30, 40, 50, 60, 70, 80};
  CHECK(sum.voxels == 11);
  CHECK(sum.muscle == 22);
  CHECK(sum.muscle_share == 33);
  CHECK(sum.undefined == 44);
  CHECK(sum.undefined_share == 55);
  CHECK(sum.fat == 66);
  CHECK(sum.sum == 77);
  CHECK(sum.muscle_sum == 88);
}

}  // namespace
}  // namespace musclemap::quant
