// Connected parts of a small label map, as plainly as they can be found.
#ifndef MUSCLEMAP_TESTS_SUPPORT_FLOOD_FILL_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_FLOOD_FILL_HPP_

#include <cstdint>
#include <vector>

#include "support/volumes.hpp"

namespace musclemap::test {

struct FilledPart {
  std::int32_t label;
  std::int64_t voxels;
  std::int64_t first;  // with the first axis slowest
};

/// Voxels have the first axis fastest. Parts come in the order of their first voxels.
inline std::vector<FilledPart> flood_fill(const Index3& n, const std::vector<std::int32_t>& labels) {
  std::vector<bool> seen(labels.size(), false);
  std::vector<FilledPart> parts;
  for (std::int64_t i = 0; i < n[0]; ++i) {
    for (std::int64_t j = 0; j < n[1]; ++j) {
      for (std::int64_t k = 0; k < n[2]; ++k) {
        const std::int32_t label = labels[place(n, {i, j, k})];
        if (label == 0 || seen[place(n, {i, j, k})]) continue;
        std::vector<Index3> part{{i, j, k}};
        seen[place(n, part[0])] = true;
        for (std::size_t next = 0; next < part.size(); ++next) {
          for (std::size_t axis = 0; axis < 3; ++axis) {
            for (const std::int64_t step : {-1, 1}) {
              Index3 at = part[next];
              at[axis] += step;
              if (at[axis] < 0 || at[axis] >= n[axis]) continue;
              if (seen[place(n, at)] || labels[place(n, at)] != label) continue;
              seen[place(n, at)] = true;
              part.push_back(at);
            }
          }
        }
        parts.push_back({label, static_cast<std::int64_t>(part.size()), (i * n[1] + j) * n[2] + k});
      }
    }
  }
  return parts;
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_FLOOD_FILL_HPP_
