#include "batch/class_files.hpp"

#include <random>

#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap::batch {
namespace {

namespace fs = std::filesystem;

// Values 0, 1, 3 and 200 in some slices, 3 in none but the last.
Volume some_labels() {
  Geometry geometry;
  geometry.shape = {7, 5, 6};
  Volume labels = Volume::zeros(geometry, DType::u8);
  const VoxelView<std::uint8_t> voxels = labels.mutable_view<std::uint8_t>();
  std::mt19937 random(7);
  for (std::int64_t k = 1; k < 4; ++k) {
    for (std::int64_t j = 0; j < 5; ++j) {
      for (std::int64_t i = 0; i < 7; ++i) voxels(i, j, k) = random() % 2 == 0 ? 1 : 200;
    }
  }
  voxels(6, 4, 5) = 3;
  return labels;
}

bool is_mask_of(const fs::path& file, const Volume& labels, std::uint8_t value) {
  const Volume mask = read_nifti(file);
  if (mask.dtype() != DType::u8 || mask.geometry().shape != labels.geometry().shape) return false;
  const auto found = mask.view<std::uint8_t>();
  const auto wanted = labels.view<std::uint8_t>();
  for (std::int64_t k = 0; k < 6; ++k) {
    for (std::int64_t j = 0; j < 5; ++j) {
      for (std::int64_t i = 0; i < 7; ++i) {
        if (found(i, j, k) != static_cast<std::uint8_t>(wanted(i, j, k) == value)) return false;
      }
    }
  }
  return true;
}

std::vector<ClassFile> files_in(const fs::path& folder) {
  return {{1, folder / "one.nii.gz"},
          {2, folder / "none.nii.gz"},
          {3, folder / "last.nii"},
          {200, folder / "x.nii.gz"}};
}

TEST_CASE("class files: each has the voxels of its class, an absent class none", "[batch]") {
  const test::TemporaryFolder folder;
  const Volume labels = some_labels();
  for (const int threads : {1, 3}) {
    RunControl control;
    control.threads = threads;
    const std::vector<ClassFile> files = files_in(folder.path());
    for (const auto& writer : write_class_files(labels, files, {}, control)) writer->commit();
    for (const ClassFile& each : files)
      CHECK(is_mask_of(each.file, labels, static_cast<std::uint8_t>(each.value)));
  }
}

TEST_CASE("class files: without commit, and cancelled, there is no file", "[batch]") {
  const test::TemporaryFolder folder;
  write_class_files(some_labels(), files_in(folder.path()), {}, {});
  CHECK(fs::is_empty(folder.path()));
  RunControl control;
  control.cancel.cancel();
  CHECK_THROWS_AS(write_class_files(some_labels(), files_in(folder.path()), {}, control), Error);
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("class files: one that cannot be written leaves none", "[batch]") {
  const test::TemporaryFolder folder;
  std::vector<ClassFile> files = files_in(folder.path());
  files.push_back({4, folder / "absent" / "four.nii.gz"});
  CHECK_THROWS_AS(write_class_files(some_labels(), files, {}, {}), Error);
  CHECK(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace musclemap::batch
