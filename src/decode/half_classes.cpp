#include "decode/half_classes.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/half.hpp"
#include "base/parallel.hpp"
#include "decode/half_kernels.hpp"
#include "decode/half_resampler.hpp"
#include "decode/near_half_classes.hpp"
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
    const std::int64_t pixels = scores.ny * scores.nx;
    plane_.resize(static_cast<std::size_t>(pixels));
    base::parallel_for((pixels + kPart - 1) / kPart, decoding_.threads, [&](std::int64_t part) {
      const std::int64_t first = part * kPart;
      const std::int64_t count = std::min(kPart, pixels - first);
      if (decoding_.regions.empty()) {
        kernels_.best(scores.values.data() + first, scores.classes, pixels, count, plane_.data() + first);
      } else {
        paint_regions(scores.values.data() + first, pixels, count, plane_.data() + first);
      }
    });
    sink_(z, plane_);
  }

 private:
  // Pixels of a slice that a thread takes at once: a class's scores of them are a few kilobytes in one piece.
  static constexpr std::int64_t kPart = 2048;

  // Of `count` pixels; the next channel's scores lie `apart` further on.
  void paint_regions(const std::uint16_t* scores, std::int64_t apart, std::int64_t count,
                     std::uint16_t* out) const {
    std::fill(out, out + count, std::uint16_t{0});
    for (const std::uint16_t value : decoding_.regions) {
      for (std::int64_t i = 0; i < count; ++i) {
        const float sigmoid = 1 / (1 + std::exp(-base::half_to_float(scores[i])));
        if (sigmoid > 0.5F) out[i] = value;
      }
      scores += apart;
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
  if (decoding.near) return std::make_unique<NearHalfClasses>(decoding, std::move(sink));
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
  if (decoding.near) return near_half_class_bytes(decoding);
  if (decoding.regions.empty()) {
    const std::int64_t padded = (decoding.classes + kVector - 1) / kVector * kVector;
    return static_cast<std::size_t>(2 * to_pixels * kHalf + 3 * from_pixels * padded * kFloat);
  }
  return static_cast<std::size_t>((3 * from_pixels + to_pixels) * decoding.classes * kHalf +
                                  to_pixels * kHalf);
}

}  // namespace musclemap::decode
