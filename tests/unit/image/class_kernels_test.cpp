#include "image/class_kernels.hpp"

#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "image/logit_slices.hpp"
#include "support/catch.hpp"

namespace musclemap::image {
namespace {

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

TEST_CASE("class kernels: every instruction set finds the class that a plain loop finds", "[image]") {
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

TEST_CASE("class kernels: no number at all is class 0", "[image]") {
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
}  // namespace musclemap::image
