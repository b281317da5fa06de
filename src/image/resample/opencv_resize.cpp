// After modules/imgproc/src/resize.cpp of OpenCV 4.12, without IPP, which differs in the last bits.
#include "image/resample/opencv_resize.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/parallel.hpp"

namespace musclemap::image {
namespace {

constexpr std::int64_t kRowsOfItem = 16;

/// Rounded as OpenCV rounds it: nearest indices depend on the last bit.
double source_step(std::int64_t from, std::int64_t to) {
  return 1.0 / (static_cast<double>(to) / static_cast<double>(from));
}

std::vector<LinearTap> linear_taps(std::int64_t from, std::int64_t to) {
  const double scale = source_step(from, to);
  std::vector<LinearTap> taps;
  taps.reserve(static_cast<std::size_t>(to));
  for (std::int64_t i = 0; i < to; ++i) {
    const auto place = static_cast<float>((static_cast<double>(i) + 0.5) * scale - 0.5);
    const float whole = std::floor(place);
    LinearTap tap{static_cast<std::int64_t>(whole), 0, place - whole};
    if (tap.first < 0) tap = {0, 0, 0};
    if (tap.first >= from - 1) tap = {from - 1, 0, 0};
    tap.second = std::min(tap.first + 1, from - 1);
    taps.push_back(tap);
  }
  return taps;
}

/// Rows of the source at the target's width, of which two are held.
class WideRows {
 public:
  WideRows(const SlidingRows& from, std::int64_t plane, const std::vector<LinearTap>& taps)
      : from_(from), plane_(plane), taps_(taps) {
    for (std::vector<float>& row : rows_) row.resize(taps.size());
  }

  /// Lives until the call after the next one.
  const float* row(std::int64_t y) {
    for (std::size_t k = 0; k < 2; ++k) {
      if (held_[k] != y) continue;
      next_ = 1 - k;
      return rows_[k].data();
    }
    const std::size_t k = next_;
    next_ = 1 - k;
    held_[k] = y;
    const float* source = from_.row(plane_, y);
    float* out = rows_[k].data();
    for (std::size_t x = 0; x < taps_.size(); ++x) {
      const LinearTap& tap = taps_[x];
      out[x] = source[tap.first] * (1.0F - tap.share) + source[tap.second] * tap.share;
    }
    return out;
  }

 private:
  const SlidingRows& from_;
  std::int64_t plane_;
  const std::vector<LinearTap>& taps_;
  std::array<std::vector<float>, 2> rows_;
  std::array<std::int64_t, 2> held_{-1, -1};
  std::size_t next_ = 0;
};

}  // namespace

ResizedRows::ResizedRows(RowSource& source, std::int64_t height, std::int64_t width, int threads)
    : planes_(source.planes()),
      from_(source),
      down_(linear_taps(source.height(), height)),
      across_(linear_taps(source.width(), width)),
      threads_(threads) {}

void ResizedRows::read(std::int64_t begin, std::int64_t count, float* to, std::int64_t stride) {
  const std::int64_t columns = width();
  for (std::int64_t done = 0; done < count; done += kRowsAtOnce) {
    const std::int64_t first = begin + done;
    const std::int64_t end = std::min(begin + count, first + kRowsAtOnce);
    from_.hold(down_[static_cast<std::size_t>(first)].first,
               down_[static_cast<std::size_t>(end - 1)].second + 1);
    const std::int64_t items = (end - first + kRowsOfItem - 1) / kRowsOfItem;
    base::parallel_for(planes_ * items, threads_, [&](std::int64_t item) {
      const std::int64_t plane = item / items;
      WideRows rows(from_, plane, across_);
      const std::int64_t y_begin = first + item % items * kRowsOfItem;
      for (std::int64_t y = y_begin; y < std::min(end, y_begin + kRowsOfItem); ++y) {
        const LinearTap& tap = down_[static_cast<std::size_t>(y)];
        const float* upper = rows.row(tap.first);
        const float* lower = rows.row(tap.second);
        float* out = to + plane * stride + (y - begin) * columns;
        for (std::int64_t x = 0; x < columns; ++x) {
          out[x] = upper[x] * (1.0F - tap.share) + lower[x] * tap.share;
        }
      }
    });
  }
}

FloatPlane resize_linear(const FloatPlane& from, std::int64_t height, std::int64_t width, int threads) {
  PlaneRows source(from);
  FloatPlane result(height, width);
  ResizedRows(source, height, width, threads).read(0, height, result.values.data(), 0);
  return result;
}

std::vector<std::int64_t> nearest_indices(std::int64_t from, std::int64_t to) {
  const double scale = source_step(from, to);
  std::vector<std::int64_t> indices;
  indices.reserve(static_cast<std::size_t>(to));
  for (std::int64_t i = 0; i < to; ++i) {
    indices.push_back(
        std::min(static_cast<std::int64_t>(std::floor(static_cast<double>(i) * scale)), from - 1));
  }
  return indices;
}

}  // namespace musclemap::image
