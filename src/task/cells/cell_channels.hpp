// The network's channels of a picture, normalised (docs/chains/cells.md#intensities).
#ifndef MUSCLEMAP_TASK_CELLS_CELL_CHANNELS_HPP_
#define MUSCLEMAP_TASK_CELLS_CELL_CHANNELS_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "image/contrast/cell_contrast.hpp"
#include "image/row_source.hpp"
#include "musclemap/pictures.hpp"

namespace musclemap::task {

/// Read from the picture once more for each pass.
class CellChannels {
 public:
  /// Reads every channel once. `picture` outlives it. Errors: as channel_rows().
  /// @param contrasts one a channel of the network
  CellChannels(PictureReader& picture, const std::array<std::int64_t, 2>& channels,
               const std::vector<image::CellContrast>& contrasts, int threads);
  /// Planes of all channels, to be used while this lives.
  std::unique_ptr<image::RowSource> rows() const;

 private:
  std::vector<std::unique_ptr<image::NormalisedChannel>> channels_;
};

/// What CellChannels takes at its peak.
std::size_t channel_bytes(std::int64_t height, std::int64_t width,
                          const std::array<std::int64_t, 2>& channels, const image::CellContrast& contrast);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CELLS_CELL_CHANNELS_HPP_
