// Flows of labels beside those of Cellpose 3.1.1.2 itself.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "decode/flows/flow_check.hpp"
#include "support/catch.hpp"
#include "support/cell_vectors.hpp"

namespace musclemap::decode {
namespace {

using test::cell_vector;
using test::CellVector;

// The labels' pixels are the foreground.
struct Labelled {
  explicit Labelled(const CellVector<std::uint32_t>& map)
      : foreground({1, map.shape[0], map.shape[1], 2}, 0) {
    std::vector<float> inside;
    for (const std::uint32_t label : map.values) {
      inside.push_back(label == 0 ? 0.0F : 1.0F);
      if (label != 0) labels.push_back(label);
      greatest = std::max(greatest, label);
    }
    const std::vector<float> none(inside.size());
    foreground.add_rows({{none.data(), none.data(), nullptr}, inside.data(), 0, map.shape[0]}, 1);
  }

  Foreground foreground;
  std::vector<std::uint32_t> labels;
  std::uint32_t greatest = 0;
};

// The largest difference of a component, over all pixels of labels; flow_of(y, x).
template <class FlowOf>
double most_apart(const CellVector<std::uint32_t>& map, const CellVector<float>& expected,
                  const FlowOf& flow_of) {
  double most = 0;
  for (std::size_t at = 0; at < map.values.size(); ++at) {
    if (map.values[at] == 0) continue;
    const auto width = static_cast<std::size_t>(map.shape[1]);
    const std::array<double, 2> flow =
        flow_of(static_cast<std::int32_t>(at / width), static_cast<std::int32_t>(at % width));
    most = std::max(most, std::abs(flow[0] - double{expected.values[at]}));
    most = std::max(most, std::abs(flow[1] - double{expected.values[at + map.values.size()]}));
  }
  return most;
}

TEST_CASE("label heat: flows of labels are Cellpose's", "[decode]") {
  if (test::shared_data().empty()) return;
  for (const std::string name : {"m2f_a", "m2f_edge"}) {
    INFO(name);
    const auto map = cell_vector<std::uint32_t>(name + ".labels");
    const auto expected = cell_vector<float>(name + ".flows_cpu");
    const auto height = static_cast<std::int32_t>(map.shape[0]);
    const auto width = static_cast<std::int32_t>(map.shape[1]);
    const std::uint32_t greatest = *std::max_element(map.values.begin(), map.values.end());
    std::size_t labels = 0;
    for (std::uint32_t label = 1; label <= greatest; ++label) {
      CellVector<std::uint32_t> own = map;
      std::vector<LabelPixel> pixels;
      LabelPixel low{height, width};
      LabelPixel high{0, 0};
      for (std::int32_t y = 0; y < height; ++y) {
        for (std::int32_t x = 0; x < width; ++x) {
          std::uint32_t& value = own.values[static_cast<std::size_t>(y * width + x)];
          if (value != label) value = 0;
          if (value == 0) continue;
          pixels.push_back({y, x});
          low = {std::min(low.y, y), std::min(low.x, x)};
          high = {std::max(high.y, y + 1), std::max(high.x, x + 1)};
        }
      }
      if (pixels.empty()) continue;
      ++labels;
      for (LabelPixel& each : pixels) each = {each.y - low.y, each.x - low.x};
      LabelHeat heat;
      heat.spread(pixels, high.y - low.y, high.x - low.x,
                  LabelHeat::steps_in(high.y - low.y, high.x - low.x));
      CHECK(most_apart(own, expected, [&](std::int32_t y, std::int32_t x) {
              return heat.flow(y - low.y, x - low.x);
            }) < 1e-6);
    }
    CHECK(labels >= 5);
  }
}

TEST_CASE("joint heat: flows of labels that touch are those of Cellpose on a GPU", "[decode]") {
  if (test::shared_data().empty()) return;
  const auto map = cell_vector<std::uint32_t>("m2f_a.labels");
  const Labelled labelled(map);
  const JointHeat heat(labelled.foreground, labelled.labels, labelled.greatest, {});
  CHECK(most_apart(map, cell_vector<float>("m2f_a.flows_gpu"),
                   [&](std::int32_t y, std::int32_t x) { return heat.flow(y, x); }) < 1e-6);
}

}  // namespace
}  // namespace musclemap::decode
