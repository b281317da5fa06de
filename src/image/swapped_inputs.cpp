#include "image/swapped_inputs.hpp"

#include <cstddef>
#include <string>

namespace musclemap::image {
namespace {

// Models of the whole body have a few more labels, but voxels of one label lie side by side in long runs. A
// noisy grey value is alone.
constexpr std::int64_t kManyLabels = 64;
constexpr std::int64_t kLongRun = 3;
constexpr std::int64_t kTimesAsMany = 4;

}  // namespace

bool LabelCounts::scattered() const { return labels >= kManyLabels && voxels < kLongRun * runs; }

std::optional<Warning> doubt_of_places(const ValueSurvey& image, const LabelCounts& labels) {
  if (!labels.scattered()) return std::nullopt;
  const std::optional<std::size_t> values = image.few_integers();
  if (!values || labels.labels < kTimesAsMany * static_cast<std::int64_t>(*values)) return std::nullopt;
  return Warning{WarningCode::inputs_swapped,
                 "the label map has " + std::to_string(labels.labels) +
                     " different values, scattered like grey values, and the image " +
                     std::to_string(*values) + ": are they exchanged?"};
}

}  // namespace musclemap::image
