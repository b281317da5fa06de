#include "quant/integer_labels.hpp"

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <vector>

#include "image/volume_reader.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/volumes.hpp"

namespace musclemap::quant {
namespace {

using test::error_of;
using test::grid;

template <class T>
std::vector<std::int32_t> integers(const std::vector<T>& voxels) {
  image::VolumeReader source(test::line_of(voxels));
  IntegerLabels labels(source);
  CHECK(labels.dtype() == DType::i32);
  return test::voxels_of<std::int32_t>(labels.read(0, 1));
}

using I32 = std::vector<std::int32_t>;
constexpr std::int32_t kLeast = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max();

TEST_CASE("integer labels: every type of voxel", "[quant]") {
  CHECK(integers<std::uint8_t>({0, 255}) == I32{0, 255});
  CHECK(integers<std::int16_t>({-32768, 32767}) == I32{-32768, 32767});
  CHECK(integers<std::uint16_t>({0, 65535}) == I32{0, 65535});
  CHECK(integers<std::int32_t>({kLeast, kMost}) == I32{kLeast, kMost});
  CHECK(integers<float>({-3, 16777216, -0.0F}) == I32{-3, 16777216, 0});
  CHECK(integers<double>({kLeast, kMost}) == I32{kLeast, kMost});
}

TEST_CASE("integer labels: what is no integer of 32 bits is refused by its place", "[quant]") {
  const double inf = std::numeric_limits<double>::infinity();
  for (const double odd :
       {0.5, -1.25, 2147483648.0, -2147483649.0, inf, -inf, std::numeric_limits<double>::quiet_NaN()}) {
    std::vector<double> voxels(2 * 3 * 4, 1);
    voxels[test::place({2, 3, 4}, {1, 2, 3})] = odd;
    image::VolumeReader source(test::volume_of(grid({2, 3, 4}), voxels));
    IntegerLabels labels(source);
    CHECK(labels.read(0, 3).geometry().shape == Index3{2, 3, 3});
    const std::string error = error_of([&] { labels.read(2, 2); });
    CHECK(error.find("format/labels: voxel (1, 2, 3) is ") == 0);
  }
  CHECK(error_of([] {
          integers<float>({1, 1.5F});
        }) ==
        "format/labels: voxel (1, 0, 0) is 1.5; labels are integers of 32 bits: resample label maps with "
        "nearest neighbour, or round them");
}

TEST_CASE("integer labels: what rounding leaves of an integer is that integer", "[quant]") {
  struct Case {
    double value;
    std::int32_t label;
    bool told;
  };
  for (const Case& one :
       std::initializer_list<Case>{{30 * static_cast<double>(0.1F), 3, false},
                                   {static_cast<double>(std::nextafter(3.0F, 4.0F)), 3, false},
                                   {8142 * (1 + 1e-7), 8142, false},
                                   {-1e-9, 0, false},
                                   {3.00005, 3, true},
                                   {2.9991, 3, true},
                                   {-0.0009, 0, true}}) {
    INFO(one.value);
    image::VolumeReader source(test::line_of(std::vector<double>{1, one.value}));
    IntegerLabels labels(source);
    CHECK(test::voxels_of<std::int32_t>(labels.read(0, 1))[1] == one.label);
    CHECK(labels.warning().has_value() == one.told);
    if (one.told) CHECK(labels.warning()->code == WarningCode::labels_rounded);
  }
  for (const double refused : {2.5, 3.0011, -0.002}) {
    CHECK(error_of([&] { integers<double>({refused}); }).find("format/labels") == 0);
  }
}

TEST_CASE("integer labels: slabs are contiguous whatever the source", "[quant]") {
  const std::vector<float> voxels{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  image::VolumeReader source(test::backwards<float>(test::volume_of(grid({2, 3, 2}, {2, 3, 4}), voxels)));
  IntegerLabels labels(source);
  const Volume slab = labels.read(1, 1);
  CHECK(slab.stride_bytes() == Index3{4, 8, 24});
  CHECK(test::voxels_of<std::int32_t>(slab) == I32{6, 7, 8, 9, 10, 11});
  CHECK(slab.geometry().to_world(2, 3) == 4);
}

}  // namespace
}  // namespace musclemap::quant
