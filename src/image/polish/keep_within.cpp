#include "image/polish/keep_within.hpp"

#include <algorithm>
#include <string>

#include "image/labels/cross_steps.hpp"
#include "image/typed_view.hpp"

namespace musclemap::image {
namespace {

// 1 where the other label map has one of the labels; whether there is any.
bool mark_union(const Volume& other, const LabelNumbers& labels, const VoxelView<std::uint8_t>& mask) {
  bool any = false;
  with_view(other, [&](const auto& view) {
    for (std::int64_t k = 0; k < view.shape[2]; ++k) {
      for (std::int64_t j = 0; j < view.shape[1]; ++j) {
        for (std::int64_t i = 0; i < view.shape[0]; ++i) {
          const auto label = static_cast<std::int64_t>(view(i, j, k));
          if (label == 0 || !std::binary_search(labels.begin(), labels.end(), label)) continue;
          mask(i, j, k) = 1;
          any = true;
        }
      }
    }
  });
  return any;
}

void check_other(const Volume* other, const Index3& shape) {
  const auto text = [](const Index3& n) {
    return std::to_string(n[0]) + "x" + std::to_string(n[1]) + "x" + std::to_string(n[2]);
  };
  if (other != nullptr && other->geometry().shape == shape) return;
  throw Error(ErrorCode::argument,
              "keep_within needs another label map of " + text(shape) + " voxels; " +
                  (other == nullptr ? "there is none" : "it is one of " + text(other->geometry().shape)));
}

}  // namespace

std::int64_t outside_steps(const KeepWithin& rule, const Zooms& zooms_mm) {
  const float mean = (zooms_mm[0] + zooms_mm[1] + zooms_mm[2]) / 3.0F;
  return static_cast<std::int64_t>(static_cast<float>(rule.dilate_mm) / mean);
}

void polish(const KeepWithin& rule, Volume& labels, const PolishContext& context) {
  check_other(context.other, labels.geometry().shape);
  Volume within = Volume::zeros(labels.geometry(), DType::u8);
  const VoxelView<std::uint8_t> mask = within.mutable_view<std::uint8_t>();
  const bool any = mark_union(*context.other, rule.labels, mask);
  const std::int64_t steps = outside_steps(rule, context.zooms_mm);
  if (any && rule.dilate_mm > 0 && steps == 0) return;
  dilate_by_steps(mask, steps);
  with_labels(labels, [&](const auto& view) {
    for (std::int64_t k = 0; k < view.shape[2]; ++k) {
      for (std::int64_t j = 0; j < view.shape[1]; ++j) {
        for (std::int64_t i = 0; i < view.shape[0]; ++i) {
          if (mask(i, j, k) == 0) view(i, j, k) = 0;
        }
      }
    }
  });
}

std::size_t polish_bytes(const KeepWithin& /*rule*/, const Index3& shape) {
  return static_cast<std::size_t>(shape[0] * shape[1] * shape[2]);
}

}  // namespace musclemap::image
