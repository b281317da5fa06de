#include "infer/cell_tiles.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/npy_array.hpp"
#include "support/shared_data.hpp"

namespace musclemap::infer {
namespace {

/// Flows that are the values of the first channel, so that tiles agree about every pixel; flips turn flows.
class EchoEngine : public Engine {
 public:
  const std::string& name() const override { return name_; }
  void run(const float* /*windows*/, const std::vector<std::int64_t>& /*shape*/,
           std::int64_t /*out_channels*/, float* /*logits*/) override {}
  std::vector<net::Tensor> run_ports(const std::vector<net::Tensor>& inputs) override {
    const net::Tensor& image = inputs[0];
    largest_batch = std::max(largest_batch, image.shape[0]);
    const auto pixels = static_cast<std::size_t>(image.shape[2] * image.shape[3]);
    net::Tensor scores{{image.shape[0], 3, image.shape[2], image.shape[3]}, {}};
    net::Tensor style{{image.shape[0], 2}, {}};
    for (std::int64_t tile = 0; tile < image.shape[0]; ++tile) {
      const auto begin = image.values.begin() + tile * image.shape[1] * static_cast<std::int64_t>(pixels);
      for (int map = 0; map < 3; ++map)
        scores.values.insert(scores.values.end(), begin, begin + static_cast<std::ptrdiff_t>(pixels));
      style.values.insert(style.values.end(), {3, 4});
    }
    return {scores, style};
  }
  std::int64_t largest_batch = 0;

 private:
  std::string name_ = "echo";
};

image::FloatPlane waves(std::int64_t height, std::int64_t width) {
  image::FloatPlane plane(height, width);
  for (std::size_t i = 0; i < plane.values.size(); ++i)
    plane.values[i] = std::sin(static_cast<float>(i) * 0.37F);
  return plane;
}

TEST_CASE("cell tiles: what all tiles agree about comes out, whatever the size", "[infer]") {
  for (const auto& [height, width] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {1, 1}, {15, 15}, {7, 300}, {223, 224}, {225, 500}}) {
    CAPTURE(height, width);
    const image::FloatPlane plane = waves(height, width);
    EchoEngine engine;
    CellTiling tiling;
    tiling.batch = 3;
    std::int64_t tiles = 0;
    const CellScores found =
        score_cells(&engine, {plane, plane}, tiling, [&](std::int64_t done, std::int64_t total) {
          CHECK(done <= total);
          tiles = done;
        });
    CHECK(tiles >= 1);
    CHECK(engine.largest_batch <= 3);
    CHECK(found.style[0] == Approx(0.6));
    for (const image::FloatPlane& map : found.maps) {
      REQUIRE(map.values.size() == plane.values.size());
      double largest = 0;
      for (std::size_t i = 0; i < map.values.size(); ++i) {
        largest = std::max(largest, static_cast<double>(std::abs(map.values[i] - plane.values[i])));
      }
      CHECK(largest < 1e-6);
    }
  }
}

TEST_CASE("cell tiles: flipped tiles are turned back and flows with them", "[infer]") {
  image::FloatPlane plane(40, 50);
  plane.values.assign(plane.values.size(), 1);
  EchoEngine engine;
  CellTiling tiling;
  tiling.augment = true;
  tiling.tile = 64;
  const CellScores found = score_cells(&engine, {plane, plane}, tiling, {});
  const image::FloatPlane& logit = found.maps[2];
  CHECK(std::all_of(logit.values.begin(), logit.values.end(),
                    [](float value) { return std::abs(value - 1) < 1e-6F; }));
  // Tiles that were flipped say -1 of the flow, as many as those that were not.
  CHECK(found.maps[0].values[0] != Approx(1));
  tiling.augment = false;
  CHECK(score_cells(&engine, {plane, plane}, tiling, {}).maps[0].values[0] == Approx(1));
}

TEST_CASE("cell tiles: how many tiles go at once changes nothing", "[infer]") {
  const image::FloatPlane plane = waves(300, 410);
  EchoEngine engine;
  CellTiling tiling;
  tiling.tile = 96;
  tiling.batch = 1;
  const CellScores one = score_cells(&engine, {plane, plane}, tiling, {});
  tiling.batch = 7;
  const CellScores seven = score_cells(&engine, {plane, plane}, tiling, {});
  for (std::size_t map = 0; map < 3; ++map) CHECK(one.maps[map].values == seven.maps[map].values);
  CHECK(one.style == seven.style);
}

TEST_CASE("cell tiles: a network that gives something else is refused", "[infer]") {
  class NoStyle : public EchoEngine {
   public:
    std::vector<net::Tensor> run_ports(const std::vector<net::Tensor>& inputs) override {
      return {EchoEngine::run_ports(inputs)[0]};
    }
  } engine;
  const image::FloatPlane plane = waves(10, 10);
  CHECK_THROWS_AS(score_cells(&engine, {plane, plane}, {}, {}), Error);
}

TEST_CASE("cell tiles: padding, tiles and taper are those of Cellpose", "[infer]") {
  const std::filesystem::path data = test::shared_data();
  if (data.empty()) return;
  const std::filesystem::path folder = data / "cellpose";
  std::ifstream file(folder / "manifest.json");
  const nlohmann::json manifest = nlohmann::json::parse(file);
  for (const auto& [size, pads] : manifest.at("pads").items()) {
    CAPTURE(size);
    const CellPadding y = cell_padding(std::stoll(size));
    const CellPadding x = cell_padding(std::stoll(size.substr(size.find('x') + 1)));
    CHECK(pads == nlohmann::json{y.before, y.after, x.before, x.after});
  }
  for (const nlohmann::json& each : manifest.at("tiles")) {
    CAPTURE(each.at("Ly"), each.at("Lx"));
    CellTiling tiling;
    tiling.tile = each.at("bsize");
    tiling.overlap = each.at("overlap");
    tiling.augment = each.at("augment");
    const CellTileAxis y = cell_tile_axis(each.at("Ly"), tiling);
    const CellTileAxis x = cell_tile_axis(each.at("Lx"), tiling);
    CHECK(each.at("tile") == nlohmann::json{y.tile, x.tile});
    CHECK(each.at("padded") == nlohmann::json{y.padded, x.padded});
    nlohmann::json down;
    nlohmann::json across;
    for (const std::int64_t top : y.starts) {
      for (const std::int64_t left : x.starts) {
        down.push_back({top, top + y.tile});
        across.push_back({left, left + x.tile});
      }
    }
    CHECK(each.at("ysub") == down);
    CHECK(each.at("xsub") == across);
  }
  const auto difference = [&](const char* name, std::int64_t height, std::int64_t width) {
    const test::NpyArray expected = test::read_npy(folder / name);
    const std::vector<double> y = cell_taper(height, std::max(height, width));
    const std::vector<double> x = cell_taper(width, std::max(height, width));
    double largest = 0;
    for (std::int64_t i = 0; i < expected.shape[0]; ++i) {
      for (std::int64_t j = 0; j < expected.shape[1]; ++j) {
        const double value = y[static_cast<std::size_t>(i)] * x[static_cast<std::size_t>(j)];
        largest = std::max(
            largest, std::abs(value - expected.values[static_cast<std::size_t>(i * expected.shape[1] + j)]));
      }
    }
    return largest;
  };
  CHECK(difference("taper.t224.npy", 224, 224) < 1e-7);
  CHECK(difference("taper.t96x160.npy", 96, 160) < 1e-7);
}

}  // namespace
}  // namespace musclemap::infer
