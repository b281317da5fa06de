#include "decode/class_kernels.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "base/half.hpp"
#include "decode/best_classes.hpp"
#include "support/catch.hpp"

namespace musclemap::decode {
namespace {

using image::ScoreSlice;

// Few values, so that ties are common, among them none, infinities and negative zero.
ScoreSlice random_scores(std::int64_t classes, std::mt19937& random, bool coarse) {
  ScoreSlice scores(classes, 3, 4);
  std::uniform_real_distribution<float> any(-3, 3);
  for (std::int64_t n = 0; n < scores.blocks() * scores.plane(); ++n) {
    const auto kind = random() % 200;
    float value = coarse ? static_cast<float>(static_cast<int>(random() % 3) - 1) : any(random);
    if (kind == 0) value = std::numeric_limits<float>::quiet_NaN();
    if (kind == 1) value = -std::numeric_limits<float>::infinity();
    if (kind == 2) value = -0.0F;
    scores.data()[n] = value;
  }
  return scores;
}

struct Place {
  std::int64_t x;
  std::int64_t y;
  double weight;
};

// One class after the other, one corner after the other.
std::int16_t plain_best(const ScoreSlice& scores, const std::vector<Place>& places) {
  std::int64_t best = 0;
  float top = -std::numeric_limits<float>::infinity();
  for (std::int64_t c = 0; c < scores.classes(); ++c) {
    double sum = 0;
    for (const Place& place : places) {
      sum += static_cast<double>(scores.score(c, place.x, place.y)) * place.weight;
    }
    if (static_cast<float>(sum) > top) {
      top = static_cast<float>(sum);
      best = c;
    }
  }
  return static_cast<std::int16_t>(best);
}

TEST_CASE("class kernels: every instruction set finds the class that a plain loop finds", "[decode]") {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> weight(0, 1);
  for (const std::int64_t classes : {1, 2, 7, 8, 9, 16, 17, 31, 32, 114, 300}) {
    for (int round = 0; round < 60; ++round) {
      const ScoreSlice scores = random_scores(classes, random, round % 2 == 0);
      for (std::int64_t count = 1; count <= 8; ++count) {
        std::vector<Place> places;
        std::vector<ScoreCorner> corners;
        for (std::int64_t n = 0; n < count; ++n) {
          places.push_back({std::int64_t(random() % 3), std::int64_t(random() % 4),
                            round % 4 == 0 ? 0.5 : weight(random)});
          corners.push_back({scores.at(0, places.back().x, places.back().y), places.back().weight});
        }
        const std::int16_t expected = plain_best(scores, places);
        for (const base::Isa isa : base::isas_here()) {
          const ClassKernels& kernels = class_kernels_for(isa);
          INFO(base::isa_name(isa) << ", " << classes << " classes, " << count << " corners");
          REQUIRE(kernels.best_sum(corners.data(), count, classes, scores.plane()) == expected);
          REQUIRE(kernels.best_score(corners[0].scores, classes, scores.plane()) ==
                  plain_best(scores, {{places[0].x, places[0].y, 1.0}}));
        }
      }
    }
  }
}

// Scores of a kind: ordinary, few values, near to denormal, near to the largest, or one value but for noise.
ScoreSlice hard_scores(int kind, std::int64_t classes, std::mt19937& random) {
  if (kind < 2) return random_scores(classes, random, kind == 1);
  ScoreSlice scores(classes, 3, 4);
  std::uniform_real_distribution<float> any(-1, 1);
  for (std::int64_t n = 0; n < scores.blocks() * scores.plane(); ++n) {
    const float value = any(random);
    if (kind == 2) scores.data()[n] = value * 1e-38F;
    if (kind == 3) scores.data()[n] = value * 3e38F;
    if (kind == 4) scores.data()[n] = 100 + value * 3e-5F;
    // Large scores of either sign that nearly cancel.
    if (kind == 5) scores.data()[n] = (n / 16 % 2 == 0 ? 1e4F : -1e4F) + value;
  }
  return scores;
}

TEST_CASE("class kernels: what a row of floats decides is what a plain loop finds", "[decode]") {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> weight(0, 1);
  std::int64_t decided = 0;
  for (const std::int64_t classes : {1, 2, 15, 16, 17, 57, 64, 114, 128, 300}) {
    for (int round = 0; round < 120; ++round) {
      const ScoreSlice scores = hard_scores(round % 6, classes, random);
      std::vector<float> scratch(std::size_t(3 * scores.blocks() * ScoreSlice::kVector));
      for (std::int64_t count = 1; count <= 4; ++count) {
        std::vector<ScoreLine> lines;
        std::vector<std::int64_t> rows;
        for (std::int64_t n = 0; n < count; ++n) {
          rows.push_back(std::int64_t(random() % 3));
          lines.push_back({scores.at(0, rows.back(), 0), round % 4 == 0 ? 0.5 : weight(random)});
        }
        const double w = round % 3 == 0 ? 0.5 : weight(random);
        const std::vector<PlacePair> pixels{{0, 1, w, 1 - w}, {0, 1, 1 - w, w}, {1, 2, w, 1 - w},
                                            {3, 3, w, 0},     {2, 3, w, 1 - w}, {1, 1, 0, 1}};
        for (const base::Isa isa : base::isas_here()) {
          std::vector<std::int16_t> found(pixels.size(), 99);
          class_kernels_for(isa).clear_row(lines.data(), count, pixels.data(), std::int64_t(pixels.size()),
                                           classes, scores.plane(), 0, scratch.data(), found.data());
          for (std::size_t p = 0; p < pixels.size(); ++p) {
            if (found[p] == kUndecided) continue;
            ++decided;
            std::vector<Place> places;
            for (std::size_t n = 0; n < lines.size(); ++n) {
              const PlacePair& pixel = pixels[p];
              if (pixel.lower_weight > 0)
                places.push_back({rows[n], pixel.lower, lines[n].weight * pixel.lower_weight});
              if (pixel.upper_weight > 0)
                places.push_back({rows[n], pixel.upper, lines[n].weight * pixel.upper_weight});
            }
            INFO(base::isa_name(isa) << ", " << classes << " classes, kind " << round % 6);
            REQUIRE(found[p] == plain_best(scores, places));
          }
        }
      }
    }
  }
  CHECK(decided > 10000);
}

// The same of sums that are rounded to half.
std::int16_t plain_best_half(const ScoreSlice& scores, const std::vector<HalfCorner>& corners) {
  std::int64_t best = 0;
  float top = -std::numeric_limits<float>::infinity();
  for (std::int64_t c = 0; c < scores.classes(); ++c) {
    double sum = 0;
    for (const HalfCorner& corner : corners) {
      const float score = corner.scores[c / 16 * scores.plane() + c % 16];
      sum += static_cast<double>(score) * corner.z * corner.y * corner.x;
    }
    const float half = base::half_to_float(base::double_to_half(sum));
    if (!(half > top)) continue;
    top = half;
    best = c;
  }
  return static_cast<std::int16_t>(best);
}

TEST_CASE("class kernels: sums rounded to half, decided by floats or exactly", "[decode]") {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> any(-8, 8);
  std::uniform_real_distribution<double> weight(0, 1);
  std::int64_t decided = 0;
  for (const std::int64_t classes : {1, 3, 16, 27, 118, 140}) {
    for (int round = 0; round < 150; ++round) {
      // Ordinary, few values, denormal halves, and so close together that most are equal as halves.
      const float size = round % 4 == 2 ? 1e-7F : round % 4 == 3 ? 2e-2F : 1.0F;
      ScoreSlice scores(classes, 2, 2);
      for (std::int64_t n = 0; n < scores.blocks() * scores.plane(); ++n) {
        const float value = round % 4 == 1 ? std::floor(any(random) / 4) : size * any(random);
        scores.data()[n] = base::half_to_float(base::float_to_half(value + (round % 4 == 3 ? 5.0F : 0.0F)));
      }
      const double y = round % 3 == 0 ? 0.5 : weight(random);
      const double x = round % 5 == 0 ? 0.25 : weight(random);
      const std::vector<ScoreLine> lines{{scores.at(0, 0, 0), y}, {scores.at(0, 1, 0), 1 - y}};
      std::vector<HalfCorner> corners;
      for (const std::int64_t row : {0, 1}) {
        for (const std::int64_t column : {0, 1}) {
          corners.push_back({scores.at(0, row, column), 1, row == 0 ? y : 1 - y, column == 0 ? x : 1 - x});
        }
      }
      const PlacePair pixel{0, 1, x, 1 - x};
      const std::int16_t expected = plain_best_half(scores, corners);
      std::vector<float> scratch(static_cast<std::size_t>(3 * scores.blocks() * ScoreSlice::kVector));
      for (const base::Isa isa : base::isas_here()) {
        const ClassKernels& kernels = class_kernels_for(isa);
        INFO(base::isa_name(isa) << ", " << classes << " classes, round " << round);
        REQUIRE(kernels.best_half_sum(corners.data(), 4, classes, scores.plane()) == expected);
        std::int16_t found = 99;
        kernels.clear_row(lines.data(), 2, &pixel, 1, classes, scores.plane(), kHalfRounding, scratch.data(),
                          &found);
        if (found == kUndecided) continue;
        ++decided;
        REQUIRE(found == expected);
      }
    }
  }
  CHECK(decided > 500);
}

TEST_CASE("class kernels: no number at all is class 0", "[decode]") {
  for (const float value :
       {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    ScoreSlice scores(40, 1, 1);
    for (std::int64_t n = 0; n < scores.blocks() * scores.plane(); ++n) scores.data()[n] = value;
    for (const base::Isa isa : base::isas_here()) {
      CHECK(class_kernels_for(isa).best_score(scores.data(), 40, scores.plane()) == 0);
    }
  }
}

}  // namespace
}  // namespace musclemap::decode
