#include "image/steps/crop_above_zero.hpp"

#include <vector>

#include "support/catch.hpp"
#include "unit/image/steps/memory_field.hpp"

namespace musclemap::image {
namespace {

constexpr CropAboveZero kCrop{{20, 20, 20}};

Block box_of(const Index3& shape, const Index3& low, const Index3& high) {
  std::vector<float> values;
  for (std::int64_t x = 0; x < shape[0]; ++x) {
    for (std::int64_t y = 0; y < shape[1]; ++y) {
      for (std::int64_t z = 0; z < shape[2]; ++z) {
        const bool inside =
            x >= low[0] && x <= high[0] && y >= low[1] && y <= high[1] && z >= low[2] && z <= high[2];
        values.push_back(inside ? 1.0F : -1.0F);
      }
    }
  }
  test::MemoryField field(shape, values);
  return *test::measured(kCrop, field, shape).box;
}

TEST_CASE("crop above zero: vectors of docs/chains/musclemap.md, section 10.4", "[image]") {
  const Block inside = box_of({100, 80, 50}, {40, 10, 30}, {59, 19, 30});
  CHECK(inside.begin == Index3{20, 0, 10});
  CHECK(inside.end == Index3{80, 40, 50});
  const Block flat = box_of({30, 300, 5}, {0, 100, 2}, {29, 100, 2});
  CHECK(flat.begin == Index3{0, 80, 0});
  CHECK(flat.end == Index3{30, 121, 5});
}

TEST_CASE("crop above zero: nothing above the mean leaves nothing", "[image]") {
  test::MemoryField field({4, 1, 1}, {3, 3, 0, 3});
  const Measured measured = test::measured(kCrop, field, {4, 1, 1});
  CHECK(measured.box->empty());
  CHECK(forward(kCrop, {{4, 1, 1}}, measured).shape == Index3{0, 0, 0});
}

TEST_CASE("crop above zero: its field and its grid begin with the box, scores go back to it", "[image]") {
  const Index3 shape{3, 4, 5};
  std::vector<float> values;
  for (int n = 0; n < 3 * 4 * 5; ++n) values.push_back(static_cast<float>(n));
  test::MemoryField field(shape, values);
  Measured measured;
  measured.box = Block{{1, 2, 3}, {3, 4, 5}};
  const Grid from{shape};
  const Grid grid = forward(kCrop, from, measured);
  CHECK(grid.shape == Index3{2, 2, 2});
  CHECK(grid.to_world(2, 3) == 3);
  const Block corner{{0, 0, 0}, {1, 1, 2}};
  CHECK(apply(kCrop, field, from, measured, 1)->values(corner) == field.values({{1, 2, 3}, {2, 3, 5}}));
  WayBack back{whole(grid.shape), grid.shape, nullptr, {}};
  undo(kCrop, from, measured, &back);
  CHECK(back.box.begin == measured.box->begin);
  CHECK(back.box.end == measured.box->end);
  CHECK(back.target == shape);
}

}  // namespace
}  // namespace musclemap::image
