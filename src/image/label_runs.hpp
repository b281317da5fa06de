// Rows of a label map as runs: neighbouring voxels of one label along the first axis.
#ifndef MUSCLEMAP_IMAGE_LABEL_RUNS_HPP_
#define MUSCLEMAP_IMAGE_LABEL_RUNS_HPP_

#include <cstdint>
#include <vector>

#include "musclemap/volume.hpp"

namespace musclemap::image {

/// Voxels [begin, end) of a row.
struct LabelRun {
  std::int64_t begin;
  std::int64_t end;
  std::int32_t label;
};

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
    do {
      ++i;
    } while (i < ni && row[i * step] == label);
    if (label != 0) runs->push_back({begin, i, static_cast<std::int32_t>(label)});
  }
}

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_LABEL_RUNS_HPP_
