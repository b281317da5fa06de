#include "quant/cells/cell_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "quant/table/label_columns.hpp"

namespace musclemap::quant {
namespace {

constexpr std::int64_t kTableDecimals = 3;

// A cell of one frame.
struct Cell {
  std::uint32_t label = 0;
  std::vector<std::int64_t> pixels;  // their places in the frame, rising
};

struct CellForm {
  double x = 0;
  double y = 0;
  double perimeter = 0;
  double major_axis = 0;
  double minor_axis = 0;
  bool at_border = false;
};

class Frame {
 public:
  Frame(const CellLabels& cells, std::int64_t frame)
      : labels_(cells.labels + frame * cells.height * cells.width),
        height_(cells.height),
        width_(cells.width) {}

  // By label.
  std::vector<Cell> cells() const {
    std::vector<std::pair<std::uint32_t, std::int64_t>> pixels;
    for (std::int64_t n = 0; n < height_ * width_; ++n) {
      if (labels_[n] > 0) pixels.emplace_back(labels_[n], n);
    }
    std::sort(pixels.begin(), pixels.end());
    std::vector<Cell> cells;
    for (const auto& [label, pixel] : pixels) {
      if (cells.empty() || cells.back().label != label) cells.push_back({label, {}});
      cells.back().pixels.push_back(pixel);
    }
    return cells;
  }

  CellForm form_of(const Cell& cell) const {
    CellForm form;
    const auto count = static_cast<double>(cell.pixels.size());
    // From the first pixel, so that squares stay small.
    const std::int64_t x0 = cell.pixels[0] % width_;
    const std::int64_t y0 = cell.pixels[0] / width_;
    double x_sum = 0;
    double y_sum = 0;
    for (const std::int64_t pixel : cell.pixels) {
      const std::int64_t x = pixel % width_;
      const std::int64_t y = pixel / width_;
      x_sum += static_cast<double>(x - x0);
      y_sum += static_cast<double>(y - y0);
      form.at_border = form.at_border || x == 0 || y == 0 || x == width_ - 1 || y == height_ - 1;
      form.perimeter += length_at(y, x, cell.label);
    }
    const double x_mean = x_sum / count;
    const double y_mean = y_sum / count;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (const std::int64_t pixel : cell.pixels) {
      const std::int64_t column = pixel % width_ - x0;
      const std::int64_t row = pixel / width_ - y0;
      const double x = static_cast<double>(column) - x_mean;
      const double y = static_cast<double>(row) - y_mean;
      xx += x * x / count;
      yy += y * y / count;
      xy += x * y / count;
    }
    const double middle = (xx + yy) / 2;
    const double apart = std::sqrt((xx - yy) * (xx - yy) / 4 + xy * xy);
    form.x = static_cast<double>(x0) + x_mean;
    form.y = static_cast<double>(y0) + y_mean;
    form.major_axis = 4 * std::sqrt(middle + apart);
    form.minor_axis = 4 * std::sqrt(std::max(middle - apart, 0.0));
    return form;
  }

 private:
  bool is(std::int64_t y, std::int64_t x, std::uint32_t label) const {
    return y >= 0 && x >= 0 && y < height_ && x < width_ && labels_[y * width_ + x] == label;
  }
  bool is_rim(std::int64_t y, std::int64_t x, std::uint32_t label) const {
    return is(y, x, label) &&
           !(is(y - 1, x, label) && is(y + 1, x, label) && is(y, x - 1, label) && is(y, x + 1, label));
  }

  // A pixel's part of the perimeter, by its neighbours on the rim.
  double length_at(std::int64_t y, std::int64_t x, std::uint32_t label) const {
    if (!is_rim(y, x, label)) return 0;
    int sides = 0;
    int corners = 0;
    for (const int step : {-1, 1}) {
      sides += static_cast<int>(is_rim(y + step, x, label)) + static_cast<int>(is_rim(y, x + step, label));
      corners +=
          static_cast<int>(is_rim(y + step, x - 1, label)) + static_cast<int>(is_rim(y + step, x + 1, label));
    }
    const double root = std::sqrt(2.0);
    switch (10 * corners + 2 * sides + 1) {
      case 5:
      case 7:
      case 15:
      case 17:
      case 25:
      case 27:
        return 1;
      case 21:
      case 33:
        return root;
      case 13:
      case 23:
        return (1 + root) / 2;
      default:
        return 0;
    }
  }

  const std::uint32_t* labels_;
  std::int64_t height_;
  std::int64_t width_;
};

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double median_of(std::vector<double>* values) {
  const auto middle = values->begin() + static_cast<std::ptrdiff_t>(values->size() / 2);
  std::nth_element(values->begin(), middle, values->end());
  if (values->size() % 2 == 1) return *middle;
  return (*std::max_element(values->begin(), middle) + *middle) / 2;
}

// Columns by name, filled row by row.
class CellColumns {
 public:
  CellColumns(const CellLabels& cells, const std::vector<CellChannel>& channels)
      : area_um2_(cells.pixel_size_x_um * cells.pixel_size_y_um),
        length_(cells.pixel_size_x_um),
        lengths_in_um_(area_um2_ > 0 && cells.pixel_size_x_um == cells.pixel_size_y_um) {
    list_.integer("frame", "Frame", "", "Number of the frame, from 0");
    list_.integer("label", "Label", "", "Number of the cell");
    list_.integer("area_px", "Area (pixels)", "pixels", "Pixels of the cell");
    if (area_um2_ > 0) list_.real("area_um2", "Area (µm²)", "um2", "Area of the cell");
    list_.real("centroid_x", "Centroid x (pixels)", "pixels",
               "Mean of the pixels' x, 0 in the middle of the first");
    list_.real("centroid_y", "Centroid y (pixels)", "pixels",
               "Mean of the pixels' y, 0 in the middle of the first");
    add_length("perimeter", "Perimeter", "Length of the outline");
    add_length("major_axis", "Major axis", "Longer axis of the ellipse with the same second moments");
    add_length("minor_axis", "Minor axis", "Shorter axis of the ellipse with the same second moments");
    list_.integer("touches_border", "Touches border", "",
                  "1 where a pixel lies at the border of the picture");
    for (std::size_t n = 0; n < channels.size(); ++n) {
      const std::string number = std::to_string(n);
      const std::string name = channels[n].name.empty() ? "channel " + number : channels[n].name;
      list_.real(("mean_" + number).c_str(), ("Mean of " + name).c_str(), "",
                 "Mean intensity of the channel");
      list_.real(("median_" + number).c_str(), ("Median of " + name).c_str(), "",
                 "Median intensity of the channel");
    }
    columns_ = list_.take();
    for (Column& column : columns_) column.decimals = kTableDecimals;
  }

  void add(std::int64_t frame, const Cell& cell, const CellForm& form) {
    const auto area = static_cast<double>(cell.pixels.size());
    const double length = lengths_in_um_ ? length_ : 1;
    std::vector<double> row = {static_cast<double>(frame), static_cast<double>(cell.label), area};
    if (area_um2_ > 0) row.push_back(area * area_um2_);
    for (const double value : {form.x, form.y, form.perimeter * length, form.major_axis * length,
                               form.minor_axis * length, form.at_border ? 1.0 : 0.0}) {
      row.push_back(value);
    }
    for (std::size_t n = 0; n < row.size(); ++n) columns_[n].values.push_back(row[n]);
    first_of_channels_ = row.size();
  }

  void add_intensity(std::size_t channel, std::vector<double> values) {
    columns_[first_of_channels_ + 2 * channel].values.push_back(mean_of(values));
    columns_[first_of_channels_ + 2 * channel + 1].values.push_back(median_of(&values));
  }

  MetricsTable table() { return MetricsTable(std::move(columns_)); }

 private:
  void add_length(const std::string& name, const std::string& title, const char* description) {
    const std::string unit = lengths_in_um_ ? "um" : "px";
    const std::string shown = lengths_in_um_ ? " (µm)" : " (pixels)";
    list_.real((name + "_" + unit).c_str(), (title + shown).c_str(), lengths_in_um_ ? "um" : "pixels",
               description);
  }

  double area_um2_;
  double length_;
  bool lengths_in_um_;
  ColumnList list_;
  std::vector<Column> columns_;
  std::size_t first_of_channels_ = 0;
};

}  // namespace

MetricsTable cell_table(const CellLabels& cells, const std::vector<CellChannel>& channels) {
  CellColumns columns(cells, channels);
  std::vector<double> plane(channels.empty() ? 0 : static_cast<std::size_t>(cells.height * cells.width));
  for (std::int64_t t = 0; t < cells.frames; ++t) {
    const Frame frame(cells, t);
    const std::vector<Cell> found = frame.cells();
    for (const Cell& cell : found) columns.add(t, cell, frame.form_of(cell));
    for (std::size_t channel = 0; channel < channels.size() && !found.empty(); ++channel) {
      channels[channel].read(t, plane.data());
      for (const Cell& cell : found) {
        std::vector<double> values;
        values.reserve(cell.pixels.size());
        for (const std::int64_t pixel : cell.pixels) values.push_back(plane[static_cast<std::size_t>(pixel)]);
        columns.add_intensity(channel, std::move(values));
      }
    }
  }
  return columns.table();
}

}  // namespace musclemap::quant
