// Masks of a picture that does not fit into a test, which bench/large_cells.py has made, beside those of
// crops whose tiles are computed by themselves.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "decode/flows/masks_of.hpp"
#include "image/percentile.hpp"
#include "infer/cell_tiles.hpp"
#include "infer/load_engine.hpp"
#include "musclemap/cell_segmenter.hpp"
#include "musclemap/pictures.hpp"
#include "support/catch.hpp"
#include "task/cells/cell_model_state.hpp"
#include "task/cells/cell_run.hpp"

namespace musclemap::task {
namespace {

constexpr std::int64_t kCrop = 300;
constexpr std::int64_t kAround = 200;  // further than a pixel is moved

std::string told(const char* name) {
  const char* value = std::getenv((std::string("MUSCLEMAP_LARGE_") + name).c_str());
  return value == nullptr ? "" : value;
}

/// Pixels [y, y_end) x [x, x_end).
struct Box {
  std::int64_t y;
  std::int64_t y_end;
  std::int64_t x;
  std::int64_t x_end;
  std::int64_t columns() const { return x_end - x; }
};

/// Of a linear resize along one axis.
struct Tap {
  std::int64_t first;
  std::int64_t second;
  float share;
};
Tap tap_of(std::int64_t i, std::int64_t from, std::int64_t to) {
  const double step = 1.0 / (static_cast<double>(to) / static_cast<double>(from));
  const auto place = static_cast<float>((static_cast<double>(i) + 0.5) * step - 0.5);
  const float whole = std::floor(place);
  const auto first = static_cast<std::int64_t>(whole);
  if (first < 0) return {0, std::min<std::int64_t>(1, from - 1), 0};
  if (first >= from - 1) return {from - 1, from - 1, 0};
  return {first, first + 1, place - whole};
}

/// Some values of a large plane.
struct Part {
  Box box;
  std::vector<float> values;
  explicit Part(const Box& where)
      : box(where), values(static_cast<std::size_t>((where.y_end - where.y) * where.columns())) {}
  float& at(std::int64_t y, std::int64_t x) {
    return values[static_cast<std::size_t>((y - box.y) * box.columns() + x - box.x)];
  }
};

/// Part of the plane that `from` is resized to.
Part resized(Part& from, std::int64_t height, std::int64_t width, const Box& box, std::int64_t to_height,
             std::int64_t to_width) {
  Part result(box);
  for (std::int64_t y = box.y; y < box.y_end; ++y) {
    const Tap down = tap_of(y, height, to_height);
    for (std::int64_t x = box.x; x < box.x_end; ++x) {
      const Tap across = tap_of(x, width, to_width);
      const auto along = [&](std::int64_t row) {
        return from.at(row, across.first) * (1.0F - across.share) +
               from.at(row, across.second) * across.share;
      };
      result.at(y, x) = along(down.first) * (1.0F - down.share) + along(down.second) * down.share;
    }
  }
  return result;
}

/// What a resize to `to` pixels reads of `from` ones.
Box read_of(const Box& box, std::int64_t height, std::int64_t width, std::int64_t to_height,
            std::int64_t to_width) {
  return {tap_of(box.y, height, to_height).first, tap_of(box.y_end - 1, height, to_height).second + 1,
          tap_of(box.x, width, to_width).first, tap_of(box.x_end - 1, width, to_width).second + 1};
}

class Judge {
 public:
  Judge(PictureReader& picture, const CellModel& model)
      : picture_(picture),
        height_(picture.info().geometry.shape[3]),
        width_(picture.info().geometry.shape[4]),
        scale_(cell_scale(model.diam_mean(), model.diam_labels(), true)),
        network_height_(scale_.scaled(height_)),
        network_width_(scale_.scaled(width_)),
        pad_y_(infer::cell_padding(network_height_)),
        pad_x_(infer::cell_padding(network_width_)),
        down_(infer::cell_tile_axis(pad_y_.before + network_height_ + pad_y_.after, {})),
        across_(infer::cell_tile_axis(pad_x_.before + network_width_ + pad_x_.after, {})) {
    infer::EngineRequest request;
    engine_ = infer::load_engine(model.state().network, request).engine;
    std::vector<float> some;
    std::vector<std::uint16_t> row(static_cast<std::size_t>(width_));
    const bool all = height_ * width_ <= std::int64_t{224} * 224 * 224;
    for (std::int64_t y = 0; y < height_; y += all ? 1 : std::max<std::int64_t>(1, height_ / 224)) {
      picture_.read_rows(0, 0, 0, y, 1, row.data());
      for (std::int64_t x = 0; x < width_; x += all ? 1 : std::max<std::int64_t>(1, width_ / 224)) {
        some.push_back(row[static_cast<std::size_t>(x)]);
      }
    }
    low_ = image::numpy_percentile(&some, 1);
    span_ = image::numpy_percentile(&some, 99) - low_;
  }

  std::int64_t height() const { return height_; }
  std::int64_t width() const { return width_; }
  double steps() const { return scale_.steps(); }

  /// y flow, x flow and logit of a part of the picture.
  std::vector<Part> maps_of(const Box& box) {
    const Box seen = read_of(box, network_height_, network_width_, height_, width_);
    std::vector<Part> merged(3, Part(seen));
    for (const std::int64_t top : down_.starts) {
      for (const std::int64_t left : across_.starts)
        add_tile(top - pad_y_.before, left - pad_x_.before, &merged);
    }
    std::vector<Part> maps;
    for (Part& map : merged) {
      for (std::int64_t y = seen.y; y < seen.y_end; ++y) {
        for (std::int64_t x = seen.x; x < seen.x_end; ++x) {
          const double weight = sum_at(across_, x + pad_x_.before) * sum_at(down_, y + pad_y_.before);
          map.at(y, x) = static_cast<float>(static_cast<double>(map.at(y, x)) / weight);
        }
      }
      maps.push_back(resized(map, network_height_, network_width_, box, height_, width_));
    }
    return maps;
  }

 private:
  double sum_at(const infer::CellTileAxis& axis, std::int64_t at) const {
    double sum = 0;
    for (const std::int64_t start : axis.starts) {
      if (at >= start && at < start + axis.tile) sum += taper_[static_cast<std::size_t>(at - start)];
    }
    return sum;
  }

  /// The tile that begins there in the network's picture, where it has pixels of the part.
  void add_tile(std::int64_t top, std::int64_t left, std::vector<Part>* merged) {
    const Box& wanted = merged->front().box;
    const std::int64_t tile = down_.tile;
    if (top >= wanted.y_end || top + tile <= wanted.y || left >= wanted.x_end || left + tile <= wanted.x)
      return;
    const std::vector<float>& scores = scores_of(top, left);
    const std::vector<double> taper = infer::cell_taper(tile, tile);
    for (std::size_t map = 0; map < 3; ++map) {
      Part& part = (*merged)[map];
      for (std::int64_t y = std::max(top, wanted.y); y < std::min(top + tile, wanted.y_end); ++y) {
        for (std::int64_t x = std::max(left, wanted.x); x < std::min(left + tile, wanted.x_end); ++x) {
          const std::size_t at = (map * static_cast<std::size_t>(tile) + static_cast<std::size_t>(y - top)) *
                                     static_cast<std::size_t>(tile) +
                                 static_cast<std::size_t>(x - left);
          const double weight =
              taper[static_cast<std::size_t>(x - left)] * taper[static_cast<std::size_t>(y - top)];
          part.at(y, x) = static_cast<float>(static_cast<double>(part.at(y, x)) +
                                             static_cast<double>(scores[at]) * weight);
        }
      }
    }
  }

  std::vector<float> scores_of(std::int64_t top, std::int64_t left) {
    const std::int64_t tile = down_.tile;
    const Box inside{std::max<std::int64_t>(top, 0), std::min(top + tile, network_height_),
                     std::max<std::int64_t>(left, 0), std::min(left + tile, network_width_)};
    Part stored(read_of(inside, height_, width_, network_height_, network_width_));
    const Box& box = stored.box;
    std::vector<std::uint16_t> row(static_cast<std::size_t>(width_));
    for (std::int64_t y = box.y; y < box.y_end; ++y) {
      picture_.read_rows(0, 0, 0, y, 1, row.data());
      for (std::int64_t x = box.x; x < box.x_end; ++x) {
        stored.at(y, x) = (static_cast<float>(row[static_cast<std::size_t>(x)]) - low_) / span_;
      }
    }
    Part seen = resized(stored, height_, width_, inside, network_height_, network_width_);
    net::Tensor input{{1, 2, tile, tile}, std::vector<float>(static_cast<std::size_t>(2 * tile * tile))};
    for (std::int64_t y = inside.y; y < inside.y_end; ++y) {
      for (std::int64_t x = inside.x; x < inside.x_end; ++x) {
        input.values[static_cast<std::size_t>((y - top) * tile + x - left)] = seen.at(y, x);
      }
    }
    return engine_->run_ports({input})[0].values;
  }

  PictureReader& picture_;
  std::int64_t height_;
  std::int64_t width_;
  CellScale scale_;
  std::int64_t network_height_;
  std::int64_t network_width_;
  infer::CellPadding pad_y_;
  infer::CellPadding pad_x_;
  infer::CellTileAxis down_;
  infer::CellTileAxis across_;
  std::unique_ptr<infer::Engine> engine_;
  std::vector<double> taper_ = infer::cell_taper(224, 224);  // of tiles along both axes
  float low_ = 0;
  float span_ = 1;
};

/// Masks of the whole picture where all but some parts of it are background.
std::vector<std::uint32_t> masks_of_parts(const Judge& judge, std::vector<std::vector<Part>>* parts) {
  const std::int64_t width = judge.width();
  decode::Foreground foreground({1, judge.height(), width, 2}, 0);
  constexpr std::int64_t kRows = decode::Foreground::kBlockRows;
  for (std::int64_t begin = 0; begin < judge.height(); begin += kRows) {
    const std::int64_t count = std::min(kRows, judge.height() - begin);
    std::vector<std::vector<float>> maps(3, std::vector<float>(static_cast<std::size_t>(count * width)));
    std::fill(maps[2].begin(), maps[2].end(), -1.0F);
    for (std::vector<Part>& part : *parts) {
      const Box& box = part[0].box;
      for (std::int64_t y = std::max(begin, box.y); y < std::min(begin + count, box.y_end); ++y) {
        for (std::int64_t x = box.x; x < box.x_end; ++x) {
          for (std::size_t map = 0; map < 3; ++map) {
            maps[map][static_cast<std::size_t>((y - begin) * width + x)] = part[map].at(y, x);
          }
        }
      }
    }
    foreground.add_rows({{maps[0].data(), maps[1].data(), nullptr}, maps[2].data(), begin, count}, 1);
  }
  CellMaskOptions options;
  options.niter = judge.steps();
  return decode::masks_of(std::move(foreground), options, {}, nullptr).labels;
}

TEST_CASE("large picture: masks are those of tiles that are computed one by one", "[.large]") {
  if (told("PICTURE").empty()) {
    WARN("skipped: bench/large_cells.py says which picture");
    return;
  }
  const std::unique_ptr<PictureReader> picture = open_picture(told("PICTURE"));
  const std::unique_ptr<PictureReader> masks = open_picture(told("MASKS"));
  Judge judge(*picture, CellModel::open(told("MODEL")));
  std::mt19937 random(7);
  std::vector<std::vector<Part>> parts;
  std::vector<Box> crops;
  for (int n = 0; n < std::stoi(told("CROPS")); ++n) {
    const std::int64_t y = std::uniform_int_distribution<std::int64_t>(0, judge.height() - kCrop)(random);
    const std::int64_t x = std::uniform_int_distribution<std::int64_t>(0, judge.width() - kCrop)(random);
    crops.push_back({y, y + kCrop, x, x + kCrop});
    parts.push_back(judge.maps_of(
        {std::max<std::int64_t>(0, y - kAround), std::min(judge.height(), y + kCrop + kAround),
         std::max<std::int64_t>(0, x - kAround), std::min(judge.width(), x + kCrop + kAround)}));
  }
  const std::vector<std::uint32_t> expected = masks_of_parts(judge, &parts);
  const bool wide = masks->info().dtype == DType::u32;
  std::size_t cells = 0;
  for (const Box& crop : crops) {
    CAPTURE(crop.y, crop.x);
    std::vector<std::uint32_t> found(static_cast<std::size_t>(kCrop * judge.width()));
    if (wide) {
      masks->read_rows(0, 0, 0, crop.y, kCrop, found.data());
    } else {
      std::vector<std::uint16_t> narrow(found.size());
      masks->read_rows(0, 0, 0, crop.y, kCrop, narrow.data());
      std::copy(narrow.begin(), narrow.end(), found.begin());
    }
    // Numbers are others; cells are the same where each has one partner.
    std::map<std::uint32_t, std::uint32_t> partner;
    std::map<std::uint32_t, std::uint32_t> partner_back;
    std::int64_t different = 0;
    for (std::int64_t y = crop.y; y < crop.y_end; ++y) {
      for (std::int64_t x = crop.x; x < crop.x_end; ++x) {
        const std::uint32_t a = found[static_cast<std::size_t>((y - crop.y) * judge.width() + x)];
        const std::uint32_t b = expected[static_cast<std::size_t>(y * judge.width() + x)];
        const bool same = (a == 0) == (b == 0) && partner.emplace(a, b).first->second == b &&
                          partner_back.emplace(b, a).first->second == a;
        different += same ? 0 : 1;
      }
    }
    CHECK(different == 0);
    cells += partner.size() - partner.count(0);
  }
  WARN(std::to_string(cells) + " cells in " + std::to_string(crops.size()) + " crops");
  CHECK(cells > 0);
}

}  // namespace
}  // namespace musclemap::task
