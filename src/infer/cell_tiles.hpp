// A network of Cellpose on a picture: tiles, their weights, and what they give put together
// (docs/chains/cells.md#tiles).
#ifndef MUSCLEMAP_INFER_CELL_TILES_HPP_
#define MUSCLEMAP_INFER_CELL_TILES_HPP_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "image/float_plane.hpp"
#include "image/row_source.hpp"
#include "infer/engine.hpp"

namespace musclemap::infer {

struct CellTiling {
  std::int64_t tile = 224;  ///< pixels of a tile along y and x, at most
  double overlap = 0.1;     ///< part of a tile that its neighbours share; taken as 0.05 to 0.5
  bool augment = false;     ///< twice as many tiles along each axis, every second one of them flipped
  std::int64_t batch = 8;   ///< tiles in one call of the engine; changes no result
};

/// Zeros in front of an axis and behind it: 8 on both sides, and what lacks to a multiple of 16.
struct CellPadding {
  std::int64_t before = 0;
  std::int64_t after = 0;
};
CellPadding cell_padding(std::int64_t size);

/// Tiles along one axis of a padded picture.
struct CellTileAxis {
  std::int64_t padded = 0;  ///< with the zeros that a tile of full length needs behind it
  std::int64_t tile = 0;
  std::vector<std::int64_t> starts;
};
CellTileAxis cell_tile_axis(std::int64_t padded, const CellTiling& tiling);

/// Weight of each of `size` places of a tile along an axis: 1 / (1 + exp((|k - (B - 1) / 2| - (B / 2 - 20)) /
/// 7.5)) of the middle of B = max(224, longest side of the tile) places.
std::vector<double> cell_taper(std::int64_t size, std::int64_t longest);

/// Hears that `done` of `total` tiles are finished; what it throws comes out.
using AfterTiles = std::function<void(std::int64_t done, std::int64_t total)>;

/// What a network says of a picture, row by row: y flow and x flow, both five-fold, and the logit. A value is
/// the mean of its tiles' by the taper, summed in single precision in the order of the tiles, rows first.
/// Held: a row of tiles and one batch.
class CellScoreRows : public image::RowSource {
 public:
  /// `channels`, as many as the network takes, and `engine` outlive it.
  CellScoreRows(Engine* engine, image::RowSource& channels, const CellTiling& tiling, AfterTiles after_tiles);
  ~CellScoreRows() override;
  std::int64_t planes() const override;
  std::int64_t height() const override;
  std::int64_t width() const override;
  /// Error `model` for a network that gives something else.
  void read(std::int64_t begin, std::int64_t count, float* to, std::int64_t stride) override;
  /// Once all rows were read: the sum of the tiles' styles, of length 1; what is left of it where they
  /// cancel.
  std::vector<float> style() const;

 private:
  class Scorer;
  std::unique_ptr<Scorer> scorer_;
};

/// All rows of CellScoreRows.
struct CellScores {
  std::vector<image::FloatPlane> maps;
  std::vector<float> style;
};
CellScores score_cells(Engine* engine, const std::vector<image::FloatPlane>& channels,
                       const CellTiling& tiling, const AfterTiles& after_tiles);

/// Upper estimate of what CellScoreRows holds at its peak beside the engine.
std::size_t cell_row_bytes(std::int64_t height, std::int64_t width, std::int64_t channels,
                           const CellTiling& tiling);

/// The same of score_cells(), with its result.
std::size_t cell_score_bytes(std::int64_t height, std::int64_t width, const CellTiling& tiling);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_CELL_TILES_HPP_
