#include "image/steps/normalise_nnunet.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

#include "image/pairwise_sum.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "unit/image/steps/memory_field.hpp"
#include "unit/image/steps/vectors.hpp"

namespace musclemap::image {
namespace {

// Numbers that NumPy makes alike: float32(bits >> 8) * 2^-13 - 700.
std::vector<float> numbers(std::int64_t count) {
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(count));
  for (std::int64_t n = 0; n < count; ++n) {
    const auto bits = static_cast<std::uint32_t>(static_cast<std::uint64_t>(n) * 2654435761U);
    values.push_back(static_cast<float>(bits >> 8U) * (1.0F / 8192) - 700.0F);
  }
  return values;
}

struct Summed {
  std::int64_t count;
  float sum;
  float mean;
  float deviation;
};

// np.sum, np.mean and np.std of NumPy 2.4.6 for numbers(count) as float32.
const std::vector<Summed> kNumpy{
    {1, -0x1.5ep+9F, -0x1.5ep+9F, 0x0p+0F},
    {7, 0x1.2c19f2p+10F, 0x1.56f914p+7F, 0x1.33bf48p+9F},
    {8, 0x1.242298p+10F, 0x1.242298p+7F, 0x1.21d412p+9F},
    {127, 0x1.37b52p+15F, 0x1.3a2972p+8F, 0x1.294936p+9F},
    {128, 0x1.3a1576p+15F, 0x1.3a1576p+8F, 0x1.281f6ep+9F},
    {129, 0x1.365944p+15F, 0x1.33f162p+8F, 0x1.2902e4p+9F},
    {1000, 0x1.3c5be6p+18F, 0x1.43f39cp+8F, 0x1.27a23p+9F},
    {1024, 0x1.42bd24p+18F, 0x1.42bd24p+8F, 0x1.27bb22p+9F},
    {4099, 0x1.442bdp+20F, 0x1.43ef14p+8F, 0x1.27a3fp+9F},
    {100003, 0x1.ee63fp+24F, 0x1.43fe74p+8F, 0x1.279aep+9F},
    {3000001, 0x1.cf7c24p+29F, 0x1.43ffd4p+8F, 0x1.279a7ap+9F},
};

NormaliseNnunet one(Scheme scheme, bool over_mask = false) {
  ChannelNormalisation channel;
  channel.scheme = scheme;
  channel.over_mask = over_mask;
  return {{channel}};
}

std::vector<float> normalised(const NormaliseNnunet& step, Field& field, const Index3& shape) {
  Measured measured;
  if (meter(step, shape, field.channels())) measured = test::measured(step, field, shape);
  return apply(step, field, {shape}, measured, 1)->values(whole(shape));
}

TEST_CASE("pairwise sum: NumPy's sums to the last bit, in any pieces", "[image]") {
  for (const Summed& each : kNumpy) {
    const std::vector<float> values = numbers(each.count);
    PairwiseSum at_once(each.count);
    at_once.add(values.data(), each.count);
    CHECK(at_once.sum() == each.sum);
    PairwiseSum in_pieces(each.count);
    for (std::int64_t n = 0; n < each.count; n += 61)
      in_pieces.add(values.data() + n, std::min<std::int64_t>(61, each.count - n));
    CHECK(in_pieces.sum() == each.sum);
  }
}

TEST_CASE("normalise nnunet: mean and deviation are NumPy's to the last bit", "[image]") {
  for (const Summed& each : kNumpy) {
    const Index3 shape{each.count % 7 == 0 ? 7 : 1, 1, each.count % 7 == 0 ? each.count / 7 : each.count};
    test::MemoryField field(shape, test::other_order(numbers(each.count), shape));
    if (shape[2] > 5000) continue;  // slices are slow there
    const Measured measured = test::measured(one(Scheme::z_score), field, shape);
    CHECK(measured.channels.at(0).mean == each.mean);
    CHECK(measured.channels.at(0).deviation == each.deviation);
  }
  const Index3 shape{10, 10, 10};
  test::MemoryField field(shape, test::other_order(numbers(1000), shape));
  const Measured measured = test::measured(one(Scheme::z_score), field, shape);
  CHECK(measured.channels.at(0).mean == 0x1.43f39cp+8F);
  CHECK(measured.channels.at(0).deviation == 0x1.27a23p+9F);
}

TEST_CASE("normalise nnunet: ct cuts to the percentiles in single precision", "[image]") {
  NormaliseNnunet step = one(Scheme::ct);
  step.channels[0].percentile_00_5 = -1004.1;
  step.channels[0].percentile_99_5 = 1588.3;
  step.channels[0].mean = -50.38;
  step.channels[0].deviation = 503.4;
  CHECK(meter(step, {3, 1, 1}, 1) == nullptr);
  test::MemoryField field({4, 1, 1}, {-2000, 0, 40, 3000});
  const std::vector<float> found = normalised(step, field, {4, 1, 1});
  CHECK(found[0] == (-1004.1F - -50.38F) / 503.4F);
  CHECK(found[1] == (0 - -50.38F) / 503.4F);
  CHECK(found[2] == (40 - -50.38F) / 503.4F);
  CHECK(found[3] == (1588.3F - -50.38F) / 503.4F);
}

TEST_CASE("normalise nnunet: a mask has the holes between, and what is outside keeps its value", "[image]") {
  // A ring around a hole, and a zero outside of it.
  const Index3 shape{4, 3, 3};
  std::vector<float> values(36, 0);
  for (int z = 0; z < 3; ++z) {
    for (int y = 0; y < 3; ++y) {
      for (int x = 0; x < 3; ++x)
        values[static_cast<std::size_t>((z * 3 + y) * 4 + x)] = static_cast<float>(10 + x);
    }
  }
  values[(1 * 3 + 1) * 4 + 1] = 0;
  test::MemoryField field(shape, test::other_order(values, shape));
  const NormaliseNnunet step = one(Scheme::z_score, true);
  const Measured measured = test::measured(step, field, shape);
  REQUIRE(measured.mask != nullptr);
  CHECK(std::count(measured.mask->begin(), measured.mask->end(), 1) == 27);
  const float mean = (9 * 10 + 8 * 11 + 9 * 12) / 27.0F;
  CHECK(std::fabs(measured.channels[0].mean - mean) < 1e-5F);
  const auto behind = apply(step, field, {shape}, measured, 1);
  const std::vector<float> found = test::x_fastest(*behind, shape);
  CHECK(found[3] == 0);
  CHECK(found[(1 * 3 + 1) * 4 + 1] < -1);
  CHECK(behind->values({{1, 1, 1}, {2, 2, 2}})[0] == found[(1 * 3 + 1) * 4 + 1]);
}

TEST_CASE("normalise nnunet: blank images stay finite", "[image]") {
  for (const bool over_mask : {false, true}) {
    test::MemoryField field({2, 2, 2}, std::vector<float>(8, 0));
    CHECK(normalised(one(Scheme::z_score, over_mask), field, {2, 2, 2}) == std::vector<float>(8, 0));
  }
  test::MemoryField flat({2, 2, 2}, std::vector<float>(8, 4));
  CHECK(normalised(one(Scheme::z_score), flat, {2, 2, 2}) == std::vector<float>(8, 0));
  CHECK(normalised(one(Scheme::rescale_to_01), flat, {2, 2, 2}) == std::vector<float>(8, 0));
  CHECK(normalised(one(Scheme::none), flat, {2, 2, 2}) == std::vector<float>(8, 4));
}

TEST_CASE("normalise nnunet: to 0 to 1, and pictures", "[image]") {
  test::MemoryField field({3, 1, 2}, {10, 40, 20, 30, 250, 10});
  CHECK(normalised(one(Scheme::rescale_to_01), field, {3, 1, 2}) ==
        std::vector<float>{0, 30.0F / 240, 10.0F / 240, 20.0F / 240, 1, 0});
  CHECK(normalised(one(Scheme::rgb_to_01), field, {3, 1, 2})[4] == 250.0F / 255);
  test::MemoryField dark({1, 1, 1}, {-1});
  CHECK(test::contains(test::error_of([&] {
                         normalised(one(Scheme::rgb_to_01), dark, {1, 1, 1});
                       }),
                       "0 to 255 are allowed"));
}

TEST_CASE("normalise nnunet: every channel by its own scheme; their number has to be that of the model",
          "[image]") {
  const Index3 shape{10, 10, 10};
  test::MemoryField first(shape, test::other_order(numbers(1000), shape));
  test::TwoChannels field(first);
  NormaliseNnunet step = one(Scheme::none);
  CHECK(test::contains(test::error_of([&] { normalised(step, field, shape); }), "2 channels"));
  step.channels.push_back({Scheme::z_score});
  const std::vector<float> found = normalised(step, field, shape);
  REQUIRE(found.size() == 2000);
  CHECK(found[5] == first.values(whole(shape))[5]);
  CHECK(found[1005] == (-found[5] - -0x1.43f39cp+8F) / 0x1.27a23p+9F);
}

TEST_CASE("normalise nnunet: slices that do not rise are an error, not another sum", "[image]") {
  const NormaliseNnunet step = one(Scheme::z_score);
  const auto looked = meter(step, {1, 1, 2}, 1);
  const float value = 1;
  CHECK_THROWS(looked->add(0, 1, &value));
}

}  // namespace
}  // namespace musclemap::image
