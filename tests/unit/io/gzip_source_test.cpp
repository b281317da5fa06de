// The stream of bytes in a gzip file, against what zlib makes of the same file.
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "io/files/byte_source.hpp"
#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/nifti_bytes.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap {
namespace {

using test::Bytes;

Bytes joined(const std::vector<Bytes>& parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// Runs, noise and repeats from afar, so that every kind of block and long distances occur.
Bytes mixture(std::size_t size, std::uint32_t seed) {
  std::mt19937 random(seed);
  Bytes bytes;
  while (bytes.size() < size) {
    const std::size_t length = 1 + random() % 3000;
    const std::size_t kind = random() % 3;
    const auto value = static_cast<unsigned char>(random());
    const std::size_t back = bytes.empty() ? 0 : 1 + random() % std::min<std::size_t>(bytes.size(), 40000);
    for (std::size_t n = 0; n < length; ++n) {
      const bool repeated = kind == 2 && back > 0;
      const auto noise = static_cast<unsigned char>(random() % 64);
      bytes.push_back(kind == 0 ? value : repeated ? bytes[bytes.size() - back] : noise);
    }
  }
  bytes.resize(size);
  return bytes;
}

// All that the file holds, in pieces of up to `piece` bytes.
Bytes all_of(const std::filesystem::path& file, std::size_t piece) {
  const auto source = io::open_source(file);
  Bytes all;
  Bytes buffer(piece);
  while (const std::size_t n = source->read(buffer.data(), buffer.size())) {
    all.insert(all.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(n));
  }
  return all;
}

// "reason: message", empty if the file is read.
std::string refusal(const std::filesystem::path& file) {
  try {
    all_of(file, 1000);
  } catch (const Error& error) {
    return std::string(reason_name(error.reason())) + ": " + error.what();
  }
  return {};
}

std::string refusal_of(const Bytes& packed) {
  const test::TemporaryFolder folder;
  test::write_bytes(folder / "a.gz", packed);
  return refusal(folder / "a.gz");
}

// What zlib makes of one member.
std::optional<Bytes> by_zlib(const Bytes& packed) {
  try {
    return test::gunzip(packed);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

// A member with every optional field of the header.
Bytes with_long_header(const Bytes& bytes) {
  std::string name(300, 'n');
  std::string comment(200, 'c');
  Bytes extra(1000, 7);
  gz_header header{};
  header.name = reinterpret_cast<Bytef*>(name.data());
  header.comment = reinterpret_cast<Bytef*>(comment.data());
  header.extra = extra.data();
  header.extra_len = uInt(extra.size());
  header.hcrc = 1;
  return test::gzip(bytes, 6, &header);
}

TEST_CASE("gzip: pieces of any size give the bytes that were packed", "[io]") {
  const test::TemporaryFolder folder;
  for (const int level : {0, 1, 6, 9}) {
    const Bytes bytes = mixture(400000, std::uint32_t(level));
    test::write_bytes(folder / "a.gz", test::gzip(bytes, level));
    for (const std::size_t piece :
         {std::size_t{7}, std::size_t{1000}, std::size_t{65536}, std::size_t{1} << 20}) {
      CHECK(all_of(folder / "a.gz", piece) == bytes);
    }
  }
}

TEST_CASE("gzip: members follow each other wherever the input pauses", "[io]") {
  const test::TemporaryFolder folder;
  // The second member's header and the first one's trailer lie across the end of a block of input of 128 KiB.
  for (std::size_t missing = 0; missing < 40; ++missing) {
    Bytes noise = mixture(131072 - 43 - missing, 5);
    const Bytes first = test::gzip(noise, 0);
    const Bytes second = mixture(3000, 6);
    test::write_bytes(folder / "a.gz",
                      joined({first, with_long_header(second), test::gzip({}), test::gzip(noise)}));
    CHECK(all_of(folder / "a.gz", 50000) == joined({noise, second, noise}));
  }
}

TEST_CASE("gzip: zero bytes behind the last member are padding, others are not", "[io]") {
  const Bytes member = test::gzip(mixture(500, 1));
  CHECK(refusal_of(joined({member, Bytes(200000)})).empty());
  Bytes odd(200000);
  odd.back() = 1;
  CHECK(refusal_of(joined({member, odd})) ==
        "corrupt: bytes that are neither a gzip member nor zero follow the gzip stream");
  CHECK(refusal_of(joined({member, {0x1f, 0x8c, 8, 0}})) ==
        "corrupt: the gzip stream is damaged after 500 inflated bytes: a member does not begin as gzip does");
  CHECK(refusal_of(joined({member, {0x1f}})) ==
        "truncated: the gzip stream ends after 500 inflated bytes, in mid-member");
}

TEST_CASE("gzip: what is wrong with a member is said", "[io]") {
  const Bytes member = with_long_header(mixture(500, 1));
  const auto flipped = [&](std::size_t at) {
    Bytes damaged = member;
    damaged[at] = static_cast<unsigned char>(damaged[at] ^ 0x20);
    return refusal_of(damaged);
  };
  const std::string after = "corrupt: the gzip stream is damaged after ";
  CHECK(flipped(2) == after + "0 inflated bytes: a member's method is not deflate");
  CHECK(flipped(3) == after + "0 inflated bytes: a member's header has unknown flags");
  CHECK(flipped(1100) == after + "0 inflated bytes: a member's header has a wrong checksum");
  const std::string checksum =
      after + "500 inflated bytes: the CRC-32 or the length of a member is not that of its bytes";
  CHECK(flipped(member.size() - 8) == checksum);
  CHECK(flipped(member.size() - 1) == checksum);
  const Bytes wrong_block{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  CHECK(refusal_of(wrong_block) == after + "0 inflated bytes: no deflate data");
  const Bytes too_far{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 0x63, 0x00, 0x12, 0x00, 0, 0, 0, 0, 0, 0, 0, 0};
  CHECK(refusal_of(too_far) == after + "1 inflated bytes: a match reaches back too far");
}

TEST_CASE("gzip: a stream that is cut ends in mid-member", "[io]") {
  const Bytes member = with_long_header(mixture(5000, 1));
  for (std::size_t size = 2; size < member.size(); size += 1 + size % 5) {
    const std::string said =
        refusal_of(Bytes(member.begin(), member.begin() + static_cast<std::ptrdiff_t>(size)));
    CHECK(said.find("truncated: the gzip stream ends after") == 0);
  }
}

TEST_CASE("gzip: bytes before the damage come, and asking again does not repair it", "[io]") {
  const test::TemporaryFolder folder;
  const Bytes bytes = mixture(300000, 3);
  Bytes packed = test::gzip(bytes);
  packed[packed.size() - 8] ^= 1;
  test::write_bytes(folder / "a.gz", packed);
  const auto source = io::open_source(folder / "a.gz");
  Bytes start(200000);
  source->read_all(start.data(), start.size(), "start");
  CHECK(std::equal(start.begin(), start.end(), bytes.begin()));
  Bytes rest(200000);
  for (int again = 0; again < 3; ++again) CHECK_THROWS_AS(source->read(rest.data(), rest.size()), Error);
  source->seek(100000);
  source->read_all(start.data(), 1000, "middle");
  CHECK(std::equal(start.begin(), start.begin() + 1000, bytes.begin() + 100000));
}

TEST_CASE("gzip: a mutated member is taken as zlib takes it, or refused", "[io]") {
  const test::TemporaryFolder folder;
  std::mt19937 random(7);
  int taken = 0;
  for (int round = 0; round < 3000; ++round) {
    const Bytes bytes = mixture(200 + random() % 3000, std::uint32_t(round));
    Bytes packed = round % 2 == 0 ? test::gzip(bytes, int(random() % 10)) : with_long_header(bytes);
    for (std::size_t n = random() % 3; n > 0; --n)
      packed[random() % packed.size()] ^= static_cast<unsigned char>(1 << random() % 8);
    test::write_bytes(folder / "a.gz", packed);
    if (packed[0] != 0x1f || packed[1] != 0x8b) continue;  // no gzip file
    const auto expected = by_zlib(packed);
    const std::string said = refusal(folder / "a.gz");
    INFO(said);
    REQUIRE(said.empty() == expected.has_value());
    if (!expected) continue;
    REQUIRE(all_of(folder / "a.gz", 1 + random() % 5000) == *expected);
    ++taken;
  }
  CHECK(taken > 900);
}

}  // namespace
}  // namespace musclemap
