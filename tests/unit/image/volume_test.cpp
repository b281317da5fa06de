#include "musclemap/volume.hpp"

#include <cstdint>
#include <memory>
#include <vector>

#include "musclemap/error.hpp"
#include "support/catch.hpp"

namespace musclemap {
namespace {

Geometry grid(std::int64_t i, std::int64_t j, std::int64_t k) {
  Geometry geometry;
  geometry.shape = {i, j, k};
  return geometry;
}

TEST_CASE("volume: borrow keeps negative strides", "[image]") {
  std::vector<std::int16_t> memory{0, 1, 2, 3, 4, 5};
  const Volume volume =
      Volume::borrow(memory.data() + 5, grid(3, 2, 1), DType::i16, {-2, -6, 0}, nullptr, true);
  const auto view = volume.view<std::int16_t>();
  CHECK(view(0, 0, 0) == 5);
  CHECK(view(2, 0, 0) == 3);
  CHECK(view(2, 1, 0) == 0);
  CHECK(volume.deep_copy().view<std::int16_t>().data[5] == 0);
}

TEST_CASE("volume: the owner of borrowed memory lives as long as a handle", "[image]") {
  auto owner = std::make_shared<std::vector<float>>(8, 1.5F);
  const std::weak_ptr<std::vector<float>> watch = owner;
  auto volume = std::make_unique<Volume>(
      Volume::borrow(owner->data(), grid(2, 2, 2), DType::f32, {4, 8, 16}, owner, false));
  owner.reset();
  const Volume part = volume->subvolume({1, 1, 1}, {1, 1, 1});
  volume.reset();
  CHECK_FALSE(watch.expired());
  CHECK(part.view<float>()(0, 0, 0) == 1.5F);
}

TEST_CASE("volume: subvolume moves the affine with its start", "[image]") {
  Geometry geometry = grid(4, 4, 4);
  geometry.to_world(0, 0) = -2;
  geometry.to_world(2, 2) = 3;
  geometry.to_world(2, 3) = 10;
  const Volume part = Volume::zeros(geometry, DType::u8).subvolume({1, 0, 2}, {3, 4, 2});
  CHECK(part.geometry().to_world(0, 3) == -2);
  CHECK(part.geometry().to_world(2, 3) == 16);
  CHECK(part.geometry().shape == Index3{3, 4, 2});
}

TEST_CASE("volume: what cannot be a volume is refused", "[image]") {
  float value = 0;
  CHECK_THROWS_AS(Volume::zeros(grid(0, 1, 1), DType::u8), Error);
  CHECK_THROWS_AS(Volume::zeros(grid(std::int64_t{1} << 40, std::int64_t{1} << 40, 1), DType::u8), Error);
  CHECK_THROWS_AS(Volume::borrow(nullptr, grid(1, 1, 1), DType::f32, {4, 4, 4}, nullptr, true), Error);
  CHECK_THROWS_AS(Volume::borrow(&value, grid(2, 1, 1), DType::f32, {3, 4, 4}, nullptr, true), Error);
  CHECK_THROWS_AS(Volume::borrow(reinterpret_cast<char*>(&value) + 1, grid(1, 1, 1), DType::f32, {4, 4, 4},
                                 nullptr, true),
                  Error);
  Volume locked = Volume::borrow(&value, grid(1, 1, 1), DType::f32, {4, 4, 4}, nullptr, true);
  CHECK_THROWS_AS(locked.view<double>(), Error);
  CHECK_THROWS_AS(locked.mutable_view<float>(), Error);
  CHECK_THROWS_AS(locked.subvolume({0, 0, 0}, {2, 1, 1}), Error);
}

}  // namespace
}  // namespace musclemap
