#include "io/arrays/npz_file.hpp"

#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/shared_data.hpp"
#include "support/temporary_folder.hpp"
#include "support/zip_writer.hpp"

namespace musclemap::io {
namespace {

using test::contains;
using test::error_of;

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string only_entry_of(const std::string& archive) {
  const ZipReader zip(archive);
  REQUIRE(zip.entries().size() == 1);
  CHECK(zip.entries()[0].name == "scores.npy");
  return zip.read(zip.entries()[0], std::size_t{1} << 30);
}

void write_bytes(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

TEST_CASE("npz: an archive of one array, as NumPy reads it", "[io]") {
  const test::TemporaryFolder folder;
  std::vector<float> values(std::size_t{3} * 500 * 700);
  for (std::size_t n = 0; n < values.size(); ++n) values[n] = n % 7 == 0 ? 0.25F * static_cast<float>(n) : 1;
  {
    NpzWriter file(folder / "a.npz");
    file.add("scores", array_view({3, 500, 700}, values.data()));
    file.finish();
    CHECK_FALSE(std::filesystem::exists(folder / "a.npz"));
    file.commit();
  }
  const std::string archive = bytes_of(folder / "a.npz");
  CHECK(archive.size() < values.size() * sizeof(float));
  const std::string entry = only_entry_of(archive);
  const std::size_t header = entry.size() - values.size() * sizeof(float);
  CHECK(header % 64 == 0);
  CHECK(entry.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
  CHECK(static_cast<std::size_t>(entry[8]) == header - 10);
  CHECK(entry.find("'descr': '<f4', 'fortran_order': False, 'shape': (3, 500, 700, )") != std::string::npos);
  CHECK(entry[header - 1] == '\n');
  CHECK(std::memcmp(entry.data() + header, values.data(), values.size() * sizeof(float)) == 0);
}

TEST_CASE("npz: several arrays come back by name", "[io]") {
  const test::TemporaryFolder folder;
  const std::vector<float> flows = {1, -2.5F, 3, 4, 5, 6};
  const std::vector<std::uint16_t> labels = {0, 1, 65535};
  const std::int64_t count = -7;
  {
    NpzWriter file(folder / "a.npz");
    file.add("dP", array_view({2, 1, 3}, flows.data()));
    file.add("masks", array_view({3}, labels.data()));
    file.add("count", array_view({}, &count));
    file.add("none", array_view<float>({0, 3}, nullptr));
    file.finish();
    file.commit();
  }
  const NpzReader read(folder / "a.npz");
  CHECK(read.names() == std::vector<std::string>{"dP", "masks", "count", "none"});
  CHECK(read.has("masks"));
  CHECK_FALSE(read.has("mask"));
  const Array back = read.read("dP");
  CHECK(back.shape == std::vector<std::int64_t>{2, 1, 3});
  CHECK(std::vector<float>(back.values<float>(), back.values<float>() + 6) == flows);
  CHECK(values_as<std::uint16_t>(read.read("masks").view()) == labels);
  CHECK(values_as<std::int64_t>(read.read("count").view()) == std::vector<std::int64_t>{-7});
  CHECK(read.read("none").size() == 0);
  CHECK(contains(error_of([&] { read.read("flows"); }),
                 "has no array 'flows'; it has 'dP', 'masks', 'count' and 'none'"));
}

TEST_CASE("npz: bytes that do not shrink, and none at all", "[io]") {
  const test::TemporaryFolder folder;
  std::string noise(3 << 20, '\0');
  unsigned state = 1;
  for (char& each : noise) each = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24);
  for (const std::string& content : {noise, std::string()}) {
    ZipFile file(folder / "b.npz");
    file.begin("scores.npy");
    for (std::size_t at = 0; at < content.size(); at += 100001)
      file.write(content.data() + at, std::min<std::size_t>(100001, content.size() - at));
    file.finish();
    file.commit();
    CHECK(only_entry_of(bytes_of(folder / "b.npz")) == content);
  }
}

TEST_CASE("npz: without commit nothing is left", "[io]") {
  const test::TemporaryFolder folder;
  {
    const std::vector<float> values = {1, 2};
    NpzWriter file(folder / "c.npz");
    file.add("scores", array_view({2}, values.data()));
    file.finish();
  }
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("npz: what is wrong with an archive or an array is named", "[io]") {
  const test::TemporaryFolder folder;
  const auto file = folder / "a.npz";
  write_bytes(file, "no archive");
  CHECK(contains(error_of([&] { NpzReader{file}; }), "zip archive"));
  write_bytes(file, test::write_zip({test::stored_item("a.npy", "text"), test::deflated_item("b.npy", "")}));
  const NpzReader read(file);
  CHECK(contains(error_of([&] { read.read("a"); }), "array 'a': .npy header: the file does not begin"));
  CHECK(contains(error_of([&] { read.read("b"); }), "array 'b': .npy header"));
  CHECK(contains(error_of([&] { NpzReader(file, 10); }), "at most 10 are read"));
  // A few packed bytes that unpack to more than a caller allows.
  const std::string packed = test::write_zip({test::deflated_item("z.npy", std::string(1 << 20, 'x'))});
  write_bytes(file, packed);
  const NpzReader small(file, packed.size());
  CHECK(contains(error_of([&] { small.read("z"); }), "format/limit"));
}

TEST_CASE("npz: NumPy's own archives are read", "[io]") {
  const auto shared = test::shared_data();
  if (shared.empty()) return;
  const NpzReader read(shared / "cells_real/vectors/nuclei_flows512.npz");
  REQUIRE_FALSE(read.names().empty());
  for (const std::string& name : read.names()) {
    CAPTURE(name);
    const Array array = read.read(name);
    CHECK(array.bytes.size() == static_cast<std::size_t>(array.size()) * item_size(array.type));
  }
}

}  // namespace
}  // namespace musclemap::io
