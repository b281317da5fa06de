#include "decode/amg/amg_labels.hpp"

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "decode/amg/mask_runs.hpp"
#include "support/catch.hpp"
#include "support/npy_array.hpp"
#include "support/shared_data.hpp"

namespace musclemap::decode {
namespace {

struct Proposals {
  image::PlaneShape shape{};
  std::vector<SamMask> masks;
};

Proposals proposals(const std::filesystem::path& folder) {
  const test::NpyArray logits = test::read_npy(folder / "amg.logits_x8.npy");
  const test::NpyArray iou = test::read_npy(folder / "amg.iou.npy");
  Proposals made{{logits.shape[1], logits.shape[2]}, {}};
  std::vector<float> values;
  for (const double value : logits.values) values.push_back(static_cast<float>(value / 8));
  for (std::int64_t m = 0; m < logits.shape[0]; ++m) {
    const float* map = values.data() + m * made.shape[0] * made.shape[1];
    made.masks.push_back(reduce_logits([&](std::int64_t y) { return map + y * made.shape[1]; }, made.shape));
    made.masks.back().predicted_iou = static_cast<float>(iou.values[static_cast<std::size_t>(m)]);
  }
  return made;
}

// A mask of full rows [y, y + rows) of that width, from x on.
SamMask rectangle(std::uint32_t y, std::uint32_t x, std::uint32_t rows, std::uint32_t columns, float iou) {
  SamMask mask;
  mask.predicted_iou = iou;
  mask.stability = 1;
  mask.area = std::int64_t{rows} * columns;
  mask.box = {x, y, std::int64_t{x} + columns - 1, std::int64_t{y} + rows - 1};
  for (std::uint32_t row = y; row < y + rows; ++row) mask.runs.push_back({row, x, x + columns});
  return mask;
}

TEST_CASE("amg: stability and boxes of segment-anything", "[decode]") {
  const std::filesystem::path folder = test::shared_data();
  if (folder.empty()) return;
  const Proposals made = proposals(folder / "cellpose");
  const std::vector<float> stability = test::read_npy(folder / "cellpose" / "amg.stability.npy").floats();
  const test::NpyArray boxes = test::read_npy(folder / "cellpose" / "amg.boxes_xyxy.npy");
  for (std::size_t m = 0; m < made.masks.size(); ++m) {
    CHECK(made.masks[m].stability == stability[m]);
    for (std::size_t edge = 0; edge < 4; ++edge)
      CHECK(double(made.masks[m].box[edge]) == boxes.values[4 * m + edge]);
  }
}

TEST_CASE("amg: masks kept and cells of micro-sam", "[decode]") {
  const std::filesystem::path folder = test::shared_data();
  if (folder.empty()) return;
  const Proposals made = proposals(folder / "cellpose");
  for (const bool loose : {false, true}) {
    const std::string name = loose ? "amg_loose" : "amg_default";
    AmgOptions options;
    if (loose) {
      options.pred_iou_thresh = 0.75;
      options.stability_score_thresh = 0.8;
    }
    std::vector<SamMask> masks;
    std::vector<double> places;
    for (std::size_t m = 0; m < made.masks.size(); ++m) {
      if (!keeps(made.masks[m], options)) continue;
      masks.push_back(made.masks[m]);
      places.push_back(double(m));
    }
    const std::vector<std::size_t> order = suppress_boxes(masks, options.box_nms_thresh);
    std::vector<double> kept;
    for (const std::size_t at : order) kept.push_back(places[at]);
    CHECK(kept == test::read_npy(folder / "cellpose" / (name + ".keep.npy")).values);
    const test::NpyArray expected = test::read_npy(folder / "cellpose" / (name + ".instances.npy"));
    for (const bool drop : {false, true}) {  // the background is the largest region in both
      options.drop_largest = drop;
      const AmgLabels cells = masks_to_labels(masks, order, made.shape, options);
      CHECK(std::vector<double>(cells.labels.begin(), cells.labels.end()) == expected.values);
    }
  }
}

TEST_CASE("amg: rows of logits become runs, box, area and stability", "[decode]") {
  const std::vector<float> logits{-2, 0.5F, 2, -0.5F,  //
                                  -2, -2,   0, -2,     //
                                  3,  -2,   2, 2};
  const SamMask mask = reduce_logits([&](std::int64_t y) { return logits.data() + 4 * y; }, {3, 4});
  CHECK(mask.area == 5);
  CHECK(mask.stability == 4.0F / 7.0F);
  CHECK(mask.box == std::array<std::int64_t, 4>{0, 0, 3, 2});
  REQUIRE(mask.runs.size() == 3);
  CHECK(mask.runs[2].begin == 2);
  CHECK(mask.runs[2].end == 4);
  const std::vector<float> none(4, -5.0F);
  const SamMask empty = reduce_logits([&](std::int64_t) { return none.data(); }, {3, 4});
  CHECK(std::isnan(empty.stability));
  CHECK(empty.box == std::array<std::int64_t, 4>{});
  CHECK_FALSE(keeps(empty, {0, 0, 0.7}));
}

TEST_CASE("amg: of overlapping boxes the better one stays, of equal ones the first; points stay",
          "[decode]") {
  const std::vector<SamMask> masks{rectangle(0, 0, 10, 10, 0.9F),  rectangle(0, 1, 10, 10, 0.95F),
                                   rectangle(20, 0, 10, 10, 0.9F), rectangle(20, 0, 10, 10, 0.9F),
                                   rectangle(5, 5, 1, 1, 0.5F),    rectangle(5, 5, 1, 1, 0.5F)};
  CHECK(suppress_boxes(masks, 0.7) == std::vector<std::size_t>{1, 2, 4, 5});
}

TEST_CASE("amg: smaller masks lie on larger ones, parts are cells, the largest region goes if asked",
          "[decode]") {
  const std::vector<SamMask> masks{rectangle(0, 2, 3, 1, 1), rectangle(0, 0, 3, 5, 1)};
  const AmgLabels cells = masks_to_labels(masks, {0, 1}, {4, 5}, {});
  CHECK(cells.labels ==
        std::vector<std::uint32_t>{1, 1, 2, 3, 3, 1, 1, 2, 3, 3, 1, 1, 2, 3, 3, 0, 0, 0, 0, 0});
  CHECK(cells.count == 3);
  AmgOptions as_upstream;
  as_upstream.drop_largest = true;
  const AmgLabels fewer = masks_to_labels(masks, {0, 1}, {4, 5}, as_upstream);
  CHECK(fewer.count == 2);  // the left part is as large as the right one, and comes first
  CHECK(fewer.labels ==
        std::vector<std::uint32_t>{0, 0, 1, 2, 2, 0, 0, 1, 2, 2, 0, 0, 1, 2, 2, 0, 0, 0, 0, 0});
  CHECK(masks_to_labels({}, {}, {2, 2}, {}).labels == std::vector<std::uint32_t>(4, 0));
}

}  // namespace
}  // namespace musclemap::decode
