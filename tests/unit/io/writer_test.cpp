#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "musclemap/error.hpp"
#include "musclemap/nifti.hpp"
#include "support/catch.hpp"
#include "support/nifti_bytes.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap {
namespace {

using test::get;
using test::put;

constexpr DType kTypes[] = {DType::u8, DType::i16, DType::u16, DType::i32, DType::f32, DType::f64};

Geometry grid(const Index3& shape) {
  Geometry geometry;
  geometry.shape = shape;
  geometry.to_world(0, 0) = -0.75;
  geometry.to_world(1, 1) = 0.75;
  geometry.to_world(2, 2) = 4;
  geometry.to_world(0, 3) = 100.5;
  geometry.to_world(2, 3) = -12.25;
  return geometry;
}

// Any bytes are voxels of an integer type; floats keep theirs through copies too.
Volume random_volume(const Index3& shape, DType dtype, std::vector<unsigned char>& memory, bool reversed) {
  const auto size = static_cast<std::int64_t>(dtype_size(dtype));
  memory.resize(static_cast<std::size_t>(shape[0] * shape[1] * shape[2] * size));
  std::mt19937 random(7);
  for (unsigned char& byte : memory) byte = static_cast<unsigned char>(random());
  Index3 stride{size, size * shape[0], size * shape[0] * shape[1]};
  unsigned char* first = memory.data();
  if (reversed) {  // k fastest, i falling
    stride = {-size * shape[1] * shape[2], size * shape[2], size};
    first += size * shape[1] * shape[2] * (shape[0] - 1);
  }
  return Volume::borrow(first, grid(shape), dtype, stride, nullptr, true);
}

template <class T>
const void* voxels(const Volume& volume) {
  return volume.view<T>().data;
}

const void* voxels(const Volume& volume) {
  switch (volume.dtype()) {
    case DType::u8:
      return voxels<std::uint8_t>(volume);
    case DType::i16:
      return voxels<std::int16_t>(volume);
    case DType::u16:
      return voxels<std::uint16_t>(volume);
    case DType::i32:
      return voxels<std::int32_t>(volume);
    case DType::f32:
      return voxels<float>(volume);
    case DType::f64:
      return voxels<double>(volume);
    case DType::u32:
      return voxels<std::uint32_t>(volume);
  }
  return nullptr;
}

bool same_voxels(const Volume& a, const Volume& b) {
  if (a.geometry().shape != b.geometry().shape || a.dtype() != b.dtype()) return false;
  const Volume left = a.deep_copy();
  const Volume right = b.deep_copy();
  const Index3& n = a.geometry().shape;
  return std::memcmp(voxels(left), voxels(right),
                     static_cast<std::size_t>(n[0] * n[1] * n[2]) * dtype_size(a.dtype())) == 0;
}

std::size_t entries(const test::TemporaryFolder& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder.path()),
                                                std::filesystem::directory_iterator()));
}

Reason reason_of_write(const std::filesystem::path& file, const Geometry& geometry) {
  try {
    create_nifti(file, geometry, DType::u8);
  } catch (const Error& error) {
    CHECK(error.file() == file);
    return error.reason();
  }
  return Reason::internal;
}

TEST_CASE("nifti: what is written in slabs is what is read in slabs", "[io]") {
  const test::TemporaryFolder folder;
  const Index3 shape{7, 5, 6};
  for (const DType dtype : kTypes) {
    for (const bool reversed : {false, true}) {
      for (const char* name : {"a.nii", "a.nii.gz"}) {
        std::vector<unsigned char> memory;
        const Volume volume = random_volume(shape, dtype, memory, reversed);
        for (std::int64_t step = 1; step <= 6; ++step) {
          const auto writer = create_nifti(folder / name, volume.geometry(), dtype);
          for (std::int64_t k = 0; k < shape[2]; k += step) {
            const std::int64_t count = std::min(step, shape[2] - k);
            writer->write(k, volume.subvolume({0, 0, k}, {shape[0], shape[1], count}));
          }
          writer->commit();
          const auto reader = open_nifti(folder / name);
          CHECK(same_voxels(reader->read(0, shape[2]), volume));
          CHECK(same_voxels(reader->read(step % 6, 1), volume.subvolume({0, 0, step % 6}, {7, 5, 1})));
          CHECK(same_grid(reader->geometry(), volume.geometry(), 1e-6));
          CHECK(reader->info().warnings.empty());
        }
      }
    }
  }
}

TEST_CASE("nifti: unsigned numbers of 32 bits are written as such and read as doubles", "[io]") {
  const test::TemporaryFolder folder;
  Volume volume = Volume::zeros(grid({2, 1, 1}), DType::u32);
  volume.mutable_view<std::uint32_t>()(1, 0, 0) = 4000000000U;
  write_nifti(volume, folder / "a.nii");
  const auto reader = open_nifti(folder / "a.nii");
  CHECK(reader->stored_dtype() == "uint32");
  CHECK(reader->read(0, 1).view<double>()(1, 0, 0) == 4e9);
}

TEST_CASE("nifti: equal volumes give equal files", "[io]") {
  const test::TemporaryFolder folder;
  std::vector<unsigned char> memory;
  const Volume volume = random_volume({9, 8, 7}, DType::i16, memory, false);
  write_nifti(volume, folder / "a.nii.gz");
  write_nifti(volume, folder / "other.nii.gz");
  const test::Bytes bytes = test::read_bytes(folder / "a.nii.gz");
  CHECK(bytes == test::read_bytes(folder / "other.nii.gz"));
  CHECK(get<std::uint32_t>(bytes, 4) == 0);  // no time
  CHECK(bytes[3] == 0);                      // no name
}

TEST_CASE("nifti: a gzip file depends neither on threads nor on slabs, and any reader takes it", "[io]") {
  const test::TemporaryFolder folder;
  // A header of 352 bytes and pieces of 256 KiB: just below, at and above a whole number of pieces, and more
  // than one round.
  for (const std::int64_t bytes : {262143 - 352, 262144 - 352, 262145 - 352, 4 * 262144 - 352, 2500000}) {
    std::vector<unsigned char> memory;
    const Volume volume = random_volume({bytes, 1, 2}, DType::u8, memory, false);
    test::Bytes first;
    for (const int threads : {1, 2, 5}) {
      const auto writer = create_nifti(folder / "a.nii.gz", volume.geometry(), DType::u8, {}, threads);
      if (threads == 1) {
        writer->write(0, volume);
      } else {
        for (std::int64_t k = 0; k < 2; ++k) writer->write(k, volume.subvolume({0, 0, k}, {bytes, 1, 1}));
      }
      writer->commit();
      const test::Bytes packed = test::read_bytes(folder / "a.nii.gz");
      if (first.empty()) first = packed;
      CHECK(packed == first);
    }
    CHECK(same_voxels(read_nifti(folder / "a.nii.gz"), volume));
    const test::Bytes inflated = test::gunzip(first);
    CHECK(inflated.size() >= std::size_t(2 * bytes) + 352);
    CHECK(std::equal(memory.begin(), memory.end(), inflated.end() - 2 * bytes));
  }
}

// Noise and labels are packed at levels of their own; a volume in one call is not gathered first.
TEST_CASE("nifti: pieces of noise, of runs and of both come back as they were", "[io]") {
  const test::TemporaryFolder folder;
  Geometry geometry;
  geometry.shape = {512, 256, 24};
  Volume volume = Volume::zeros(geometry, DType::i16);
  const auto view = volume.mutable_view<std::int16_t>();
  std::mt19937 random(9);
  for (std::int64_t k = 0; k < 24; ++k) {
    for (std::int64_t n = 0; n < 512 * 256; ++n) {
      const bool noise = k % 3 == 0 || (k % 3 == 1 && n % 1024 < 512);
      view.data[k * 512 * 256 + n] = static_cast<std::int16_t>(noise ? random() % 200 : n / 700 % 90);
    }
  }
  test::Bytes first;
  for (const int threads : {1, 2, 5}) {
    RunControl control;
    control.threads = threads;
    write_nifti(volume, folder / "a.nii.gz", {}, control);
    const test::Bytes packed = test::read_bytes(folder / "a.nii.gz");
    if (first.empty()) first = packed;
    CHECK(packed == first);
    CHECK(same_voxels(read_nifti(folder / "a.nii.gz"), volume));
  }
  const test::Bytes inflated = test::gunzip(first);
  CHECK(std::memcmp(inflated.data() + 352, view.data, 512 * 256 * 24 * 2) == 0);
}

TEST_CASE("nifti: a kept header changes only in shape, type, scaling and display range", "[io]") {
  const test::TemporaryFolder folder;
  test::Bytes source = test::nifti_one({3, 2, 4});
  put(source, test::kDim, std::array<std::int16_t, 8>{4, 3, 2, 4, 1, 1, 1, 1});
  put(source, test::kSlope, 2.0F);
  put(source, test::kCalMax, 99.0F);
  put(source, test::kQformCode, std::int16_t{2});
  put(source, test::kQuatern, 0.25F);
  put(source, test::kIntentCode, std::int16_t{1002});
  put(source, 38, std::uint8_t{'r'});
  put(source, test::kDescrip, std::array<char, 4>{'t', char(0xe9), 's', 't'});
  test::Bytes extension(32);
  put(extension, 0, std::int32_t{32});
  put(extension, 4, std::int32_t{6});
  put(extension, 8, std::array<char, 5>{'h', 'e', 'l', 'l', 'o'});
  source.insert(source.begin() + 352, extension.begin(), extension.end());
  source[348] = 1;
  put(source, test::kVoxOffset, 384.0F);
  test::write_bytes(folder / "source.nii", source);
  const auto reader = open_nifti(folder / "source.nii");
  CHECK(reader->info().extension_count == 1);
  NiftiWriteOptions options;
  options.like = reader->header();
  write_nifti(Volume::zeros(reader->geometry(), DType::u8), folder / "out.nii", options);
  const test::Bytes out = test::read_bytes(folder / "out.nii");
  REQUIRE(out.size() == 384 + 24);
  test::Bytes expected(source.begin(), source.begin() + 384);
  put(expected, test::kDim, std::array<std::int16_t, 8>{3, 3, 2, 4, 1, 1, 1, 1});
  put(expected, test::kDatatype, std::array<std::int16_t, 2>{2, 8});
  put(expected, test::kSlope, 1.0F);
  put(expected, test::kCalMax, 0.0F);
  CHECK(test::Bytes(out.begin(), out.begin() + 384) == expected);
}

TEST_CASE("nifti: the file whose header is kept is not replaced", "[io]") {
  const test::TemporaryFolder folder;
  write_nifti(Volume::zeros(grid({4, 4, 4}), DType::i16), folder / "one.nii");
  NiftiWriteOptions options;
  options.like = open_nifti(folder / "one.nii")->header();
  std::filesystem::create_symlink("one.nii", folder / "link.nii");
  for (const char* name : {"one.nii", "link.nii"}) {
    CHECK_THROWS_AS(create_nifti(folder / name, grid({4, 4, 4}), DType::u8, options), Error);
  }
}

TEST_CASE("nifti: a long axis needs NIfTI-2, which a kept NIfTI-2 header stays", "[io]") {
  const test::TemporaryFolder folder;
  write_nifti(Volume::zeros(grid({40000, 1, 1}), DType::u8), folder / "long.nii");
  const auto reader = open_nifti(folder / "long.nii");
  CHECK(reader->info().nifti_version == 2);
  CHECK(reader->geometry().to_world.m == grid({40000, 1, 1}).to_world.m);
  NiftiWriteOptions options;
  options.like = reader->header();
  write_nifti(Volume::zeros(grid({40000, 1, 1}), DType::i16), folder / "again.nii.gz", options);
  CHECK(nifti_info(folder / "again.nii.gz").nifti_version == 2);
  write_nifti(Volume::zeros(grid({4, 4, 4}), DType::i16), folder / "one.nii");
  options.like = open_nifti(folder / "one.nii")->header();
  CHECK_THROWS_AS(create_nifti(folder / "x.nii", grid({40000, 1, 1}), DType::u8, options), Error);
}

TEST_CASE("nifti: an oblique affine becomes sform and qform, a sheared one only sform", "[io]") {
  const test::TemporaryFolder folder;
  Geometry geometry = grid({4, 4, 4});
  geometry.to_world(0, 0) = 0.6;
  geometry.to_world(1, 0) = 0.8;
  geometry.to_world(0, 1) = 1.6;
  geometry.to_world(1, 1) = -1.2;
  write_nifti(Volume::zeros(geometry, DType::u8), folder / "a.nii");
  NiftiInfo info = nifti_info(folder / "a.nii");
  CHECK(info.sform_code == 1);
  CHECK(info.qform_code == 1);
  CHECK(same_grid({geometry.shape, info.qform}, geometry, 1e-5));
  CHECK(info.warnings.empty());
  geometry.to_world(0, 2) = 1;
  write_nifti(Volume::zeros(geometry, DType::u8), folder / "a.nii");
  info = nifti_info(folder / "a.nii");
  CHECK(info.sform_code == 1);
  CHECK(info.qform_code == 0);
}

TEST_CASE("nifti: without commit nothing is left and what was there stays", "[io]") {
  const test::TemporaryFolder folder;
  test::write_bytes(folder / "a.nii", {1, 2, 3});
  const Volume volume = Volume::zeros(grid({4, 4, 4}), DType::u8);
  {
    const auto writer = create_nifti(folder / "a.nii", volume.geometry(), DType::u8);
    writer->write(0, volume.subvolume({0, 0, 0}, {4, 4, 3}));
    CHECK_THROWS_AS(writer->commit(), Error);
  }
  CHECK(entries(folder) == 1);
  CHECK(test::read_bytes(folder / "a.nii") == test::Bytes{1, 2, 3});
  write_nifti(volume, folder / "a.nii");
  CHECK(entries(folder) == 1);
  CHECK(test::read_bytes(folder / "a.nii").size() == 352 + 64);
}

TEST_CASE("nifti: writing and verifying tell how far they are and are cancelled", "[io]") {
  const test::TemporaryFolder folder;
  const Volume volume = Volume::zeros(grid({512, 512, 40}), DType::i16);
  RunControl control;
  std::vector<std::int64_t> told;
  control.on_progress = [&](const Progress& progress) { told.push_back(progress.done); };
  write_nifti(volume, folder.path() / "a.nii", {}, control);
  CHECK(told == std::vector<std::int64_t>{16, 32, 40});
  told.clear();
  verify_nifti(folder.path() / "a.nii", {}, control);
  CHECK(told == std::vector<std::int64_t>{8, 16, 20});
  control.cancel.cancel();
  CHECK_THROWS_AS(verify_nifti(folder.path() / "a.nii", {}, control), Error);
  CHECK_THROWS_AS(write_nifti(volume, folder.path() / "b.nii", {}, control), Error);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "b.nii"));
}

TEST_CASE("nifti: writing a volume of no voxel size is one warning, unless a header is kept", "[io]") {
  const test::TemporaryFolder folder;
  Geometry geometry = grid({3, 4, 5});
  std::vector<WarningCode> told;
  RunControl control;
  control.on_warning = [&](const Warning& warning) { told.push_back(warning.code); };
  write_nifti(Volume::zeros(geometry, DType::u8), folder.path() / "a.nii", {}, control);
  CHECK(told.empty());
  geometry.spacing_known = false;
  write_nifti(Volume::zeros(geometry, DType::u8).deep_copy().subvolume({0, 0, 0}, {3, 4, 5}),
              folder.path() / "b.nii", {}, control);
  CHECK(told == std::vector<WarningCode>{WarningCode::no_spacing});
}

TEST_CASE("nifti: slabs that do not fit are refused", "[io]") {
  const test::TemporaryFolder folder;
  const Volume volume = Volume::zeros(grid({4, 4, 4}), DType::u8);
  const auto writer = create_nifti(folder / "a.nii", volume.geometry(), DType::u8);
  CHECK_THROWS_AS(writer->write(1, volume), Error);
  CHECK_THROWS_AS(writer->write(0, Volume::zeros(grid({4, 4, 4}), DType::i16)), Error);
  CHECK_THROWS_AS(writer->write(0, Volume::zeros(grid({4, 3, 4}), DType::u8)), Error);
  CHECK_THROWS_AS(writer->write(0, Volume::zeros(grid({4, 4, 5}), DType::u8)), Error);
  writer->write(0, volume);
  CHECK_THROWS_AS(writer->write(4, volume), Error);
  writer->commit();
  CHECK_THROWS_AS(writer->commit(), Error);
  CHECK_THROWS_AS(writer->write(0, volume), Error);
}

TEST_CASE("nifti: names, folders and geometries that cannot be written are refused", "[io]") {
  const test::TemporaryFolder folder;
  const Geometry geometry = grid({2, 2, 2});
  CHECK(reason_of_write(folder / "a.img", geometry) == Reason::invalid);
  CHECK(reason_of_write(folder / "a", geometry) == Reason::invalid);
  CHECK(reason_of_write(folder / "missing/a.nii", geometry) == Reason::io);
  std::filesystem::create_directory(folder / "folder.nii");
  CHECK(reason_of_write(folder / "folder.nii", geometry) == Reason::io);
  CHECK(reason_of_write(folder / "a.nii", grid({2, 0, 2})) == Reason::invalid);
  Geometry flat = geometry;
  flat.to_world(2, 2) = 0;
  CHECK(reason_of_write(folder / "a.nii", flat) == Reason::geometry);
  CHECK(entries(folder) == 1);
}

TEST_CASE("nifti: a name of 255 bytes that are no text can be written and read", "[io]") {
  const test::TemporaryFolder folder;
  std::string name(255 - 7, 'x');
  name[0] = '\n';
  name[1] = static_cast<char>(0xe9);
  name += ".nii.gz";
  write_nifti(Volume::zeros(grid({2, 2, 2}), DType::u8), folder / name);
  CHECK(entries(folder) == 1);
  CHECK(read_nifti(folder / name).dtype() == DType::u8);
}

TEST_CASE("nifti: a link as output is replaced, its target stays", "[io]") {
  const test::TemporaryFolder folder;
  test::write_bytes(folder / "target.nii", {1});
  std::filesystem::create_symlink("target.nii", folder / "link.nii");
  write_nifti(Volume::zeros(grid({2, 2, 2}), DType::u8), folder / "link.nii");
  CHECK(std::filesystem::is_regular_file(std::filesystem::symlink_status(folder / "link.nii")));
  CHECK(test::read_bytes(folder / "target.nii") == test::Bytes{1});
}

}  // namespace
}  // namespace musclemap
