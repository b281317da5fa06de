#include "io/nd2/nd2_picture.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "io/files/file_bytes.hpp"
#include "io/nd2/lite_variant.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/shared_data.hpp"
#include "support/temporary_folder.hpp"
#include "unit/io/nd2/nd2_writer.hpp"

namespace musclemap::io {
namespace {

using test::contains;
using test::error_of;
using test::nd2_attributes;
using test::nd2_file;
using test::nd2_loop;

std::string pixels_digest(Nd2Picture* picture) {
  const Nd2Facts& facts = picture->facts();
  std::string plane(static_cast<std::size_t>(facts.shape[3] * facts.shape[4]) * nd2_type_bytes(facts.type),
                    '\0');
  base::Sha256 digest;
  for (std::int64_t t = 0; t < facts.shape[0]; ++t) {
    for (std::int64_t c = 0; c < facts.shape[1]; ++c) {
      for (std::int64_t z = 0; z < facts.shape[2]; ++z) {
        picture->read_plane(t, c, z, plane.data());
        digest.update(plane.data(), plane.size());
      }
    }
  }
  return digest.hex();
}

// Opens a file of these bytes and reads all of it.
std::string reading(const std::string& bytes) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "a.nd2", std::ios::binary) << bytes;
  return error_of([&] {
    Nd2Picture picture(folder / "a.nd2");
    pixels_digest(&picture);
  });
}

std::string frame(const std::string& pixels) { return std::string(8, 't') + pixels; }

// Two moments of two sections, two channels of 2x1 pixels of one byte.
test::Chunks small_chunks() {
  test::Chunks chunks = {{"ImageAttributesLV!", nd2_attributes(2, 1, 2, 4, 8)},
                         {"ImageMetadataLV!", nd2_loop(1, 2, nd2_loop(4, 2, {}, ""))}};
  for (int n = 0; n < 4; ++n) {
    std::string pixels;
    for (int value = 0; value < 4; ++value) pixels += static_cast<char>(4 * n + value);
    chunks.emplace_back("ImageDataSeq|" + std::to_string(n) + "!", frame(pixels));
  }
  return chunks;
}

TEST_CASE("nd2: a microscope's file, pixel by pixel", "[io]") {
  const auto shared = test::shared_data();
  if (shared.empty()) return;
  const auto folder = shared / "cells_real";
  std::ifstream stream(folder / "containers/manifest.json");
  nlohmann::json manifest = nlohmann::json::parse(stream);
  nlohmann::json wanted;
  for (const auto& [name, entry] : manifest.items()) {
    if (contains(name, "cluster.nd2")) wanted = entry;
  }
  REQUIRE(wanted.is_object());
  Nd2Picture picture(folder / "images/cluster.nd2");
  const Nd2Facts& facts = picture.facts();
  const std::vector<std::int64_t> shape = wanted.at("shape_FTCZYX");
  CHECK(std::vector<std::int64_t>(facts.shape.begin(), facts.shape.end()) ==
        std::vector<std::int64_t>(shape.begin() + 1, shape.end()));
  CHECK(facts.axes == "TZCYX");
  CHECK(facts.type == Nd2Type::u16);
  CHECK(facts.channel_names == wanted.at("channel_names").get<std::vector<std::string>>());
  const std::vector<double> size = wanted.at("pixel_size_xyz_um");
  CHECK(std::vector<double>(facts.pixel_size_um.begin(), facts.pixel_size_um.end()) == size);
  CHECK(pixels_digest(&picture) == wanted.at("sha256"));
}

TEST_CASE("nd2: frames come in the order of the loops, channels pixel by pixel", "[io]") {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "a.nd2", std::ios::binary) << nd2_file(small_chunks());
  Nd2Picture picture(folder / "a.nd2");
  CHECK(picture.facts().shape == std::array<std::int64_t, 5>{2, 2, 2, 1, 2});
  CHECK(picture.facts().pixel_size_um == std::array<double, 3>{0, 0, 0.5});
  std::string plane(2, '\0');
  picture.read_plane(1, 1, 0, plane.data());
  CHECK(plane == std::string("\x09\x0b", 2));
  picture.read_plane(0, 0, 1, plane.data());
  CHECK(plane == std::string("\x04\x06", 2));
  CHECK(contains(error_of([&] { picture.read_plane(2, 0, 0, plane.data()); }), "time is 2; 0 to 1"));
}

TEST_CASE("nd2: frames packed with zlib, and packed metadata", "[io]") {
  const auto zlib = [](const std::string& bytes) {
    libdeflate_compressor* packer = libdeflate_alloc_compressor(6);
    std::string packed(libdeflate_zlib_compress_bound(packer, bytes.size()), '\0');
    packed.resize(libdeflate_zlib_compress(packer, bytes.data(), bytes.size(), packed.data(), packed.size()));
    libdeflate_free_compressor(packer);
    return packed;
  };
  const std::string pixels(600, '\7');
  const std::string attributes = nd2_attributes(300, 2, 1, 1, 8, 0);
  const std::string packed = std::string("\x4c", 1) + std::string(9, '\0') + zlib(attributes);
  for (const std::string& metadata : {attributes, packed}) {
    CHECK(reading(nd2_file({{"ImageAttributesLV!", metadata}, {"ImageDataSeq|0!", frame(zlib(pixels))}})) ==
          "no error");
    CHECK(contains(
        reading(nd2_file({{"ImageAttributesLV!", metadata}, {"ImageDataSeq|0!", frame(zlib("short"))}})),
        "does not unpack to 600 bytes"));
  }
  const std::string bomb =
      std::string("\x4c", 1) + std::string(9, '\0') + zlib(std::string(std::size_t{65} << 20, '\0'));
  CHECK(contains(reading(nd2_file({{"ImageAttributesLV!", bomb}})), "format/limit"));
}

TEST_CASE("nd2: what is not read is refused by name", "[io]") {
  const std::string legacy = std::string("\x00\x00\x00\x0cjP  \r\n\x87\n", 12) + std::string(100, '\0');
  CHECK(contains(reading(legacy), "unsupported/unsupported: ND2: the file is of the older format"));
  CHECK(contains(reading(nd2_file({}, "Ver2.1")), "has version '2.1'; 3.0 and newer are read"));
  const auto with_loop = [](const std::string& loop, std::uint32_t frames) {
    return nd2_file({{"ImageAttributesLV!", nd2_attributes(1, 1, 1, frames, 8)},
                     {"ImageMetadataLV!", loop},
                     {"ImageDataSeq|0!", frame("x")}});
  };
  CHECK(contains(reading(with_loop(nd2_loop(2, 3), 3)), "3 positions of the stage; files of one are read"));
  CHECK(reading(with_loop(nd2_loop(2, 1), 1)) == "no error");
  CHECK(contains(reading(with_loop(nd2_loop(5, 3), 3)), "a loop of type 5"));
  CHECK(contains(reading(with_loop(nd2_loop(1, 4), 1)), "has 1 frames; its loops over time and depth are 4"));
  CHECK(contains(reading(with_loop(nd2_loop(1, 1, nd2_loop(1, 1, {}, "")), 1)), "two loops over time"));
  const auto with_attributes = [](std::uint32_t bits, std::uint32_t packing) {
    return nd2_file({{"ImageAttributesLV!", nd2_attributes(1, 1, 1, 1, bits, packing)},
                     {"ImageDataSeq|0!", frame("abcdefgh")}});
  };
  CHECK(contains(reading(with_attributes(16, 1)), "compressed with loss"));
  CHECK(contains(reading(with_attributes(64, 2)), "pixels have 64 bits"));
  const std::string large = nd2_attributes(1 << 20, 1 << 20, 1, 1, 8);
  CHECK(contains(reading(nd2_file({{"ImageAttributesLV!", large}, {"ImageDataSeq|0!", frame("x")}})),
                 "1 frames have 1099511627776 bytes; the file has"));
  CHECK(reading(with_attributes(32, 2)) == "no error");
  const std::string colours = test::lite_level(
      "SLxPictureMetadata",
      {test::lite_level(
          "sPicturePlanes",
          {test::lite_level("sPlaneNew", {test::lite_level("a0", {test::lite_number("uiCompCount", 3)})})})});
  CHECK(contains(reading(nd2_file({{"ImageAttributesLV!", nd2_attributes(1, 1, 3, 1, 8)},
                                   {"ImageMetadataSeqLV|0!", colours},
                                   {"ImageDataSeq|0!", frame("abc")}})),
                 "a channel has 3 colours"));
}

TEST_CASE("nd2: a file cut or damaged anywhere is an error or a picture", "[io]") {
  const std::string whole = nd2_file(small_chunks());
  REQUIRE(reading(whole) == "no error");
  for (std::size_t size = 0; size < whole.size(); size += 1 + size / 40) {
    CAPTURE(size);
    CHECK(contains(reading(whole.substr(0, size)), "ND2: "));
  }
  std::mt19937 random(1);
  for (int n = 0; n < 500; ++n) {
    std::string bytes = whole;
    for (auto changes = 1 + random() % 3; changes > 0; --changes)
      bytes[random() % bytes.size()] = static_cast<char>(random() % 4 == 0 ? 255 : random());
    CAPTURE(n);
    const std::string message = reading(bytes);
    CHECK((message == "no error" || contains(message, "ND2: ") || contains(message, "64 bits")));
  }
}

TEST_CASE("nd2: metadata nested without end, or full of values, are refused", "[io]") {
  std::string nested = test::lite_number("x", 1);
  for (int n = 0; n < 100; ++n) nested = test::lite_level("l", {nested});
  CHECK(contains(error_of([&] { parse_lite_variant(nested); }), "more than 64 levels"));
  std::string many;
  const std::string value = test::lite_item(1, "", std::string(1, '\1'));
  for (int n = 0; n <= 1 << 20; ++n) many += value;
  CHECK(contains(error_of([&] { parse_lite_variant(many); }), "more than 1048576 values"));
  CHECK(contains(error_of([&] { parse_lite_variant(test::lite_item(20, "x", "")); }), "a value of type 20"));
}

TEST_CASE("nd2: frames and chunks elsewhere than the map says are refused", "[io]") {
  test::Chunks chunks = small_chunks();
  chunks[3].second = frame("ab");
  CHECK(contains(reading(nd2_file(chunks)), "frame 1 has 2 bytes; 4 are needed"));
  chunks = small_chunks();
  chunks.erase(chunks.begin() + 3);
  CHECK(contains(reading(nd2_file(chunks)), "there is no chunk 'ImageDataSeq|1!'"));
  chunks.push_back(chunks.back());
  CHECK(contains(reading(nd2_file(chunks)), "twice"));
}

}  // namespace
}  // namespace musclemap::io
