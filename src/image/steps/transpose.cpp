#include "image/steps/transpose.hpp"

#include <algorithm>
#include <string>

#include "image/transposed_field.hpp"
#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

// Axis k of an array [z][y][x] is axis 2 - k of a grid.
Axes axes_below(const Transpose& step) {
  std::array<int, 3> sorted = step.forward;
  std::sort(sorted.begin(), sorted.end());
  if (sorted != std::array<int, 3>{0, 1, 2}) {
    std::string text;
    for (const int axis : step.forward) text += (text.empty() ? "" : ", ") + std::to_string(axis);
    throw Error(ErrorCode::argument, "transpose_forward is " + text + "; 0, 1 and 2 are needed, each once");
  }
  Axes below{};
  for (std::size_t k = 0; k < 3; ++k) below[2 - k] = static_cast<std::size_t>(2 - step.forward[k]);
  return below;
}

}  // namespace

Grid forward(const Transpose& step, const Grid& from, const Measured&) {
  const Axes below = axes_below(step);
  Matrix4 turn;
  for (std::size_t axis = 0; axis < 3; ++axis)
    turn(static_cast<int>(below[axis]), static_cast<int>(axis)) = 1;
  turn(3, 3) = 1;
  return {turned(below, from.shape), multiply(from.to_world, turn), turned(below, from.stated_mm)};
}

std::unique_ptr<Field> apply(const Transpose& step, Field& below, const Grid&, const Measured&, int) {
  const Axes axes = axes_below(step);
  if (axes == Axes{0, 1, 2}) return nullptr;
  return std::make_unique<TransposedField>(below, axes);
}

void undo_labels(const Transpose& step, const Grid&, const Measured&, LabelsBack* back) {
  const Axes below = axes_below(step);
  const LabelsBack behind = *back;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    back->axis[below[axis]] = behind.axis[axis];
    back->at[below[axis]] = behind.at[axis];
  }
}

}  // namespace musclemap::image
