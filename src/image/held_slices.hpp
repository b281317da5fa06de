// Slices that are kept while the slices of another grid need them.
#ifndef MUSCLEMAP_IMAGE_HELD_SLICES_HPP_
#define MUSCLEMAP_IMAGE_HELD_SLICES_HPP_

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>

#include "image/grid.hpp"
#include "image/resampler.hpp"

namespace musclemap::image {

/// `held` becomes the slices of the box that target slice `k` needs, by z; `resampler` null: slice k itself.
/// Those that it lacks come from `slice_of(z)`, from the last to the first if `falling`, so that a run in
/// either direction asks for each one after the other.
template <class Scores, class SliceOf>
void hold_slices(const Block& box, const Resampler* resampler, std::int64_t k, bool falling,
                 const SliceOf& slice_of, std::map<std::int64_t, Scores>* held) {
  const SliceRange range = resampler != nullptr ? resampler->source_slices(k) : SliceRange{k, k + 1};
  // Slices that are no longer needed go before new ones come.
  for (auto each = held->begin(); each != held->end();) {
    each = each->first < range.begin || each->first >= range.end ? held->erase(each) : std::next(each);
  }
  const std::int64_t first = std::max(range.begin, box.begin[2]);
  const std::int64_t last = std::min(range.end, box.end[2]);
  for (std::int64_t n = 0; n < last - first; ++n) {
    const std::int64_t z = falling ? last - 1 - n : first + n;
    if (held->count(z) == 0) held->emplace(z, slice_of(z));
  }
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_HELD_SLICES_HPP_
