#include "task/polish/keep_largest.hpp"

#include "image/labels/components.hpp"
#include "task/class_view.hpp"

namespace musclemap::task {

void polish(const KeepLargest& /*rule*/, const PolishContext& /*context*/, Volume* labels) {
  with_classes(*labels, [](const auto& view) { image::keep_largest_components(view); });
}

}  // namespace musclemap::task
