#include "decode/half_probabilities.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/half.hpp"
#include "base/parallel.hpp"

namespace musclemap::decode {

using image::HalfSlice;

namespace {

// exp(v - highest) over their sum, added in the order of the classes. `scores` of a pixel lie `apart`.
void softmax(std::int64_t classes, std::int64_t apart, float* scores, std::uint16_t* best) {
  float highest = scores[0];
  for (std::int64_t c = 1; c < classes; ++c) highest = std::max(highest, scores[c * apart]);
  float sum = 0;
  for (std::int64_t c = 0; c < classes; ++c) {
    scores[c * apart] = std::exp(scores[c * apart] - highest);
    sum += scores[c * apart];
  }
  float top = -1;
  *best = 0;
  for (std::int64_t c = 0; c < classes; ++c) {
    scores[c * apart] /= sum;
    if (!(scores[c * apart] > top)) continue;
    top = scores[c * apart];
    *best = static_cast<std::uint16_t>(c);
  }
}

void sigmoids(const std::vector<std::uint16_t>& regions, std::int64_t apart, float* scores,
              std::uint16_t* value) {
  *value = 0;
  for (std::size_t c = 0; c < regions.size(); ++c, scores += apart) {
    *scores = 1 / (1 + std::exp(-*scores));
    if (*scores > 0.5F) *value = regions[c];
  }
}

}  // namespace

HalfProbabilities::HalfProbabilities(HalfDecoding decoding, ProbabilitySink sink)
    : decoding_(std::move(decoding)), sink_(std::move(sink)) {
  if (!decoding_.back || decoding_.back->from == decoding_.back->to) return;
  resampler_ = std::make_unique<HalfResampler>(
      *decoding_.back, decoding_.threads,
      [this](std::int64_t z, const HalfSlice& scores) { convert(z, scores); });
}

void HalfProbabilities::take(std::int64_t z, const HalfSlice& scores) {
  if (resampler_ != nullptr) {
    resampler_->take(z, scores);
  } else {
    convert(z, scores);
  }
}

void HalfProbabilities::convert(std::int64_t z, const HalfSlice& scores) {
  const std::int64_t pixels = scores.ny * scores.nx;
  probabilities_.resize(scores.values.size());
  plane_.resize(static_cast<std::size_t>(pixels));
  base::parallel_for(scores.ny, decoding_.threads, [&](std::int64_t y) {
    for (std::int64_t c = 0; c < scores.classes; ++c) {
      std::transform(scores.row(c, y), scores.row(c, y) + scores.nx,
                     probabilities_.data() + c * pixels + y * scores.nx, base::half_to_float);
    }
    for (std::int64_t i = y * scores.nx; i < (y + 1) * scores.nx; ++i) {
      if (decoding_.regions.empty()) {
        softmax(scores.classes, pixels, probabilities_.data() + i, plane_.data() + i);
      } else {
        sigmoids(decoding_.regions, pixels, probabilities_.data() + i, plane_.data() + i);
      }
    }
  });
  sink_(z, probabilities_, plane_);
}

}  // namespace musclemap::decode
