// Files that were cut, flipped or mutated: an error or the right voxels, never a crash or wrong voxels.
#include <cstdint>
#include <optional>
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

using test::Bytes;
using test::put;

NiftiReadOptions small_limits() {
  NiftiReadOptions options;
  options.limits.max_voxel_bytes = 1 << 20;
  options.limits.max_extension_bytes = 1 << 20;
  return options;
}

// The digest of the voxels, or nothing where the file is refused. Any other exception fails the test.
std::optional<std::string> digest_of(const std::filesystem::path& file) {
  const NiftiReadOptions options = small_limits();
  try {
    read_nifti(file, options);
  } catch (const Error&) {
  }
  try {
    return verify_nifti(file, options.limits).sha256_voxels_le;
  } catch (const Error&) {
    return std::nullopt;
  }
}

Bytes with_extension() {
  Bytes bytes = test::nifti_one({4, 3, 3});
  Bytes extension(32);
  put(extension, 0, std::int32_t{32});
  put(extension, 4, std::int32_t{6});
  bytes.insert(bytes.begin() + 352, extension.begin(), extension.end());
  bytes[348] = 1;
  put(bytes, test::kVoxOffset, 384.0F);
  return bytes;
}

TEST_CASE("nifti: a file cut anywhere is refused", "[io]") {
  const test::TemporaryFolder folder;
  const std::filesystem::path file = folder / "a.nii";
  const Bytes plain = with_extension();
  for (const Bytes& whole : {plain, test::gzip(plain), test::gzip(plain, 0)}) {
    test::write_bytes(file, whole);
    REQUIRE(digest_of(file));
    for (std::size_t size = 0; size < whole.size(); ++size) {
      test::write_bytes(file, Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
      CHECK_FALSE(digest_of(file));
    }
  }
}

TEST_CASE("nifti: a flipped bit of a gzip file never changes voxels unnoticed", "[io]") {
  const test::TemporaryFolder folder;
  const std::filesystem::path file = folder / "a.nii.gz";
  const Bytes plain = with_extension();
  for (const Bytes& whole : {test::gzip(plain), test::gzip(plain, 0)}) {
    test::write_bytes(file, whole);
    const std::string right = digest_of(file).value();
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (const int bit : {0, 3, 7}) {
        Bytes damaged = whole;
        damaged[at] = static_cast<unsigned char>(damaged[at] ^ (1 << bit));
        test::write_bytes(file, damaged);
        const auto digest = digest_of(file);
        CHECK((!digest || *digest == right));
      }
    }
  }
}

TEST_CASE("nifti: mutated files are refused or read, and nothing else happens", "[io]") {
  const test::TemporaryFolder folder;
  const std::filesystem::path file = folder / "a.nii";
  std::mt19937 random(2024);
  const auto below = [&](std::size_t end) { return std::size_t(random()) % end; };
  constexpr unsigned char kOdd[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
  const Bytes plain = with_extension();
  int refused = 0;
  for (int round = 0; round < 4000; ++round) {
    Bytes mutated = plain;
    for (std::size_t n = 1 + below(4); n > 0; --n) {
      const std::size_t at = below(2) == 0 ? below(400) : below(mutated.size());
      switch (below(3)) {
        case 0:
          mutated[at] = kOdd[below(5)];
          break;
        case 1:
          mutated[at] = static_cast<unsigned char>(random());
          break;
        default:
          put(mutated, std::min(at, mutated.size() - 4), std::uint32_t(random()));
          break;
      }
    }
    if (below(8) == 0) mutated.resize(below(mutated.size()) + 1);
    test::write_bytes(file, below(4) == 0 ? test::gzip(mutated) : mutated);
    refused += digest_of(file) ? 0 : 1;
  }
  CHECK(refused > 1000);
  CHECK(refused < 4000);
}

}  // namespace
}  // namespace musclemap
