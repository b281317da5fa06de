#include "musclemap/image_stack.hpp"

#include <cmath>
#include <cstdint>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap {
namespace {

using test::error_of;

StackGeometry stack_of(const Index5& shape) {
  StackGeometry geometry;
  geometry.shape = shape;
  return geometry;
}

// 0, 1, 2, … in memory order.
std::vector<std::uint16_t> counted(std::size_t count) {
  std::vector<std::uint16_t> values(count);
  std::iota(values.begin(), values.end(), std::uint16_t{0});
  return values;
}

TEST_CASE("image stack: memory of any strides is shown without a copy", "[image]") {
  std::vector<std::uint16_t> memory = counted(2 * 3 * 4 * 5 * 6);
  const Index5 shape{2, 3, 4, 5, 6};
  const Index5 plain{720, 240, 60, 12, 2};
  const auto value = [](std::int64_t t, std::int64_t c, std::int64_t z, std::int64_t y, std::int64_t x) {
    return (((t * 3 + c) * 4 + z) * 5 + y) * 6 + x;
  };
  SECTION("memory order") {
    const ImageStack stack = ImageStack::borrow(memory.data(), stack_of(shape), DType::u16, plain);
    CHECK(stack.plane<std::uint16_t>(1, 2, 3).data == memory.data() + value(1, 2, 3, 0, 0));
    CHECK(stack.plane<std::uint16_t>(1, 0, 2)(4, 5) == value(1, 0, 2, 4, 5));
    CHECK(stack.read_only());
  }
  SECTION("every axis backwards") {
    Index5 back = plain;
    for (std::int64_t& stride : back) stride = -stride;
    const ImageStack stack = ImageStack::borrow(memory.data() + memory.size() - 1, stack_of(shape),
                                                DType::u16, back, nullptr, true);
    CHECK(stack.plane<std::uint16_t>(0, 0, 0)(0, 0) == memory.size() - 1);
    CHECK(stack.plane<std::uint16_t>(1, 2, 3)(4, 5) == 0);
    const ImageStack copy = stack.deep_copy();
    CHECK(copy.stride_bytes() == plain);
    CHECK(copy.plane<std::uint16_t>(0, 0, 0).data[7] == memory.size() - 8);
  }
  SECTION("channels last") {
    // Memory order T, Z, Y, X, C.
    const ImageStack stack =
        ImageStack::borrow(memory.data(), stack_of(shape), DType::u16, {720, 2, 180, 36, 6}, nullptr, false);
    CHECK(stack.plane<std::uint16_t>(0, 2, 1)(3, 4) == 1 * 90 + 3 * 18 + 4 * 3 + 2);
    CHECK(stack.deep_copy().plane<std::uint16_t>(0, 2, 1)(3, 4) == 1 * 90 + 3 * 18 + 4 * 3 + 2);
  }
}

TEST_CASE("image stack: zeros are zero, and writing shows in copies of the handle", "[image]") {
  ImageStack stack = ImageStack::zeros(stack_of({2, 1, 1, 3, 2}), DType::u32);
  const ImageStack handle = stack;
  const ImageStack copy = stack.deep_copy();
  CHECK(stack.stride_bytes() == Index5{24, 0, 0, 8, 4});
  CHECK(stack.plane<std::uint32_t>(1, 0, 0)(2, 1) == 0);
  stack.mutable_plane<std::uint32_t>(1, 0, 0)(2, 1) = 70000;
  CHECK(handle.plane<std::uint32_t>(1, 0, 0)(2, 1) == 70000);
  CHECK(copy.plane<std::uint32_t>(1, 0, 0)(2, 1) == 0);
}

TEST_CASE("image stack: the owner of borrowed memory lives as long as a handle", "[image]") {
  auto owner = std::make_shared<std::vector<float>>(8, 1.5F);
  const std::weak_ptr<std::vector<float>> watch = owner;
  auto stack = std::make_unique<ImageStack>(ImageStack::borrow(owner->data(), stack_of({1, 2, 1, 2, 2}),
                                                               DType::f32, {0, 16, 0, 8, 4}, owner, false));
  owner.reset();
  const ImageStack part = stack->substack({0, 1, 0, 1, 0}, {1, 1, 1, 1, 2});
  stack.reset();
  CHECK_FALSE(watch.expired());
  CHECK(part.plane<float>(0, 0, 0)(0, 1) == 1.5F);
}

TEST_CASE("image stack: a box keeps what is known of its channels and pixels", "[image]") {
  StackGeometry geometry = stack_of({1, 3, 1, 2, 2});
  geometry.pixel_size_um = {0.1, 0.2, 0};
  geometry.channel_names = {"BF", "GFP", "RFP"};
  const ImageStack part = ImageStack::zeros(geometry, DType::u8).substack({0, 1, 0, 0, 0}, {1, 2, 1, 2, 2});
  CHECK(part.geometry().channel_names == std::vector<std::string>{"GFP", "RFP"});
  CHECK(part.geometry().pixel_size_um == geometry.pixel_size_um);
  CHECK(part.shape() == Index5{1, 2, 1, 2, 2});
  CHECK_THROWS_AS(part.substack({0, 1, 0, 0, 0}, {1, 2, 1, 2, 2}), Error);
}

TEST_CASE("image stack: an empty one has no pixels and is filled later", "[image]") {
  ImageStack stack = ImageStack::zeros(stack_of({1, 1, 1, 2, 2}), DType::f64);
  const ImageStack moved = std::move(stack);
  CHECK(stack.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  CHECK(stack.shape() == Index5{0, 0, 0, 0, 0});
  CHECK(stack.deep_copy().empty());
  CHECK(error_of([&] { stack.plane<std::uint8_t>(0, 0, 0); }).find("argument/invalid: ") == 0);
  CHECK(error_of([&] { stack.substack({0, 0, 0, 0, 0}, {1, 1, 1, 1, 1}); }).find("argument/invalid: ") == 0);
  stack = moved;
  CHECK(stack.plane<double>(0, 0, 0)(1, 1) == 0);
}

TEST_CASE("image stack: what cannot be a stack, or is not in it, is refused", "[image]") {
  float value = 0;
  const StackGeometry one = stack_of({1, 1, 1, 1, 1});
  CHECK_THROWS_AS(ImageStack::zeros(stack_of({0, 1, 1, 1, 1}), DType::u8), Error);
  CHECK_THROWS_AS(
      ImageStack::zeros(stack_of({1, 1, 1, std::int64_t{1} << 40, std::int64_t{1} << 40}), DType::u8), Error);
  CHECK_THROWS_AS(ImageStack::borrow(nullptr, one, DType::f32, {4, 4, 4, 4, 4}), Error);
  CHECK_THROWS_AS(
      ImageStack::borrow(&value, stack_of({1, 1, 1, 1, 2}), DType::f32, {0, 0, 0, 0, 3}, nullptr, true),
      Error);
  StackGeometry described = one;
  described.pixel_size_um[1] = -1;
  CHECK_THROWS_AS(ImageStack::zeros(described, DType::u8), Error);
  described.pixel_size_um[1] = std::nan("");
  CHECK_THROWS_AS(ImageStack::zeros(described, DType::u8), Error);
  described.pixel_size_um[1] = 1;
  described.channel_names = {"a", "b"};
  CHECK_THROWS_AS(ImageStack::zeros(described, DType::u8), Error);

  ImageStack locked = ImageStack::borrow(&value, one, DType::f32, {4, 4, 4, 4, 4}, nullptr, true);
  CHECK_THROWS_AS(locked.plane<double>(0, 0, 0), Error);
  CHECK_THROWS_AS(locked.mutable_plane<float>(0, 0, 0), Error);
  CHECK(error_of([&] { locked.plane<float>(0, 1, 0); }).find("plane C = 1 does not lie in an axis of 1") !=
        std::string::npos);
  CHECK_THROWS_AS(locked.plane<float>(-1, 0, 0), Error);
}

}  // namespace
}  // namespace musclemap
