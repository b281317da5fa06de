// After run_net of cellpose/core.py and make_tiles, average_tiles of cellpose/transforms.py,
// Cellpose 3.1.1.2.
#include "infer/cell_tiles.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/even_tiles.hpp"
#include "musclemap/error.hpp"

namespace musclemap::infer {
namespace {

constexpr std::int64_t kPadding = 8;
constexpr std::int64_t kMultiple = 16;
constexpr double kLeastOverlap = 0.05;
constexpr double kMostOverlap = 0.5;
constexpr std::int64_t kLeastTaper = 224;
constexpr double kTaperEdge = 20;
constexpr double kTaperWidth = 7.5;
constexpr std::int64_t kCellMaps = 3;

/// A tile of the padded picture and how it is turned before the network sees it.
struct CellTile {
  std::int64_t y = 0;
  std::int64_t x = 0;
  bool flip_y = false;
  bool flip_x = false;
};

class CellScorer {
 public:
  CellScorer(Engine* engine, const std::vector<image::FloatPlane>& channels, const CellTiling& tiling,
             const AfterTiles& after_tiles)
      : engine_(engine),
        channels_(channels),
        after_tiles_(after_tiles),
        batch_(std::max<std::int64_t>(1, tiling.batch)),
        augment_(tiling.augment),
        pad_y_(cell_padding(height()).before),
        pad_x_(cell_padding(width()).before),
        y_(axis_of(height(), tiling)),
        x_(axis_of(width(), tiling)),
        taper_y_(cell_taper(y_.tile, std::max(y_.tile, x_.tile))),
        taper_x_(cell_taper(x_.tile, std::max(y_.tile, x_.tile))),
        band_(static_cast<std::size_t>(kCellMaps * y_.tile * x_.padded)) {}

  CellScores run() {
    result_.maps.assign(kCellMaps, image::FloatPlane(height(), width()));
    total_ = static_cast<std::int64_t>(y_.starts.size() * x_.starts.size());
    const std::vector<double> weight_x = summed(x_, taper_x_);
    const std::vector<double> weight_y = summed(y_, taper_y_);
    for (std::size_t j = 0; j < y_.starts.size(); ++j) {
      score_row(j);
      const std::int64_t end = j + 1 < y_.starts.size() ? y_.starts[j + 1] : y_.padded;
      hand_over(y_.starts[j], end, weight_y, weight_x);
    }
    finish_style();
    return std::move(result_);
  }

 private:
  std::int64_t height() const { return channels_[0].height; }
  std::int64_t width() const { return channels_[0].width; }
  static CellTileAxis axis_of(std::int64_t size, const CellTiling& tiling) {
    const CellPadding padding = cell_padding(size);
    return cell_tile_axis(padding.before + size + padding.after, tiling);
  }

  static std::vector<double> summed(const CellTileAxis& axis, const std::vector<double>& taper) {
    std::vector<double> sums(static_cast<std::size_t>(axis.padded), 0.0);
    for (const std::int64_t start : axis.starts) {
      for (std::size_t k = 0; k < taper.size(); ++k) sums[static_cast<std::size_t>(start) + k] += taper[k];
    }
    return sums;
  }

  void score_row(std::size_t j) {
    const auto count = static_cast<std::int64_t>(x_.starts.size());
    for (std::int64_t i = 0; i < count; i += batch_) {
      std::vector<CellTile> tiles;
      for (std::int64_t k = i; k < std::min(count, i + batch_); ++k) {
        const bool odd_y = augment_ && j % 2 == 1;
        const bool odd_x = augment_ && k % 2 == 1;
        tiles.push_back({y_.starts[j], x_.starts[static_cast<std::size_t>(k)], odd_x, odd_y});
      }
      score_batch(tiles);
      done_ += static_cast<std::int64_t>(tiles.size());
      if (after_tiles_) after_tiles_(done_, total_);
    }
  }

  void score_batch(const std::vector<CellTile>& tiles) {
    const auto count = static_cast<std::int64_t>(tiles.size());
    const auto channels = static_cast<std::int64_t>(channels_.size());
    const std::int64_t pixels = y_.tile * x_.tile;
    net::Tensor input{{count, channels, y_.tile, x_.tile}, {}};
    input.values.assign(static_cast<std::size_t>(count * channels * pixels), 0.0F);
    for (std::int64_t t = 0; t < count; ++t) {
      for (std::int64_t c = 0; c < channels; ++c) {
        cut(tiles[static_cast<std::size_t>(t)], channels_[static_cast<std::size_t>(c)],
            input.values.data() + (t * channels + c) * pixels);
      }
    }
    const std::vector<net::Tensor> outputs = engine_->run_ports({std::move(input)});
    check(outputs, count);
    const auto maps = outputs[0].shape[1];
    for (std::int64_t t = 0; t < count; ++t) {
      add(tiles[static_cast<std::size_t>(t)], outputs[0].values.data() + t * maps * pixels);
    }
    add_styles(outputs[1], count);
  }

  void check(const std::vector<net::Tensor>& outputs, std::int64_t count) const {
    const bool fits = outputs.size() >= 2 && outputs[0].shape.size() == 4 && outputs[0].shape[0] == count &&
                      outputs[0].shape[1] >= kCellMaps && outputs[0].shape[2] == y_.tile &&
                      outputs[0].shape[3] == x_.tile && outputs[1].shape.size() >= 2 &&
                      outputs[1].shape[0] == count;
    if (fits) return;
    throw Error(ErrorCode::model, Reason::model,
                "the network does not give 3 maps of a tile's size and a style vector, as Cellpose's does");
  }

  void cut(const CellTile& tile, const image::FloatPlane& plane, float* out) const {
    const std::int64_t x0 = tile.x - pad_x_;
    const std::int64_t begin = std::max<std::int64_t>(0, x0);
    const std::int64_t end = std::min(plane.width, x0 + x_.tile);
    for (std::int64_t row = 0; row < y_.tile; ++row) {
      const std::int64_t y = tile.y + row - pad_y_;
      if (y < 0 || y >= plane.height || begin >= end) continue;
      float* to = out + (tile.flip_y ? y_.tile - 1 - row : row) * x_.tile;
      std::copy(plane.row(y) + begin, plane.row(y) + end, to + (begin - x0));
      if (tile.flip_x) std::reverse(to, to + x_.tile);
    }
  }

  /// Adds maps of a tile, turned back, to the band that begins with the tile's row.
  void add(const CellTile& tile, const float* maps) {
    for (std::int64_t map = 0; map < kCellMaps; ++map) {
      const bool negated = (map == 0 && tile.flip_y) || (map == 1 && tile.flip_x);
      const double sign = negated ? -1 : 1;
      for (std::int64_t row = 0; row < y_.tile; ++row) {
        const float* from = maps + (map * y_.tile + (tile.flip_y ? y_.tile - 1 - row : row)) * x_.tile;
        float* to = band_.data() + (map * y_.tile + row) * x_.padded + tile.x;
        const double weight_y = taper_y_[static_cast<std::size_t>(row)];
        for (std::int64_t x = 0; x < x_.tile; ++x) {
          const auto value = static_cast<double>(from[tile.flip_x ? x_.tile - 1 - x : x]) * sign;
          const double weight = taper_x_[static_cast<std::size_t>(x)] * weight_y;
          to[x] = static_cast<float>(static_cast<double>(to[x]) + value * weight);
        }
      }
    }
  }

  void add_styles(const net::Tensor& styles, std::int64_t count) {
    const std::size_t size = styles.values.size() / static_cast<std::size_t>(count);
    result_.style.resize(size, 0.0F);
    for (std::size_t i = 0; i < styles.values.size(); ++i) result_.style[i % size] += styles.values[i];
  }

  void finish_style() {
    float squares = 0;
    for (const float value : result_.style) squares += value * value;
    const float length = std::sqrt(squares);
    for (float& value : result_.style) value /= length;
  }

  /// Rows [begin, end) of the padded picture are finished; what is left of the band moves up.
  void hand_over(std::int64_t begin, std::int64_t end, const std::vector<double>& weight_y,
                 const std::vector<double>& weight_x) {
    if (begin == end) return;
    for (std::int64_t map = 0; map < kCellMaps; ++map) {
      float* band = band_.data() + map * y_.tile * x_.padded;
      image::FloatPlane& out = result_.maps[static_cast<std::size_t>(map)];
      for (std::int64_t row = begin; row < end; ++row) {
        const std::int64_t y = row - pad_y_;
        if (y < 0 || y >= out.height) continue;
        const float* sums = band + (row - begin) * x_.padded + pad_x_;
        for (std::int64_t x = 0; x < out.width; ++x) {
          const double weight =
              weight_x[static_cast<std::size_t>(x + pad_x_)] * weight_y[static_cast<std::size_t>(row)];
          out.row(y)[x] = static_cast<float>(static_cast<double>(sums[x]) / weight);
        }
      }
      const std::int64_t kept = std::max<std::int64_t>(0, y_.tile - (end - begin));
      float* rest = std::copy(band + (y_.tile - kept) * x_.padded, band + y_.tile * x_.padded, band);
      std::fill(rest, band + y_.tile * x_.padded, 0.0F);
    }
  }

  Engine* engine_;
  const std::vector<image::FloatPlane>& channels_;
  const AfterTiles& after_tiles_;
  std::int64_t batch_;
  bool augment_;
  std::int64_t pad_y_;
  std::int64_t pad_x_;
  CellTileAxis y_;
  CellTileAxis x_;
  std::vector<double> taper_y_;
  std::vector<double> taper_x_;
  std::vector<float> band_;  // [map][row of a tile][x of the padded picture]
  std::int64_t done_ = 0;
  std::int64_t total_ = 0;
  CellScores result_;
};

}  // namespace

CellPadding cell_padding(std::int64_t size) {
  const std::int64_t lacking = (kMultiple - size % kMultiple) % kMultiple;
  return {kPadding + lacking / 2, kPadding + lacking - lacking / 2};
}

CellTileAxis cell_tile_axis(std::int64_t padded, const CellTiling& tiling) {
  if (tiling.augment) {
    const std::int64_t size = std::max(padded, tiling.tile);
    const double tiles = 2.0 * static_cast<double>(size) / static_cast<double>(tiling.tile);
    const std::int64_t count = std::max<std::int64_t>(2, static_cast<std::int64_t>(std::ceil(tiles)));
    return {size, tiling.tile, base::even_starts(size - tiling.tile, count)};
  }
  const double overlap = std::clamp(tiling.overlap, kLeastOverlap, kMostOverlap);
  return {padded, std::min(padded, tiling.tile), base::even_tiles(padded, tiling.tile, overlap)};
}

std::vector<double> cell_taper(std::int64_t size, std::int64_t longest) {
  const std::int64_t whole = std::max(kLeastTaper, longest);
  const double middle = static_cast<double>(whole - 1) / 2;
  std::vector<double> taper;
  const std::int64_t begin = whole / 2 - size / 2;
  for (std::int64_t k = begin; k < begin + size; ++k) {
    const double away = std::abs(static_cast<double>(k) - middle);
    taper.push_back(1 / (1 + std::exp((away - (static_cast<double>(whole) / 2 - kTaperEdge)) / kTaperWidth)));
  }
  return taper;
}

CellScores score_cells(Engine* engine, const std::vector<image::FloatPlane>& channels,
                       const CellTiling& tiling, const AfterTiles& after_tiles) {
  return CellScorer(engine, channels, tiling, after_tiles).run();
}

std::size_t cell_score_bytes(std::int64_t height, std::int64_t width, const CellTiling& tiling) {
  const CellPadding pad_y = cell_padding(height);
  const CellPadding pad_x = cell_padding(width);
  const CellTileAxis y = cell_tile_axis(pad_y.before + height + pad_y.after, tiling);
  const CellTileAxis x = cell_tile_axis(pad_x.before + width + pad_x.after, tiling);
  const std::int64_t maps = kCellMaps * height * width;
  const std::int64_t band = kCellMaps * y.tile * x.padded;
  const std::int64_t batch = tiling.batch * y.tile * x.tile * 2 * (kCellMaps + 2);
  return static_cast<std::size_t>(maps + band + batch) * sizeof(float);
}

}  // namespace musclemap::infer
