#include "task/stage_probabilities.hpp"

#include <algorithm>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::task {
namespace {

// A grid of x 4, y 3, z `length` whose axes z and x are exchanged, cut to y 1 and x 1 to 2.
StagePlan plan_of(std::int64_t length) {
  StagePlan plan;
  plan.half_back.from = plan.half_back.to = {length, 1, 2};
  plan.labels_back.axis = {2, 1, 0};
  plan.labels_back.at[0] = {-1, 0, 1, -1};
  plan.labels_back.at[1] = {-1, 0, -1};
  for (std::int64_t z = 0; z < length; ++z) plan.labels_back.at[2].push_back(z);
  return plan;
}

// Class 1 of slice s (x of the grid) and column c (z of the slab).
float value_at(std::int64_t s, std::int64_t z) { return static_cast<float>(10 * s + z); }

void take_slab(const Slab& slab, StageProbabilities* found) {
  found->begin_slab(slab);
  found->begin(plan_of(slab.end - slab.begin));
  for (std::int64_t s = 0; s < 2; ++s) {
    std::vector<float> probabilities;
    for (std::int64_t c = 0; c < 2; ++c) {
      for (std::int64_t z = slab.begin; z < slab.end; ++z)
        probabilities.push_back(c == 0 ? 0.5F : value_at(s, z));
    }
    found->take(s, probabilities);
  }
}

TEST_CASE("stage probabilities: axes are turned back, what is outside is background", "[task]") {
  Geometry grid;
  grid.shape = {4, 3, 6};
  StageSpec stage;
  stage.name = "organs";
  StageProbabilities found(stage, 2, grid, grid);
  take_slab({0, 6, 0, 6}, &found);
  const NetworkProbabilities& all = found.all();
  CHECK(all.network == "organs");
  CHECK(all.transpose == std::array<int, 3>{2, 1, 0});
  CHECK(all.box_begin == Index3{1, 1, 0});
  CHECK(all.box_end == Index3{3, 2, 6});
  for (std::int64_t z = 0; z < 6; ++z) {
    for (std::int64_t y = 0; y < 3; ++y) {
      for (std::int64_t x = 0; x < 4; ++x) {
        const auto at = static_cast<std::size_t>((z * 3 + y) * 4 + x);
        const bool inside = y == 1 && x >= 1 && x <= 2;
        CHECK(all.values[at] == (inside ? 0.5F : 1));
        CHECK(all.values[72 + at] == (inside ? value_at(x - 1, z) : 0));
      }
    }
  }

  StageProbabilities in_slabs(stage, 2, grid, grid);
  take_slab({0, 4, 0, 2}, &in_slabs);
  take_slab({1, 6, 2, 6}, &in_slabs);
  CHECK(in_slabs.all().values == all.values);
  CHECK(in_slabs.all().box_begin == Index3{0, 0, 0});
}

TEST_CASE("stage probabilities: regions are 0 where nothing was seen", "[task]") {
  Geometry grid;
  grid.shape = {2, 2, 2};
  StageSpec stage;
  stage.decode = Regions{};
  const StageProbabilities found(stage, 2, grid, grid);
  CHECK(std::count(found.all().values.begin(), found.all().values.end(), 0.0F) == 16);
}

}  // namespace
}  // namespace musclemap::task
