#include "infer/volume_kernels.hpp"

#include <cstdint>
#include <random>
#include <vector>

#include "base/isa.hpp"
#include "support/catch.hpp"

namespace musclemap::infer {
namespace {

using Halves = std::vector<std::uint16_t>;

// Any bits but those of what is no number.
Halves random_halves(std::int64_t count, std::mt19937& random) {
  Halves halves;
  while (static_cast<std::int64_t>(halves.size()) < count) {
    const auto half = static_cast<std::uint16_t>(random());
    if ((half & 0x7c00U) != 0x7c00U) halves.push_back(half);
  }
  return halves;
}

TEST_CASE("volume kernels: every instruction set gives the bits of the portable one", "[infer]") {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> any(-40, 40);
  std::uniform_real_distribution<float> small(0, 1);
  const VolumeKernels& portable = portable_volume_kernels();
  for (const base::Isa isa : base::isas_here()) {
    const VolumeKernels& kernels = volume_kernels_for(isa);
    for (std::int64_t count = 0; count < 70; ++count) {
      const Halves halves = random_halves(count, random);
      Halves divisors = random_halves(count, random);
      // Weights are not negative, nor 0.
      for (std::uint16_t& each : divisors) each = static_cast<std::uint16_t>((each & 0x7fffU) | 1U);
      std::vector<float> scores;
      std::vector<float> weights;
      for (std::int64_t i = 0; i < count; ++i) {
        scores.push_back(any(random) * (i % 7 == 0 ? 1e-6F : 1.0F));
        weights.push_back(small(random));
      }
      const auto same = [&](const auto& call) {
        Halves sums = random_halves(count, random);
        Halves expected = sums;
        const bool flag = call(kernels, sums.data());
        CHECK(call(portable, expected.data()) == flag);
        CHECK(sums == expected);
      };
      same([&](const VolumeKernels& table, std::uint16_t* sums) {
        table.add_weighted(scores.data(), weights.data(), count, sums);
        return false;
      });
      same([&](const VolumeKernels& table, std::uint16_t* sums) {
        table.add_floats(scores.data(), count, sums);
        return false;
      });
      same([&](const VolumeKernels& table, std::uint16_t* sums) {
        table.add_halves(halves.data(), count, sums);
        return false;
      });
      same([&](const VolumeKernels& table, std::uint16_t* sums) {
        return table.divide(divisors.data(), count, sums);
      });
      same([&](const VolumeKernels& table, std::uint16_t* sums) {
        table.divide_by(3, count, sums);
        return false;
      });
    }
    Halves sums(40, 0x7bff);
    CHECK_FALSE(kernels.divide(Halves(40, 0x3c00).data(), 40, sums.data()));
    Halves tiny(40, 0x3c00);
    tiny[33] = 1;
    CHECK(kernels.divide(tiny.data(), 40, sums.data()));
  }
}

}  // namespace
}  // namespace musclemap::infer
