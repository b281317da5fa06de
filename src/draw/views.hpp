// What pictures need from an image and its labels: planes in display order, and figures of the whole volume.
#ifndef MUSCLEMAP_DRAW_VIEWS_HPP_
#define MUSCLEMAP_DRAW_VIEWS_HPP_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "image/orientation.hpp"
#include "image/swapped_inputs.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::draw {

/// One structure of the label map.
struct Structure {
  std::int64_t voxels = 0;
  std::vector<std::int64_t> per_slice;  ///< voxels in each section, rising along RAS+
  std::vector<std::int64_t> per_row;    ///< voxels in each plane of overviews, the same
};

/// A plane as it is shown: columns from the patient's right (sagittal: front) to the other side, rows from
/// the front (axial) or the head.
struct Plane {
  int columns = 0;
  int rows = 0;
  double column_mm = 1;
  double row_mm = 1;
  std::vector<float> grey;
  std::vector<std::int32_t> labels;
  std::vector<std::uint8_t> tissue;  ///< empty without a tissue map
};

/// Voxels of one line from left to right; pointers to as many as the volume is wide.
struct Row {
  const float* grey;
  const std::int32_t* labels;
  const std::uint8_t* tissue;  ///< null without a tissue map
};

/// Grey values that become black and white.
struct Window {
  double low = 0;
  double high = 1;
  double gamma = 1;  ///< below 1 lifts the dark values

  /// 0 for black to 1 for white.
  double level(double grey) const noexcept;
};

/// An image and its labels, turned so that sections follow each other along the third axis and every axis
/// rises along RAS+. Axial sections have the axes right, front, head. Immutable.
class Views {
 public:
  /// Labels and tissue may be stored along other axes than the image. Errors: `argument` where the labels are
  /// not integers, `geometry` where the grids differ by more than `tolerance` voxels.
  Views(const Volume& image, const Volume& labels, SectionAxis section,
        double tolerance = kGeometryTolerance);
  /// With a map of tissue codes, which count as none in the labels `undivided`. Errors: also `argument` where
  /// it is not u8.
  Views(const Volume& image, const Volume& labels, const Volume& tissue, SectionAxis section,
        double tolerance = kGeometryTolerance, std::set<std::int32_t> undivided = {});

  /// Voxels along the axes.
  const Index3& shape() const noexcept { return shape_; }
  const Spacing& spacing() const noexcept { return spacing_; }
  double voxel_ml() const { return labels_.geometry().voxel_ml(); }
  /// Area of a voxel in a section.
  double section_mm2() const { return section_mm2_; }
  const std::map<std::int32_t, Structure>& structures() const noexcept { return structures_; }
  const Window& window() const noexcept { return window_; }
  /// Whether the grey values are those of a CT image: its 1st percentile is below -500.
  bool hounsfield() const noexcept { return hounsfield_; }
  /// Where image and labels look exchanged. Reads the image only if the labels do.
  std::optional<Warning> doubt_of_places() const;

  /// Calls `body` with every line that holds a label, from the feet and the back.
  void each_row(const std::function<void(const Row&)>& body) const;

  /// Calls `body` with y, z and the labels of every line along the first axis, from the feet and the back.
  void each_label_row(
      const std::function<void(std::int64_t, std::int64_t, const std::vector<std::int32_t>&)>& body) const;

  Plane section(std::int64_t z) const;
  /// Along the sections, from the last one down.
  Plane overview(std::int64_t y) const;
  /// Index of a section along its axis of the file, and that axis's letter.
  std::int64_t stored_index(std::int64_t z) const;
  char stored_axis_letter() const;
  /// World coordinate of a section's centre in mm, and that axis's letter.
  double place_mm(std::int64_t z) const;
  char world_axis_letter() const { return "xyz"[world_[2]]; }
  /// "right", "front" or "head": where axis 0 to 2 leads.
  const char* direction(int axis) const;
  /// Letters of the left, right, upper and lower edge of a section, and of an overview.
  std::string section_letters() const { return letters(0, 1); }
  std::string overview_letters() const { return letters(0, 2); }
  /// "Axial", "Coronal" or "Sagittal".
  const char* overview_name() const;

 private:
  void prepare(SectionAxis section);
  void turn(SectionAxis section);
  std::string letters(int across, int upward) const;
  void count();
  void find_window();
  void clear_undivided(const std::vector<std::int32_t>& labels, std::vector<std::uint8_t>* tissue) const;

  Volume image_;
  Volume labels_;
  std::optional<Volume> tissue_;
  std::set<std::int32_t> undivided_;
  image::Orientation orientation_;
  std::array<int, 3> world_{0, 1, 2};  // right, front, head of each axis
  double section_mm2_ = 1;
  Index3 shape_{};
  Spacing spacing_{};
  std::map<std::int32_t, Structure> structures_;
  image::LabelCounts counts_;
  Window window_;
  bool hounsfield_ = false;
};

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_VIEWS_HPP_
