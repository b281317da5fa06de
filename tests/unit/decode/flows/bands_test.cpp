// Bands of rows change nothing.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "decode/flows/follow_flows.hpp"
#include "decode/flows/label_ends.hpp"
#include "plain_masks.hpp"
#include "support/catch.hpp"

namespace musclemap::decode {
namespace {

Foreground foreground_of(const test::Flows& flows) {
  Foreground foreground({1, flows.height, flows.width, 2}, 0);
  const float* y_flow = flows.flows.data();
  const auto rows_of = [&](std::int64_t begin, std::int64_t count) {
    const std::int64_t at = begin * flows.width;
    return FlowRows{{y_flow + at, y_flow + flows.height * flows.width + at, nullptr},
                    flows.cellprob.data() + at,
                    begin,
                    count};
  };
  const std::int64_t upper = std::min(flows.height, 2 * Foreground::kBlockRows);
  foreground.add_rows(rows_of(0, upper), 2);
  if (upper < flows.height) foreground.add_rows(rows_of(upper, flows.height - upper), 2);
  return foreground;
}

TEST_CASE("following flows: pixels that leave a band go on in the next", "[decode]") {
  test::Flows flows = test::noisy_cells(160, 50, 12, 2, 4);
  // Some walk through many bands, up and down; one swings over a border for ever.
  const std::size_t pixels = flows.cellprob.size();
  for (std::size_t y = 0; y < 160; ++y) {
    for (std::size_t x = 0; x < 10; ++x) {
      flows.cellprob[50 * y + x] = 1;
      flows.flows[50 * y + x] = x < 5 ? 4.7F : -60.0F;
      flows.flows[50 * y + x + pixels] = 0;
    }
  }
  flows.flows[50 * 8] = 5;
  flows.flows[50 * 9] = -5;
  const Foreground foreground = foreground_of(flows);
  for (const bool interp : {true, false}) {
    FollowOptions options;
    options.interp = interp;
    options.positions = true;
    options.steps = 133;
    const FlowEnds whole = follow_flows(foreground, options, {});
    CellMaskOptions plain;
    plain.niter = 133;
    plain.interp = interp;
    CHECK(whole.positions == test::PlainMasks(flows, plain).positions);
    options.band_rows = 9;
    for (const std::int64_t margin : {1, 4, 100}) {
      options.margin_rows = margin;
      const FlowEnds banded = follow_flows(foreground, options, {});
      CHECK(banded.pixels == whole.pixels);
      CHECK(banded.positions == whole.positions);
    }
  }
}

TEST_CASE("labels of ends: bands find the labels that the whole has", "[decode]") {
  const test::Flows flows = test::noisy_cells(160, 90, 12, 6, 5);
  const Foreground foreground = foreground_of(flows);
  const std::vector<std::uint32_t> ends = follow_flows(foreground, {}, {}).pixels;
  std::vector<std::uint32_t> whole = ends;
  const std::uint32_t seeds = label_ends(foreground.shape(), 160, {}, &whole);
  CHECK(seeds > 50);
  for (const std::int64_t rows : {1, 4, 7, 100}) {
    std::vector<std::uint32_t> banded = ends;
    CHECK(label_ends(foreground.shape(), rows, {}, &banded) == seeds);
    CHECK(banded == whole);
  }
}

}  // namespace
}  // namespace musclemap::decode
