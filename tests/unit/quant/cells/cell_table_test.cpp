#include "quant/cells/cell_table.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::quant {
namespace {

std::vector<std::uint32_t> drawn(const std::vector<std::string>& rows) {
  std::vector<std::uint32_t> labels;
  for (const std::string& row : rows) {
    for (const char each : row) labels.push_back(each == '.' ? 0 : static_cast<std::uint32_t>(each - '0'));
  }
  return labels;
}

const std::vector<double>& column(const MetricsTable& table, const std::string& name) {
  for (const MetricsTable::Column& each : table.columns()) {
    if (each.name == name) return each.values;
  }
  FAIL("no column " << name);
  return table.columns().front().values;
}

void check_near(const std::vector<double>& found, const std::vector<double>& wanted) {
  REQUIRE(found.size() == wanted.size());
  for (std::size_t n = 0; n < found.size(); ++n) {
    CAPTURE(n, found[n], wanted[n]);
    CHECK(std::fabs(found[n] - wanted[n]) <= 1e-9 * std::max(1.0, std::fabs(wanted[n])));
  }
}

const std::vector<std::string> kPicture = {"..........", ".111111...", ".1111111..", ".11..11..3",
                                           ".111111.22", "..1111..22", ".......2..", "........2."};

TEST_CASE("cell table: size, place and form, as scikit-image's regionprops has them", "[quant]") {
  const auto labels = drawn(kPicture);
  const CellLabels cells{labels.data(), 1, 8, 10, 0, 0};
  const MetricsTable table = cell_table(cells, {});
  CHECK(table.row_count() == 3);
  check_near(column(table, "label"), {1, 2, 3});
  check_near(column(table, "area_px"), {27, 6, 1});
  check_near(column(table, "centroid_x"), {3.6296296296296298, 8.166666666666666, 9});
  check_near(column(table, "centroid_y"), {2.814814814814815, 5.166666666666667, 3});
  check_near(column(table, "perimeter_px"), {18.86396103067893, 5.414213562373095, 0});
  check_near(column(table, "major_axis_px"), {7.160894741181179, 4.555426849762289, 0});
  check_near(column(table, "minor_axis_px"), {5.542458211073742, 2.2418438826650284, 0});
  check_near(column(table, "touches_border"), {0, 1, 1});
}

TEST_CASE("cell table: lengths and areas in micrometres where pixels have sizes", "[quant]") {
  const auto labels = drawn({"11", "11"});
  const MetricsTable square = cell_table({labels.data(), 1, 2, 2, 0.5, 0.5}, {});
  check_near(column(square, "area_um2"), {1});
  check_near(column(square, "perimeter_um"), {2});
  check_near(column(square, "major_axis_um"), {1});
  const MetricsTable oblong = cell_table({labels.data(), 1, 2, 2, 0.5, 2}, {});
  check_near(column(oblong, "area_um2"), {4});
  check_near(column(oblong, "perimeter_px"), {4});
}

TEST_CASE("cell table: intensities of each channel, frame by frame", "[quant]") {
  const auto labels = drawn({"1122", "1.2.", "....", ".5.."});
  const auto channel = [](double factor) {
    return [factor](std::int64_t frame, double* to) {
      for (int n = 0; n < 8; ++n) to[n] = factor * (8.0 * static_cast<double>(frame) + n * n);
    };
  };
  const CellLabels cells{labels.data(), 2, 2, 4, 0, 0};
  const MetricsTable table = cell_table(cells, {{"DAPI", channel(1)}, {"", channel(10)}});
  check_near(column(table, "frame"), {0, 0, 1});
  check_near(column(table, "label"), {1, 2, 5});
  check_near(column(table, "mean_0"), {17.0 / 3, 49.0 / 3, 33});
  check_near(column(table, "median_0"), {1, 9, 33});
  check_near(column(table, "median_1"), {10, 90, 330});
  CHECK(table.columns().at(9).title == "Mean of DAPI");
  CHECK(table.columns().at(11).title == "Mean of channel 1");
}

TEST_CASE("cell table: no cells give no rows, an even number of pixels the middle of two", "[quant]") {
  const std::vector<std::uint32_t> none(6, 0);
  const CellChannel channel{"", [](std::int64_t, double* to) { std::fill_n(to, 6, 1.0); }};
  CHECK(cell_table({none.data(), 1, 2, 3, 1, 1}, {channel}).row_count() == 0);
  const auto labels = drawn({"1111"});
  const CellChannel values{"", [](std::int64_t, double* to) {
                             to[0] = 9;
                             to[1] = 1;
                             to[2] = 4;
                             to[3] = 2;
                           }};
  check_near(column(cell_table({labels.data(), 1, 1, 4, 0, 0}, {values}), "median_0"), {3});
}

}  // namespace
}  // namespace musclemap::quant
