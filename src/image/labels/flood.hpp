// A connected component, followed from one of its voxels.
#ifndef MUSCLEMAP_IMAGE_LABELS_FLOOD_HPP_
#define MUSCLEMAP_IMAGE_LABELS_FLOOD_HPP_

#include <cstdint>
#include <utility>
#include <vector>

#include "musclemap/geometry.hpp"

namespace musclemap::image {

/// Goes through the 6-connected component that holds `seed`, run by run along the first axis. wanted(i, j, k)
/// says whether a voxel belongs to it and has not been taken yet; take(begin, end, j, k) takes voxels
/// [begin, end) of a row. Memory: 24 bytes for each run at the edge of what has been taken.
template <class Wanted, class Take>
void flood(const Index3& shape, const Index3& seed, const Wanted& wanted, const Take& take) {
  std::vector<Index3> open{seed};
  while (!open.empty()) {
    const auto [i, j, k] = open.back();
    open.pop_back();
    if (!wanted(i, j, k)) continue;
    std::int64_t begin = i;
    std::int64_t end = i + 1;
    while (begin > 0 && wanted(begin - 1, j, k)) --begin;
    while (end < shape[0] && wanted(end, j, k)) ++end;
    take(begin, end, j, k);
    for (const auto& [dj, dk] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
      const std::int64_t nj = j + dj;
      const std::int64_t nk = k + dk;
      if (nj < 0 || nj >= shape[1] || nk < 0 || nk >= shape[2]) continue;
      // The first voxel of each stretch stands for it.
      for (std::int64_t at = begin; at < end; ++at) {
        if (wanted(at, nj, nk) && (at == begin || !wanted(at - 1, nj, nk))) open.push_back({at, nj, nk});
      }
    }
  }
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_FLOOD_HPP_
