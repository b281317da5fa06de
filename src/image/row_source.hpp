// Planes that come row by row, so that a large picture need not be in memory.
#ifndef MUSCLEMAP_IMAGE_ROW_SOURCE_HPP_
#define MUSCLEMAP_IMAGE_ROW_SOURCE_HPP_

#include <cstdint>
#include <vector>

#include "image/float_plane.hpp"

namespace musclemap::image {

/// Planes of one size whose rows are made when they are asked for, once, from the top. One thread at a time.
class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual std::int64_t planes() const = 0;
  virtual std::int64_t height() const = 0;
  virtual std::int64_t width() const = 0;
  /// The next `count` rows of every plane. `begin` is where the call before ended, first 0. Row y of plane p
  /// goes to `to + p * stride + (y - begin) * width()`.
  virtual void read(std::int64_t begin, std::int64_t count, float* to, std::int64_t stride) = 0;
};

/// Planes in memory, which outlive it.
class PlaneRows : public RowSource {
 public:
  explicit PlaneRows(const std::vector<FloatPlane>& planes)
      : first_(planes.data()), count_(static_cast<std::int64_t>(planes.size())) {}
  explicit PlaneRows(const FloatPlane& plane) : first_(&plane), count_(1) {}
  std::int64_t planes() const override { return count_; }
  std::int64_t height() const override { return first_->height; }
  std::int64_t width() const override { return first_->width; }
  void read(std::int64_t begin, std::int64_t count, float* to, std::int64_t stride) override;

 private:
  const FloatPlane* first_;
  std::int64_t count_;
};

/// Rows of a source as they are, which are also kept where `kept` is not null: (plane, y, x).
class KeptRows : public RowSource {
 public:
  /// Both outlive it.
  KeptRows(RowSource& source, std::vector<float>* kept);
  std::int64_t planes() const override { return source_.planes(); }
  std::int64_t height() const override { return source_.height(); }
  std::int64_t width() const override { return source_.width(); }
  void read(std::int64_t begin, std::int64_t count, float* to, std::int64_t stride) override;

 private:
  RowSource& source_;
  std::vector<float>* kept_;
};

/// The rows of a source that are needed at a time: a window that moves down. One thread at a time.
class SlidingRows {
 public:
  /// `source` outlives it, and is read through it alone.
  explicit SlidingRows(RowSource& source) : source_(source) {}

  /// Rows [begin, end) are held from now on, those above `begin` no longer. Neither falls.
  void hold(std::int64_t begin, std::int64_t end);
  const float* row(std::int64_t plane, std::int64_t y) const {
    return values_.data() + (plane * capacity_ + y - begin_) * source_.width();
  }

 private:
  RowSource& source_;
  std::int64_t begin_ = 0;
  std::int64_t end_ = 0;
  std::int64_t capacity_ = 0;  // rows of a plane
  std::vector<float> values_;  // [plane][row][x]
};

/// Calls body(begin, count, rows) for all rows of a source, `at_once` at a time; those of plane p begin at
/// rows + p * at_once * width.
template <class Body>
void for_rows(RowSource& source, std::int64_t at_once, const Body& body) {
  const std::int64_t stride = at_once * source.width();
  std::vector<float> rows(static_cast<std::size_t>(source.planes() * stride));
  for (std::int64_t begin = 0; begin < source.height(); begin += at_once) {
    const std::int64_t count = begin + at_once < source.height() ? at_once : source.height() - begin;
    source.read(begin, count, rows.data(), stride);
    body(begin, count, static_cast<const float*>(rows.data()));
  }
}

/// All rows of a source.
std::vector<FloatPlane> all_rows(RowSource& source);

}  // namespace musclemap::image

#endif  // MUSCLEMAP_IMAGE_ROW_SOURCE_HPP_
