#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "musclemap/cells.hpp"
#include "plain_masks.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap {
namespace {

using test::contains;
using test::error_of;
using test::Flows;
using test::noisy_cells;
using test::PlainMasks;

RunControl threads(int count) {
  RunControl control;
  control.threads = count;
  return control;
}

TEST_CASE("cell masks: are those that the rules give, written down plainly", "[decode]") {
  for (unsigned seed = 0; seed < 6; ++seed) {
    const Flows flows =
        noisy_cells(60 + seed, 75, 11 + static_cast<float>(seed), 0.5F * static_cast<float>(seed), seed);
    CellMaskOptions options;
    options.interp = seed != 2;
    options.niter = seed == 3 ? 7.9 : 200;
    options.min_size = seed == 4 ? 0 : 15;
    options.flow_threshold = seed == 5 ? 0 : 0.4;
    CellMaskStages stages;
    const CellMasks masks = cell_masks(flows.view(), options, threads(2), &stages);
    const PlainMasks plain(flows, options);
    CHECK(stages.positions == plain.positions);
    CHECK(masks.labels == plain.labels);
    std::set<std::uint32_t> different(plain.labels.begin(), plain.labels.end());
    different.erase(0);
    CHECK(masks.count == static_cast<std::int64_t>(different.size()));
    CHECK(masks.count > 0);
  }
}

TEST_CASE("cell masks: pictures of few pixels", "[decode]") {
  for (const auto& [height, width] : {std::pair{1, 1}, {1, 40}, {40, 1}, {7, 90}, {15, 15}}) {
    for (const float period : {9.0F, 1000.0F}) {
      const Flows flows = noisy_cells(height, width, period, 1, 1);
      CHECK(cell_masks(flows.view()).labels == PlainMasks(flows, {}).labels);
    }
  }
}

TEST_CASE("cell masks: nothing but background, nothing but foreground, and no flow", "[decode]") {
  Flows flows = noisy_cells(30, 40, 10, 1, 2);
  std::fill(flows.cellprob.begin(), flows.cellprob.end(), -3.0F);
  CellMaskStages stages;
  CellMasks masks = cell_masks(flows.view(), {}, {}, &stages);
  CHECK(masks.labels == std::vector<std::uint32_t>(1200));
  CHECK(masks.count == 0);
  CHECK(stages.positions.empty());
  std::fill(flows.cellprob.begin(), flows.cellprob.end(), 3.0F);
  masks = cell_masks(flows.view());
  CHECK(masks.labels == PlainMasks(flows, {}).labels);
  CHECK(masks.count > 0);
  std::fill(flows.flows.begin(), flows.flows.end(), 0.0F);
  masks = cell_masks(flows.view());
  CHECK(masks.count == 0);
}

TEST_CASE("cell masks: a cell that is the whole picture goes unless it may be", "[decode]") {
  const Flows flows = noisy_cells(12, 12, 14, 0, 0);
  CellMaskOptions options;
  options.cellprob_threshold = -100;
  options.flow_threshold = 0;
  CHECK(cell_masks(flows.view(), options).count == 0);
  options.max_size_fraction = 1;
  const CellMasks masks = cell_masks(flows.view(), options);
  CHECK(masks.labels == std::vector<std::uint32_t>(144, 1));
  // Without a background 3.1.1.2 takes the only label for it, so that none is too small.
  options.min_size = 1000;
  CHECK(cell_masks(flows.view(), options).count == 0);
  options.compat = CellCompat::v3_1_1_2;
  CHECK(cell_masks(flows.view(), options).count == 1);
}

TEST_CASE("cell masks: the number of threads changes nothing", "[decode]") {
  const Flows flows = noisy_cells(150, 170, 13, 5, 3);
  CellMaskStages one;
  CellMaskStages three;
  CHECK(cell_masks(flows.view(), {}, threads(1), &one).labels ==
        cell_masks(flows.view(), {}, threads(3), &three).labels);
  CHECK(one.positions == three.positions);
  CHECK(one.flow_errors == three.flow_errors);
}

TEST_CASE("cell masks: 70,225 cells have numbers of their own", "[decode]") {
  constexpr std::int64_t kSide = 265 * 4;
  const auto pixels = static_cast<std::size_t>(kSide * kSide);
  Flows flows{kSide, kSide, std::vector<float>(2 * pixels), std::vector<float>(pixels, 1)};
  for (std::size_t at = 0; at < pixels; ++at) {
    flows.flows[at] = 5 * (1 - static_cast<float>(at / kSide % 4));
    flows.flows[at + pixels] = 5 * (1 - static_cast<float>(at % kSide % 4));
  }
  CellMaskOptions options;
  options.interp = false;
  options.flow_threshold = 0;
  const CellMasks masks = cell_masks(flows.view(), options);
  CHECK(masks.count == 265 * 265);
  bool right = true;
  for (std::size_t at = 0; at < pixels; ++at) {
    right = right && masks.labels[at] == at / kSide / 4 * 265 + at % kSide / 4 + 1;
  }
  CHECK(right);
}

TEST_CASE("cell masks: numbers that are none are refused with their place", "[decode]") {
  const Flows good = noisy_cells(9, 8, 8, 0, 0);
  Flows flows = good;
  flows.flows[72 + 3 * 8 + 5] = std::numeric_limits<float>::quiet_NaN();
  CHECK(error_of([&] { cell_masks(flows.view()); }) ==
        "argument/nonfinite: the x flow at y 3, x 5 is NaN; finite numbers are allowed");
  flows = good;
  flows.flows[8] = -std::numeric_limits<float>::infinity();
  CHECK(contains(error_of([&] { cell_masks(flows.view()); }), "the y flow at y 1, x 0 is infinite"));
  flows = good;
  flows.cellprob[71] = std::numeric_limits<float>::quiet_NaN();
  CHECK(contains(error_of([&] { cell_masks(flows.view()); }), "the cell logit at y 8, x 7 is NaN"));
  flows.cellprob[71] = -std::numeric_limits<float>::infinity();
  CHECK_NOTHROW(cell_masks(flows.view()));
}

TEST_CASE("cell masks: options and shapes that are not allowed", "[decode]") {
  const Flows flows = noisy_cells(9, 8, 8, 0, 0);
  CellMaskOptions options;
  options.niter = -1;
  CHECK(contains(error_of([&] { cell_masks(flows.view(), options); }), "options.niter is -1; 0 to 1"));
  options = {};
  options.max_size_fraction = std::numeric_limits<double>::quiet_NaN();
  CHECK(contains(error_of([&] { cell_masks(flows.view(), options); }), "options.max_size_fraction is nan"));
  CellFlows none = flows.view();
  none.width = 0;
  CHECK(contains(error_of([&] { cell_masks(none); }), "flows.width is 0; 1 to"));
  none = flows.view();
  none.height = none.width = 50000;
  CHECK(contains(error_of([&] { cell_masks(none); }), "argument/limit: the flows have 2500000000 pixels"));
}

TEST_CASE("cell masks: a cancelled call ends", "[decode]") {
  const Flows flows = noisy_cells(30, 30, 10, 0, 0);
  RunControl control;
  control.cancel.cancel();
  CHECK(contains(error_of([&] { cell_masks(flows.view(), {}, control); }), "cancelled/cancelled"));
}

}  // namespace
}  // namespace musclemap
