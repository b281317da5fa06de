// Rows of a label map as runs: neighbouring voxels of one label along the first axis.
#ifndef MUSCLEMAP_IMAGE_LABEL_RUNS_HPP_
#define MUSCLEMAP_IMAGE_LABEL_RUNS_HPP_

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

#include "musclemap/volume.hpp"

namespace musclemap::image {

/// Voxels [begin, end) of a row.
struct LabelRun {
  std::int64_t begin;
  std::int64_t end;
  std::int32_t label;
};

/// First place from `i` on, below `end`, whose label is another; labels lie one after the other and are
/// compared eight bytes at a time.
template <class T>
std::int64_t run_end(const T* row, std::int64_t i, std::int64_t end, T label) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if constexpr (sizeof(T) <= 4) {
    constexpr auto kBits = static_cast<int>(8 * sizeof(T));
    constexpr auto kAtOnce = static_cast<std::int64_t>(8 / sizeof(T));
    T eight[kAtOnce];
    for (T& each : eight) each = label;
    std::uint64_t same;
    std::memcpy(&same, eight, sizeof same);
    for (; i + kAtOnce <= end; i += kAtOnce) {
      std::uint64_t word;
      std::memcpy(&word, row + i, sizeof word);
      if (word != same) return i + __builtin_ctzll(word ^ same) / kBits;
    }
  }
#endif
  while (i < end && row[i] == label) ++i;
  return i;
}

/// Replaces `runs` by those of row (j, k); background (0) is left out.
template <class T>
void find_runs(const VoxelView<T>& labels, std::int64_t j, std::int64_t k, std::vector<LabelRun>* runs) {
  runs->clear();
  const T* row = labels.data + j * labels.stride[1] + k * labels.stride[2];
  const std::int64_t step = labels.stride[0];
  const std::int64_t ni = labels.shape[0];
  for (std::int64_t i = 0; i < ni;) {
    const auto label = row[i * step];
    const std::int64_t begin = i;
    if (step == 1) {
      i = run_end<std::remove_const_t<T>>(row, i + 1, ni, label);
    } else {
      do {
        ++i;
      } while (i < ni && row[i * step] == label);
    }
    if (label != 0) runs->push_back({begin, i, static_cast<std::int32_t>(label)});
  }
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABEL_RUNS_HPP_
