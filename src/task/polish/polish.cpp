#include "task/polish/polish.hpp"

#include <variant>

#include "image/grid.hpp"

namespace musclemap::task {

void polish_at(PolishAt at, const std::vector<Polish>& rules, const Volume& rough, Volume* labels) {
  const Geometry& geometry = labels->geometry();
  const PolishContext context{image::voxel_sizes({geometry.shape, image::to_matrix(geometry.to_world)}),
                              rough};
  for (const Polish& each : rules) {
    std::visit(
        [&](const auto& rule) {
          if (rule.kAt == at) polish(rule, context, labels);
        },
        each);
  }
}

}  // namespace musclemap::task
