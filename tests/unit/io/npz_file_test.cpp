#include "io/files/npz_file.hpp"

#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "io/weights/zip_reader.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap::io {
namespace {

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string entry_of(const std::string& archive) {
  const ZipReader zip(archive);
  REQUIRE(zip.entries().size() == 1);
  CHECK(zip.entries()[0].name == "scores.npy");
  return zip.read(zip.entries()[0], std::size_t{1} << 30);
}

TEST_CASE("npz: an archive of one array, as NumPy reads it", "[io]") {
  const test::TemporaryFolder folder;
  std::vector<float> values(std::size_t{3} * 500 * 700);
  for (std::size_t n = 0; n < values.size(); ++n) values[n] = n % 7 == 0 ? 0.25F * static_cast<float>(n) : 1;
  {
    ZipFile file(folder / "a.npz", npz_entry("scores"));
    write_npy({3, 500, 700}, values, &file);
    CHECK_FALSE(std::filesystem::exists(folder / "a.npz"));
    file.commit();
  }
  const std::string archive = bytes_of(folder / "a.npz");
  CHECK(archive.size() < values.size() * sizeof(float));
  const std::string entry = entry_of(archive);
  const std::size_t header = entry.size() - values.size() * sizeof(float);
  CHECK(header % 64 == 0);
  CHECK(entry.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
  CHECK(static_cast<std::size_t>(entry[8]) == header - 10);
  CHECK(entry.find("'descr': '<f4', 'fortran_order': False, 'shape': (3, 500, 700, )") != std::string::npos);
  CHECK(entry[header - 1] == '\n');
  CHECK(std::memcmp(entry.data() + header, values.data(), values.size() * sizeof(float)) == 0);
}

TEST_CASE("npz: bytes that do not shrink, and none at all", "[io]") {
  const test::TemporaryFolder folder;
  std::string noise(3 << 20, '\0');
  unsigned state = 1;
  for (char& each : noise) each = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24);
  for (const std::string& content : {noise, std::string()}) {
    ZipFile file(folder / "b.npz", "scores.npy");
    for (std::size_t at = 0; at < content.size(); at += 100001)
      file.write(content.data() + at, std::min<std::size_t>(100001, content.size() - at));
    file.finish();
    file.commit();
    const std::string archive = bytes_of(folder / "b.npz");
    CHECK(entry_of(archive) == content);
  }
}

TEST_CASE("npz: without commit nothing is left", "[io]") {
  const test::TemporaryFolder folder;
  {
    ZipFile file(folder / "c.npz", "scores.npy");
    write_npy({2}, {1, 2}, &file);
  }
  CHECK(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace musclemap::io
