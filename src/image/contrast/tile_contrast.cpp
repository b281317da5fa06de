// After normalize99_tile of cellpose/transforms.py, where the axes that are smoothed are z and y, never x.
#include "image/contrast/tile_contrast.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/even_tiles.hpp"
#include "base/parallel.hpp"
#include "image/percentile.hpp"
#include "image/reflected_gaussian.hpp"

namespace musclemap::image {
namespace {

constexpr double kTileOverlap = 0.1;
constexpr float kLeastTileSpan = 1e-3F;

/// One value a tile, [z][y][x].
using TileGrids = std::vector<FloatPlane>;

void smooth_down(double sigma, FloatPlane* grid) {
  const ReflectedGaussian gaussian(sigma);
  for (std::int64_t x = 0; x < grid->width; ++x) {
    std::vector<float> line;
    for (std::int64_t y = 0; y < grid->height; ++y) line.push_back(grid->row(y)[x]);
    line = gaussian.smoothed(line);
    for (std::int64_t y = 0; y < grid->height; ++y) grid->row(y)[x] = line[static_cast<std::size_t>(y)];
  }
}

void smooth_through(double sigma, TileGrids* grids) {
  const ReflectedGaussian gaussian(sigma);
  for (std::size_t i = 0; i < grids->front().values.size(); ++i) {
    std::vector<float> line;
    for (const FloatPlane& grid : *grids) line.push_back(grid.values[i]);
    line = gaussian.smoothed(line);
    for (std::size_t z = 0; z < grids->size(); ++z) (*grids)[z].values[i] = line[z];
  }
}

FloatPlane mean_of(const TileGrids& grids) {
  FloatPlane mean = grids.front();
  for (std::size_t z = 1; z < grids.size(); ++z) {
    for (std::size_t i = 0; i < mean.values.size(); ++i) mean.values[i] += grids[z].values[i];
  }
  for (float& value : mean.values) value /= static_cast<float>(grids.size());
  return mean;
}

void fill_flat_tiles(FloatPlane* low, FloatPlane* high) {
  std::vector<std::int64_t> flat;
  std::vector<std::int64_t> good;
  for (std::size_t i = 0; i < low->values.size(); ++i) {
    (high->values[i] - low->values[i] < kLeastTileSpan ? flat : good).push_back(static_cast<std::int64_t>(i));
  }
  if (good.empty()) {
    std::fill(low->values.begin(), low->values.end(), 0.0F);
    std::fill(high->values.begin(), high->values.end(), 1.0F);
    return;
  }
  for (const std::int64_t tile : flat) {
    const auto distance = [&](std::int64_t other) {
      const std::int64_t y = tile / low->width - other / low->width;
      const std::int64_t x = tile % low->width - other % low->width;
      return y * y + x * x;
    };
    const std::int64_t nearest = *std::min_element(
        good.begin(), good.end(), [&](std::int64_t a, std::int64_t b) { return distance(a) < distance(b); });
    low->values[static_cast<std::size_t>(tile)] = low->values[static_cast<std::size_t>(nearest)];
    high->values[static_cast<std::size_t>(tile)] = high->values[static_cast<std::size_t>(nearest)];
  }
}

// Of each plane.
TileLimits measure_tiles(const CellContrast& contrast, RowSource& planes, int threads) {
  const std::int64_t block = contrast.tile_norm_blocksize;
  const std::int64_t rows = std::min(block, planes.height());
  const std::int64_t columns = std::min(block, planes.width());
  const std::vector<std::int64_t> down = base::even_tiles(planes.height(), block, kTileOverlap);
  const std::vector<std::int64_t> across = base::even_tiles(planes.width(), block, kTileOverlap);
  const auto tiles = static_cast<std::int64_t>(across.size());
  const std::vector<FloatPlane> grids(static_cast<std::size_t>(planes.planes()),
                                      FloatPlane(static_cast<std::int64_t>(down.size()), tiles));
  TileLimits found{grids, grids};
  SlidingRows held(planes);
  for (std::size_t j = 0; j < down.size(); ++j) {
    held.hold(down[j], down[j] + rows);
    base::parallel_for(planes.planes() * tiles, threads, [&](std::int64_t n) {
      const std::int64_t z = n / tiles;
      const std::int64_t i = n % tiles;
      const std::int64_t x0 = across[static_cast<std::size_t>(i)];
      std::vector<float> values;
      for (std::int64_t y = down[j]; y < down[j] + rows; ++y) {
        values.insert(values.end(), held.row(z, y) + x0, held.row(z, y) + x0 + columns);
      }
      const auto row = static_cast<std::int64_t>(j);
      found.low[static_cast<std::size_t>(z)].row(row)[i] = numpy_percentile(&values, contrast.percentile[0]);
      found.high[static_cast<std::size_t>(z)].row(row)[i] = numpy_percentile(&values, contrast.percentile[1]);
    });
  }
  for (std::size_t z = 0; z < grids.size(); ++z) fill_flat_tiles(&found.low[z], &found.high[z]);
  return found;
}

}  // namespace

TileLimits tile_limits(const CellContrast& contrast, RowSource& planes, int threads) {
  TileLimits found = measure_tiles(contrast, planes, threads);
  const double again = contrast.tile_norm_smooth3d == 0 ? 1 : contrast.tile_norm_smooth3d;
  for (TileGrids* grids : {&found.low, &found.high}) {
    smooth_through(1, grids);
    for (FloatPlane& grid : *grids) {
      smooth_down(1, &grid);
      if (contrast.norm3d) smooth_down(again, &grid);
    }
    if (contrast.norm3d) *grids = {mean_of(*grids)};
  }
  return found;
}

}  // namespace musclemap::image
