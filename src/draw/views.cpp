#include "draw/views.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

#include "image/grid_check.hpp"
#include "image/reordered.hpp"
#include "image/section_axis.hpp"
#include "image/typed_view.hpp"
#include "musclemap/error.hpp"

namespace musclemap::draw {
namespace {

// Calls body(view) with the volume's voxels in their own type, along the oriented axes.
template <class Body>
void with_values(const Volume& volume, const image::Orientation& orientation, const Body& body) {
  image::with_view(volume, [&](const auto& view) { body(image::oriented_view(orientation, view)); });
}

template <class Body>
void with_integers(const Volume& volume, const image::Orientation& orientation, const Body& body) {
  image::with_view(volume, [&](const auto& view) {
    if constexpr (std::is_integral_v<std::decay_t<decltype(*view.data)>>) {
      body(image::oriented_view(orientation, view));
    } else {
      throw Error(ErrorCode::argument, std::string("a label map of ") + dtype_name(volume.dtype()) +
                                           ", allowed: uint8, int16, uint16, int32");
    }
  });
}

void check_count(std::size_t labels) {
  constexpr std::size_t kMost = 10000;
  if (labels <= kMost) return;
  throw Error(ErrorCode::format, Reason::limit,
              "the label map has more than " + std::to_string(kMost) + " labels, which no picture shows");
}

Volume on_grid_of(const Volume& reference, const Volume& other, const char* name, double tolerance) {
  const image::GridMatch match =
      image::match_grids({reference.geometry(), "image"}, {other.geometry(), name}, tolerance);
  return image::reordered(other, match.to_reference);
}

double quantile(std::vector<float>& values, double part) {
  const auto at = static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return static_cast<double>(values[static_cast<std::size_t>(at)]);
}

}  // namespace

double Window::level(double grey) const noexcept {
  const double part = std::clamp((grey - low) / (high - low), 0.0, 1.0);
  return gamma == 1 ? part : std::pow(part, gamma);
}

Views::Views(const Volume& image, const Volume& labels, SectionAxis section, double tolerance)
    : image_(image), labels_(on_grid_of(image, labels, "label map", tolerance)) {
  prepare(section);
}

Views::Views(const Volume& image, const Volume& labels, const Volume& tissue, SectionAxis section,
             double tolerance, std::set<std::int32_t> undivided)
    : image_(image),
      labels_(on_grid_of(image, labels, "label map", tolerance)),
      tissue_(on_grid_of(labels_, tissue, "tissue map", tolerance)),
      undivided_(std::move(undivided)) {
  if (tissue_->dtype() != DType::u8) {
    throw Error(ErrorCode::argument,
                std::string("a tissue map of ") + dtype_name(tissue_->dtype()) + ", allowed: uint8");
  }
  prepare(section);
}

void Views::prepare(SectionAxis section) {
  turn(section);
  shape_ = image::oriented_shape(orientation_, image_.geometry().shape);
  const Spacing stored = image_.geometry().spacing();
  for (int axis = 0; axis < 3; ++axis) {
    spacing_[static_cast<std::size_t>(axis)] =
        stored[static_cast<std::size_t>(image::stored_axis(orientation_, axis))];
  }
  count();
  find_window();
}

// The section axis stands for the direction that it is nearest to, superior for head; the other two are
// shared out so that they point as nearly as they can along those that are left.
void Views::turn(SectionAxis section) {
  const Geometry& grid = image_.geometry();
  const image::Orientation closest = image::closest_ras(grid.to_world);
  const int along = image::section_axis_of(section, grid.to_world, grid.spacing());
  const Spacing spacing = grid.spacing();
  const auto cosine = [&](int world, int stored) {
    return grid.to_world(world, stored) / spacing[static_cast<std::size_t>(stored)];
  };
  constexpr int kHead = 2;
  world_[2] = section == SectionAxis::superior ? kHead : closest.ras_axis[static_cast<std::size_t>(along)];
  world_[0] = world_[2] == 0 ? 1 : 0;
  world_[1] = 3 - world_[0] - world_[2];
  std::array<int, 3> stored{along == 0 ? 1 : 0, along == 2 ? 1 : 2, along};
  const auto fit = [&](int first, int second) {
    return std::fabs(cosine(world_[0], first)) + std::fabs(cosine(world_[1], second));
  };
  if (fit(stored[1], stored[0]) > fit(stored[0], stored[1])) std::swap(stored[0], stored[1]);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const auto from = static_cast<std::size_t>(stored[axis]);
    orientation_.ras_axis[from] = static_cast<int>(axis);
    orientation_.flip[from] = cosine(world_[axis], stored[axis]) < 0;
  }
  section_mm2_ = spacing[static_cast<std::size_t>(stored[0])] * spacing[static_cast<std::size_t>(stored[1])] *
                 image::sine_across(along, grid.to_world);
}

void Views::count() {
  with_integers(labels_, orientation_, [&](const auto& view) {
    const auto slices = static_cast<std::size_t>(shape_[2]);
    const auto rows = static_cast<std::size_t>(shape_[1]);
    std::int32_t last = 0;
    Structure* structure = nullptr;
    for (std::int64_t z = 0; z < shape_[2]; ++z) {
      for (std::int64_t y = 0; y < shape_[1]; ++y) {
        std::int32_t before = 0;
        for (std::int64_t x = 0; x < shape_[0]; ++x) {
          const auto value = static_cast<std::int32_t>(view(x, y, z));
          counts_.runs += value != before && value != 0 ? 1 : 0;
          before = value;
          if (value == 0) continue;
          ++counts_.voxels;
          if (structure == nullptr || value != last) {
            structure = &structures_[value];
            check_count(structures_.size());
            last = value;
            structure->per_slice.resize(slices);
            structure->per_row.resize(rows);
          }
          ++structure->voxels;
          ++structure->per_slice[static_cast<std::size_t>(z)];
          ++structure->per_row[static_cast<std::size_t>(y)];
        }
      }
    }
  });
  counts_.labels = static_cast<std::int64_t>(structures_.size());
}

std::optional<Warning> Views::doubt_of_places() const {
  if (!counts_.scattered()) return std::nullopt;
  image::ValueSurvey survey;
  survey.add(image_);
  return image::doubt_of_places(survey, counts_);
}

void Views::find_window() {
  constexpr std::int64_t kSamples = 1000000;
  const std::int64_t plane = shape_[0] * shape_[1];
  const std::int64_t slice_step = std::max<std::int64_t>(1, shape_[2] / 64);
  const std::int64_t step = std::max<std::int64_t>(1, plane / (kSamples / 64));
  std::vector<float> values;
  with_values(image_, orientation_, [&](const auto& view) {
    for (std::int64_t z = 0; z < shape_[2]; z += slice_step) {
      for (std::int64_t at = z % step; at < plane; at += step) {
        const auto value = static_cast<float>(view(at % shape_[0], at / shape_[0], z));
        if (value != 0 && std::isfinite(value)) values.push_back(value);
      }
    }
  });
  if (values.empty()) return;
  window_ = {quantile(values, 0.01), quantile(values, 0.99), 1};
  if (window_.low < -500) {
    hounsfield_ = true;
    window_ = {-160, 240, 1};
    return;
  }
  if (!(window_.high > window_.low)) window_.high = window_.low + 1;
  // Bright fat next to a coil leaves muscle nearly black: the middle of the values is brought to a third.
  const double middle = window_.level(quantile(values, 0.5));
  if (middle > 0.01 && middle < 1.0 / 3) window_.gamma = std::max(0.6, std::log(1.0 / 3) / std::log(middle));
}

void Views::each_row(const std::function<void(const Row&)>& body) const {
  const auto width = static_cast<std::size_t>(shape_[0]);
  std::vector<float> grey(width);
  std::vector<std::int32_t> labels(width);
  std::vector<std::uint8_t> tissue(tissue_ ? width : 0);
  const Row row{grey.data(), labels.data(), tissue_ ? tissue.data() : nullptr};
  const auto read = [&](const auto& view, std::int64_t y, std::int64_t z, auto& out) {
    for (std::size_t x = 0; x < width; ++x) {
      out[x] = static_cast<typename std::decay_t<decltype(out)>::value_type>(
          view(static_cast<std::int64_t>(x), y, z));
    }
  };
  with_integers(labels_, orientation_, [&](const auto& label_view) {
    with_values(image_, orientation_, [&](const auto& grey_view) {
      for (std::int64_t z = 0; z < shape_[2]; ++z) {
        for (std::int64_t y = 0; y < shape_[1]; ++y) {
          read(label_view, y, z, labels);
          if (std::all_of(labels.begin(), labels.end(), [](std::int32_t value) { return value == 0; }))
            continue;
          read(grey_view, y, z, grey);
          if (tissue_) read(image::oriented_view(orientation_, tissue_->view<std::uint8_t>()), y, z, tissue);
          clear_undivided(labels, &tissue);
          body(row);
        }
      }
    });
  });
}

void Views::each_label_row(
    const std::function<void(std::int64_t, std::int64_t, const std::vector<std::int32_t>&)>& body) const {
  std::vector<std::int32_t> row(static_cast<std::size_t>(shape_[0]));
  with_integers(labels_, orientation_, [&](const auto& view) {
    for (std::int64_t z = 0; z < shape_[2]; ++z) {
      for (std::int64_t y = 0; y < shape_[1]; ++y) {
        for (std::int64_t x = 0; x < shape_[0]; ++x) {
          row[static_cast<std::size_t>(x)] = static_cast<std::int32_t>(view(x, y, z));
        }
        body(y, z, row);
      }
    }
  });
}

void Views::clear_undivided(const std::vector<std::int32_t>& labels,
                            std::vector<std::uint8_t>* tissue) const {
  if (undivided_.empty()) return;
  for (std::size_t n = 0; n < tissue->size(); ++n) {
    if ((*tissue)[n] != 0 && undivided_.count(labels[n]) != 0) (*tissue)[n] = 0;
  }
}

Plane Views::section(std::int64_t z) const {
  Plane plane;
  plane.columns = static_cast<int>(shape_[0]);
  plane.rows = static_cast<int>(shape_[1]);
  plane.column_mm = spacing_[0];
  plane.row_mm = spacing_[1];
  const auto walk = [&](const auto& view, auto& out) {
    for (std::int64_t y = shape_[1] - 1; y >= 0; --y) {
      for (std::int64_t x = shape_[0] - 1; x >= 0; --x) {
        out.push_back(static_cast<typename std::decay_t<decltype(out)>::value_type>(view(x, y, z)));
      }
    }
  };
  with_values(image_, orientation_, [&](const auto& view) { walk(view, plane.grey); });
  with_integers(labels_, orientation_, [&](const auto& view) { walk(view, plane.labels); });
  if (tissue_) walk(image::oriented_view(orientation_, tissue_->view<std::uint8_t>()), plane.tissue);
  clear_undivided(plane.labels, &plane.tissue);
  return plane;
}

Plane Views::overview(std::int64_t y) const {
  Plane plane;
  plane.columns = static_cast<int>(shape_[0]);
  plane.rows = static_cast<int>(shape_[2]);
  plane.column_mm = spacing_[0];
  plane.row_mm = spacing_[2];
  const auto walk = [&](const auto& view, auto& out) {
    for (std::int64_t z = shape_[2] - 1; z >= 0; --z) {
      for (std::int64_t x = shape_[0] - 1; x >= 0; --x) {
        out.push_back(static_cast<typename std::decay_t<decltype(out)>::value_type>(view(x, y, z)));
      }
    }
  };
  with_values(image_, orientation_, [&](const auto& view) { walk(view, plane.grey); });
  with_integers(labels_, orientation_, [&](const auto& view) { walk(view, plane.labels); });
  if (tissue_) walk(image::oriented_view(orientation_, tissue_->view<std::uint8_t>()), plane.tissue);
  clear_undivided(plane.labels, &plane.tissue);
  return plane;
}

std::int64_t Views::stored_index(std::int64_t z) const {
  const auto axis = static_cast<std::size_t>(image::stored_axis(orientation_, 2));
  return orientation_.flip[axis] ? shape_[2] - 1 - z : z;
}

char Views::stored_axis_letter() const { return "ijk"[image::stored_axis(orientation_, 2)]; }

double Views::place_mm(std::int64_t z) const {
  const image::Matrix4 m = image::oriented_affine(orientation_, image_.geometry());
  const int row = world_[2];
  return m(row, 0) * static_cast<double>(shape_[0] - 1) / 2 +
         m(row, 1) * static_cast<double>(shape_[1] - 1) / 2 + m(row, 2) * static_cast<double>(z) + m(row, 3);
}

const char* Views::direction(int axis) const {
  static constexpr std::array<const char*, 3> kNames{"right", "front", "head"};
  return kNames[static_cast<std::size_t>(world_[static_cast<std::size_t>(axis)])];
}

const char* Views::overview_name() const {
  static constexpr std::array<const char*, 3> kNames{"Sagittal", "Coronal", "Axial"};
  return kNames[static_cast<std::size_t>(world_[1])];
}

std::string Views::letters(int across, int upward) const {
  const auto of = [&](int axis, const char* names) { return names[world_[static_cast<std::size_t>(axis)]]; };
  return {of(across, "RAS"), of(across, "LPI"), of(upward, "RAS"), of(upward, "LPI")};
}

}  // namespace musclemap::draw
