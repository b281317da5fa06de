#include "io/nifti/result_header.hpp"

#include <fstream>
#include <iterator>

#include "io/label_text/caret_table.hpp"
#include "io/nifti/label_extension.hpp"
#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/nifti_bytes.hpp"
#include "support/shared_data.hpp"
#include "support/temporary_folder.hpp"
#include "support/volumes.hpp"

namespace musclemap::io {
namespace {

Geometry oblique() {
  Geometry geometry = test::grid({3, 4, 5}, {2, 2, 3});
  geometry.to_world(0, 1) = 0.25;
  geometry.to_world(1, 0) = -0.25;
  geometry.to_world(2, 3) = -71.5;
  return geometry;
}

TEST_CASE("result header: a plain one has a place and nothing else", "[io]") {
  const test::TemporaryFolder folder;
  NiftiWriteOptions options;
  options.like = plain_header(oblique());
  options.content = NiftiContent::labels;
  write_nifti(Volume::zeros(oblique(), DType::u8), folder / "a.nii.gz", options);
  const NiftiInfo info = nifti_info(folder / "a.nii.gz");
  CHECK(info.shape == std::vector<std::int64_t>{3, 4, 5});
  CHECK(info.dtype == "uint8");
  CHECK(info.sform_code == 2);
  CHECK(info.qform_code == 0);
  CHECK(info.unit == "unknown");
  CHECK(info.sform(0, 1) == 0.25);
  CHECK(info.sform(2, 3) == -71.5);
  CHECK(info.pixdim[2] == 3);
  CHECK_FALSE(info.scaled);
  options.like = plain_header(oblique(), 10);
  write_nifti(Volume::zeros(oblique(), DType::u8), folder / "b.nii", options);
  CHECK(nifti_info(folder / "b.nii").unit == "mm");
}

TEST_CASE("result header: an axis too long for NIfTI-1 is refused", "[io]") {
  CHECK_THROWS_AS(plain_header(test::grid({1, 32768, 1})), Error);
}

TEST_CASE("result header: an extension stands before those that are there", "[io]") {
  const test::TemporaryFolder folder;
  const Volume volume = Volume::zeros(test::grid({2, 2, 2}), DType::u8);
  NiftiWriteOptions options;
  options.like =
      with_extension(*with_extension(*plain_header(volume.geometry()), 6, "first"), 0, "123456789");
  write_nifti(volume, folder / "a.nii", options);
  std::ifstream file(folder / "a.nii", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  CHECK(bytes[348] == 1);
  CHECK(bytes.substr(352, 48) == std::string("\x20\0\0\0\0\0\0\0"
                                             "123456789\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                                             "\x10\0\0\0\x06\0\0\0"
                                             "first\0\0\0",
                                             48));
  const auto reader = open_nifti(folder / "a.nii");
  CHECK(reader->info().extension_count == 2);
  CHECK(reader->read(0, 2).geometry().shape == Index3{2, 2, 2});
}

// What stands between the fixed header and the voxels.
test::Bytes extension_bytes(const std::filesystem::path& file) {
  constexpr std::size_t kFixed = 348;
  const test::Bytes bytes = test::gunzip(test::read_bytes(file));
  const auto voxels = static_cast<std::ptrdiff_t>(test::get<float>(bytes, test::kVoxOffset));
  return {bytes.begin() + kFixed, bytes.begin() + voxels};
}

TEST_CASE("result header: label maps that TotalSegmentator ships keep voxels and extension", "[io]") {
  const std::filesystem::path shared = test::shared_data();
  if (shared.empty()) return;
  const test::TemporaryFolder folder;
  for (const char* name :
       {"example_seg", "example_seg_fast", "example_seg_fast_body_seg", "example_seg_roi_subset"}) {
    const std::filesystem::path file = shared / "totalsegmentator" / (std::string(name) + ".nii.gz");
    const std::unique_ptr<NiftiReader> reader = open_nifti(file);
    const std::int64_t slices = reader->geometry().shape[2];
    NiftiWriteOptions options;
    options.like = reader->header();
    const Volume map = reader->read(0, slices);
    write_nifti(map, folder / "copy.nii.gz", options);
    const std::unique_ptr<NiftiReader> copy = open_nifti(folder / "copy.nii.gz");
    CHECK(extension_bytes(folder / "copy.nii.gz") == extension_bytes(file));
    CHECK(reader->info().extension_count == 1);
    CHECK(test::voxels_of<std::uint8_t>(copy->read(0, slices)) == test::voxels_of<std::uint8_t>(map));
    CHECK(copy->info().sform.m == reader->info().sform.m);
    CHECK(copy->info().sform_code == reader->info().sform_code);
    CHECK(copy->info().qform_code == reader->info().qform_code);
    CHECK(copy->info().unit == reader->info().unit);
    std::vector<std::pair<std::int32_t, std::string>> names;
    for (const Label& label : labels_in_header(*copy->header()))
      names.emplace_back(label.value, label.anatomy);
    options.like = with_extension(*plain_header(map.geometry()), 0, caret_label_table(names));
    write_nifti(map, folder / "own.nii.gz", options);
    CHECK(extension_bytes(folder / "own.nii.gz") == extension_bytes(file));
  }
}

TEST_CASE("result header: without text there are no extensions, and one may be put in again", "[io]") {
  const test::TemporaryFolder folder;
  const Volume volume = Volume::zeros(test::grid({2, 2, 2}), DType::u8);
  const auto full = with_extension(*plain_header(volume.geometry()), 6, "a name");
  NiftiWriteOptions options;
  options.like = without_text(*full);
  write_nifti(volume, folder / "a.nii", options);
  CHECK(nifti_info(folder / "a.nii").extension_count == 0);
  options.like = with_extension(*without_text(*full), 0, "labels");
  write_nifti(volume, folder / "b.nii", options);
  CHECK(nifti_info(folder / "b.nii").extension_count == 1);
}

}  // namespace
}  // namespace musclemap::io
