#include "image/steps/resample_monai.hpp"

#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "support/grids.hpp"
#include "unit/image/steps/memory_field.hpp"

namespace musclemap::image {
namespace {

std::vector<float> noise(const Index3& shape) {
  std::vector<float> values;
  for (std::int64_t n = 0; n < shape[0] * shape[1] * shape[2]; ++n)
    values.push_back(std::sin(1.7F * static_cast<float>(n)));
  return values;
}

TEST_CASE("resample monai: blocks of any place and shape have the voxels of the whole", "[image]") {
  const Matrix4 tilted =
      multiply(multiply(test::turned(0, .2), test::turned(2, .3)), test::scaled(1.3, .8, 3));
  for (const Matrix4& to_world : {test::scaled(1.3, .8, 3), tilted}) {
    const Index3 shape{9, 12, 5};
    const Grid from{shape, to_world};
    test::MemoryField field(shape, noise(shape));
    const ResampleMonai step{{1, 1, 2}};
    const Grid to = forward(step, from, {});
    const std::vector<float> all = apply(step, field, from, {}, 1)->values(whole(to.shape));
    const auto resampled = apply(step, field, from, {}, 3);
    const Block block{{1, 2, 1}, {to.shape[0] - 2, to.shape[1] - 1, to.shape[2]}};
    const std::vector<float> part = resampled->values(block);
    std::size_t n = 0;
    for (std::int64_t x = block.begin[0]; x < block.end[0]; ++x) {
      for (std::int64_t y = block.begin[1]; y < block.end[1]; ++y) {
        for (std::int64_t z = block.begin[2]; z < block.end[2]; ++z, ++n)
          CHECK(part[n] == all[static_cast<std::size_t>((x * to.shape[1] + y) * to.shape[2] + z)]);
      }
    }
  }
}

TEST_CASE("resample monai: a grid that is near enough stays the field below", "[image]") {
  const Grid from{{5, 6, 7}, test::scaled(1.0004, 1, 3)};
  test::MemoryField field(from.shape, noise(from.shape));
  const ResampleMonai step{{1, 1, -1}};
  CHECK(apply(step, field, from, {}, 1) == nullptr);
  CHECK(held_bytes(step, from, 1) == 0);
  WayBack back{whole(from.shape), {}, nullptr, {}};
  undo(step, from, {}, &back);
  CHECK(back.resampler == nullptr);
  CHECK(back.target == from.shape);
}

TEST_CASE("resample monai: it says how many slices of the field below it holds", "[image]") {
  const Grid from{{50, 40, 9}, test::scaled(1.5, 1.5, 4)};
  const std::size_t slice = 50 * 40 * sizeof(float);
  const std::size_t held = held_bytes(ResampleMonai{{1, 1, -1}}, from, 1);
  CHECK(held >= slice);
  CHECK(held <= 3 * slice);
}

}  // namespace
}  // namespace musclemap::image
