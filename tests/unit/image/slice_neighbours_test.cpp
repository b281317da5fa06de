#include "image/slice_neighbours.hpp"

#include <limits>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include "decode/best_classes.hpp"
#include "support/catch.hpp"
#include "support/grids.hpp"

namespace musclemap::image {
namespace {

decode::Scores random_slice(const Block& box, std::int64_t z) {
  std::mt19937 random(static_cast<unsigned>(z));
  auto scores = std::make_shared<ScoreSlice>(5, box.end[0] - box.begin[0], box.end[1] - box.begin[1]);
  for (std::int64_t n = 0; n < scores->blocks() * scores->plane(); ++n) {
    const auto kind = random() % 50;
    scores->data()[n] = static_cast<float>(static_cast<int>(random() % 5) - 2);
    if (kind == 0) scores->data()[n] = std::numeric_limits<float>::quiet_NaN();
    if (kind == 1) scores->data()[n] = std::numeric_limits<float>::infinity();
    if (kind == 2) scores->data()[n] = -std::numeric_limits<float>::infinity();
  }
  return scores;
}

std::size_t place_of(const AxisNeighbours& axis, std::int64_t i, std::int64_t j, std::int64_t neighbour) {
  return static_cast<std::size_t>(((axis.ni == 1 ? 0 : i) * axis.nj + (axis.nj == 1 ? 0 : j)) * axis.count +
                                  neighbour);
}

// What a device is asked for, one class and one corner after the other.
std::int16_t plain_class(const SliceNeighbours& axes, const std::vector<decode::Scores>& slices,
                         std::int64_t i, std::int64_t j) {
  std::int16_t best = 0;
  float top = -std::numeric_limits<float>::infinity();
  for (std::int64_t c = 0; c < slices[0]->classes(); ++c) {
    double sum = 0;
    for (std::int64_t dx = 0; dx < axes[0].count; ++dx) {
      for (std::int64_t dy = 0; dy < axes[1].count; ++dy) {
        for (std::int64_t dz = 0; dz < axes[2].count; ++dz) {
          const std::size_t x = place_of(axes[0], i, j, dx);
          const std::size_t y = place_of(axes[1], i, j, dy);
          const std::size_t z = place_of(axes[2], i, j, dz);
          const double weight = (axes[2].weights[z] * axes[1].weights[y]) * axes[0].weights[x];
          const ScoreSlice& scores = *slices.at(static_cast<std::size_t>(axes[2].places[z]));
          const double score = scores.score(c, axes[0].places[x], axes[1].places[y]);
          if (weight != 0) sum += score * weight;
        }
      }
    }
    if (static_cast<float>(sum) > top) {
      top = static_cast<float>(sum);
      best = static_cast<std::int16_t>(c);
    }
  }
  return best;
}

TEST_CASE("slice neighbours: sums over them have the classes of the class sampler", "[image]") {
  for (const test::Grids& grids : test::every_kind_of_grids()) {
    INFO(grids.name);
    std::map<std::int64_t, decode::Scores> made;
    for (std::int64_t z = grids.box.begin[2]; z < grids.box.end[2]; ++z) made[z] = random_slice(grids.box, z);
    decode::BestClasses sampler(
        5, {grids.box, grids.target, grids.resampler, {}}, [&](std::int64_t z) { return made.at(z); }, 1);
    std::vector<decode::Scores> slices;
    for (const auto& each : made) slices.push_back(each.second);
    const SliceRange held{grids.box.begin[2], grids.box.end[2]};
    for (std::int64_t k = 0; k < grids.target[2]; ++k) {
      const SliceNeighbours axes = slice_neighbours(grids.box, held, grids.resampler.get(), grids.target, k);
      std::vector<std::int16_t> classes;
      for (std::int64_t i = 0; i < grids.target[0]; ++i) {
        for (std::int64_t j = 0; j < grids.target[1]; ++j) classes.push_back(plain_class(axes, slices, i, j));
      }
      CHECK(classes == sampler.slice(k));
    }
  }
}

TEST_CASE("slice neighbours: an axis says no more than it depends on", "[image]") {
  const Resampler resampler({8, 9, 4}, {5, 6, 3}, test::scaled(1.5, 1.4, 1.1));
  const SliceNeighbours axes = slice_neighbours({{0, 0, 0}, {8, 9, 4}}, {0, 4}, &resampler, {5, 6, 3}, 1);
  CHECK(axes[0].weights.size() == 5 * 2);
  CHECK(axes[1].weights.size() == 6 * 2);
  CHECK(axes[2].weights.size() == 2);
}

TEST_CASE("slice neighbours: a slice that is needed and not held is an error", "[image]") {
  const Resampler resampler({8, 9, 4}, {8, 9, 3}, test::scaled(1, 1, 1.1));
  CHECK_THROWS(slice_neighbours({{0, 0, 0}, {8, 9, 4}}, {0, 1}, &resampler, {8, 9, 3}, 1));
}

}  // namespace
}  // namespace musclemap::image
