#include "task/polish/keep_largest.hpp"

#include "image/labels/components.hpp"

namespace musclemap::task {

void polish(const KeepLargest& /*rule*/, Volume& labels, const image::PolishContext& /*context*/) {
  image::with_labels(labels, [](const auto& view) { image::keep_largest_components(view); });
}

}  // namespace musclemap::task
