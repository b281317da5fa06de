#include "image/polish/grow.hpp"

#include "image/labels/dilate_labels.hpp"
#include "image/labels/separate_vertebrae.hpp"

namespace musclemap::image {

void polish(const SeparateVertebrae& rule, Volume& labels, const PolishContext& context) {
  with_labels(labels, [&](const auto& view) {
    separate_vertebrae(view, {rule.c1, rule.l5}, static_cast<double>(context.voxel_mm3()), rule.least_mm3);
  });
}

void polish(const DilateLabels& rule, Volume& labels, const PolishContext& context) {
  with_labels(labels,
              [&](const auto& view) { dilate_labels(view, ellipsoid(context.zooms_mm, rule.radius_mm)); });
}

std::size_t polish_bytes(const SeparateVertebrae& /*rule*/, const Index3& shape) {
  return separate_vertebrae_bytes(shape);
}

std::size_t polish_bytes(const DilateLabels& /*rule*/, const Index3& shape) {
  return dilate_labels_bytes(shape);
}

}  // namespace musclemap::image
