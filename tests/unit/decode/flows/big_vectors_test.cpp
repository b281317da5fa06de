// Masks of a picture that is tiled of a smaller one with noise, by the SHA-256 of Cellpose 3.1.1.2's.
#include <cstdint>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "io/arrays/npz_file.hpp"
#include "plain_masks.hpp"
#include "support/catch.hpp"
#include "support/cell_vectors.hpp"

namespace musclemap {
namespace {

constexpr std::int64_t kTile = 512;

// From -0.5 to 0.5, of an integer hash.
float noise(std::uint64_t pixel, std::uint64_t map) {
  std::uint64_t hash = (pixel + map * 0x9E3779B97F4A7C15U) * 0xD1342543DE82EF95U;
  hash ^= hash >> 32U;
  hash *= 0xD1342543DE82EF95U;
  hash ^= hash >> 29U;
  return static_cast<float>(hash >> 40U) / 16777216.0F - 0.5F;
}

// The tile is mirrored in every other column and row of tiles, flows along with it.
test::Flows tiled(const std::vector<float>& flows, const std::vector<float>& cellprob, std::int64_t side) {
  const auto pixels = static_cast<std::size_t>(side * side);
  test::Flows made{side, side, std::vector<float>(2 * pixels), std::vector<float>(pixels)};
  for (std::int64_t y = 0; y < side; ++y) {
    for (std::int64_t x = 0; x < side; ++x) {
      const bool mirror_y = y / kTile % 2 != 0;
      const bool mirror_x = x / kTile % 2 != 0;
      const std::int64_t v = mirror_y ? kTile - 1 - y % kTile : y % kTile;
      const std::int64_t u = mirror_x ? kTile - 1 - x % kTile : x % kTile;
      const auto from = static_cast<std::size_t>(v * kTile + u);
      const auto at = static_cast<std::size_t>(y * side + x);
      made.flows[at] = (mirror_y ? -flows[from] : flows[from]) + noise(at, 0) * 4;
      const float x_flow = flows[from + kTile * kTile];
      made.flows[at + pixels] = (mirror_x ? -x_flow : x_flow) + noise(at, 1) * 4;
      made.cellprob[at] = cellprob[from] + noise(at, 2) * 3;
    }
  }
  return made;
}

template <class T>
std::string hash_of(const std::vector<T>& values) {
  base::Sha256 hash;
  hash.update(values.data(), values.size() * sizeof(T));
  return hash.hex();
}

TEST_CASE("cell masks: of a picture of 2048 x 2048 they are Cellpose's", "[decode]") {
  if (test::shared_data().empty()) return;
  const nlohmann::json sizes = test::cell_manifest("cells_real/vectors").at("big").at("sizes");
  const io::NpzReader arrays(test::shared_data() / "cells_real" / "vectors" / "nuclei_flows512.npz");
  std::vector<float> flows = test::cell_vector<float>(arrays.read("dP24")).values;
  std::vector<float> cellprob = test::cell_vector<float>(arrays.read("cellprob8")).values;
  for (float& value : flows) value /= 24;
  for (float& value : cellprob) value /= 8;
  for (const auto& [side, expected] : sizes.items()) {
    INFO(side);
    const test::Flows picture = tiled(flows, cellprob, std::stoll(side));
    for (const CellCompat compat : {CellCompat::fixed, CellCompat::v3_1_1_2}) {
      CellMaskOptions options;
      options.compat = compat;
      const CellMasks masks = cell_masks(picture.view(), options);
      CHECK(masks.count == expected.at("masks_n"));
      const std::vector<std::uint16_t> labels(masks.labels.begin(), masks.labels.end());
      CHECK(hash_of(labels) == expected.at("masks_sha256_u16"));
    }
  }
}

}  // namespace
}  // namespace musclemap
