#include "musclemap/volume.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap {
namespace {

using test::error_of;

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

TEST_CASE("volume: constant memory is borrowed without a cast, and is read-only", "[image]") {
  const auto owner = std::make_shared<const std::vector<float>>(8, 2.5F);
  const float* const data = owner->data();
  Volume volume = Volume::borrow(data, grid(2, 2, 2), DType::f32, {4, 8, 16}, owner);
  CHECK(owner.use_count() == 2);
  CHECK(volume.read_only());
  CHECK(volume.view<float>().data == data);
  CHECK_THROWS_AS(volume.mutable_view<float>(), Error);
  CHECK(volume.subvolume({1, 0, 0}, {1, 1, 1}).read_only());
  CHECK_FALSE(volume.deep_copy().read_only());
  CHECK_THROWS_AS(Volume::borrow(data, grid(2, 2, 2), DType::f32, {3, 8, 16}), Error);
}

// What is asked for voxels says what is wrong.
void check_empty(Volume volume) {
  CHECK(volume.empty());
  CHECK(volume.geometry().shape == Index3{0, 0, 0});
  CHECK(volume.dtype() == DType::u8);
  CHECK(volume.stride_bytes() == Index3{0, 0, 0});
  CHECK(volume.read_only());
  CHECK(volume.deep_copy().empty());
  CHECK(error_of([&] { volume.view<std::uint8_t>(); }).find("argument/invalid: ") == 0);
  CHECK(error_of([&] { volume.view<double>(); }).find("argument/invalid: ") == 0);
  CHECK(error_of([&] { volume.mutable_view<std::uint8_t>(); }).find("argument/invalid: ") == 0);
  CHECK(error_of([&] { volume.subvolume({0, 0, 0}, {1, 1, 1}); }).find("argument/invalid: ") == 0);
  CHECK(error_of([&] { volume.subvolume({0, 0, 0}, {0, 0, 0}); }).find("argument/invalid: ") == 0);
}

TEST_CASE("volume: an empty one has no voxels and is filled later", "[image]") {
  struct Member {
    Volume labels;
  } member;
  check_empty(member.labels);
  member.labels = Volume::zeros(grid(2, 1, 1), DType::i16);
  CHECK_FALSE(member.labels.empty());
  CHECK(member.labels.view<std::int16_t>().shape == Index3{2, 1, 1});

  std::vector<Volume> several(3);
  several[1] = member.labels;
  several.resize(5);
  std::map<int, Volume> by_number;
  by_number[7];
  check_empty(several[4]);
  check_empty(by_number[7]);
  CHECK(several[1].view<std::int16_t>().data == member.labels.view<std::int16_t>().data);
}

TEST_CASE("volume: what was moved from is empty; what was copied shares the voxels", "[image]") {
  Volume first = Volume::zeros(grid(2, 1, 1), DType::f32);
  const Volume copy = first;
  const Volume second = std::move(first);
  check_empty(first);  // NOLINT(bugprone-use-after-move): that is what is tested
  CHECK(copy.view<float>().data == second.view<float>().data);
  first = second;
  CHECK_FALSE(first.empty());
  std::swap(first, first);
  CHECK(first.view<float>().data == second.view<float>().data);
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
