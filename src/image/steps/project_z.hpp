// Sections of a stack become one picture (docs/chains/cells.md, "Z-projection").
#ifndef MUSCLEMAP_IMAGE_STEPS_PROJECT_Z_HPP_
#define MUSCLEMAP_IMAGE_STEPS_PROJECT_Z_HPP_

#include <cstdint>
#include <vector>

#include "base/words.hpp"

namespace musclemap {
namespace image {

/// How a pixel is made of those of the sections.
enum class ProjectionType : std::int32_t { mean, max, min, median, std };

/// Which sections are used.
enum class ProjectionRange : std::int32_t {
  best,    ///< the one in best focus
  around,  ///< that and `around` on either side, moved inwards at the ends of the stack
  fixed,   ///< `first` to `last`
  all,
};

struct ZProjection {
  ProjectionType type = ProjectionType::mean;
  ProjectionRange range = ProjectionRange::around;
  std::int64_t around = 3;  ///< sections on either side
  std::int64_t first = 4;   ///< from 0
  std::int64_t last = 6;    ///< is used too
};

/// Sections that follow each other.
struct Sections {
  std::int64_t first = 0;
  std::int64_t count = 0;
};

/// Population variance of the size of the gradient (3x3 Sobel in double precision, the border mirrored
/// without its edge).
/// @param plane shape (y, x), row-major
template <class T>
double sharpness(const T* plane, std::int64_t height, std::int64_t width);

/// The section in best focus: the first of the largest means of three neighbours, the ends counted twice; 0
/// where no section has any contrast.
/// @param sharpness of the sections, at least one
std::int64_t best_focus(const std::vector<double>& sharpness);

/// @param best the section in best focus; read for `best` and `around` alone
/// @param depth sections of the stack, 1 or more
/// Error `argument` for a fixed range without a section of the stack, and for `around` below 0.
Sections sections_of(const ZProjection& projection, std::int64_t best, std::int64_t depth);

/// One picture of the planes, in their type. Integers: mean, median and deviation in double precision, cut
/// off behind the point; float: in single precision; double: in double. One plane is copied, whatever the
/// type. The deviation divides by one less than there are planes.
/// @param planes at least one, each of `pixels` values
/// @param to `pixels` values
/// @param threads any number gives the same
template <class T>
void project(const std::vector<const T*>& planes, std::int64_t pixels, ProjectionType type, int threads,
             T* to);

}  // namespace image

namespace base {

template <>
struct Words<image::ProjectionType> {
  using Type = image::ProjectionType;
  static constexpr WordList<Type, 5> kList{{{Type::mean, "mean"},
                                            {Type::max, "max"},
                                            {Type::min, "min"},
                                            {Type::median, "median"},
                                            {Type::std, "std"}}};
};

}  // namespace base
}  // namespace musclemap

#endif  // MUSCLEMAP_IMAGE_STEPS_PROJECT_Z_HPP_
