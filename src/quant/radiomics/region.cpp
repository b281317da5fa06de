#include "quant/radiomics/region.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "image/typed_view.hpp"
#include "quant/radiomics/cubic_spline.hpp"
#include "quant/radiomics/itk_grid.hpp"

namespace musclemap::quant {
namespace {

constexpr std::size_t kDimensions = 3;
constexpr double kRadiomicsSpacingMm = 3;
// Of the new grid beside the label, so that filters of pyradiomics have something to work on; it moves the
// grid's first voxel.
constexpr double kPadVoxels = 5;
// More voxels than NumPy could hold: pyradiomics ends in an error.
constexpr double kMostVoxels = 1LL << 32;

void include(LabelExtent* extent, const Index3& at) {
  for (std::size_t axis = 0; axis < kDimensions; ++axis) {
    extent->begin[axis] = extent->voxels == 0 ? at[axis] : std::min(extent->begin[axis], at[axis]);
    extent->end[axis] = std::max(extent->end[axis], at[axis] + 1);
  }
  ++extent->voxels;
}

int thick_axes(const LabelExtent& box) {
  int count = 0;
  for (std::size_t axis = 0; axis < kDimensions; ++axis) count += box.size(axis) > 1 ? 1 : 0;
  return count;
}

/// NumPy's allclose(): 1e-8 and 1e-5 of the wanted spacing.
bool nearly_equal(const Spacing& seen, const Spacing& wanted) {
  for (std::size_t axis = 0; axis < kDimensions; ++axis) {
    if (!(std::fabs(seen[axis] - wanted[axis]) <= 1e-8 + 1e-5 * std::fabs(wanted[axis]))) return false;
  }
  return true;
}

/// What SimpleITK makes of a value in the image's type: truncated and kept within its range for integers.
template <class T>
double as_stored(double value) {
  if constexpr (std::is_same_v<T, double>) return value;
  if constexpr (std::is_same_v<T, float>) return static_cast<double>(static_cast<float>(value));
  return std::trunc(std::clamp(value, static_cast<double>(std::numeric_limits<T>::min()),
                               static_cast<double>(std::numeric_limits<T>::max())));
}

/// The grid that pyradiomics asks SimpleITK for: aligned to the corner of the first voxel, cut to the label.
struct NewGrid {
  Index3 shape{};
  Spacing spacing{};
  Point first{};  // voxel of the old grid where voxel 0 lies
};

std::optional<NewGrid> new_grid(const Index3& shape, const Spacing& old, const Spacing& wanted,
                                const LabelExtent& box) {
  NewGrid grid;
  grid.spacing = wanted;
  double voxels = 1;
  for (std::size_t axis = 0; axis < kDimensions; ++axis) {
    const double ratio = old[axis] / wanted[axis];
    const auto begin = static_cast<double>(box.begin[axis]);
    const auto end = static_cast<double>(box.end[axis]);
    const double last = std::ceil(static_cast<double>(shape[axis]) * ratio) - 1;
    const double low = std::max(std::floor((begin - 0.5) * ratio - kPadVoxels), 0.0);
    const double high = std::min(std::ceil((end - 0.5) * ratio + kPadVoxels), last);
    voxels *= high - low + 1;
    if (!(voxels >= 1 && voxels < kMostVoxels)) return std::nullopt;
    grid.shape[axis] = static_cast<std::int64_t>(high - low + 1);
    grid.first[axis] = 0.5 * (wanted[axis] - old[axis]) / old[axis] + low / ratio;
  }
  return grid;
}

/// The label on the new grid.
struct Nearest {
  Index3 shape{};
  std::vector<std::uint8_t> inside;
  LabelExtent extent;
  bool at(std::int64_t i, std::int64_t j, std::int64_t k) const {
    return inside[static_cast<std::size_t>(i + shape[0] * (j + shape[1] * k))] != 0;
  }
};

class Resampling {
 public:
  Resampling(const Volume& image, const Volume& labels, const NewGrid& grid)
      : image_(image),
        labels_(labels),
        shape_(grid.shape),
        from_(image.geometry()),
        to_(from_, grid.spacing, from_.point(grid.first)) {}

  Nearest nearest(std::int32_t label) const {
    Nearest result;
    result.shape = shape_;
    result.inside.resize(static_cast<std::size_t>(shape_[0] * shape_[1] * shape_[2]));
    image::with_view(labels_, [&](const auto& from) {
      std::uint8_t* to = result.inside.data();
      for (std::int64_t k = 0; k < shape_[2]; ++k) {
        for (std::int64_t j = 0; j < shape_[1]; ++j) {
          const SampleLine line(from_, to_, shape_[0], j, k);
          for (std::int64_t i = 0; i < shape_[0]; ++i, ++to) {
            if (!label_at(from, line.at(i), label)) continue;
            *to = 1;
            include(&result.extent, {i, j, k});
          }
        }
      }
    });
    return result;
  }

  /// Of the voxels that are inside, tile by tile: the coefficients of a spline are those of a part of the
  /// image.
  std::vector<double> values(const Nearest& mask) const {
    std::vector<double> result;
    const LabelExtent& all = mask.extent;
    const Index3 step = tile();
    LabelExtent part;
    for (std::int64_t k = all.begin[2]; k < all.end[2]; k += step[2]) {
      for (std::int64_t j = all.begin[1]; j < all.end[1]; j += step[1]) {
        for (std::int64_t i = all.begin[0]; i < all.end[0]; i += step[0]) {
          part.begin = {i, j, k};
          for (std::size_t axis = 0; axis < kDimensions; ++axis) {
            part.end[axis] = std::min(part.begin[axis] + step[axis], all.end[axis]);
          }
          if (any_inside(mask, part)) add_values(mask, part, &result);
        }
      }
    }
    return result;
  }

 private:
  /// Voxels of the new grid that need about kTileVoxels of the image along each axis.
  Index3 tile() const {
    constexpr double kTileVoxels = 96;
    Index3 step{};
    for (std::size_t axis = 0; axis < kDimensions; ++axis) {
      const double voxels = kTileVoxels * from_.spacing()[axis] / to_.spacing()[axis];
      step[axis] = std::max<std::int64_t>(1, static_cast<std::int64_t>(voxels));
    }
    return step;
  }

  static bool any_inside(const Nearest& mask, const LabelExtent& part) {
    for (std::int64_t k = part.begin[2]; k < part.end[2]; ++k) {
      for (std::int64_t j = part.begin[1]; j < part.end[1]; ++j) {
        for (std::int64_t i = part.begin[0]; i < part.end[0]; ++i) {
          if (mask.at(i, j, k)) return true;
        }
      }
    }
    return false;
  }

  Point position(const Index3& voxel) const {
    return SampleLine(from_, to_, shape_[0], voxel[1], voxel[2]).at(voxel[0]);
  }

  void add_values(const Nearest& mask, const LabelExtent& part, std::vector<double>* result) const {
    const Point first = position(part.begin);
    const Point last = position({part.end[0] - 1, part.end[1] - 1, part.end[2] - 1});
    Index3 begin{};
    Index3 end{};
    for (std::size_t axis = 0; axis < kDimensions; ++axis) {
      const std::int64_t most = image_.geometry().shape[axis] - 1;
      begin[axis] = std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(first[axis])), 0, most);
      end[axis] = std::clamp<std::int64_t>(static_cast<std::int64_t>(std::ceil(last[axis])), 0, most) + 1;
    }
    const CubicSpline spline(image_, begin, end);
    image::with_type(image_.dtype(), [&](auto voxel) {
      for (std::int64_t k = part.begin[2]; k < part.end[2]; ++k) {
        for (std::int64_t j = part.begin[1]; j < part.end[1]; ++j) {
          const SampleLine line(from_, to_, shape_[0], j, k);
          for (std::int64_t i = part.begin[0]; i < part.end[0]; ++i) {
            if (mask.at(i, j, k)) result->push_back(as_stored<decltype(voxel)>(spline.at(line.at(i))));
          }
        }
      }
    });
  }

  template <class View>
  static bool label_at(const View& from, const Point& at, std::int32_t label) {
    Index3 index{};
    for (std::size_t axis = 0; axis < kDimensions; ++axis) {
      if (!(at[axis] >= -0.5 && at[axis] < static_cast<double>(from.shape[axis]) - 0.5)) return false;
      index[axis] = std::min(static_cast<std::int64_t>(std::floor(at[axis] + 0.5)), from.shape[axis] - 1);
    }
    return static_cast<double>(from(index[0], index[1], index[2])) == label;
  }

  const Volume& image_;
  const Volume& labels_;
  Index3 shape_;
  ItkGrid from_;
  ItkGrid to_;
};

Region region_with_shape(const LabelExtent& box, const Spacing& spacing) {
  Region region;
  region.shape = {box.size(0), box.size(1), box.size(2)};
  region.spacing = spacing;
  region.inside.reserve(static_cast<std::size_t>(region.shape[0] * region.shape[1] * region.shape[2]));
  return region;
}

Region as_it_is(const Volume& image, const Volume& labels, std::int32_t label, const LabelExtent& box) {
  Region region = region_with_shape(box, image.geometry().spacing());
  region.dtype = image.dtype();
  image::with_view(image.subvolume(box.begin, region.shape), [&](const auto& values) {
    image::with_view(labels.subvolume(box.begin, region.shape), [&](const auto& marks) {
      for (std::int64_t k = 0; k < region.shape[2]; ++k) {
        for (std::int64_t j = 0; j < region.shape[1]; ++j) {
          for (std::int64_t i = 0; i < region.shape[0]; ++i) {
            const bool inside = static_cast<double>(marks(i, j, k)) == label;
            region.inside.push_back(inside ? 1 : 0);
            if (inside) region.values.push_back(static_cast<double>(values(i, j, k)));
          }
        }
      }
    });
  });
  return region;
}

}  // namespace

std::map<std::int32_t, LabelExtent> label_extents(const Volume& labels,
                                                  const std::set<std::int32_t>& values) {
  std::map<std::int32_t, LabelExtent> extents;
  image::with_view(labels, [&](const auto& view) {
    auto last = view(0, 0, 0);
    LabelExtent* found = nullptr;
    bool known = false;
    for (std::int64_t k = 0; k < view.shape[2]; ++k) {
      for (std::int64_t j = 0; j < view.shape[1]; ++j) {
        for (std::int64_t i = 0; i < view.shape[0]; ++i) {
          const auto value = view(i, j, k);
          if (!known || value != last) {
            const auto label = static_cast<std::int32_t>(value);
            found = values.count(label) == 0 ? nullptr : &extents[label];
            last = value;
            known = true;
          }
          if (found != nullptr) include(found, {i, j, k});
        }
      }
    }
  });
  return extents;
}

std::optional<Region> resampled_region(const Volume& image, const Volume& labels, std::int32_t label,
                                       const LabelExtent& extent) {
  const Geometry& geometry = image.geometry();
  const Spacing old = geometry.spacing();
  Spacing wanted{};
  for (std::size_t axis = 0; axis < kDimensions; ++axis) {
    wanted[axis] = extent.size(axis) > 1 ? kRadiomicsSpacingMm : old[axis];
  }
  if (nearly_equal(old, wanted)) {
    if (thick_axes(extent) < 2) return std::nullopt;
    return as_it_is(image, labels, label, extent);
  }
  const std::optional<NewGrid> grid = new_grid(geometry.shape, old, wanted, extent);
  if (!grid) return std::nullopt;
  const Resampling resampling(image, labels, *grid);
  const Nearest mask = resampling.nearest(label);
  if (mask.extent.voxels == 0 || thick_axes(mask.extent) < 2) return std::nullopt;
  Region region = region_with_shape(mask.extent, wanted);
  region.dtype = image.dtype();
  for (std::int64_t k = mask.extent.begin[2]; k < mask.extent.end[2]; ++k) {
    for (std::int64_t j = mask.extent.begin[1]; j < mask.extent.end[1]; ++j) {
      for (std::int64_t i = mask.extent.begin[0]; i < mask.extent.end[0]; ++i) {
        region.inside.push_back(mask.at(i, j, k) ? 1 : 0);
      }
    }
  }
  region.values = resampling.values(mask);
  return region;
}

}  // namespace musclemap::quant
