#include <fcntl.h>
#include <sys/stat.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "musclemap/error.hpp"
#include "musclemap/nifti.hpp"
#include "support/catch.hpp"
#include "support/nifti_bytes.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap {
namespace {

using test::put;

Reason reason_of(const std::filesystem::path& file, const NiftiReadOptions& options = {}) {
  try {
    read_nifti(file, options);
  } catch (const Error& error) {
    return error.reason();
  }
  return Reason::internal;
}

TEST_CASE("nifti: slabs in any order hold the voxels of their place", "[io]") {
  const test::TemporaryFolder folder;
  const test::Bytes bytes = test::nifti_one({3, 2, 5});
  test::write_bytes(folder / "a.nii", bytes);
  test::write_bytes(folder / "a.nii.gz", test::gzip(bytes));
  for (const char* name : {"a.nii", "a.nii.gz"}) {
    const auto reader = open_nifti(folder / name);
    CHECK(reader->dtype() == DType::i16);
    for (const std::int64_t k : {0, 3, 1, 4, 2, 0, 4}) {
      const Volume slab = reader->read(k, 1);
      CHECK(slab.view<std::int16_t>()(2, 1, 0) == 5 + 6 * k);
      CHECK(slab.geometry().to_world(2, 3) == 20 + 3 * static_cast<double>(k));
    }
    CHECK(reader->read(1, 4).view<std::int16_t>()(0, 0, 3) == 24);
    CHECK_THROWS_AS(reader->read(4, 2), Error);
    CHECK_THROWS_AS(reader->read(-1, 1), Error);
    CHECK_THROWS_AS(reader->read(0, 0), Error);
    CHECK_THROWS_AS(reader->read(std::numeric_limits<std::int64_t>::max(), 1), Error);
  }
}

TEST_CASE("nifti: the last slice of a gzip file comes only with a right checksum", "[io]") {
  const test::TemporaryFolder folder;
  test::Bytes packed = test::gzip(test::nifti_one({3, 2, 5}));
  packed[packed.size() - 8] ^= 1;
  test::write_bytes(folder / "a.nii.gz", packed);
  const auto reader = open_nifti(folder / "a.nii.gz");
  CHECK_NOTHROW(reader->read(0, 4));
  CHECK_THROWS_AS(reader->read(4, 1), Error);
  CHECK(reason_of(folder / "a.nii.gz") == Reason::corrupt);
}

TEST_CASE("nifti: scaled voxels are double, unscaled ones keep their type", "[io]") {
  const test::TemporaryFolder folder;
  test::Bytes bytes = test::nifti_one({3, 2, 1});
  put(bytes, test::kSlope, 0.5F);
  put(bytes, test::kInter, -1.0F);
  test::write_bytes(folder / "a.nii", bytes);
  const Volume scaled = read_nifti(folder / "a.nii");
  CHECK(scaled.view<double>()(2, 1, 0) == 1.5);
  put(bytes, test::kSlope, 0.0F);
  test::write_bytes(folder / "a.nii", bytes);
  CHECK(read_nifti(folder / "a.nii").view<std::int16_t>()(2, 1, 0) == 5);
}

TEST_CASE("nifti: types without a counterpart are widened", "[io]") {
  const test::TemporaryFolder folder;
  test::Bytes bytes = test::nifti_one({4, 1, 1});
  put(bytes, test::kDatatype, std::int16_t{256});
  put(bytes, test::kBitpix, std::int16_t{8});
  put(bytes, 352, std::array<std::int8_t, 4>{-128, -1, 0, 127});
  test::write_bytes(folder / "a.nii", bytes);
  const Volume narrow = read_nifti(folder / "a.nii");
  CHECK(narrow.view<std::int16_t>()(0, 0, 0) == -128);
  CHECK(narrow.view<std::int16_t>()(3, 0, 0) == 127);
  bytes = test::nifti_one({4, 2, 2});  // room for four 64-bit numbers
  put(bytes, test::kDim + 4, std::array<std::int16_t, 2>{1, 1});
  put(bytes, test::kDatatype, std::int16_t{1024});
  put(bytes, test::kBitpix, std::int16_t{64});
  put(bytes, 352, std::array<std::int64_t, 4>{-5, std::int64_t{1} << 53, 0, 7});
  test::write_bytes(folder / "a.nii", bytes);
  const Volume wide = read_nifti(folder / "a.nii");
  CHECK(wide.view<double>()(0, 0, 0) == -5);
  CHECK(wide.view<double>()(1, 0, 0) == 9007199254740992.0);
}

TEST_CASE("nifti: not-a-number and infinity come through", "[io]") {
  const test::TemporaryFolder folder;
  test::Bytes bytes = test::nifti_one({4, 2, 1});
  put(bytes, test::kDim + 4, std::int16_t{1});
  put(bytes, test::kDatatype, std::int16_t{16});
  put(bytes, test::kBitpix, std::int16_t{32});
  put(bytes, 352, std::array<float, 4>{std::nanf(""), HUGE_VALF, -HUGE_VALF, 1});
  test::write_bytes(folder / "a.nii", bytes);
  const Volume volume = read_nifti(folder / "a.nii");
  const auto view = volume.view<float>();
  CHECK(std::isnan(view(0, 0, 0)));
  CHECK(view(1, 0, 0) == HUGE_VALF);
  CHECK(view(2, 0, 0) == -HUGE_VALF);
  const NiftiVoxelCheck check = verify_nifti(folder / "a.nii");
  CHECK(check.nan == 1);
  CHECK(check.inf == 2);
  CHECK(check.max_finite == 1);
}

TEST_CASE("nifti: a pair opens by either name, compressed or not", "[io]") {
  const test::TemporaryFolder folder;
  const test::Bytes whole = test::nifti_one({3, 2, 2});
  test::Bytes header(whole.begin(), whole.begin() + 348);
  put(header, test::kMagic, std::array<char, 4>{'n', 'i', '1', 0});
  put(header, test::kVoxOffset, 0.0F);
  const test::Bytes voxels(whole.begin() + 352, whole.end());
  test::write_bytes(folder / "a.hdr", header);
  test::write_bytes(folder / "a.img", voxels);
  test::write_bytes(folder / "B.HDR", header);
  test::write_bytes(folder / "B.IMG", voxels);
  test::write_bytes(folder / "c.hdr.gz", test::gzip(header));
  test::write_bytes(folder / "c.img.gz", test::gzip(voxels));
  test::write_bytes(folder / "d.hdr", header);
  test::write_bytes(folder / "d.img.gz", test::gzip(voxels));
  for (const char* name : {"a.hdr", "a.img", "B.HDR", "B.IMG", "c.hdr.gz", "c.img.gz", "d.hdr", "d.img.gz"}) {
    const Volume volume = read_nifti(folder / name);
    CHECK(volume.view<std::int16_t>()(2, 1, 1) == 11);
  }
  test::write_bytes(folder / "lone.img", voxels);
  test::write_bytes(folder / "lone2.hdr", header);
  CHECK(reason_of(folder / "lone.img") == Reason::io);
  CHECK(reason_of(folder / "lone2.hdr") == Reason::io);
}

TEST_CASE("nifti: folders, pipes, devices and missing files are refused at once", "[io]") {
  const test::TemporaryFolder folder;
  REQUIRE(mkfifo((folder / "pipe.nii").c_str(), 0600) == 0);
  std::filesystem::create_directory(folder / "folder.nii");
  CHECK(reason_of(folder / "pipe.nii") == Reason::io);
  CHECK(reason_of(folder / "folder.nii") == Reason::io);
  CHECK(reason_of("/dev/zero") == Reason::io);
  CHECK(reason_of(folder / "missing.nii") == Reason::io);
  CHECK(reason_of(folder / std::string("a\0b.nii", 7)) == Reason::io);
}

TEST_CASE("nifti: declared voxels over the limit are refused before the file is read", "[io]") {
  const test::TemporaryFolder folder;
  test::write_bytes(folder / "a.nii", test::nifti_one({3, 2, 5}));
  NiftiReadOptions options;
  options.limits.max_voxel_bytes = 59;
  CHECK(reason_of(folder / "a.nii", options) == Reason::limit);
  options.limits.max_voxel_bytes = 60;
  CHECK_NOTHROW(read_nifti(folder / "a.nii", options));
}

TEST_CASE("nifti: several volumes and a single row are not one volume", "[io]") {
  const test::TemporaryFolder folder;
  test::Bytes bytes = test::nifti_one({3, 2, 6});
  put(bytes, test::kDim, std::array<std::int16_t, 5>{4, 3, 2, 3, 2});
  test::write_bytes(folder / "a.nii", bytes);
  CHECK(reason_of(folder / "a.nii") == Reason::unsupported);
  CHECK(verify_nifti(folder / "a.nii").count == 36);
  put(bytes, test::kDim, std::array<std::int16_t, 2>{1, 36});
  test::write_bytes(folder / "a.nii", bytes);
  CHECK(reason_of(folder / "a.nii") == Reason::unsupported);
  put(bytes, test::kDim, std::array<std::int16_t, 3>{2, 18, 2});
  test::write_bytes(folder / "a.nii", bytes);
  CHECK(read_nifti(folder / "a.nii").geometry().shape == Index3{18, 2, 1});
}

TEST_CASE("nifti: of several volumes the first is read where that is asked for", "[io]") {
  const test::TemporaryFolder folder;
  test::Bytes bytes = test::nifti_one({3, 2, 6});
  test::write_bytes(folder / "one.nii", bytes);
  put(bytes, test::kDim, std::array<std::int16_t, 6>{5, 3, 2, 2, 1, 3});
  test::write_bytes(folder / "a.nii", bytes);
  test::write_bytes(folder / "a.nii.gz", test::gzip(bytes));
  NiftiReadOptions first;
  first.first_volume = true;
  const Volume whole = read_nifti(folder / "one.nii");
  const auto all = whole.view<std::int16_t>();
  for (const char* name : {"a.nii", "a.nii.gz"}) {
    const Volume volume = read_nifti(folder / name, first);
    REQUIRE(volume.geometry().shape == Index3{3, 2, 2});
    CHECK(volume.view<std::int16_t>()(2, 1, 1) == all(2, 1, 1));
    const Volume slice = open_nifti(folder / name, first)->read(1, 1);
    CHECK(slice.view<std::int16_t>()(0, 0, 0) == all(0, 0, 1));
  }
  CHECK(read_nifti(folder / "one.nii", first).geometry().shape == Index3{3, 2, 6});
}

TEST_CASE("nifti: bytes far behind the voxels of a gzip file are not inflated without end", "[io]") {
  const test::TemporaryFolder folder;
  test::Bytes bytes = test::nifti_one({3, 2, 2});
  bytes.resize(bytes.size() + 5000);
  test::write_bytes(folder / "a.nii.gz", test::gzip(bytes));
  NiftiReadOptions options;
  options.limits.max_extension_bytes = 5000;
  CHECK_NOTHROW(read_nifti(folder / "a.nii.gz", options));
  options.limits.max_extension_bytes = 4999;
  CHECK(reason_of(folder / "a.nii.gz", options) == Reason::limit);
}

}  // namespace
}  // namespace musclemap
