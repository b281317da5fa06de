#include "io/tiff/ome_tiff_writer.hpp"

#include <libdeflate.h>

#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "musclemap/version.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/shared_data.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap::io {
namespace {

using test::contains;
using test::error_of;

std::string file_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// A tag as its type, count and values.
struct Tag {
  std::uint64_t type = 0;
  std::uint64_t count = 0;
  std::vector<std::uint64_t> values;
};
using Page = std::map<std::uint64_t, Tag>;

// Pages of a little-endian file, classic or BigTIFF, read by the format's words.
class Tiff {
 public:
  explicit Tiff(std::string bytes) : bytes_(std::move(bytes)), big_(number(2, 2) == 43) {
    REQUIRE(bytes_.substr(0, 2) == "II");
    std::uint64_t at = big_ ? number(8, 8) : number(4, 4);
    while (at != 0) {
      Page page;
      const std::uint64_t count = number(at, big_ ? 8 : 2);
      at += big_ ? 8 : 2;
      for (std::uint64_t n = 0; n < count; ++n, at += big_ ? 20 : 12) page[number(at, 2)] = tag(at);
      pages.push_back(page);
      at = number(at, big_ ? 8 : 4);
    }
  }

  bool big() const { return big_; }
  std::string text(const Tag& tag) const {
    std::string result;
    for (const std::uint64_t each : tag.values) result += static_cast<char>(each);
    return result;
  }
  // The pixels of a page, inflated.
  std::string pixels(const Page& page, std::uint64_t sample_bytes) const {
    std::string result;
    const std::uint64_t row = page.at(256).values[0] * sample_bytes;
    std::uint64_t rows_left = page.at(257).values[0];
    for (std::size_t n = 0; n < page.at(273).count; ++n) {
      const std::uint64_t rows = std::min(rows_left, page.at(278).values[0]);
      rows_left -= rows;
      std::string strip(rows * row, '\0');
      libdeflate_decompressor* inflater = libdeflate_alloc_decompressor();
      const auto found =
          libdeflate_zlib_decompress(inflater, bytes_.data() + page.at(273).values[n], page.at(279).values[n],
                                     strip.data(), strip.size(), nullptr);
      libdeflate_free_decompressor(inflater);
      REQUIRE(found == LIBDEFLATE_SUCCESS);
      result += strip;
    }
    return result;
  }

  std::vector<Page> pages;

 private:
  std::uint64_t number(std::uint64_t at, std::size_t size) const {
    std::uint64_t value = 0;
    for (std::size_t byte = size; byte-- > 0;)
      value = value << 8 | static_cast<unsigned char>(bytes_.at(at + byte));
    return value;
  }
  Tag tag(std::uint64_t at) const {
    const std::map<std::uint64_t, std::size_t> sizes = {{2, 1}, {3, 2}, {4, 4}, {5, 8}, {16, 8}};
    Tag tag{number(at + 2, 2), number(at + 4, big_ ? 8 : 4), {}};
    const std::size_t size = sizes.at(tag.type);
    std::uint64_t from = at + (big_ ? 12 : 8);
    if (size * tag.count > (big_ ? 8U : 4U)) from = number(from, big_ ? 8 : 4);
    for (std::uint64_t n = 0; n < tag.count; ++n) tag.values.push_back(number(from + n * size, size));
    return tag;
  }

  std::string bytes_;
  bool big_;
};

std::string written(const OmeMaskFacts& facts, const std::vector<std::uint32_t>& labels) {
  const test::TemporaryFolder folder;
  MaskFile file(folder / "a.ome.tif", facts);
  for (std::int64_t t = 0; t < facts.frames; ++t) file.write(labels.data() + t * facts.height * facts.width);
  CHECK_FALSE(std::filesystem::exists(folder / "a.ome.tif"));
  file.commit();
  return file_text(folder / "a.ome.tif");
}

std::string without(std::string text, const std::string& part, const std::string& instead) {
  const std::size_t at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.replace(at, part.size(), instead);
}

TEST_CASE("masks file: tag by tag what VLabApp's writer makes, but for the names of the programs", "[io]") {
  const auto shared = test::shared_data();
  if (shared.empty()) return;
  const Tiff wanted(file_text(shared / "cells_real/e2e/yeast_BF_vSM.ome.tif"));
  OmeMaskFacts facts;
  facts.frames = 3;
  facts.height = facts.width = 117;
  facts.pixel_size_um = {0.182, 0.182, 0.6};
  const std::string line = "2025-09-08 07:33:18,001 (VLabApp - segmentation module) [INFO] ";
  facts.comments = carried_comments(
      line + "System info:\n" + line + "- platform: Linux\n", "/data/yeast_BF.ome.tif",
      {"2025-01-02 03:04:05,678 (VLabApp - registration module) [INFO] System info:\n", "second comment\n"});
  std::vector<std::uint32_t> labels;
  for (const Page& page : wanted.pages) {
    const std::string pixels = wanted.pixels(page, 2);
    for (std::size_t n = 0; n < pixels.size(); n += 2)
      labels.push_back(static_cast<unsigned char>(pixels[n]) |
                       static_cast<std::uint32_t>(static_cast<unsigned char>(pixels[n + 1])) << 8);
  }
  const Tiff found(written(facts, labels));
  CHECK_FALSE(found.big());
  REQUIRE(found.pages.size() == wanted.pages.size());
  for (std::size_t n = 0; n < found.pages.size(); ++n) {
    CAPTURE(n);
    CHECK(found.pixels(found.pages[n], 2) == wanted.pixels(wanted.pages[n], 2));
    REQUIRE(found.pages[n].size() == wanted.pages[n].size());
    for (const auto& [tag, value] : wanted.pages[n]) {
      CAPTURE(tag);
      REQUIRE(found.pages[n].count(tag) == 1);
      const Tag& own = found.pages[n].at(tag);
      CHECK(own.type == value.type);
      if (tag == 270) {
        const std::string creator = std::string("musclemap ") + kVersion;
        CHECK(found.text(own) == without(wanted.text(value), "bioio_ome_tiff 1.4.0", creator));
      } else if (tag == 305) {
        CHECK(found.text(own) == std::string("musclemap ") + kVersion + '\0');
      } else if (tag != 273 && tag != 279) {
        CHECK(own.count == value.count);
        CHECK(own.values == value.values);
      }
    }
  }
}

TEST_CASE("masks file: large pictures are BigTIFF of several strips, wide labels uint32", "[io]") {
  for (const bool wide : {false, true}) {
    CAPTURE(wide);
    OmeMaskFacts facts;
    facts.frames = 2;
    facts.height = 1000;
    facts.width = 700;
    facts.wide = wide;
    std::vector<std::uint32_t> labels(std::size_t{2} * 700 * 1000);
    for (std::size_t n = 0; n < labels.size(); ++n)
      labels[n] = static_cast<std::uint32_t>(wide ? n * 3 : n % 65536);
    const Tiff found(written(facts, labels));
    CHECK(found.big());
    REQUIRE(found.pages.size() == 2);
    const std::size_t sample = wide ? 4 : 2;
    for (std::size_t t = 0; t < 2; ++t) {
      const Page& page = found.pages[t];
      CHECK(page.at(258).values[0] == 8 * sample);
      CHECK(page.at(278).values[0] == (std::uint64_t{1} << 18) / (700 * sample));
      CHECK(page.at(273).count == (wide ? 11 : 6));
      const std::string pixels = found.pixels(page, sample);
      REQUIRE(pixels.size() == 700 * 1000 * sample);
      bool same = true;
      for (std::size_t n = 0; n < pixels.size(); ++n) {
        const std::uint32_t label = labels[t * 700 * 1000 + n / sample];
        same = same && static_cast<unsigned char>(pixels[n]) == (label >> 8 * (n % sample) & 0xff);
      }
      CHECK(same);
    }
    CHECK(contains(found.text(found.pages[0].at(270)), wide ? "Type=\"uint32\"" : "Type=\"uint16\""));
  }
}

TEST_CASE("masks file: more than 65,535 labels never wrap", "[io]") {
  const test::TemporaryFolder folder;
  const std::vector<std::uint32_t> labels = {0, 65536};
  CHECK(needs_wide_labels(labels.data(), 2));
  CHECK_FALSE(needs_wide_labels(labels.data(), 1));
  MaskFile file(folder / "a.tif", 1, 1, 2, false);
  CHECK(contains(error_of([&] { file.write(labels.data()); }), "label 65536 does not fit 16 bits"));
  CHECK(contains(error_of([&] { file.commit(); }), "of 1 pages has only 0"));
  CHECK_FALSE(std::filesystem::exists(folder / "a.tif"));
}

TEST_CASE("masks file: a plain file has no description", "[io]") {
  const test::TemporaryFolder folder;
  const std::vector<std::uint32_t> labels = {0, 1, 2, 3};
  MaskFile file(folder / "a.tif", 1, 2, 2, false);
  file.write(labels.data());
  CHECK(contains(error_of([&] { file.write(labels.data()); }), "gets another one"));
  file.commit();
  const Tiff found(file_text(folder / "a.tif"));
  CHECK(found.pages.at(0).count(270) == 0);
  CHECK(found.pixels(found.pages[0], 2) == std::string("\0\0\1\0\2\0\3\0", 8));
}

TEST_CASE("masks file: text of others cannot become markup", "[io]") {
  OmeMaskFacts facts;
  facts.height = facts.width = 1;
  facts.pixel_size_um = {1, 0, 0};
  facts.comments = {"a < b & \"c\" > d\r\n\t\x01\xff]]>"};
  const std::string text = ome_xml_text(facts);
  CHECK(contains(text, "<Value>a &lt; b &amp; \"c\" &gt; d&#13;\n\t\xef\xbf\xbd\xef\xbf\xbd]]&gt;</Value>"));
  CHECK(contains(text, "PhysicalSizeX=\"1.0\">"));
  CHECK_FALSE(contains(text, "PhysicalSizeY"));
  facts.comments.clear();
  CHECK_FALSE(contains(ome_xml_text(facts), "StructuredAnnotations"));
}

}  // namespace
}  // namespace musclemap::io
