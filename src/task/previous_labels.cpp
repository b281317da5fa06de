// Arithmetic: nnU-Net 2.8.1, cropping.py, crop_to_nonzero(), and batchgenerators 0.25.5, utils.py,
// resize_segmentation().
#include "task/previous_labels.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/parallel.hpp"
#include "decode/half_pixel_taps.hpp"
#include "image/labels/fill_holes.hpp"
#include "image/typed_view.hpp"

namespace musclemap::task {
namespace {

// Labels as [z][y][x].
struct Held {
  Index3 shape{};
  std::vector<std::int16_t> values;

  explicit Held(const Index3& of) : shape(of), values(static_cast<std::size_t>(of[0] * of[1] * of[2])) {}
  std::int16_t& at(std::int64_t x, std::int64_t y, std::int64_t z) {
    return values[static_cast<std::size_t>((z * shape[1] + y) * shape[0] + x)];
  }
  std::int16_t at(std::int64_t x, std::int64_t y, std::int64_t z) const {
    return values[static_cast<std::size_t>((z * shape[1] + y) * shape[0] + x)];
  }
};

constexpr std::int16_t kOutside = -1;  // background where there is no image

// The labels, kOutside where they are background outside of the image.
Volume marked(const Volume& labels, image::Field& image) {
  const Geometry& grid = labels.geometry();
  const Index3& shape = grid.shape;
  Volume inside = Volume::zeros(grid, DType::u8);
  const VoxelView<std::uint8_t> mask = inside.mutable_view<std::uint8_t>();
  for (std::int64_t z = 0; z < shape[2]; ++z) {
    const std::vector<float> slice = image.values(image::slice_of(image::whole(shape), z));
    const float* value = slice.data();  // [channel][x][y]
    for (int c = 0; c < image.channels(); ++c) {
      for (std::int64_t x = 0; x < shape[0]; ++x) {
        for (std::int64_t y = 0; y < shape[1]; ++y) {
          if (*value++ != 0) mask(x, y, z) = 1;
        }
      }
    }
  }
  image::fill_holes(mask);
  Volume result = Volume::zeros(grid, DType::i16);
  const VoxelView<std::int16_t> to = result.mutable_view<std::int16_t>();
  image::with_view(labels, [&](const auto& from) {
    for (std::int64_t z = 0; z < shape[2]; ++z) {
      for (std::int64_t y = 0; y < shape[1]; ++y) {
        for (std::int64_t x = 0; x < shape[0]; ++x) {
          const auto label = static_cast<std::int16_t>(from(x, y, z));
          to(x, y, z) = label == 0 && mask(x, y, z) == 0 ? kOutside : label;
        }
      }
    }
  });
  return result;
}

// What takes labels back, the other way round: a grid that is turned and cropped.
Held turned_and_cropped(const Volume& labels, const StagePlan& plan) {
  Held held(plan.half_back.to);
  const image::LabelsBack& back = plan.labels_back;
  const auto from = labels.view<std::int16_t>();
  Index3 voxel{};
  for (voxel[2] = 0; voxel[2] < from.shape[2]; ++voxel[2]) {
    for (voxel[1] = 0; voxel[1] < from.shape[1]; ++voxel[1]) {
      for (voxel[0] = 0; voxel[0] < from.shape[0]; ++voxel[0]) {
        Index3 to{};
        for (std::size_t a = 0; a < 3; ++a)
          to[static_cast<std::size_t>(back.axis[a])] = back.at[a][static_cast<std::size_t>(voxel[a])];
        if (*std::min_element(to.begin(), to.end()) >= 0)
          held.at(to[0], to[1], to[2]) = from(voxel[0], voxel[1], voxel[2]);
      }
    }
  }
  return held;
}

// Labels around a voxel with their parts.
class Parts {
 public:
  void add(std::int16_t label, double part) {
    std::size_t n = 0;
    while (n < count_ && parts_[n].label != label) ++n;
    if (n == count_) parts_[count_++] = {label, 0};
    parts_[n].part += part;
  }

  std::int16_t winner(std::int16_t nearest) const {
    double most = 0;
    std::int16_t best = nearest;
    for (std::size_t n = 0; n < count_; ++n) {
      const Part& each = parts_[n];
      if (each.part < most || (each.part == most && each.label > best)) continue;
      most = each.part;
      best = each.label;
    }
    for (std::size_t n = 0; n < count_; ++n) {
      if (parts_[n].label == nearest && parts_[n].part == most) return nearest;
    }
    return best;
  }

 private:
  struct Part {
    std::int16_t label = 0;
    double part = 0;
  };
  std::array<Part, 8> parts_{};
  std::size_t count_ = 0;
};

Held resampled(const Held& from, image::HalfPixelBack way, int threads) {
  using Taps = std::array<std::vector<decode::AxisTap>, 3>;
  const Taps taps = decode::half_pixel_taps(way);
  way.order = 0;
  const Taps nearest = decode::half_pixel_taps(way);
  const auto at = [](const Taps& of, std::size_t axis, std::int64_t i) -> const decode::AxisTap& {
    return of[axis][static_cast<std::size_t>(i)];
  };
  Held to(way.to);
  base::parallel_for(to.shape[2], threads, [&](std::int64_t k) {
    const decode::AxisTap& tz = at(taps, 2, k);
    for (std::int64_t j = 0; j < to.shape[1]; ++j) {
      const decode::AxisTap& ty = at(taps, 1, j);
      for (std::int64_t i = 0; i < to.shape[0]; ++i) {
        const decode::AxisTap& tx = at(taps, 0, i);
        Parts parts;  // summed with z outermost, x innermost
        const auto add = [&](std::int64_t z, double wz, std::int64_t y, double wy) {
          parts.add(from.at(tx.lower, y, z), wz * wy * tx.lower_weight);
          parts.add(from.at(tx.upper, y, z), wz * wy * tx.upper_weight);
        };
        add(tz.lower, tz.lower_weight, ty.lower, ty.lower_weight);
        add(tz.lower, tz.lower_weight, ty.upper, ty.upper_weight);
        add(tz.upper, tz.upper_weight, ty.lower, ty.lower_weight);
        add(tz.upper, tz.upper_weight, ty.upper, ty.upper_weight);
        to.at(i, j, k) =
            parts.winner(from.at(at(nearest, 0, i).lower, at(nearest, 1, j).lower, at(nearest, 2, k).lower));
      }
    }
  });
  return to;
}

}  // namespace

PreviousLabels::PreviousLabels(const Volume& labels, std::vector<std::int64_t> values, image::Field& image,
                               const StagePlan& plan, int separate_axis, int threads)
    : values_(std::move(values)), shape_(plan.half_back.from) {
  Held held = turned_and_cropped(marked(labels, image), plan);
  if (held.shape != shape_) held = resampled(held, {held.shape, shape_, separate_axis, 1, 0}, threads);
  labels_ = std::move(held.values);
}

void PreviousLabels::read(const image::Block& block, float* out) {
  for (const std::int64_t value : values_) {
    for (std::int64_t x = block.begin[0]; x < block.end[0]; ++x) {
      for (std::int64_t y = block.begin[1]; y < block.end[1]; ++y) {
        for (std::int64_t z = block.begin[2]; z < block.end[2]; ++z)
          *out++ =
              labels_[static_cast<std::size_t>((z * shape_[1] + y) * shape_[0] + x)] == value ? 1.0F : 0.0F;
      }
    }
  }
}

std::size_t previous_label_bytes(const StagePlan& plan) {
  const auto voxels = [](const Index3& shape) { return shape[0] * shape[1] * shape[2]; };
  const Index3 own = plan.labels_back.target();
  return static_cast<std::size_t>(voxels(plan.half_back.from) + voxels(plan.half_back.to) + 2 * voxels(own)) *
         sizeof(std::int16_t);
}

}  // namespace musclemap::task
