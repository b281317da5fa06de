#include "quant/cells/cell_volume_table.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "quant/table/label_columns.hpp"

namespace musclemap::quant {
namespace {

constexpr std::int64_t kVolumeDecimals = 3;

struct CellSums {
  std::int64_t voxels = 0;
  double x = 0;
  double y = 0;
  double z = 0;
  std::int64_t last_section = -1;
  std::int64_t sections = 0;
  bool at_border = false;
};

using SumsOfCells = std::map<std::uint32_t, CellSums>;

// One frame.
class StackOfCells {
 public:
  StackOfCells(const CellStackLabels& cells, std::int64_t frame)
      : height_(cells.planes.height),
        width_(cells.planes.width),
        sections_(cells.sections),
        labels_(cells.planes.labels + frame * sections_ * height_ * width_) {}

  SumsOfCells sums() const {
    SumsOfCells all;
    for_voxels([&](std::uint32_t label, std::int64_t z, std::int64_t y, std::int64_t x) {
      CellSums& cell = all[label];
      ++cell.voxels;
      cell.x += static_cast<double>(x);
      cell.y += static_cast<double>(y);
      cell.z += static_cast<double>(z);
      if (cell.last_section != z) ++cell.sections;
      cell.last_section = z;
      cell.at_border = cell.at_border || x == 0 || y == 0 || z == 0 || x == width_ - 1 || y == height_ - 1 ||
                       z == sections_ - 1;
    });
    return all;
  }

  // Of one channel, by label; `first` is the number of the stack's first page.
  std::map<std::uint32_t, std::vector<double>> values(const CellChannel& channel, std::int64_t first) const {
    std::map<std::uint32_t, std::vector<double>> all;
    std::vector<double> page(static_cast<std::size_t>(height_ * width_));
    for (std::int64_t z = 0; z < sections_; ++z) {
      channel.read(first + z, page.data());
      const std::uint32_t* labels = labels_ + z * height_ * width_;
      for (std::size_t n = 0; n < page.size(); ++n) {
        if (labels[n] > 0) all[labels[n]].push_back(page[n]);
      }
    }
    return all;
  }

 private:
  template <class Body>
  void for_voxels(const Body& body) const {
    const std::uint32_t* label = labels_;
    for (std::int64_t z = 0; z < sections_; ++z) {
      for (std::int64_t y = 0; y < height_; ++y) {
        for (std::int64_t x = 0; x < width_; ++x, ++label) {
          if (*label > 0) body(*label, z, y, x);
        }
      }
    }
  }

  std::int64_t height_;
  std::int64_t width_;
  std::int64_t sections_;
  const std::uint32_t* labels_;
};

double mean_value(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double median_value(std::vector<double>* values) {
  const auto middle = values->begin() + static_cast<std::ptrdiff_t>(values->size() / 2);
  std::nth_element(values->begin(), middle, values->end());
  if (values->size() % 2 == 1) return *middle;
  return (*std::max_element(values->begin(), middle) + *middle) / 2;
}

std::vector<Column> empty_columns(double voxel_um3, const std::vector<CellChannel>& channels) {
  ColumnList list;
  list.integer("frame", "Frame", "", "Number of the frame, from 0");
  list.integer("label", "Label", "", "Number of the cell");
  list.integer("volume_voxels", "Volume (voxels)", "voxels", "Voxels of the cell");
  if (voxel_um3 > 0) list.real("volume_um3", "Volume (µm³)", "um3", "Volume of the cell");
  list.real("centroid_x", "Centroid x (pixels)", "pixels",
            "Mean of the voxels' x, 0 in the middle of the first");
  list.real("centroid_y", "Centroid y (pixels)", "pixels",
            "Mean of the voxels' y, 0 in the middle of the first");
  list.real("centroid_z", "Centroid z (sections)", "sections", "Mean of the voxels' section, from 0");
  list.integer("sections", "Sections", "", "Sections that the cell is in");
  list.integer("touches_border", "Touches border", "", "1 where a voxel lies at the border of the stack");
  for (std::size_t n = 0; n < channels.size(); ++n) {
    const std::string number = std::to_string(n);
    const std::string name = channels[n].name.empty() ? "channel " + number : channels[n].name;
    list.real(("mean_" + number).c_str(), ("Mean of " + name).c_str(), "", "Mean intensity of the channel");
    list.real(("median_" + number).c_str(), ("Median of " + name).c_str(), "",
              "Median intensity of the channel");
  }
  std::vector<Column> columns = list.take();
  for (Column& column : columns) column.decimals = kVolumeDecimals;
  return columns;
}

}  // namespace

MetricsTable cell_volume_table(const CellStackLabels& cells, const std::vector<CellChannel>& channels) {
  const double voxel_um3 =
      cells.planes.pixel_size_x_um * cells.planes.pixel_size_y_um * cells.pixel_size_z_um;
  std::vector<Column> columns = empty_columns(voxel_um3, channels);
  for (std::int64_t t = 0; t < cells.planes.frames; ++t) {
    const StackOfCells stack(cells, t);
    const SumsOfCells found = stack.sums();
    std::size_t next = 0;
    for (const auto& [label, cell] : found) {
      const auto voxels = static_cast<double>(cell.voxels);
      std::vector<double> row = {static_cast<double>(t), static_cast<double>(label), voxels};
      if (voxel_um3 > 0) row.push_back(voxels * voxel_um3);
      for (const double value : {cell.x / voxels, cell.y / voxels, cell.z / voxels,
                                 static_cast<double>(cell.sections), cell.at_border ? 1.0 : 0.0}) {
        row.push_back(value);
      }
      for (std::size_t n = 0; n < row.size(); ++n) columns[n].values.push_back(row[n]);
      next = row.size();
    }
    for (std::size_t channel = 0; channel < channels.size() && !found.empty(); ++channel) {
      for (auto& [label, values] : stack.values(channels[channel], t * cells.sections)) {
        columns[next + 2 * channel].values.push_back(mean_value(values));
        columns[next + 2 * channel + 1].values.push_back(median_value(&values));
      }
    }
  }
  return MetricsTable(std::move(columns));
}

}  // namespace musclemap::quant
