#include "image/grid_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "image/reordered.hpp"
#include "image/volume_reader.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/volumes.hpp"

namespace musclemap::image {
namespace {

using test::contains;
using test::error_of;
using test::grid;

Geometry moved(Geometry geometry, double x_mm, double y_mm = 0, double z_mm = 0) {
  geometry.to_world(0, 3) += x_mm;
  geometry.to_world(1, 3) += y_mm;
  geometry.to_world(2, 3) += z_mm;
  return geometry;
}

std::string check(const Geometry& labels, const Geometry& image, double tolerance = kGeometryTolerance) {
  return error_of([&] { match_grids({image, "image"}, {labels, "label map"}, tolerance); });
}

std::vector<WarningCode> codes_of(const Geometry& labels, const Geometry& image) {
  std::vector<WarningCode> codes;
  for (const Warning& warning : match_grids({image, "image"}, {labels, "label map"}, 0.05).warnings) {
    codes.push_back(warning.code);
  }
  return codes;
}

TEST_CASE("grid check: distances are in voxels of the first grid", "[image]") {
  const Geometry a = grid({11, 21, 3}, {2, 0.5, 4});
  CHECK(corner_distance_voxels(a, a) == 0);
  CHECK(corner_distance_voxels(a, moved(a, 1)) == 0.5);
  CHECK(corner_distance_voxels(a, moved(a, 0, 1)) == 2);
  CHECK(corner_distance_voxels(a, moved(a, 6, 2, 0)) == 5);
}

TEST_CASE("grid check: the furthest corner counts", "[image]") {
  const Geometry a = grid({11, 21, 3}, {2, 0.5, 4});
  Geometry wider = a;
  wider.to_world(1, 1) = 0.75;
  CHECK(corner_distance_voxels(a, wider) == 10);
  Geometry sheared = a;
  sheared.to_world(0, 2) = 1;
  CHECK(corner_distance_voxels(a, sheared) == 1);
  Geometry mirrored = a;
  mirrored.to_world(0, 0) = -2;
  mirrored.to_world(0, 3) = 20;
  CHECK(corner_distance_voxels(a, mirrored) == 10);
}

TEST_CASE("grid check: rotated axes measure along themselves", "[image]") {
  Geometry a = grid({5, 5, 5});
  const double c = 0.6;
  const double s = 0.8;
  a.to_world(0, 0) = 2 * c;
  a.to_world(1, 0) = 2 * s;
  a.to_world(0, 1) = -3 * s;
  a.to_world(1, 1) = 3 * c;
  CHECK(std::fabs(corner_distance_voxels(a, moved(a, -3 * s, 3 * c)) - 1) < 1e-15);
}

TEST_CASE("grid check: a twentieth of a voxel is allowed, above a thousandth with a warning", "[image]") {
  const Geometry a = grid({4, 4, 4}, {2, 2, 8});
  CHECK(codes_of(a, moved(a, 0, 0, 0.0079)).empty());
  CHECK(codes_of(a, moved(a, 0, 0, 0.0085)) == std::vector{WarningCode::grid_tolerance});
  CHECK(codes_of(a, moved(a, 0, 0, 0.39)) == std::vector{WarningCode::grid_tolerance});
  const std::string error = check(moved(a, 0, 0, 0.41), a);
  CHECK(contains(error, "geometry/geometry: the label map and the image lie up to 0.0513 voxels apart"));
  CHECK(contains(error, "allowed is 0.05: it is shifted by 0.41 mm along k"));
  CHECK(contains(error, "geometry tolerance of 0.06 voxels"));
  CHECK(check(moved(a, 0, 0, 0.41), a, 0.06) == "no error");
  CHECK(contains(check(a, a, -1), "argument"));
  CHECK(contains(check(a, a, std::numeric_limits<double>::quiet_NaN()), "argument"));
}

TEST_CASE("grid check: the cause is named, and the remedy", "[image]") {
  const Geometry image = grid({20, 30, 10}, {1, 1, 4});
  Geometry cropped = moved(image, 0, 0, 8);
  cropped.shape[2] = 6;
  CHECK(contains(check(cropped, image),
                 "20x30x6 and 20x30x10 voxels: it is a crop or has a margin: 6 voxels along k"));
  Geometry padded = moved(image, -2);
  padded.shape[0] = 24;
  CHECK(contains(check(padded, image), "24 voxels along i (image 20)"));
  CHECK(contains(check(grid({20, 30, 20}, {1, 1, 2}), image), "another spacing: 2 mm along k (image 4)"));
  CHECK(contains(check(grid({20, 30, 10}, {1, 1.5, 4}), image), "another spacing: 1.5 mm along j (image 1)"));
  CHECK(contains(check(moved(image, 3, -2), image), "shifted by 3 mm along i and -2 mm along j"));
  Geometry turned = image;
  turned.to_world(0, 0) = turned.to_world(1, 1) = std::cos(0.1);
  turned.to_world(1, 0) = std::sin(0.1);
  turned.to_world(0, 1) = -std::sin(0.1);
  CHECK(contains(check(turned, image), "turned by 5.7296 degrees"));
  CHECK(contains(check(moved(image, 3), image), "nearest neighbour"));
}

// The volume of `stored` along other axes: voxel axis a of the result is axis order[a], reversed where
// flip[a].
Geometry stored_otherwise(const Geometry& stored, const std::array<int, 3>& order,
                          const std::array<bool, 3>& flip) {
  Orientation axes;
  for (std::size_t to = 0; to < 3; ++to) {
    axes.ras_axis[static_cast<std::size_t>(order[to])] = static_cast<int>(to);
    axes.flip[static_cast<std::size_t>(order[to])] = flip[to];
  }
  return reordered(stored, axes);
}

TEST_CASE("grid check: every order and direction of the axes is found again", "[image]") {
  Geometry image = grid({5, 7, 4}, {1.25, 2, 3});
  image.to_world(0, 1) = 0.1;  // oblique
  image.to_world(1, 2) = -0.4;
  for (const std::array<int, 3>& order :
       std::vector<std::array<int, 3>>{{0, 1, 2}, {1, 0, 2}, {0, 2, 1}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}}) {
    for (int flips = 0; flips < 8; ++flips) {
      const Geometry labels =
          stored_otherwise(image, order, {(flips & 1) != 0, (flips & 2) != 0, (flips & 4) != 0});
      const GridMatch match = match_grids({image, "image"}, {labels, "label map"}, 0.05);
      CHECK(match.distance_voxels < 1e-12);
      const Geometry back = reordered(labels, match.to_reference);
      CHECK(back.shape == image.shape);
      CHECK(corner_distance_voxels(image, back) < 1e-12);
      const bool same = flips == 0 && order == std::array<int, 3>{0, 1, 2};
      CHECK(match.warnings.empty() == same);
      if (!same) CHECK(match.warnings.front().code == WarningCode::grid_reordered);
    }
  }
}

TEST_CASE("grid check: an axis of one voxel has no direction", "[image]") {
  const Geometry image = grid({5, 7, 1});
  Geometry labels = image;
  labels.to_world(2, 2) = -1;
  CHECK(codes_of(labels, image).empty());
}

TEST_CASE("reordered: voxels, and slabs of streams, are those of their places", "[image]") {
  const Geometry stored = grid({3, 4, 5}, {1, 2, 3});
  Volume volume = Volume::zeros(stored, DType::i16);
  for (std::int16_t n = 0; n < 60; ++n) volume.mutable_view<std::int16_t>().data[n] = n;
  for (const std::array<int, 3>& order : std::vector<std::array<int, 3>>{{0, 1, 2}, {1, 0, 2}, {2, 0, 1}}) {
    for (int flips = 0; flips < 8; ++flips) {
      Orientation axes{order, {(flips & 1) != 0, (flips & 2) != 0, (flips & 4) != 0}};
      const Volume turned = reordered(volume, axes);
      const Volume back = reordered(turned, inverse(axes));
      CHECK(corner_distance_voxels(stored, back.geometry()) < 1e-12);
      VolumeReader source(volume);
      ReorderedReader reader(source, axes);
      const Index3 n = turned.geometry().shape;
      Volume written = Volume::zeros(stored, DType::i16);
      struct Sink : SlabWriter {
        explicit Sink(Volume to) : volume(std::move(to)) {}
        void write(std::int64_t k_begin, const Volume& slab) override {
          const auto from = slab.view<std::int16_t>();
          const auto to = volume.mutable_view<std::int16_t>();
          for (std::int64_t k = 0; k < from.shape[2]; ++k)
            for (std::int64_t j = 0; j < from.shape[1]; ++j)
              for (std::int64_t i = 0; i < from.shape[0]; ++i) to(i, j, k_begin + k) = from(i, j, k);
        }
        void commit() override {}
        Volume volume;
      };
      ReorderedWriter writer(std::make_unique<Sink>(written), stored, DType::i16, axes);
      for (std::int64_t k = 0; k < n[2]; ++k) {
        const Volume slab = reader.read(k, 1);
        for (std::int64_t j = 0; j < n[1]; ++j) {
          for (std::int64_t i = 0; i < n[0]; ++i) {
            CHECK(slab.view<std::int16_t>()(i, j, 0) == turned.view<std::int16_t>()(i, j, k));
          }
        }
        writer.write(k, slab);
      }
      writer.commit();
      CHECK(std::equal(written.view<std::int16_t>().data, written.view<std::int16_t>().data + 60,
                       volume.view<std::int16_t>().data));
    }
  }
}

TEST_CASE("reordered: what would not fit into memory is refused", "[image]") {
  Orientation turned{{2, 1, 0}, {false, false, false}};
  CHECK(held_bytes({10, 10, 10}, DType::f64, turned) == 8000);
  CHECK(held_bytes({10, 10, 10}, DType::f64, Orientation{{1, 0, 2}, {true, true, false}}) == 0);
  RunControl control;
  control.memory_budget = 7999;
  CHECK(
      contains(error_of([&] { check_held_memory(8000, control); }), "memory/limit: the label map is stored"));
  CHECK(error_of([&] { check_held_memory(7999, control); }) == "no error");
}

TEST_CASE("grid check: what cannot be compared is not the same", "[image]") {
  const Geometry a = grid({4, 4, 4});
  Geometry flat = a;
  flat.to_world(2, 2) = 0;
  CHECK(std::isinf(corner_distance_voxels(flat, a)));
  CHECK(contains(check(flat, flat), "geometry/geometry"));
  const Geometry unknown = moved(a, std::numeric_limits<double>::quiet_NaN());
  CHECK(std::isinf(corner_distance_voxels(a, unknown)));
  CHECK(contains(check(a, unknown), "geometry/geometry"));
  CHECK(contains(check(unknown, a), "geometry/geometry"));
}

TEST_CASE("grid check: one voxel has one corner", "[image]") {
  Geometry turned = grid({1, 1, 1});
  turned.to_world(0, 0) = 5;
  CHECK(corner_distance_voxels(grid({1, 1, 1}), turned) == 0);
}

}  // namespace
}  // namespace musclemap::image
