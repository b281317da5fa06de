#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "draw/body_systems.hpp"
#include "draw/label_grid.hpp"
#include "draw/surface_net.hpp"
#include "musclemap/error.hpp"
#include "musclemap/picture.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/png_decode.hpp"
#include "support/volumes.hpp"

namespace {

using musclemap::DType;
using musclemap::Geometry;
using musclemap::Index3;
using musclemap::Label;
using musclemap::MontageOptions;
using musclemap::organ_preview_png;
using musclemap::SectionAxis;
using musclemap::Volume;
using musclemap::draw::BodySystem;
using musclemap::draw::LabelGrid;
using musclemap::draw::Mesh;
using musclemap::draw::OrganGroup;
using musclemap::test::decode_png;
using musclemap::test::Picture;

constexpr std::int16_t kLiver = 5;
constexpr std::int16_t kSpleen = 1;
const std::vector<Label> kNames{{kSpleen, "", "spleen", ""}, {kLiver, "", "liver", ""}};

struct Scan {
  Volume image;
  Volume labels;
};

// Liver high on the patient's right, spleen low on the left; `flip` stores every axis the other way round.
Scan scan(bool flip, std::int64_t slices = 40) {
  Geometry geometry = musclemap::test::grid({50, 30, slices}, {4, 4, 4});
  const Index3 last{49, 29, slices - 1};
  for (int a = 0; a < 3; ++a) {
    if (!flip) continue;
    geometry.to_world(a, a) = -4;
    geometry.to_world(a, 3) = 4.0 * static_cast<double>(last[static_cast<std::size_t>(a)]);
  }
  Scan result{Volume::zeros(geometry, DType::i16), Volume::zeros(geometry, DType::i16)};
  const auto image = result.image.mutable_view<std::int16_t>();
  const auto labels = result.labels.mutable_view<std::int16_t>();
  for (std::int64_t z = 0; z < slices; ++z) {
    for (std::int64_t y = 0; y < 30; ++y) {
      for (std::int64_t x = 0; x < 50; ++x) {
        const Index3 at = flip ? Index3{last[0] - x, last[1] - y, last[2] - z} : Index3{x, y, z};
        const bool body = x > 3 && x < 46 && y > 3 && y < 26;
        image(at[0], at[1], at[2]) = body ? 40 : -1000;
        if (!body || y < 8 || y > 22) continue;
        if (x > 28 && x < 44 && z > slices / 2) labels(at[0], at[1], at[2]) = kLiver;
        if (x > 6 && x < 18 && z > 2 && z < slices / 2) labels(at[0], at[1], at[2]) = kSpleen;
      }
    }
  }
  return result;
}

struct Centre {
  double x = 0;
  double y = 0;
  int count = 0;
};

// Of the pixels left of `end` that `chosen` picks.
template <class Chosen>
Centre centre_of(const Picture& picture, int end, const Chosen& chosen) {
  Centre sum;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < end; ++x) {
      if (!chosen(picture.at(x, y))) continue;
      sum.x += x;
      sum.y += y;
      ++sum.count;
    }
  }
  REQUIRE(sum.count > 500);
  return {sum.x / sum.count, sum.y / sum.count, sum.count};
}

template <class Pixel>
bool brown(const Pixel& p) {
  return p[0] > 60 && p[0] > p[2] * 2;
}

template <class Pixel>
bool purple(const Pixel& p) {
  return p[2] > 60 && p[2] > p[1] * 3 / 2 && p[0] > p[1];
}

// A grid of one class with a rim, true where `inside` says so.
template <class Inside>
LabelGrid grid_of(std::int64_t size, const Inside& inside) {
  LabelGrid grid;
  grid.shape = {size, size, size};
  grid.step_mm = {2, 2, 2};
  grid.classes.resize(grid.at(0, 0, size));
  for (std::int64_t z = 1; z + 1 < size; ++z) {
    for (std::int64_t y = 1; y + 1 < size; ++y) {
      for (std::int64_t x = 1; x + 1 < size; ++x) grid.classes[grid.at(x, y, z)] = inside(x, y, z);
    }
  }
  return grid;
}

// By the divergence theorem: positive where the quads face outwards.
double volume_of_mesh(const Mesh& mesh) {
  double six = 0;
  for (const auto& quad : mesh.quads) {
    for (const auto& triangle : {std::array<int, 3>{0, 1, 2}, {0, 2, 3}}) {
      std::array<std::array<double, 3>, 3> p{};
      for (std::size_t n = 0; n < 3; ++n) {
        for (std::size_t a = 0; a < 3; ++a) {
          p[n][a] = static_cast<double>(mesh.points[quad.corner[static_cast<std::size_t>(triangle[n])]][a]);
        }
      }
      six += p[0][0] * (p[1][1] * p[2][2] - p[1][2] * p[2][1]) -
             p[0][1] * (p[1][0] * p[2][2] - p[1][2] * p[2][0]) +
             p[0][2] * (p[1][0] * p[2][1] - p[1][1] * p[2][0]);
    }
  }
  return six / 6;
}

}  // namespace

TEST_CASE("organ preview: names tell the body system", "[draw]") {
  const std::vector<std::pair<std::string, BodySystem>> expected{
      {"rib_left_4", BodySystem::bones},
      {"vertebrae_L5", BodySystem::bones},
      {"costal_cartilages", BodySystem::bones},
      {"thyroid_cartilage", BodySystem::bones},
      {"levator_scapulae_left", BodySystem::muscles},
      {"gluteus maximus", BodySystem::muscles},
      {"superior_pharyngeal_constrictor", BodySystem::muscles},
      {"sterno_thyroid_right", BodySystem::muscles},
      {"transversospinalis_left", BodySystem::muscles},
      {"inferior_oblique_muscle_left", BodySystem::muscles},
      {"heart_ventricle_left", BodySystem::vessels},
      {"left_ventricular_outflow_tract", BodySystem::vessels},
      {"portal_vein_and_splenic_vein", BodySystem::vessels},
      {"lung_arteries", BodySystem::vessels},
      {"aortic_sinus", BodySystem::vessels},
      {"aorta_false_lumen", BodySystem::vessels},
      {"ventricle_frontal_horn_left", BodySystem::head},
      {"spinal_cord", BodySystem::head},
      {"nasal_cavity_left", BodySystem::head},
      {"left_mandibular_incisive_canal_fdi103", BodySystem::head},
      {"upper_left_second_molar_fdi27", BodySystem::bones},
      {"thyroid_gland", BodySystem::organs},
      {"lung_trachea_bronchia", BodySystem::organs},
      {"urinary_bladder", BodySystem::organs},
      {"subcutaneous_fat", BodySystem::tissue},
      {"skeletal_muscle", BodySystem::muscles},
      {"thoracic_cavity", BodySystem::tissue},
      {"body_trunc", BodySystem::tissue}};
  for (const auto& [name, system] : expected) {
    CAPTURE(name);
    CHECK(musclemap::draw::system_of({1, "", name, ""}) == system);
  }
  CHECK(musclemap::draw::system_of({1, "", "plantaris", "", "", "muscle"}) == BodySystem::muscles);
}

TEST_CASE("organ preview: sides and numbers share a line of the legend", "[draw]") {
  const std::vector<OrganGroup> groups = musclemap::draw::organ_groups({{1, "", "rib_left_1", ""},
                                                                        {2, "", "rib_left_2", ""},
                                                                        {3, "", "rib_right_2", ""},
                                                                        {4, "", "lung_upper_lobe_left", ""},
                                                                        {5, "", "lung_upper_lobe_right", ""},
                                                                        {6, "", "", ""},
                                                                        {7, "", "liver_segment_1", ""},
                                                                        {8, "", "liver_segment_2", ""}});
  REQUIRE(groups.size() == 4);
  CHECK(groups[0].name == "rib");
  REQUIRE(groups[0].labels.size() == 3);
  CHECK(groups[0].labels[0].colour != groups[0].labels[1].colour);
  CHECK(groups[0].labels[1].colour == groups[0].labels[2].colour);
  CHECK(groups[1].name == "lung upper lobe");
  CHECK(groups[2].name == "label 6");
  CHECK(groups[2].labels[0].colour == musclemap::label_colour(6));
  CHECK(groups[3].labels[0].colour != groups[3].labels[1].colour);
}

TEST_CASE("surface net: a ball is closed, faces outwards and keeps its size", "[draw]") {
  const LabelGrid grid = grid_of(25, [](std::int64_t x, std::int64_t y, std::int64_t z) {
    const std::int64_t d = (x - 12) * (x - 12) + (y - 12) * (y - 12) + (z - 12) * (z - 12);
    return std::uint16_t{d <= 64 ? std::uint16_t{1} : std::uint16_t{0}};
  });
  const Mesh mesh = musclemap::draw::surface_net(grid, {0, 1});
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> edges;
  for (const auto& quad : mesh.quads) {
    for (std::size_t n = 0; n < 4; ++n) ++edges[{quad.corner[n], quad.corner[(n + 1) % 4]}];
  }
  for (const auto& edge : edges) {
    const auto other = edges.find({edge.first.second, edge.first.first});
    REQUIRE(other != edges.end());
    REQUIRE(other->second == edge.second);
  }
  double voxels = 0;
  for (const std::uint16_t value : grid.classes) voxels += value;
  CHECK(volume_of_mesh(mesh) == Approx(8 * voxels).epsilon(0.06));
  // Smooth: all points lie close to one distance from the middle, where the voxels' own corners do not.
  double nearest = 100;
  double farthest = 0;
  for (const auto& p : mesh.points) {
    double sum = 0;
    for (const float x : p) sum += (static_cast<double>(x) - 24) * (static_cast<double>(x) - 24);
    nearest = std::min(nearest, std::sqrt(sum));
    farthest = std::max(farthest, std::sqrt(sum));
  }
  CHECK(farthest - nearest < 1.4);
}

TEST_CASE("surface net: one voxel stays, and classes that touch share one surface", "[draw]") {
  const LabelGrid one = grid_of(5, [](std::int64_t x, std::int64_t y, std::int64_t z) {
    return std::uint16_t{x == 2 && y == 2 && z == 2 ? std::uint16_t{3} : std::uint16_t{0}};
  });
  const Mesh single = musclemap::draw::surface_net(one, {0, 0, 0, 1});
  CHECK(single.quads.size() == 6);
  CHECK(volume_of_mesh(single) > 0.001 * 8);
  CHECK(musclemap::draw::surface_net(one, {0, 1, 1, 0}).quads.empty());

  const LabelGrid two = grid_of(8, [](std::int64_t x, std::int64_t, std::int64_t) {
    return std::uint16_t{x < 4 ? std::uint16_t{1} : std::uint16_t{2}};
  });
  const Mesh both = musclemap::draw::surface_net(two, {0, 1, 1});
  std::map<std::uint16_t, int> quads;
  for (const auto& quad : both.quads) ++quads[quad.inside];
  CHECK(quads[1] == 36 + 4 * 6 * 3);  // none in between
  CHECK(quads[2] == quads[1]);
}

TEST_CASE("organ preview: the patient stands upright, the right side on the left", "[draw]") {
  const Scan plain = scan(false);
  const std::string png = organ_preview_png(plain.image, plain.labels, kNames);
  const Picture picture = decode_png(png);
  CHECK(picture.width == 1800);
  const auto liver = [](const auto& p) { return brown(p); };
  const auto spleen = [](const auto& p) { return purple(p); };
  const int surfaces = picture.width * 2 / 5;
  CHECK(centre_of(picture, surfaces, liver).x < centre_of(picture, surfaces, spleen).x - 60);
  CHECK(centre_of(picture, surfaces, liver).y < centre_of(picture, surfaces, spleen).y - 60);

  // However the voxels are stored, and each time.
  const Scan turned = scan(true);
  CHECK(organ_preview_png(turned.image, turned.labels, kNames) == png);
  CHECK(organ_preview_png(plain.image, plain.labels, kNames) == png);
}

TEST_CASE("organ preview: what is drawn follows the names that are given", "[draw]") {
  const Scan plain = scan(false, 20);
  const std::string named = organ_preview_png(plain.image, plain.labels, kNames);
  CHECK(organ_preview_png(plain.image, plain.labels, {}) != named);
  std::vector<Label> systems = kNames;
  systems[1].anatomy = "hip";
  CHECK(organ_preview_png(plain.image, plain.labels, systems) != named);
  // A name that no voxel has adds nothing.
  systems = kNames;
  systems.push_back({77, "", "aorta", ""});
  CHECK(organ_preview_png(plain.image, plain.labels, systems) == named);
}

TEST_CASE("organ preview: any map of integers has a picture", "[draw]") {
  const Scan plain = scan(false, 6);
  MontageOptions options;
  options.width_px = 800;
  SECTION("without labels") {
    const Volume none = Volume::zeros(plain.image.geometry(), DType::u8);
    CHECK(decode_png(organ_preview_png(plain.image, none, kNames, options)).width == 800);
  }
  SECTION("one voxel") {
    const Volume one = Volume::zeros(plain.image.geometry(), DType::i32);
    Volume writable = one;
    writable.mutable_view<std::int32_t>()(0, 0, 0) = 2'000'000;
    CHECK(decode_png(organ_preview_png(plain.image, one, kNames, options)).width == 800);
  }
  SECTION("all voxels, one slice") {
    const Geometry flat = musclemap::test::grid({30, 20, 1}, {1, 1, 5});
    const Volume image = Volume::zeros(flat, DType::f32);
    const Volume full = musclemap::test::volume_of(flat, std::vector<std::uint8_t>(600, 9));
    CHECK(decode_png(organ_preview_png(image, full, {}, options)).width == 800);
  }
  SECTION("two hundred structures of one system") {
    const Geometry wide = musclemap::test::grid({200, 4, 4}, {2, 2, 2});
    std::vector<std::uint8_t> voxels(3200);
    std::vector<Label> names;
    for (std::size_t n = 0; n < voxels.size(); ++n) voxels[n] = static_cast<std::uint8_t>(n % 200 + 1);
    for (int n = 1; n <= 200; ++n)
      names.push_back({n, "",
                       "organ " + std::string(1, static_cast<char>('a' + n % 26)) +
                           std::string(static_cast<std::size_t>(n / 26), 'x'),
                       ""});
    const Volume image = Volume::zeros(wide, DType::u8);
    const Picture picture =
        decode_png(organ_preview_png(image, musclemap::test::volume_of(wide, voxels), names, options));
    CHECK(picture.height < 3000);
  }
}

TEST_CASE("organ preview: refuses labels that are no integers, other grids and sizes", "[draw]") {
  const Scan plain = scan(false, 6);
  const Volume real = Volume::zeros(plain.image.geometry(), DType::f32);
  CHECK_THROWS_AS(organ_preview_png(plain.image, real, kNames), musclemap::Error);
  const Volume other = Volume::zeros(musclemap::test::grid({50, 30, 7}, {4, 4, 4}), DType::u8);
  CHECK_THROWS_AS(organ_preview_png(plain.image, other, kNames), musclemap::Error);
  MontageOptions narrow;
  narrow.width_px = 100;
  CHECK_THROWS_AS(organ_preview_png(plain.image, plain.labels, kNames, narrow), musclemap::Error);
}
