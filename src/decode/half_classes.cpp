#include "decode/half_classes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/half.hpp"
#include "base/parallel.hpp"
#include "decode/half_resampler.hpp"

namespace musclemap::decode {

using image::HalfSlice;

namespace {

/// Classes of a slice on its own grid.
class PlaneClasses : public HalfClasses {
 public:
  PlaneClasses(HalfDecoding decoding, PlaneSink sink)
      : decoding_(std::move(decoding)), sink_(std::move(sink)) {}

  void take(std::int64_t z, const HalfSlice& scores) override {
    plane_.resize(static_cast<std::size_t>(scores.ny * scores.nx));
    base::parallel_for(scores.ny, decoding_.threads, [&](std::int64_t y) {
      std::uint16_t* out = plane_.data() + y * scores.nx;
      if (decoding_.regions.empty()) {
        best_row(scores, y, out);
      } else {
        region_row(scores, y, out);
      }
    });
    sink_(z, plane_);
  }

 private:
  static void best_row(const HalfSlice& scores, std::int64_t y, std::uint16_t* out) {
    std::vector<float> best(static_cast<std::size_t>(scores.nx), -std::numeric_limits<float>::infinity());
    std::fill(out, out + scores.nx, std::uint16_t{0});
    for (std::int64_t c = 0; c < scores.classes; ++c) {
      const std::uint16_t* row = scores.row(c, y);
      for (std::int64_t x = 0; x < scores.nx; ++x) {
        const float score = base::half_to_float(row[x]);
        if (!(score > best[static_cast<std::size_t>(x)])) continue;
        best[static_cast<std::size_t>(x)] = score;
        out[x] = static_cast<std::uint16_t>(c);
      }
    }
  }

  void region_row(const HalfSlice& scores, std::int64_t y, std::uint16_t* out) const {
    std::fill(out, out + scores.nx, std::uint16_t{0});
    for (std::int64_t c = 0; c < scores.classes; ++c) {
      const std::uint16_t* row = scores.row(c, y);
      for (std::int64_t x = 0; x < scores.nx; ++x) {
        const float sigmoid = 1 / (1 + std::exp(-base::half_to_float(row[x])));
        if (sigmoid > 0.5F) out[x] = decoding_.regions[static_cast<std::size_t>(c)];
      }
    }
  }

  HalfDecoding decoding_;
  PlaneSink sink_;
  std::vector<std::uint16_t> plane_;
};

/// Scores on the target's grid first.
class ResampledClasses : public HalfClasses {
 public:
  ResampledClasses(const HalfDecoding& decoding, PlaneSink sink)
      : classes_(decoding, std::move(sink)),
        resampler_(*decoding.back, decoding.threads,
                   [this](std::int64_t z, const HalfSlice& scores) { classes_.take(z, scores); }) {}

  void take(std::int64_t z, const HalfSlice& scores) override { resampler_.take(z, scores); }

 private:
  PlaneClasses classes_;
  HalfResampler resampler_;
};

bool changes_nothing(const HalfDecoding& decoding) {
  return !decoding.back || decoding.back->from == decoding.back->to;
}

}  // namespace

std::unique_ptr<HalfClasses> make_half_classes(HalfDecoding decoding, PlaneSink sink) {
  if (changes_nothing(decoding)) {
    return std::make_unique<PlaneClasses>(std::move(decoding), std::move(sink));
  }
  return std::make_unique<ResampledClasses>(decoding, std::move(sink));
}

std::size_t half_class_bytes(const HalfDecoding& decoding) {
  constexpr std::int64_t kHalf = sizeof(std::uint16_t);
  const Index3& to = decoding.back ? decoding.back->to : decoding.shape;
  std::int64_t bytes = to[0] * to[1] * kHalf;
  if (!changes_nothing(decoding)) {
    bytes += (3 * decoding.shape[0] * decoding.shape[1] + to[0] * to[1]) * decoding.classes * kHalf;
  }
  return static_cast<std::size_t>(bytes);
}

}  // namespace musclemap::decode
