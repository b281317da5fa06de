#include "image/slice_neighbours.hpp"

#include <algorithm>

#include "musclemap/error.hpp"

namespace musclemap::image {
namespace {

void append(const SliceRange& where, std::int64_t place, double weight, AxisNeighbours* to) {
  const bool inside = place >= where.begin && place < where.end;
  to->places.push_back(std::clamp(place, where.begin, where.end - 1) - where.begin);
  to->weights.push_back(inside ? weight : 0);
}

// One place for every index of a grid that is the scores' own.
AxisNeighbours own_places(const SliceRange& where, std::int64_t first, std::int64_t count) {
  AxisNeighbours result;
  for (std::int64_t n = 0; n < count; ++n) append(where, first + n, 1, &result);
  return result;
}

void check_held(const Block& box, const SliceRange& held, const Bracket& z) {
  for (std::size_t n = 0; n < 2; ++n) {
    const std::int64_t at = z.lower + static_cast<std::int64_t>(n);
    const bool needed = z.weight[n] != 0 && at >= box.begin[2] && at < box.end[2];
    if (needed && (at < held.begin || at >= held.end))
      throw Error(ErrorCode::internal, "a slice of scores is not at hand");
  }
}

}  // namespace

SliceNeighbours slice_neighbours(const Block& box, const SliceRange& held, const Resampler* resampler,
                                 const Index3& target, std::int64_t k) {
  const std::array<SliceRange, 3> where{
      {{box.begin[0], box.end[0]}, {box.begin[1], box.end[1]}, {held.begin, held.end}}};
  if (resampler == nullptr) {
    SliceNeighbours result{own_places(where[0], 0, target[0]), own_places(where[1], 0, target[1]),
                           own_places(where[2], k, 1)};
    result[0].ni = target[0];
    result[1].nj = target[1];
    return result;
  }
  SliceNeighbours result;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    result[axis].count = 2;
    if (resampler->depends(axis, 0)) result[axis].ni = target[0];
    if (resampler->depends(axis, 1)) result[axis].nj = target[1];
  }
  SampleRow row;
  for (std::int64_t i = 0; i < target[0]; ++i) {
    resampler->row(i, k, &row);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      AxisNeighbours& to = result[axis];
      for (std::size_t j = 0; i < to.ni && j < static_cast<std::size_t>(to.nj); ++j) {
        const Bracket& bracket = row.axis[axis][j];
        if (axis == 2) check_held(box, held, bracket);
        append(where[axis], bracket.lower, bracket.weight[0], &to);
        append(where[axis], bracket.lower + 1, bracket.weight[1], &to);
      }
    }
  }
  return result;
}

}  // namespace musclemap::image
