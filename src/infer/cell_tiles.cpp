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

}  // namespace

class CellScoreRows::Scorer {
 public:
  Scorer(Engine* engine, image::RowSource& channels, const CellTiling& tiling, AfterTiles after_tiles)
      : engine_(engine),
        channels_(channels.planes()),
        height_(channels.height()),
        width_(channels.width()),
        rows_(channels),
        after_tiles_(std::move(after_tiles)),
        batch_(std::max<std::int64_t>(1, tiling.batch)),
        augment_(tiling.augment),
        pad_y_(cell_padding(height_).before),
        pad_x_(cell_padding(width_).before),
        y_(axis_of(height_, tiling)),
        x_(axis_of(width_, tiling)),
        taper_y_(cell_taper(y_.tile, std::max(y_.tile, x_.tile))),
        taper_x_(cell_taper(x_.tile, std::max(y_.tile, x_.tile))),
        weight_y_(summed(y_, taper_y_)),
        weight_x_(summed(x_, taper_x_)),
        band_(static_cast<std::size_t>(kCellMaps * y_.tile * x_.padded)),
        total_(static_cast<std::int64_t>(y_.starts.size() * x_.starts.size())) {}

  std::int64_t height() const { return height_; }
  std::int64_t width() const { return width_; }

  void read(std::int64_t begin, std::int64_t count, float* to, std::int64_t stride) {
    for (std::int64_t y = begin; y < begin + count;) {
      while (y + pad_y_ >= finished_) score_next_row();
      const std::int64_t end = std::min(begin + count, finished_ - pad_y_);
      for (std::int64_t map = 0; map < kCellMaps; ++map) {
        for (std::int64_t row = y; row < end; ++row)
          finish(map, row, to + map * stride + (row - begin) * width_);
      }
      y = end;
    }
    // Of tiles that end in the zeros the style counts.
    while (begin + count == height_ && next_ < y_.starts.size()) score_next_row();
  }

  std::vector<float> style() const {
    std::vector<float> style = style_;
    float squares = 0;
    for (const float value : style) squares += value * value;
    const float length = std::sqrt(squares);
    for (float& value : style) value /= length;
    return style;
  }

 private:
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

  /// The band begins with the next row of tiles then; the rows above the one after that are finished.
  void score_next_row() {
    const std::size_t j = next_++;
    if (j > 0) move_band(y_.starts[j] - y_.starts[j - 1]);
    rows_.hold(std::clamp<std::int64_t>(y_.starts[j] - pad_y_, 0, height_),
               std::clamp<std::int64_t>(y_.starts[j] - pad_y_ + y_.tile, 0, height_));
    score_row(j);
    top_ = y_.starts[j];
    finished_ = next_ < y_.starts.size() ? y_.starts[next_] : y_.padded;
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
    const std::int64_t pixels = y_.tile * x_.tile;
    net::Tensor input{{count, channels_, y_.tile, x_.tile}, {}};
    input.values.assign(static_cast<std::size_t>(count * channels_ * pixels), 0.0F);
    for (std::int64_t t = 0; t < count; ++t) {
      for (std::int64_t c = 0; c < channels_; ++c) {
        cut(tiles[static_cast<std::size_t>(t)], c, input.values.data() + (t * channels_ + c) * pixels);
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

  void cut(const CellTile& tile, std::int64_t channel, float* out) const {
    const std::int64_t x0 = tile.x - pad_x_;
    const std::int64_t begin = std::max<std::int64_t>(0, x0);
    const std::int64_t end = std::min(width_, x0 + x_.tile);
    for (std::int64_t row = 0; row < y_.tile; ++row) {
      const std::int64_t y = tile.y + row - pad_y_;
      if (y < 0 || y >= height_ || begin >= end) continue;
      float* to = out + (tile.flip_y ? y_.tile - 1 - row : row) * x_.tile;
      const float* from = rows_.row(channel, y);
      std::copy(from + begin, from + end, to + (begin - x0));
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
    style_.resize(size, 0.0F);
    for (std::size_t i = 0; i < styles.values.size(); ++i) style_[i % size] += styles.values[i];
  }

  /// A finished row of the picture.
  void finish(std::int64_t map, std::int64_t y, float* out) const {
    const std::int64_t row = y + pad_y_;
    const float* sums = band_.data() + (map * y_.tile + row - top_) * x_.padded + pad_x_;
    for (std::int64_t x = 0; x < width_; ++x) {
      const double weight =
          weight_x_[static_cast<std::size_t>(x + pad_x_)] * weight_y_[static_cast<std::size_t>(row)];
      out[x] = static_cast<float>(static_cast<double>(sums[x]) / weight);
    }
  }

  /// Up by some rows; zeros come in from below.
  void move_band(std::int64_t rows) {
    if (rows == 0) return;
    for (std::int64_t map = 0; map < kCellMaps; ++map) {
      float* band = band_.data() + map * y_.tile * x_.padded;
      const std::int64_t kept = std::max<std::int64_t>(0, y_.tile - rows);
      float* rest = std::copy(band + (y_.tile - kept) * x_.padded, band + y_.tile * x_.padded, band);
      std::fill(rest, band + y_.tile * x_.padded, 0.0F);
    }
  }

  Engine* engine_;
  std::int64_t channels_;
  std::int64_t height_;
  std::int64_t width_;
  image::SlidingRows rows_;
  AfterTiles after_tiles_;
  std::int64_t batch_;
  bool augment_;
  std::int64_t pad_y_;
  std::int64_t pad_x_;
  CellTileAxis y_;
  CellTileAxis x_;
  std::vector<double> taper_y_;
  std::vector<double> taper_x_;
  std::vector<double> weight_y_;  // sums of all tiles'
  std::vector<double> weight_x_;
  std::vector<float> band_;    // [map][row of a tile][x of the padded picture], from row top_ on
  std::size_t next_ = 0;       // row of tiles
  std::int64_t top_ = 0;       // of the padded picture
  std::int64_t finished_ = 0;  // rows of the padded picture
  std::int64_t done_ = 0;      // tiles
  std::int64_t total_ = 0;
  std::vector<float> style_;  // sum so far
};

CellScoreRows::CellScoreRows(Engine* engine, image::RowSource& channels, const CellTiling& tiling,
                             AfterTiles after_tiles)
    : scorer_(std::make_unique<Scorer>(engine, channels, tiling, std::move(after_tiles))) {}
CellScoreRows::~CellScoreRows() = default;
std::int64_t CellScoreRows::planes() const { return kCellMaps; }
std::int64_t CellScoreRows::height() const { return scorer_->height(); }
std::int64_t CellScoreRows::width() const { return scorer_->width(); }
void CellScoreRows::read(std::int64_t begin, std::int64_t count, float* to, std::int64_t stride) {
  scorer_->read(begin, count, to, stride);
}
std::vector<float> CellScoreRows::style() const { return scorer_->style(); }

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
  image::PlaneRows source(channels);
  CellScoreRows rows(engine, source, tiling, after_tiles);
  CellScores scores;
  scores.maps = image::all_rows(rows);
  scores.style = rows.style();
  return scores;
}

std::size_t cell_row_bytes(std::int64_t height, std::int64_t width, std::int64_t channels,
                           const CellTiling& tiling) {
  const CellPadding pad_y = cell_padding(height);
  const CellPadding pad_x = cell_padding(width);
  const CellTileAxis y = cell_tile_axis(pad_y.before + height + pad_y.after, tiling);
  const CellTileAxis x = cell_tile_axis(pad_x.before + width + pad_x.after, tiling);
  const std::int64_t band = kCellMaps * y.tile * x.padded;
  // Twice while the window grows.
  const std::int64_t seen = 2 * channels * y.tile * width;
  const std::int64_t batch = tiling.batch * y.tile * x.tile * 2 * (kCellMaps + channels);
  return static_cast<std::size_t>(band + seen + batch) * sizeof(float);
}

std::size_t cell_score_bytes(std::int64_t height, std::int64_t width, const CellTiling& tiling) {
  constexpr std::int64_t kUsualChannels = 2;
  const auto maps = static_cast<std::size_t>(kCellMaps * height * width) * sizeof(float);
  return maps + cell_row_bytes(height, width, kUsualChannels, tiling);
}

}  // namespace musclemap::infer
