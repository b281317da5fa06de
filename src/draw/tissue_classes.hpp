// The classes of a tissue map as pictures show them.
#ifndef MUSCLEMAP_DRAW_TISSUE_CLASSES_HPP_
#define MUSCLEMAP_DRAW_TISSUE_CLASSES_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "draw/canvas.hpp"
#include "musclemap/tissue.hpp"

namespace musclemap::draw {

/// Classes in the order of pictures and tables: not divided, muscle, undefined, fat.
constexpr std::size_t kClasses = 4;
constexpr std::size_t kNoClass = 0;
constexpr std::size_t kMuscle = 1;
constexpr std::size_t kUndefined = 2;
constexpr std::size_t kFat = 3;

/// Red, blue, yellow: MuscleMap's colours, as dark, middle and bright, so that they differ without hue too.
constexpr std::array<Colour, kClasses> kClassColours{
    {{112, 120, 132}, {224, 40, 68}, {64, 148, 255}, {255, 222, 40}}};

using ClassCounts = std::array<std::int64_t, kClasses>;

/// Class of a code of Tissue; kNoClass for codes outside the list.
constexpr std::size_t class_of(std::uint8_t code) noexcept {
  switch (static_cast<Tissue>(code)) {
    case Tissue::muscle:
      return kMuscle;
    case Tissue::undefined:
      return kUndefined;
    case Tissue::fat:
      return kFat;
    case Tissue::none:
      break;
  }
  return kNoClass;
}

/// What a class is, for the legend.
struct ClassDefinition {
  std::size_t which;
  std::string text;  ///< such as "muscle (1): below the threshold"
};

/// The classes that those options give, in the order of tables.
std::vector<ClassDefinition> class_definitions(const TissueOptions& options);

/// True where the options have a class between muscle and fat.
bool has_undefined(const TissueOptions& options) noexcept;

/// "k-means", "Gaussian mixture", …, with the number of components.
std::string method_text(const TissueOptions& options);

/// A label's status in words; empty for ok.
std::string status_text(LabelStatus status);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_TISSUE_CLASSES_HPP_
