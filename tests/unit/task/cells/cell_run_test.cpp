// Pictures in bands, beside a judge that holds everything.
#include "task/cells/cell_run.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "image/resample/opencv_resize.hpp"
#include "musclemap/cells.hpp"
#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "task/cells/cell_planes.hpp"

namespace musclemap::task {
namespace {

using Planes = std::vector<image::FloatPlane>;

/// A network that says what it sees: the picture has its flows and logits as channels.
class SeenEngine : public infer::Engine {
 public:
  const std::string& name() const override { return name_; }
  void run(const float* /*windows*/, const std::vector<std::int64_t>& /*shape*/,
           std::int64_t /*out_channels*/, float* /*logits*/) override {}
  std::vector<net::Tensor> run_ports(const std::vector<net::Tensor>& inputs) override {
    if (between_) between_();
    ++runs;
    net::Tensor style{{inputs[0].shape[0], 2}, {}};
    for (std::int64_t n = 0; n < inputs[0].shape[0]; ++n) style.values.insert(style.values.end(), {3, 4});
    return {inputs[0], style};
  }
  void set_between_layers(const std::function<void()>& between) override { between_ = between; }
  bool may_be_stopped() const { return static_cast<bool>(between_); }
  int runs = 0;

 private:
  std::string name_ = "seen";
  std::function<void()> between_;
};

/// Square cells in a grid, whose flows point to their centres.
Planes squares(std::int64_t height, std::int64_t width, std::int64_t side, std::int64_t gap) {
  Planes planes(3, image::FloatPlane(height, width));
  const std::int64_t pitch = side + gap;
  const std::int64_t centre = (side - 1) / 2;
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      const bool whole = y / pitch * pitch + side <= height && x / pitch * pitch + side <= width;
      const bool cell = y % pitch < side && x % pitch < side && whole;
      planes[0].row(y)[x] = cell ? 1.5F * static_cast<float>(centre - y % pitch) : 0;
      planes[1].row(y)[x] = cell ? 1.5F * static_cast<float>(centre - x % pitch) : 0;
      planes[2].row(y)[x] = cell ? 4.0F : -4.0F;
    }
  }
  return planes;
}

/// Sums of all tiles over the whole padded picture.
Planes merged(const Planes& seen, const infer::CellTiling& tiling) {
  const std::int64_t height = seen[0].height;
  const std::int64_t width = seen[0].width;
  const infer::CellPadding pad_y = infer::cell_padding(height);
  const infer::CellPadding pad_x = infer::cell_padding(width);
  const infer::CellTileAxis down = infer::cell_tile_axis(pad_y.before + height + pad_y.after, tiling);
  const infer::CellTileAxis across = infer::cell_tile_axis(pad_x.before + width + pad_x.after, tiling);
  const std::int64_t longest = std::max(down.tile, across.tile);
  const std::vector<double> taper_y = infer::cell_taper(down.tile, longest);
  const std::vector<double> taper_x = infer::cell_taper(across.tile, longest);
  Planes maps;
  for (const image::FloatPlane& plane : seen) {
    image::FloatPlane sums(down.padded, across.padded);
    for (const std::int64_t top : down.starts) {
      for (const std::int64_t left : across.starts) {
        for (std::int64_t j = 0; j < down.tile; ++j) {
          for (std::int64_t i = 0; i < across.tile; ++i) {
            const std::int64_t y = top + j - pad_y.before;
            const std::int64_t x = left + i - pad_x.before;
            const bool inside = y >= 0 && y < height && x >= 0 && x < width;
            const double weight = taper_x[static_cast<std::size_t>(i)] * taper_y[static_cast<std::size_t>(j)];
            float& sum = sums.row(top + j)[left + i];
            sum = static_cast<float>(static_cast<double>(sum) +
                                     static_cast<double>(inside ? plane.row(y)[x] : 0.0F) * weight);
          }
        }
      }
    }
    const auto weight_at = [](const infer::CellTileAxis& axis, const std::vector<double>& taper,
                              std::int64_t at) {
      double weight = 0;
      for (const std::int64_t start : axis.starts) {
        if (at >= start && at < start + axis.tile) weight += taper[static_cast<std::size_t>(at - start)];
      }
      return weight;
    };
    image::FloatPlane map(height, width);
    for (std::int64_t y = 0; y < height; ++y) {
      for (std::int64_t x = 0; x < width; ++x) {
        const double weight =
            weight_at(across, taper_x, x + pad_x.before) * weight_at(down, taper_y, y + pad_y.before);
        map.row(y)[x] =
            static_cast<float>(static_cast<double>(sums.row(y + pad_y.before)[x + pad_x.before]) / weight);
      }
    }
    maps.push_back(std::move(map));
  }
  return maps;
}

Planes resized(const Planes& planes, std::int64_t height, std::int64_t width) {
  Planes result;
  for (const image::FloatPlane& plane : planes) {
    result.push_back(image::resize_linear(plane, height, width, 1));
  }
  return result;
}

/// In one piece.
struct Whole {
  std::vector<float> flows;
  std::vector<float> cellprob;
  CellMasks masks;
};
Whole in_one_piece(const Planes& planes, const CellPass& pass) {
  const std::int64_t height = planes[0].height;
  const std::int64_t width = planes[0].width;
  Planes maps = merged(resized(planes, pass.scale.scaled(height), pass.scale.scaled(width)), pass.tiling);
  if (pass.resample) maps = resized(maps, height, width);
  Whole whole;
  whole.flows = maps[0].values;
  whole.flows.insert(whole.flows.end(), maps[1].values.begin(), maps[1].values.end());
  whole.cellprob = maps[2].values;
  whole.masks = cell_masks({whole.flows.data(), whole.cellprob.data(), 0, maps[0].height, maps[0].width},
                           pass.mask_options);
  return whole;
}

CellPass pass_of(double scale) {
  CellPass pass;
  pass.scale = {scale, false};
  pass.tiling.tile = 64;
  pass.keep_flows = true;
  pass.mask_options.flow_threshold = 1;
  return pass;
}

TEST_CASE("cell run: bands give what one piece gives, whatever the size, scale and threads", "[task]") {
  for (const auto& [height, width] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {1, 1}, {15, 15}, {7, 90}, {223, 225}, {530, 170}}) {
    for (const double scale : {1.0, 0.6, 1.7}) {
      for (const bool augment : {false, true}) {
        CAPTURE(height, width, scale, augment);
        const Planes planes = squares(height, width, 9, 3);
        CellPass pass = pass_of(scale);
        pass.tiling.augment = augment;
        if (pass.scale.scaled(height) < 1) continue;
        SeenEngine engine;
        RunControl one;
        one.threads = 1;
        RunControl two;
        two.threads = 2;
        const CellResult found = run_cells(&engine, planes, pass, one, nullptr);
        CHECK_FALSE(engine.may_be_stopped());
        CellStages stages;
        const CellResult again = run_cells(&engine, planes, pass, two, &stages);
        CHECK(found.flows == again.flows);
        CHECK(found.cellprob == again.cellprob);
        CHECK(found.masks.labels == again.masks.labels);
        CHECK(found.style == again.style);
        CHECK(stages.network.size() ==
              static_cast<std::size_t>(3 * pass.scale.scaled(height) * pass.scale.scaled(width)));
        if (augment) continue;  // the judge turns nothing
        const Whole whole = in_one_piece(planes, pass);
        CHECK(found.flows == whole.flows);
        CHECK(found.cellprob == whole.cellprob);
        CHECK(found.masks.labels == whole.masks.labels);
        if (height > 200) CHECK(found.masks.count > 100);
        pass.keep_flows = false;
        const CellResult lean = run_cells(&engine, planes, pass, two, nullptr);
        CHECK(lean.flows.empty());
        CHECK(lean.cellprob.empty());
        CHECK(lean.masks.labels == whole.masks.labels);
      }
    }
  }
}

TEST_CASE("cell run: labels of the network's size come to the picture's", "[task]") {
  const Planes planes = squares(300, 200, 12, 4);
  CellPass pass = pass_of(0.75);
  pass.resample = false;
  pass.mask_options.min_size = -1;
  SeenEngine engine;
  const CellResult found = run_cells(&engine, planes, pass, {}, nullptr);
  const Whole whole = in_one_piece(planes, pass);
  CHECK(found.flow_height == 225);
  CHECK(found.flows == whole.flows);
  CHECK(found.masks.labels == image::resize_nearest(whole.masks.labels.data(), 225, 150, 300, 200));
}

TEST_CASE("cell run: pictures without cells, without background and of one value", "[task]") {
  Planes planes(3, image::FloatPlane(100, 130));
  CellPass pass = pass_of(1);
  SeenEngine engine;
  CellResult found = run_cells(&engine, planes, pass, {}, nullptr);
  CHECK(found.masks.count == 0);
  CHECK(found.masks.labels == std::vector<std::uint32_t>(13000));
  planes[2].values.assign(13000, 5);
  found = run_cells(&engine, planes, pass, {}, nullptr);
  CHECK(found.masks.labels == in_one_piece(planes, pass).masks.labels);
}

TEST_CASE("cell run: a limit is heard of when the cells are there, and a cancel within a tile", "[task]") {
  Planes planes = squares(600, 600, 30, 2);
  CellPass pass = pass_of(1);
  pass.keep_flows = false;
  const CellPassMemory memory = cell_pass_memory(600, 600, 3, pass);
  CHECK(memory.at(0) < memory.at(1));
  SeenEngine engine;
  RunControl control;
  control.memory_budget = memory.at(0.25);
  const std::string error = test::error_of([&] { run_cells(&engine, planes, pass, control, nullptr); });
  CHECK(test::contains(error, "the cells of this picture need"));
  CHECK(test::contains(error, "the memory limit is " + std::to_string(control.memory_budget)));
  planes[2].values.assign(planes[2].values.size(), -1);
  CHECK(run_cells(&engine, planes, pass, control, nullptr).masks.count == 0);

  engine.runs = 0;
  RunControl cancelled;
  cancelled.on_progress = [&](const Progress&) { cancelled.cancel.cancel(); };
  CHECK(test::contains(test::error_of([&] { run_cells(&engine, planes, pass, cancelled, nullptr); }),
                       "cancelled"));
  CHECK(engine.runs == 1);
  CHECK_FALSE(engine.may_be_stopped());
}

TEST_CASE("cell planes: rows of a channel are those of the picture, upside down too", "[task]") {
  std::vector<std::uint16_t> values(2 * 700 * 30);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::uint16_t>(i * 7919 % 65536);
  StackGeometry geometry;
  geometry.shape = {1, 2, 1, 700, 30};
  const std::int64_t row = 2 * 30;
  const ImageStack turned = ImageStack::borrow(static_cast<const void*>(values.data() + 699 * 30), geometry,
                                               DType::u16, {0, 700 * row, 0, -row, 2});
  StackReader reader(turned);
  const auto at = [&](std::int64_t c, std::int64_t y, std::int64_t x) {
    return static_cast<float>(values[static_cast<std::size_t>((c * 700 + 699 - y) * 30 + x)]);
  };
  const Planes mean = cell_planes(turned, {0, 0}, 2);
  CHECK(image::all_rows(*channel_rows(reader, 0))[0].values == mean[0].values);
  const Planes second = cell_planes(turned, {2, 1}, 2);
  bool equal = true;
  for (std::int64_t y = 0; y < 700; ++y) {
    for (std::int64_t x = 0; x < 30; ++x) {
      equal = equal && mean[0].row(y)[x] == (at(0, y, x) + at(1, y, x)) / 2 && mean[1].row(y)[x] == 0;
      equal = equal && second[0].row(y)[x] == at(1, y, x) && second[1].row(y)[x] == at(0, y, x);
    }
  }
  CHECK(equal);
}

}  // namespace
}  // namespace musclemap::task
