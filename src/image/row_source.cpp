#include "image/row_source.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace musclemap::image {

void PlaneRows::read(std::int64_t begin, std::int64_t count, float* to, std::int64_t stride) {
  for (const FloatPlane* plane = first_; plane != first_ + count_; ++plane) {
    std::copy_n(plane->row(begin), count * plane->width, to);
    to += stride;
  }
}

KeptRows::KeptRows(RowSource& source, std::vector<float>* kept) : source_(source), kept_(kept) {
  if (kept != nullptr) kept->assign(static_cast<std::size_t>(planes() * height() * width()), 0.0F);
}

void KeptRows::read(std::int64_t begin, std::int64_t count, float* to, std::int64_t stride) {
  source_.read(begin, count, to, stride);
  if (kept_ == nullptr) return;
  for (std::int64_t plane = 0; plane < planes(); ++plane) {
    std::copy_n(to + plane * stride, count * width(), kept_->data() + (plane * height() + begin) * width());
  }
}

void SlidingRows::hold(std::int64_t begin, std::int64_t end) {
  if (end <= end_) return;
  // Rows that were passed over are read all the same.
  const std::int64_t first = std::min(begin, end_);
  const std::int64_t kept = end_ - first;
  const std::int64_t width = source_.width();
  const std::int64_t capacity = std::max(capacity_, end - first);
  std::vector<float> larger;
  if (capacity > capacity_) larger.resize(static_cast<std::size_t>(source_.planes() * capacity * width));
  for (std::int64_t plane = 0; plane < source_.planes(); ++plane) {
    const float* from = kept > 0 ? row(plane, first) : nullptr;
    float* to = (larger.empty() ? values_ : larger).data() + plane * capacity * width;
    if (from != nullptr && from != to) std::copy_n(from, kept * width, to);
  }
  if (!larger.empty()) values_ = std::move(larger);
  capacity_ = capacity;
  begin_ = first;
  source_.read(end_, end - end_, values_.data() + kept * width, capacity * width);
  end_ = end;
}

std::vector<FloatPlane> all_rows(RowSource& source) {
  std::vector<FloatPlane> planes(static_cast<std::size_t>(source.planes()),
                                 FloatPlane(source.height(), source.width()));
  constexpr std::int64_t kRowsAtOnce = 64;
  for_rows(source, kRowsAtOnce, [&](std::int64_t begin, std::int64_t count, const float* rows) {
    for (FloatPlane& plane : planes) {
      std::copy_n(rows, count * plane.width, plane.row(begin));
      rows += kRowsAtOnce * plane.width;
    }
  });
  return planes;
}

}  // namespace musclemap::image
