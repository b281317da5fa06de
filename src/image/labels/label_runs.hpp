// Rows of a label map as runs: neighbouring voxels of one label along the first axis.
#ifndef MUSCLEMAP_IMAGE_LABELS_LABEL_RUNS_HPP_
#define MUSCLEMAP_IMAGE_LABELS_LABEL_RUNS_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "musclemap/volume.hpp"

namespace musclemap::image {

/// Voxels [begin, end) of a row.
struct LabelRun {
  std::int64_t begin;
  std::int64_t end;
  std::int32_t label;
};

/// Bit n is set where row[n] differs from row[n - 1], for n from 0 to 63. Without a branch, so that the
/// compiler compares as many neighbours at a time as a vector holds.
template <class T>
std::uint64_t changes(const T* row) {
  std::array<std::uint8_t, 64> differs;
  for (std::size_t n = 0; n < differs.size(); ++n) differs[n] = row[n] != (row - 1)[n] ? 1 : 0;
  std::uint64_t bits = 0;
  for (std::size_t n = 0; n < differs.size(); n += 8) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    // Byte i of the eight, 0 or 1, moves to bit 56 + i.
    std::uint64_t eight;
    std::memcpy(&eight, differs.data() + n, sizeof eight);
    bits |= (eight * 0x0102040810204080U >> 56U) << n;
#else
    for (std::size_t i = n; i < n + 8; ++i) bits |= std::uint64_t{differs[i]} << i;
#endif
  }
  return bits;
}

/// Replaces `runs` by those of row (j, k); background (0) is left out.
template <class T>
void find_runs(const VoxelView<T>& labels, std::int64_t j, std::int64_t k, std::vector<LabelRun>* runs) {
  runs->clear();
  const T* row = labels.data + j * labels.stride[1] + k * labels.stride[2];
  const std::int64_t step = labels.stride[0];
  const std::int64_t ni = labels.shape[0];
  if (ni == 0) return;
  std::int64_t begin = 0;
  const auto end_run = [&](std::int64_t end) {
    const T label = row[begin * step];
    if (label != 0) runs->push_back({begin, end, static_cast<std::int32_t>(label)});
    begin = end;
  };
  std::int64_t i = 1;
  if (step == 1) {
    for (; i + 64 <= ni; i += 64) {
      for (std::uint64_t bits = changes(row + i); bits != 0; bits &= bits - 1) {
        end_run(i + __builtin_ctzll(bits));
      }
    }
  }
  for (; i < ni; ++i) {
    if (row[i * step] != row[(i - 1) * step]) end_run(i);
  }
  end_run(ni);
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABELS_LABEL_RUNS_HPP_
