#include "musclemap/itk.hpp"

#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/itk/itkImage.h"

namespace musclemap {
namespace {

using test::error_of;
using Point = std::array<double, 3>;

// Turned by 20, -12 and 7 degrees around z, y and x.
LpsGrid oblique() {
  return {
      {5, 4, 3},
      {-101.25, 42.5, -880.75},
      {0.9, 1.1, 3.5},
      {0.9191580824489982, -0.3632807662197949, -0.15223503001424948, 0.3345461825966352, 0.9240221671477767,
       -0.18509966593580057, 0.20791169081775934, 0.11920620585474925, 0.9708566368455311}};
}

LpsGrid permuted() {
  return {{5, 4, 3}, {-101.25, 42.5, -880.75}, {0.9, 1.1, 3.5}, {0, 0, 1, 1, 0, 0, 0, -1, 0}};
}

Point place(const Geometry& geometry, const Index3& voxel) {
  Point point{};
  for (int row = 0; row < 3; ++row) {
    point[static_cast<std::size_t>(row)] = geometry.to_world(row, 3);
    for (int column = 0; column < 3; ++column) {
      point[static_cast<std::size_t>(row)] +=
          geometry.to_world(row, column) * static_cast<double>(voxel[static_cast<std::size_t>(column)]);
    }
  }
  return point;
}

double distance(const Point& a, const Point& b) { return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]); }

using Scan = itk::Image<float, 3>;

Scan::Pointer scan_of(const LpsGrid& grid) {
  const Scan::Pointer scan = Scan::New();
  scan->SetRegions(Scan::SizeType{5, 4, 3});
  scan->SetSpacing(grid.spacing_mm.data());
  scan->SetOrigin(grid.origin_mm.data());
  Scan::DirectionType direction;
  for (unsigned int n = 0; n < 9; ++n) direction[n / 3][n % 3] = grid.direction[n];
  scan->SetDirection(direction);
  scan->Allocate();
  for (int n = 0; n < 60; ++n) scan->GetBufferPointer()[n] = static_cast<float>(n);
  return scan;
}

TEST_CASE("itk: a grid in LPS puts voxels where ITK puts them", "[image]") {
  // Image.TransformIndexToPhysicalPoint() of SimpleITK 2.5.7, with the first two signs changed.
  struct Known {
    LpsGrid grid;
    Index3 voxel;
    Point ras_mm;
  };
  const std::vector<Known> all{
      {oblique(), {0, 0, 0}, {101.25, -42.5, -880.75}},
      {oblique(), {4, 0, 0}, {97.9410309031836, -43.704366257347885, -880.0015179130561}},
      {oblique(), {0, 3, 0}, {102.44882652852532, -45.54927315158766, -880.3566195206794}},
      {oblique(), {0, 0, 2}, {102.31564521009975, -41.204302338449395, -873.9540035420813}},
      {oblique(), {4, 3, 2}, {100.20550264180866, -45.45794174738494, -872.8121409758168}},
      {permuted(), {4, 3, 2}, {94.25, -46.1, -884.05}},
  };
  for (const Known& known : all) {
    CHECK(distance(place(geometry_from_lps(known.grid), known.voxel), known.ras_mm) < 1e-9);
  }
}

TEST_CASE("itk: to RAS and back is the same grid", "[image]") {
  for (const LpsGrid& grid :
       {LpsGrid{{2, 2, 2}, {}, {1, 1, 1}, LpsGrid{}.direction}, oblique(), permuted()}) {
    const LpsGrid back = lps_from_geometry(geometry_from_lps(grid));
    CHECK(back.size == grid.size);
    CHECK(back.origin_mm == grid.origin_mm);
    for (std::size_t n = 0; n < 3; ++n)
      CHECK(back.spacing_mm[n] == Approx(grid.spacing_mm[n]).epsilon(1e-14));
    for (std::size_t n = 0; n < 9; ++n) CHECK(std::fabs(back.direction[n] - grid.direction[n]) < 1e-14);
  }
  CHECK_FALSE(std::signbit(geometry_from_lps({}).to_world(0, 3)));
}

TEST_CASE("itk: a grid that is none is refused", "[image]") {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  const auto refused = [](const LpsGrid& grid) {
    return error_of([&] { geometry_from_lps(grid); }).find("geometry/geometry: ") == 0;
  };
  LpsGrid grid = oblique();
  for (const double spacing : {0.0, -1.0, kNaN, HUGE_VAL}) {
    grid.spacing_mm[1] = spacing;
    CHECK(refused(grid));
  }
  grid = oblique();
  grid.origin_mm[2] = kNaN;
  CHECK(refused(grid));
  grid = oblique();
  grid.direction[0] = kNaN;
  CHECK(refused(grid));
  grid.direction = {1, 0, 1, 0, 1, 0, 0, 0, 0};
  CHECK(refused(grid));
  Geometry flat;
  flat.to_world(2, 2) = 0;
  CHECK(error_of([&] { lps_from_geometry(flat); }).find("geometry/geometry: ") == 0);
}

TEST_CASE("itk: voxels of an image are borrowed and keep it alive", "[image]") {
  Scan::Pointer scan = scan_of(oblique());
  const std::weak_ptr<Scan> watch = scan.shared();
  const float* const data = scan->GetBufferPointer();
  Volume volume = borrow_itk(Scan::ConstPointer(scan));
  scan = {};
  CHECK_FALSE(watch.expired());
  CHECK(volume.read_only());
  CHECK(volume.view<float>().data == data);
  CHECK(volume.view<float>()(4, 3, 2) == 59);
  CHECK(volume.view<float>()(1, 2, 0) == 11);
  CHECK(same_grid(volume.geometry(), geometry_from_lps(oblique())));
  volume = {};
  CHECK(watch.expired());

  const Scan::Pointer kept = scan_of(permuted());
  const Scan* plain = kept.GetPointer();
  CHECK(borrow_itk(plain).view<float>().data == plain->GetBufferPointer());
}

TEST_CASE("itk: the place of a region that does not begin at 0 is that of its first voxel", "[image]") {
  const Scan::Pointer scan = scan_of(oblique());
  scan->SetRegions(Scan::RegionType({4, 3, 2}, {5, 4, 3}));
  const Point first{100.20550264180866, -45.45794174738494, -872.8121409758168};
  CHECK(distance(place(borrow_itk(scan).geometry(), {0, 0, 0}), first) < 1e-9);
}

TEST_CASE("itk: what has no voxels is refused", "[image]") {
  CHECK(error_of([] { borrow_itk(Scan::Pointer()); }) == "argument/invalid: the ITK image is null");
  Scan* none = nullptr;
  CHECK(error_of([&] { borrow_itk(none); }) == "argument/invalid: the ITK image is null");
  const Scan::Pointer empty = Scan::New();
  const double spacing[] = {1, 1, 1};
  empty->SetSpacing(spacing);
  CHECK(error_of([&] { borrow_itk(empty); }).find("argument/invalid: ") == 0);
  const Scan::Pointer part = scan_of(oblique());
  part->SetLargestPossibleRegion(Scan::RegionType({0, 0, 0}, {5, 4, 9}));
  CHECK(error_of([&] { borrow_itk(part); }).find("argument/invalid: only a part of the ITK image") == 0);
}

TEST_CASE("itk: a volume becomes an image of ITK's own", "[image]") {
  const Scan::Pointer scan = scan_of(oblique());
  const Scan::Pointer copy = itk_from_volume<Scan>(borrow_itk(scan));
  CHECK(copy->GetBufferPointer() != scan->GetBufferPointer());
  CHECK(std::equal(copy->GetBufferPointer(), copy->GetBufferPointer() + 60, scan->GetBufferPointer()));
  CHECK(same_grid(borrow_itk(copy).geometry(), geometry_from_lps(oblique()), 1e-9));
  CHECK(error_of([&] { itk_from_volume<itk::Image<short, 3>>(borrow_itk(scan)); }) ==
        "argument/invalid: the volume holds float32, the ITK image int16");
  CHECK(error_of([] {
          itk_from_volume<itk::Image<unsigned char, 3>>(Volume());
        }).find("argument/invalid: ") == 0);
}

}  // namespace
}  // namespace musclemap
