// The table of structures with their colours and volumes.
#ifndef MUSCLEMAP_DRAW_LEGEND_HPP_
#define MUSCLEMAP_DRAW_LEGEND_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "draw/canvas.hpp"
#include "draw/views.hpp"
#include "musclemap/labels.hpp"

namespace musclemap::draw {

/// One line of the table: a structure of the right, of the left, or of no side.
struct LegendRow {
  std::string name;
  std::int32_t right = 0;  ///< label values; 0 where there is none
  std::int32_t left = 0;
  std::int32_t single = 0;
};

class Legend {
 public:
  /// Rows for the structures that `views` holds; right and left of one name share a row.
  Legend(const Views& views, const std::vector<Label>& names, double voxel_ml);

  int rows() const noexcept { return static_cast<int>(rows_.size()); }
  /// Names from the list that the label map does not hold.
  const std::vector<std::string>& missing() const noexcept { return missing_; }
  /// Columns of the table that fit into `width`, and the height that they need.
  int columns_in(int width) const;
  int height_in(int width) const;
  void draw(Canvas& canvas, int x, int y, int width) const;

 private:
  double volume_ml(const Views& views, std::int32_t value) const;

  std::vector<LegendRow> rows_;
  std::vector<std::array<double, 3>> volumes_ml_;  // right, left, single
  std::vector<std::string> missing_;
  double voxel_ml_;
};

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_LEGEND_HPP_
