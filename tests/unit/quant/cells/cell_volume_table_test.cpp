#include "quant/cells/cell_volume_table.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::quant {
namespace {

std::vector<double> column_of(const MetricsTable& table, const std::string& name) {
  for (const MetricsTable::Column& each : table.columns()) {
    if (each.name == name) return each.values;
  }
  return {};
}

TEST_CASE("cell volume table: volumes, places and intensities of cells in stacks", "[quant]") {
  // Two frames of three sections of 2 x 3.
  const std::vector<std::uint32_t> labels{
      0, 2, 2, 0, 0, 0,  //
      0, 2, 0, 0, 0, 0,  //
      0, 0, 0, 0, 0, 1,  //
      0, 0, 0, 0, 0, 0,  //
      0, 0, 0, 0, 0, 0,  //
      7, 0, 0, 0, 0, 0,
  };
  const CellChannel channel{"green", [](std::int64_t page, double* to) {
                              for (int n = 0; n < 6; ++n) to[n] = 10.0 * static_cast<double>(page) + n;
                            }};
  const CellStackLabels cells{{labels.data(), 2, 2, 3, 0.5, 0.25}, 3, 2};
  const MetricsTable table = cell_volume_table(cells, {channel});
  CHECK(column_of(table, "frame") == std::vector<double>{0, 0, 1});
  CHECK(column_of(table, "label") == std::vector<double>{1, 2, 7});
  CHECK(column_of(table, "volume_voxels") == std::vector<double>{1, 3, 1});
  CHECK(column_of(table, "volume_um3") == std::vector<double>{0.25, 0.75, 0.25});
  CHECK(column_of(table, "centroid_x") == std::vector<double>{2, 4.0 / 3, 0});
  CHECK(column_of(table, "centroid_y") == std::vector<double>{1, 0, 0});
  CHECK(column_of(table, "centroid_z") == std::vector<double>{2, 1.0 / 3, 2});
  CHECK(column_of(table, "sections") == std::vector<double>{1, 2, 1});
  CHECK(column_of(table, "touches_border") == std::vector<double>{1, 1, 1});
  CHECK(column_of(table, "mean_0") == std::vector<double>{25, 14.0 / 3, 50});
  CHECK(column_of(table, "median_0") == std::vector<double>{25, 2, 50});
  const MetricsTable unknown = cell_volume_table({{labels.data(), 2, 2, 3, 0.5, 0.25}, 3, 0}, {});
  CHECK(column_of(unknown, "volume_um3").empty());
}

}  // namespace
}  // namespace musclemap::quant
