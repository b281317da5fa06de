#include "image/resample/source_planes.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "base/checked.hpp"
#include "base/parallel.hpp"
#include "image/plane.hpp"
#include "image/resample/axis_taps.hpp"
#include "image/resample/spline_filter.hpp"

namespace musclemap::image {
namespace {

std::int64_t plane_size(const Index3& shape) { return shape[0] * shape[1]; }

Range range_of(const double* values, std::int64_t count) {
  const auto [least, most] = std::minmax_element(values, values + count);
  return {*least, *most};
}

class Values : public SourcePlanes {
 public:
  Values(Field& below, const Index3& source) : below_(below), source_(source) {}

  const double* plane(std::int64_t z) override {
    slice_.resize(static_cast<std::size_t>(below_.channels() * plane_size(source_)));
    plane_.resize(slice_.size());
    below_.read_double(slice_of(whole(source_), z), slice_.data());
    for (std::int64_t c = 0; c < below_.channels(); ++c) {
      const std::int64_t begin = c * plane_size(source_);
      transpose_plane(slice_.data() + begin, source_[0], source_[1], plane_.data() + begin);
    }
    return plane_.data();
  }

  // Weights are at least 0 and sum to 1.
  Range range(std::int64_t, std::int64_t) override {
    constexpr double kAny = std::numeric_limits<double>::infinity();
    return {-kAny, kAny};
  }

 private:
  Field& below_;
  Index3 source_;
  std::vector<double> slice_;  // as it is read
  std::vector<double> plane_;
};

// [y][x] with its edges repeated on all sides.
void add_edges(const double* values, const Index3& source, double* to) {
  const auto inside = [](std::int64_t i, std::int64_t n) {
    return std::clamp<std::int64_t>(i - kSplineEdge, 0, n - 1);
  };
  for (std::int64_t y = 0; y < source[1] + 2 * kSplineEdge; ++y) {
    const double* row = values + inside(y, source[1]) * source[0];
    to = std::fill_n(to, kSplineEdge, row[0]);
    to = std::copy_n(row, source[0], to);
    to = std::fill_n(to, kSplineEdge, row[source[0] - 1]);
  }
}

class PlaneSplines : public SourcePlanes {
 public:
  PlaneSplines(Field& below, const Index3& source, Interpolation degree, int threads)
      : values_(below, source),
        source_(source),
        degree_(degree),
        shape_(planes_shape(source, Spline::plane)),
        threads_(threads),
        ranges_(static_cast<std::size_t>(below.channels() * source[2])),
        planes_(static_cast<std::size_t>(below.channels() * plane_size(shape_))) {}

  const double* plane(std::int64_t z) override {
    const double* values = values_.plane(z);
    const std::int64_t channels = static_cast<std::int64_t>(ranges_.size()) / source_[2];
    for (std::int64_t c = 0; c < channels; ++c) {
      const double* channel = values + c * plane_size(source_);
      ranges_[static_cast<std::size_t>(c * source_[2] + z)] = range_of(channel, plane_size(source_));
      double* plane = planes_.data() + c * plane_size(shape_);
      add_edges(channel, source_, plane);
      base::parallel_for((shape_[1] + kRows - 1) / kRows, threads_, [&](std::int64_t part) {
        spline_filter(degree_, plane + part * kRows * shape_[0], shape_[0], 1,
                      std::min(kRows, shape_[1] - part * kRows), shape_[0]);
      });
      base::parallel_for((shape_[0] + kRows - 1) / kRows, threads_, [&](std::int64_t part) {
        spline_filter(degree_, plane + part * kRows, shape_[1], shape_[0],
                      std::min(kRows, shape_[0] - part * kRows), 1);
      });
    }
    return planes_.data();
  }

  Range range(std::int64_t channel, std::int64_t z) override {
    return ranges_[static_cast<std::size_t>(channel * source_[2] + z)];
  }

 private:
  static constexpr std::int64_t kRows = 64;  // lines that a thread takes at once

  Values values_;
  Index3 source_;
  Interpolation degree_;
  Index3 shape_;
  int threads_;
  std::vector<Range> ranges_;   // [channel][z]
  std::vector<double> planes_;  // [channel][y][x]
};

class VolumeSpline : public SourcePlanes {
 public:
  VolumeSpline(Field& below, const Index3& source, Interpolation degree, int threads)
      : below_(below),
        source_(source),
        degree_(degree),
        shape_(planes_shape(source, Spline::volume)),
        threads_(threads) {}

  const double* plane(std::int64_t z) override {
    if (coefficients_.empty()) hold();
    return coefficients_.data() + z * channels() * plane_size(shape_);
  }

  Range range(std::int64_t channel, std::int64_t) override {
    if (coefficients_.empty()) hold();
    return ranges_[static_cast<std::size_t>(channel)];
  }

 private:
  std::int64_t channels() const { return below_.channels(); }

  // Reads the volume, repeats its edges and filters it along x, y, z.
  void hold() {
    ranges_.resize(static_cast<std::size_t>(channels()));
    coefficients_.resize(static_cast<std::size_t>(channels() * plane_size(shape_) * shape_[2]));
    Values values(below_, source_);
    for (std::int64_t z = 0; z < source_[2]; ++z) {
      const double* plane = values.plane(z);
      for (std::int64_t c = 0; c < channels(); ++c) {
        const double* channel = plane + c * plane_size(source_);
        const Range own = range_of(channel, plane_size(source_));
        Range& range = ranges_[static_cast<std::size_t>(c)];
        range = z == 0 ? own : Range{std::min(range.least, own.least), std::max(range.most, own.most)};
        add_edges(channel, source_, at(z + kSplineEdge, c));
      }
    }
    for (std::int64_t z = 0; z < kSplineEdge; ++z) {
      std::copy(at(kSplineEdge, 0), at(kSplineEdge + 1, 0), at(z, 0));
      std::copy(at(shape_[2] - kSplineEdge - 1, 0), at(shape_[2] - kSplineEdge, 0),
                at(shape_[2] - kSplineEdge + z, 0));
    }
    base::parallel_for(shape_[2] * channels(), threads_, [&](std::int64_t plane) {
      double* first = at(0, plane);
      spline_filter(degree_, first, shape_[0], 1, shape_[1], shape_[0]);
      spline_filter(degree_, first, shape_[1], shape_[0], shape_[0], 1);
    });
    base::parallel_for(shape_[1] * channels(), threads_, [&](std::int64_t row) {
      spline_filter(degree_, coefficients_.data() + row * shape_[0], shape_[2],
                    channels() * plane_size(shape_), shape_[0], 1);
    });
  }

  double* at(std::int64_t z, std::int64_t channel) {
    return coefficients_.data() + (z * channels() + channel) * plane_size(shape_);
  }

  Field& below_;
  Index3 source_;
  Interpolation degree_;
  Index3 shape_;
  int threads_;
  std::vector<Range> ranges_;         // [channel]
  std::vector<double> coefficients_;  // [z][channel][y][x]
};

}  // namespace

Index3 planes_shape(const Index3& source, Spline spline) {
  Index3 shape = source;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (spline == Spline::volume || (spline == Spline::plane && axis < 2)) shape[axis] += 2 * kSplineEdge;
  }
  return shape;
}

std::unique_ptr<SourcePlanes> source_planes(Field& below, const Index3& source, Spline spline,
                                            Interpolation degree, int threads) {
  switch (spline) {
    case Spline::none:
      break;
    case Spline::plane:
      return std::make_unique<PlaneSplines>(below, source, degree, threads);
    case Spline::volume:
      return std::make_unique<VolumeSpline>(below, source, degree, threads);
  }
  return std::make_unique<Values>(below, source);
}

std::size_t source_planes_bytes(const Index3& source, std::int64_t channels, Spline spline) {
  const Index3 shape = planes_shape(source, spline);
  auto bytes = base::checked_mul<std::int64_t>(channels, sizeof(double));
  bytes = base::checked_mul(base::checked_mul(bytes, shape[0]), shape[1]);
  // Beside them a slice as it is read and one whose axes are exchanged.
  const std::int64_t planes = spline == Spline::volume ? shape[2] + 2 : spline == Spline::plane ? 3 : 2;
  return static_cast<std::size_t>(base::checked_mul(bytes, planes));
}

}  // namespace musclemap::image
