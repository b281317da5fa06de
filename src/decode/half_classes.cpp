#include "decode/half_classes.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/half.hpp"
#include "base/parallel.hpp"
#include "decode/half_kernels.hpp"
#include "decode/half_resampler.hpp"
#include "decode/sampled_half_classes.hpp"
#include "image/score_slice.hpp"

namespace musclemap::decode {

using image::HalfSlice;

namespace {

/// Classes of a slice on its own grid.
class PlaneClasses : public HalfClasses {
 public:
  PlaneClasses(HalfDecoding decoding, PlaneSink sink)
      : decoding_(std::move(decoding)),
        sink_(std::move(sink)),
        kernels_(half_kernels_for(base::best_isa())) {}

  void take(std::int64_t z, const HalfSlice& scores) override {
    plane_.resize(static_cast<std::size_t>(scores.ny * scores.nx));
    base::parallel_for(scores.ny, decoding_.threads, [&](std::int64_t y) {
      std::uint16_t* out = plane_.data() + y * scores.nx;
      if (decoding_.regions.empty()) {
        kernels_.best(scores.row(0, y), scores.classes, scores.ny * scores.nx, scores.nx, out);
      } else {
        region_row(scores, y, out);
      }
    });
    sink_(z, plane_);
  }

 private:
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
  const HalfKernels& kernels_;
  std::vector<std::uint16_t> plane_;
};

/// Regions on the target's grid: their scores are made there first.
class ResampledRegions : public HalfClasses {
 public:
  ResampledRegions(const HalfDecoding& decoding, PlaneSink sink)
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
  if (decoding.regions.empty()) return std::make_unique<SampledHalfClasses>(decoding, std::move(sink));
  return std::make_unique<ResampledRegions>(decoding, std::move(sink));
}

std::size_t half_class_bytes(const HalfDecoding& decoding) {
  constexpr std::int64_t kHalf = sizeof(std::uint16_t);
  constexpr std::int64_t kFloat = sizeof(float);
  constexpr std::int64_t kVector = image::ScoreSlice::kVector;
  const Index3& to = decoding.back ? decoding.back->to : decoding.shape;
  const std::int64_t from_pixels = decoding.shape[0] * decoding.shape[1];
  const std::int64_t to_pixels = to[0] * to[1];
  if (changes_nothing(decoding)) return static_cast<std::size_t>(to_pixels * kHalf);
  if (decoding.regions.empty()) {
    const std::int64_t padded = (decoding.classes + kVector - 1) / kVector * kVector;
    return static_cast<std::size_t>(2 * to_pixels * kHalf + 3 * from_pixels * padded * kFloat);
  }
  return static_cast<std::size_t>((3 * from_pixels + to_pixels) * decoding.classes * kHalf +
                                  to_pixels * kHalf);
}

}  // namespace musclemap::decode
