#include "image/resample/zoomed_field.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/checked.hpp"
#include "base/parallel.hpp"
#include "image/plane.hpp"

namespace musclemap::image {
namespace {

Spline spline_of(const Zoom& zoom) {
  if (!is_spline(zoom.interpolation)) return Spline::none;
  return zoom.separate_z ? Spline::plane : Spline::volume;
}

Interpolation along_z(const Zoom& zoom) {
  return zoom.separate_z ? Interpolation::nearest : zoom.interpolation;
}

// As a cast of NumPy to int32 does it where the number is too large for one.
double truncated(double value) {
  constexpr double kLimit = 2147483648.0;
  return value > -kLimit - 1 && value < kLimit ? std::trunc(value) : -kLimit;
}

// Of a spline of the highest degree.
constexpr std::size_t kMostTaps = 6;
using Lines = std::array<const double*, kMostTaps>;

// sums += (line wy) wz for the lines of one tap along x and one along y.
template <std::size_t Taps>
void add_lines(const Lines& line, double wy, const double* wz, std::int64_t count, double* sums) {
  for (std::int64_t i = 0; i < count; ++i) {
    double sum = sums[i];
    for (std::size_t tap = 0; tap < Taps; ++tap) sum += (line[tap][i] * wy) * wz[tap];
    sums[i] = sum;
  }
}

}  // namespace

ZoomedField::ZoomedField(Field& below, const Zoom& zoom, int threads)
    : channels_(below.channels()),
      zoom_(zoom),
      threads_(threads),
      planes_shape_(planes_shape(zoom.source, spline_of(zoom))),
      planes_(source_planes(below, zoom.source, spline_of(zoom), zoom.interpolation, threads)) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    taps_[axis] = axis_taps(zoom.source[axis], zoom.target[axis], zoom.alignment,
                            axis == 2 ? along_z(zoom) : zoom.interpolation);
  }
}

void ZoomedField::read(const Block& block, float* out) {
  const Index3 n = block.shape();
  const Index3& all = zoom_.target;
  for (std::int64_t k = 0; k < n[2]; ++k) {
    make_slice(block.begin[2] + k);
    for (std::int64_t c = 0; c < channels_; ++c) {
      const float* channel = slice_.data() + c * all[0] * all[1];
      if (n[2] == 1 && n[0] == all[0] && n[1] == all[1]) {
        transpose_plane(channel, n[1], n[0], out + c * n[0] * n[1]);
        continue;
      }
      for (std::int64_t x = 0; x < n[0]; ++x) {
        for (std::int64_t y = 0; y < n[1]; ++y)
          out[((c * n[0] + x) * n[1] + y) * n[2] + k] =
              channel[(block.begin[1] + y) * all[0] + block.begin[0] + x];
      }
    }
  }
}

void ZoomedField::make_slice(std::int64_t z) {
  if (z == slice_z_) return;
  hold_planes(z);
  const std::int64_t nx = zoom_.target[0];
  const std::int64_t ny = zoom_.target[1];
  slice_.resize(static_cast<std::size_t>(channels_ * ny * nx));
  std::vector<Range> ranges;
  const std::int64_t first = taps_[2].at[static_cast<std::size_t>(z * taps_[2].count)];
  for (std::int64_t c = 0; c < channels_; ++c) ranges.push_back(planes_->range(c, first));
  base::parallel_for(channels_ * ny, threads_, [&](std::int64_t row) {
    thread_local std::vector<double> sums;
    sums.assign(static_cast<std::size_t>(nx), 0.0);
    make_row(row, z, sums.data());
    finish(sums.data(), ranges[static_cast<std::size_t>(row / ny)], slice_.data() + row * nx);
  });
  slice_z_ = z;
}

// Keeps what the last slice has read and this one reads as well.
void ZoomedField::hold_planes(std::int64_t z) {
  std::map<std::int64_t, std::vector<double>> needed;
  for (std::int64_t tap = 0; tap < taps_[2].count; ++tap) {
    const std::int64_t source = taps_[2].at[static_cast<std::size_t>(z * taps_[2].count + tap)];
    if (needed.count(source) != 0) continue;  // at an edge
    const auto held = spread_.find(source);
    needed[source] = held != spread_.end() ? std::move(held->second) : std::vector<double>();
  }
  // Memory of planes that are done with serves the next ones.
  spread_.swap(needed);
  auto done = needed.begin();
  for (auto& [source, planes] : spread_) {
    if (!planes.empty()) continue;
    for (; done != needed.end() && planes.empty(); ++done) planes = std::move(done->second);
    spread(planes_->plane(source), &planes);
  }
}

// Every tap along x by itself: values times their weights.
void ZoomedField::spread(const double* planes, std::vector<double>* spread) const {
  const AxisTaps& taps = taps_[0];
  const std::int64_t nx = zoom_.target[0];
  const std::int64_t rows = planes_shape_[1];
  spread->resize(static_cast<std::size_t>(channels_ * taps.count * rows * nx));
  base::parallel_for(channels_ * rows, threads_, [&](std::int64_t row) {
    const double* from = planes + row * planes_shape_[0];
    const std::int64_t c = row / rows;
    for (std::int64_t tap = 0; tap < taps.count; ++tap) {
      double* to = spread->data() + ((c * taps.count + tap) * rows + row % rows) * nx;
      for (std::int64_t i = 0; i < nx; ++i) {
        const auto at = static_cast<std::size_t>(i * taps.count + tap);
        to[i] = from[taps.at[at]] * taps.weight[at];
      }
    }
  });
}

void ZoomedField::make_row(std::int64_t row, std::int64_t z, double* sums) {
  const std::int64_t nx = zoom_.target[0];
  const std::int64_t c = row / zoom_.target[1];
  const std::int64_t y = row % zoom_.target[1];
  const std::int64_t ny = taps_[1].count;
  const std::int64_t nz = taps_[2].count;
  Lines planes{};
  for (std::int64_t tap = 0; tap < nz; ++tap) {
    planes[static_cast<std::size_t>(tap)] =
        spread_.find(taps_[2].at[static_cast<std::size_t>(z * nz + tap)])->second.data();
  }
  const double* wz = taps_[2].weight.data() + z * nz;
  for (std::int64_t dx = 0; dx < taps_[0].count; ++dx) {
    for (std::int64_t dy = 0; dy < ny; ++dy) {
      const auto at = static_cast<std::size_t>(y * ny + dy);
      const std::int64_t line = ((c * taps_[0].count + dx) * planes_shape_[1] + taps_[1].at[at]) * nx;
      Lines lines{};
      for (std::size_t tap = 0; tap < static_cast<std::size_t>(nz); ++tap) lines[tap] = planes[tap] + line;
      const double wy = taps_[1].weight[at];
      if (nz == 1) add_lines<1>(lines, wy, wz, nx, sums);
      if (nz == 2) add_lines<2>(lines, wy, wz, nx, sums);
      if (nz == 3) add_lines<3>(lines, wy, wz, nx, sums);
      if (nz == 4) add_lines<4>(lines, wy, wz, nx, sums);
      if (nz == 5) add_lines<5>(lines, wy, wz, nx, sums);
      if (nz == 6) add_lines<6>(lines, wy, wz, nx, sums);
    }
  }
}

void ZoomedField::finish(const double* sums, const Range& range, float* out) const {
  const std::int64_t nx = zoom_.target[0];
  switch (zoom_.finish) {
    case Finish::none:
      std::transform(sums, sums + nx, out, [](double value) { return static_cast<float>(value); });
      break;
    case Finish::clip:
      std::transform(sums, sums + nx, out, [&](double value) {
        return static_cast<float>(std::clamp(value, range.least, range.most));
      });
      break;
    case Finish::truncate:
      std::transform(sums, sums + nx, out, [](double value) { return static_cast<float>(truncated(value)); });
      break;
  }
}

std::size_t zoomed_field_bytes(const Zoom& zoom, std::int64_t channels) {
  const std::int64_t taps = static_cast<std::int64_t>(zoom.interpolation) + 1;
  const std::int64_t planes = zoom.separate_z ? 1 : taps;
  const Index3 shape = planes_shape(zoom.source, spline_of(zoom));
  auto spread = base::checked_mul<std::int64_t>(channels * taps * planes, sizeof(double));
  spread = base::checked_mul(base::checked_mul(spread, shape[1]), zoom.target[0]);
  auto slice = base::checked_mul<std::int64_t>(channels, sizeof(float));
  slice = base::checked_mul(base::checked_mul(slice, zoom.target[0]), zoom.target[1]);
  return source_planes_bytes(zoom.source, channels, spline_of(zoom)) +
         static_cast<std::size_t>(base::checked_add(spread, slice));
}

}  // namespace musclemap::image
