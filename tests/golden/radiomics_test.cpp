// Radiomics beside pyradiomics: cases.json holds its features of masks that are made by a rule.
#include "quant/radiomics/radiomics.hpp"

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "musclemap/nifti.hpp"
#include "support/catch.hpp"
#include "support/shared_data.hpp"
#include "support/volumes.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json radiomics_cases() {
  std::ifstream stream(fs::path(MUSCLEMAP_SOURCE_DIR) / "tests/golden/radiomics/cases.json");
  return json::parse(stream);
}

/// Numbers from 0 to 65535 that look random.
std::uint64_t hashed(std::int64_t place, int seed) {
  const std::uint64_t number = static_cast<std::uint64_t>(place) + static_cast<std::uint64_t>(seed) * 7919U;
  return (number * 2654435761U & 0xFFFFFFFFU) >> 16U;
}

Geometry geometry_of(const json& made) {
  Geometry geometry;
  geometry.shape = made["shape"].get<Index3>();
  geometry.to_world.m = made["affine"].get<std::array<double, 16>>();
  return geometry;
}

template <class T, class Rule>
Volume filled(const Geometry& geometry, const Rule& rule) {
  Volume volume = Volume::zeros(geometry, test::dtype_of<T>());
  const VoxelView<T> to = volume.mutable_view<T>();
  for (std::int64_t k = 0; k < to.shape[2]; ++k) {
    for (std::int64_t j = 0; j < to.shape[1]; ++j) {
      for (std::int64_t i = 0; i < to.shape[0]; ++i) {
        to(i, j, k) = static_cast<T>(rule(i, j, k, i + to.shape[0] * (j + to.shape[1] * k)));
      }
    }
  }
  return volume;
}

Volume image_of(const json& made) {
  const json& rule = made["image"];
  const Index3 slope = rule["slope"].get<Index3>();
  const auto value = [&](std::int64_t i, std::int64_t j, std::int64_t k, std::int64_t place) {
    const auto noise = static_cast<std::int64_t>(hashed(place, 1) % rule["noise"].get<std::uint64_t>());
    return static_cast<double>(rule["base"].get<std::int64_t>() + noise + slope[0] * i + slope[1] * j +
                               slope[2] * k);
  };
  if (rule["dtype"] == "i16") return filled<std::int16_t>(geometry_of(made), value);
  return filled<float>(geometry_of(made),
                       [&](auto i, auto j, auto k, auto place) { return value(i, j, k, place) + 0.25; });
}

bool is_inside(const json& part, const Index3& at, std::int64_t place) {
  if (part["kind"] == "noise")
    return hashed(place, part["seed"]) % 100 < part["percent"].get<std::uint64_t>();
  double sum = 0;
  for (std::size_t axis = 0; axis < at.size(); ++axis) {
    if (part["kind"] == "box") {
      if (at[axis] < part["begin"][axis].get<std::int64_t>()) return false;
      if (at[axis] >= part["end"][axis].get<std::int64_t>()) return false;
      continue;
    }
    const double away = static_cast<double>(at[axis]) - part["centre"][axis].get<double>();
    sum += std::pow(away / part["radii"][axis].get<double>(), 2);
  }
  return sum <= 1;
}

Volume mask_of(const json& made) {
  return filled<std::uint8_t>(geometry_of(made), [&](auto i, auto j, auto k, auto place) {
    for (const json& part : made["mask"]) {
      if (is_inside(part, {i, j, k}, place)) return 1;
    }
    return 0;
  });
}

/// 1e-4 of the number, or half of the last of 4 decimals, which are what is written.
void check_features(const std::vector<double>& seen, const json& wanted) {
  REQUIRE(seen.size() == wanted.size());
  for (std::size_t n = 0; n < seen.size(); ++n) {
    const double expected = wanted[n].get<double>();
    INFO(quant::radiomics_names()[n] << ": " << seen[n] << ", pyradiomics " << expected);
    CHECK(std::fabs(seen[n] - expected) <= 1e-4 * std::fabs(expected) + 1e-6);
  }
}

TEST_CASE("radiomics: 32 features of masks made by a rule are pyradiomics'", "[golden]") {
  const json cases = radiomics_cases()["cases"];
  REQUIRE(cases.size() >= 20);
  for (const json& made : cases) {
    CAPTURE(made["name"].get<std::string>());
    check_features(quant::radiomics_values(image_of(made), mask_of(made), {1}).front(), made["features"]);
  }
}

TEST_CASE("radiomics: 32 features of labels of the example are pyradiomics'", "[golden]") {
  const fs::path data = test::shared_data();
  if (data.empty()) return;
  const Volume image = read_nifti(data / "totalsegmentator/example_ct_sm.nii.gz");
  const Volume labels = read_nifti(data / "totalsegmentator/example_seg_fast.nii.gz");
  const json examples = radiomics_cases()["examples"];
  REQUIRE(examples.size() >= 6);
  for (const auto& entry : examples.items()) {
    CAPTURE(entry.key());
    check_features(quant::radiomics_values(image, labels, {std::stoi(entry.key())}).front(), entry.value());
  }
}

}  // namespace
}  // namespace musclemap
