#include "image/steps/normalise_z.hpp"

#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "unit/image/steps/memory_field.hpp"

namespace musclemap::image {
namespace {

struct Scored {
  Measured measured;
  std::vector<float> values;
};

Scored scored(const std::vector<float>& values) {
  const Index3 shape{static_cast<std::int64_t>(values.size()), 1, 1};
  test::MemoryField field(shape, values);
  const NormaliseZ step;
  Scored result;
  result.measured = test::measured(step, field, shape);
  result.values = apply(step, field, {shape}, result.measured, 1)->values(whole(shape));
  return result;
}

TEST_CASE("z-score: vectors of docs/chains/musclemap.md, section 10.4", "[image]") {
  const auto check = [](const std::vector<float>& in, const std::vector<double>& out, double mean,
                        double deviation) {
    const Scored found = scored(in);
    CHECK(std::fabs(found.measured.mean - mean) < 1e-6);
    CHECK(std::fabs(found.measured.deviation / deviation - 1) < 1e-7);
    for (std::size_t i = 0; i < in.size(); ++i) CHECK(std::fabs(found.values[i] - out[i]) < 1.5e-7);
  };
  check({0, 1, 2, 3, 4, 0, 10}, {0, -.948683262, -.632455528, -.316227764, 0, 0, 1.89736652}, 4, 3.16227770);
  check({-1000, -1000, 0, 50, 60}, {-.999977529, -.999977529, 0, .990499079, 1.00945604}, -472.5, 527.511841);
}

TEST_CASE("z-score: constant and blank images keep their values finite", "[image]") {
  CHECK(scored({5, 5, 5}).values == std::vector<float>{0, 0, 0});
  CHECK(scored({0, 0}).values == std::vector<float>{0, 0});
}

}  // namespace
}  // namespace musclemap::image
