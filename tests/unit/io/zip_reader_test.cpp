#include "io/weights/zip_reader.hpp"

#include <string>

#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/zip_writer.hpp"

namespace musclemap::io {
namespace {

using test::contains;
using test::deflated_item;
using test::error_of;
using test::stored_item;
using test::write_zip;
using test::ZipItem;

std::string opening(const std::vector<ZipItem>& items) {
  const std::string bytes = write_zip(items);
  return error_of([&] { ZipReader{bytes}; });
}

TEST_CASE("zip: stored and deflated entries come back", "[io]") {
  const std::string text(5000, 'x');
  for (const bool zip64 : {false, true}) {
    const std::string bytes = write_zip(
        {stored_item("a", "hello"), deflated_item("b/c", text), stored_item("empty", "")}, zip64, "note");
    const ZipReader zip(bytes);
    REQUIRE(zip.entries().size() == 3);
    CHECK(zip.stored(*zip.find("a")) == "hello");
    CHECK(zip.stored(*zip.find("a")).data() >= bytes.data());
    CHECK(zip.read(*zip.find("b/c"), 5000) == text);
    CHECK(zip.read(*zip.find("empty"), 0).empty());
    CHECK(zip.find("b") == nullptr);
    CHECK_THROWS_AS(zip.stored(*zip.find("b/c")), Error);
  }
}

TEST_CASE("zip: a bomb is refused before it is unpacked", "[io]") {
  ZipItem bomb = deflated_item("bomb", std::string(1 << 20, '\0'));
  {
    const std::string bytes = write_zip({bomb});
    const ZipReader zip(bytes);
    CHECK(contains(error_of([&] { zip.read(*zip.find("bomb"), 1000); }), "format/limit"));
  }
  // Says that it is small.
  bomb.size = 10;
  const std::string bytes = write_zip({bomb});
  const ZipReader zip(bytes);
  CHECK(contains(error_of([&] { zip.read(*zip.find("bomb"), 1000); }), "does not unpack to its stated size"));
}

TEST_CASE("zip: an entry that does not match its checksum is refused", "[io]") {
  for (ZipItem item : {stored_item("a", "hello"), deflated_item("a", "hello")}) {
    item.crc ^= 1;
    const std::string bytes = write_zip({item});
    const ZipReader zip(bytes);
    CHECK(contains(error_of([&] { zip.read(zip.entries()[0], 10); }), "checksum"));
  }
}

TEST_CASE("zip: archives that readers could disagree about are refused", "[io]") {
  const ZipItem good = stored_item("a", "hello");
  CHECK(contains(opening({good, stored_item("A", "other")}), "two entries"));
  ZipItem changed = stored_item("b", "world");
  changed.offset = 0;
  CHECK(contains(opening({good, changed}), "described differently"));
  changed = good;
  changed.flags = 1;
  CHECK(contains(opening({changed}), "encrypted"));
  changed = good;
  changed.method = 12;
  CHECK(contains(opening({changed}), "compression method 12"));
  changed = good;
  changed.size = 6;
  CHECK(contains(opening({changed}), "two different sizes"));
  changed = good;
  changed.offset = 3;
  CHECK(contains(opening({changed}), "no header"));
  const std::string bytes = "junk" + write_zip({good});
  CHECK(contains(error_of([&] { ZipReader{bytes}; }), "directory is not where"));
  const std::string longer = write_zip({good}) + "x";
  CHECK(contains(error_of([&] { ZipReader{longer}; }), "does not end the file"));
}

TEST_CASE("zip: overlapping entries are refused", "[io]") {
  // An entry whose data holds the whole of another entry.
  const std::string inner = write_zip({stored_item("b", "world")});
  const std::string hidden = inner.substr(0, 30 + 1 + 5);
  const ZipItem outer = stored_item("a", hidden);
  ZipItem nested = stored_item("b", "world");
  nested.offset = 30 + 1;
  CHECK(contains(opening({outer, nested}), "overlaps"));
}

TEST_CASE("zip: a file cut anywhere is an error", "[io]") {
  const std::string bytes = write_zip({stored_item("a", "hello"), deflated_item("b", "world")}, true);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string cut = bytes.substr(0, size);
    CHECK_THROWS_AS(ZipReader(cut), Error);
  }
}

}  // namespace
}  // namespace musclemap::io
