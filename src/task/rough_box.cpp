#include "task/rough_box.hpp"

#include <algorithm>

#include "image/typed_view.hpp"

namespace musclemap::task {

image::Block rough_box(const Rough& rough, const Volume& labels) {
  const Index3& shape = labels.geometry().shape;
  const auto wanted = [&](std::int64_t value) {
    if (rough.labels.empty()) return value != 0;
    return std::find(rough.labels.begin(), rough.labels.end(), value) != rough.labels.end();
  };
  image::Block box{shape, {0, 0, 0}};
  image::with_view(labels, [&](const auto& voxels) {
    for (std::int64_t k = 0; k < shape[2]; ++k) {
      for (std::int64_t j = 0; j < shape[1]; ++j) {
        for (std::int64_t i = 0; i < shape[0]; ++i) {
          const auto value = static_cast<std::int64_t>(voxels(i, j, k));
          if (value == 0 || !wanted(value)) continue;
          const Index3 at{i, j, k};
          for (std::size_t a = 0; a < 3; ++a) {
            box.begin[a] = std::min(box.begin[a], at[a]);
            box.end[a] = std::max(box.end[a], at[a] + 1);
          }
        }
      }
    }
  });
  if (box.empty()) return {};
  const Spacing mm = image::voxel_sizes({shape, image::to_matrix(labels.geometry().to_world)});
  for (std::size_t a = 0; a < 3; ++a) {
    // A margin of more voxels than there are reaches the border.
    const auto voxels =
        static_cast<std::int64_t>(std::min(rough.margin_mm / mm[a], static_cast<double>(shape[a])));
    box.begin[a] = std::max<std::int64_t>(0, box.begin[a] - voxels);
    box.end[a] = std::min(shape[a], box.end[a] + voxels);
  }
  return box;
}

}  // namespace musclemap::task
