// Intensities as Cellpose 3 normalises them (docs/chains/cells.md#intensities).
#ifndef MUSCLEMAP_IMAGE_CONTRAST_CELL_CONTRAST_HPP_
#define MUSCLEMAP_IMAGE_CONTRAST_CELL_CONTRAST_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "image/float_plane.hpp"
#include "image/row_source.hpp"

namespace musclemap::image {

/// Names are those of Cellpose's `normalize` dictionary.
struct CellContrast {
  bool normalize = true;
  bool invert = false;                           ///< 1 - x of channels that were normalised as a whole
  std::optional<std::array<double, 2>> lowhigh;  ///< become 0 and 1, and nothing else is done
  std::array<double, 2> percentile{1, 99};       ///< become 0 and 1
  double sharpen_radius = 0;             ///< sigma in pixels of the surround that is taken away; 0: none
  double smooth_radius = 0;              ///< sigma in pixels; 0: none
  std::int64_t tile_norm_blocksize = 0;  ///< percentiles of tiles of that size; 0: of all
  double tile_norm_smooth3d = 1;  ///< sigma, in tiles, of the second smoothing along y where norm3d is on
  bool norm3d = true;             ///< a stack is normalised as one, not plane by plane
};

/// Error `argument` for percentiles out of order and for an inversion of what is not normalised.
void check_cell_contrast(const CellContrast& contrast);

/// Opens the rows of a channel, from the top, as often as it is called.
using OpenRows = std::function<std::unique_ptr<RowSource>()>;

/// Percentiles of tiles, smoothed: one value a tile, of each plane or, where planes are normalised together,
/// of all.
struct TileLimits {
  std::vector<FloatPlane> low;
  std::vector<FloatPlane> high;
};

/// One channel, of one plane or a stack, that is normalised row by row. Values are finite. A channel of one
/// value stays as it is; one whose percentiles differ by 0.001 or less becomes 0.
class NormalisedChannel {
 public:
  /// Reads the channel once, whatever is asked for, and holds little of it: what percentiles are taken of, a
  /// row of tiles. Where it is sharpened or smoothed it is held from then on (kSharpenBytes a pixel
  /// meanwhile).
  NormalisedChannel(const CellContrast& contrast, OpenRows open, int threads);
  /// From the top; to be used while this lives.
  std::unique_ptr<RowSource> rows() const;

  static constexpr std::size_t kHeldBytes = 4;      ///< of a pixel of a channel that is sharpened
  static constexpr std::size_t kSharpenBytes = 36;  ///< while it is

 private:
  friend class NormalisedRows;
  struct Limits {
    float low = 0;
    float span = 0;  ///< 0: everything becomes 0
  };
  OpenRows open_;
  int threads_;
  std::vector<Limits> limits_;  // of each plane; none: values stay
  TileLimits tiles_;
  bool invert_ = false;
};

/// The same of planes in memory.
void apply_cell_contrast(const CellContrast& contrast, std::vector<FloatPlane>* planes, int threads);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_CONTRAST_CELL_CONTRAST_HPP_
