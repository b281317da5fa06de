#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "io/files/file_bytes.hpp"
#include "io/shapes/geojson.hpp"
#include "io/shapes/imagej_roi.hpp"
#include "io/weights/zip_reader.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap::io {
namespace {

// Cell 3: a square of 2 at (5, 4). Cell 7: a frame of 3x3 around a hole, and a pixel apart.
std::vector<CellShape> two_cells() {
  CellShape square;
  square.outline = {3, {{{{5, 4}, {7, 4}, {7, 6}, {5, 6}}, {}}}};
  square.colour = {255, 0, 16};
  CellShape parts;
  parts.outline = {7,
                   {{{{0, 0}, {3, 0}, {3, 3}, {0, 3}}, {{{1, 1}, {1, 2}, {2, 2}, {2, 1}}}},
                    {{{9, 9}, {10, 9}, {10, 10}, {9, 10}}, {}}}};
  parts.frame = 2;
  return {square, parts};
}

std::uint32_t big(const std::string& bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t n = 0; n < size; ++n) value = value << 8 | static_cast<unsigned char>(bytes.at(at + n));
  return value;
}

float real(const std::string& bytes, std::size_t at) {
  const std::uint32_t bits = big(bytes, at, 4);
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

TEST_CASE("geojson: polygons closed, holes behind them, several parts in one feature", "[io]") {
  using Json = nlohmann::json;
  const Json found = Json::parse(geojson_text(two_cells(), {3}));
  CHECK(found.at("type") == "FeatureCollection");
  REQUIRE(found.at("features").size() == 2);
  const Json& square = found.at("features")[0];
  CHECK(square.at("geometry").at("type") == "Polygon");
  CHECK(square.at("geometry").at("coordinates") == Json::parse("[[[5,4],[7,4],[7,6],[5,6],[5,4]]]"));
  CHECK(square.at("geometry").at("plane") == Json::parse(R"({"c":-1,"z":0,"t":0})"));
  CHECK(square.at("properties") ==
        Json::parse(R"({"objectType":"detection","name":"3","color":[255,0,16]})"));
  const Json& parts = found.at("features")[1];
  CHECK(parts.at("geometry").at("type") == "MultiPolygon");
  CHECK(parts.at("geometry").at("coordinates") ==
        Json::parse("[[[[0,0],[3,0],[3,3],[0,3],[0,0]],[[1,1],[1,2],[2,2],[2,1],[1,1]]],"
                    "[[[9,9],[10,9],[10,10],[9,10],[9,9]]]]"));
  CHECK(parts.at("geometry").at("plane").at("t") == 2);
  CHECK_FALSE(Json::parse(geojson_text(two_cells(), {1})).at("features")[0].at("geometry").contains("plane"));
  CHECK(Json::parse(geojson_text({}, {1})).at("features").empty());
}

TEST_CASE("imagej roi: a polygon relative to its bounds", "[io]") {
  const std::string roi = imagej_roi(two_cells()[0], "3", {1});
  CHECK(roi.substr(0, 4) == "Iout");
  CHECK(big(roi, 6, 1) == 8);
  CHECK(big(roi, 8, 2) == 4);
  CHECK(big(roi, 10, 2) == 5);
  CHECK(big(roi, 12, 2) == 6);
  CHECK(big(roi, 14, 2) == 7);
  CHECK(big(roi, 16, 2) == 4);
  CHECK(big(roi, 36, 4) == 0);
  CHECK(big(roi, 40, 4) == 0xffff0010);
  CHECK(roi.substr(64, 16) == std::string("\0\0\0\2\0\2\0\0\0\0\0\0\0\2\0\2", 16));
  const std::size_t second = big(roi, 60, 4);
  CHECK(second == 80);
  CHECK(big(roi, second + 12, 4) == 0);
  CHECK(big(roi, second + 16, 4) == 144);
  CHECK(big(roi, second + 20, 4) == 1);
  CHECK(roi.substr(144) == std::string("\0003", 2));
}

TEST_CASE("imagej roi: parts and holes are paths of a composite, frames count from 1", "[io]") {
  const std::string roi = imagej_roi(two_cells()[1], "3-7", {3});
  CHECK(big(roi, 6, 1) == 1);
  CHECK(big(roi, 12, 2) == 10);
  CHECK(big(roi, 36, 4) == 3 * (4 * 3 + 1));
  CHECK(real(roi, 64) == 0);
  CHECK(real(roi, 64 + 12) == 1);
  CHECK(real(roi, 64 + 16) == 3);
  CHECK(real(roi, 64 + 48) == 4);
  CHECK(real(roi, 64 + 52 + 4) == 1);
  CHECK(big(roi, 56, 4) == 3);
  CHECK(big(roi, big(roi, 60, 4) + 12, 4) == 3);
}

TEST_CASE("imagej roi: an archive with an entry a cell, lengths in front", "[io]") {
  const test::TemporaryFolder folder;
  write_imagej_rois(folder / "rois.zip", two_cells(), {3});
  const std::string bytes = read_file_bytes(folder / "rois.zip", 1 << 20);
  const ZipReader zip(bytes);
  REQUIRE(zip.entries().size() == 2);
  CHECK(zip.entries()[0].name == "1-3.roi");
  CHECK(zip.stored(*zip.find("3-7.roi")) == imagej_roi(two_cells()[1], "3-7", {3}));
  // Readers of streams find the length in the header, and no lengths behind the bytes.
  CHECK((static_cast<unsigned char>(bytes[6]) & 8) == 0);
  CHECK(static_cast<unsigned char>(bytes[18]) + 256U * static_cast<unsigned char>(bytes[19]) ==
        zip.entries()[0].size);
  write_imagej_rois(folder / "one.zip", {two_cells()[0]}, {1});
  const std::string one = read_file_bytes(folder / "one.zip", 1 << 20);
  CHECK(ZipReader(one).entries()[0].name == "3.roi");
}

TEST_CASE("shapes of a stack: sections count from 1 in names, from 0 in GeoJSON", "[io]") {
  std::vector<CellShape> cells = two_cells();
  cells[1].section = 4;
  const nlohmann::json found = nlohmann::json::parse(geojson_text(cells, {1, 5}));
  CHECK(found.at("features")[1].at("geometry").at("plane") ==
        nlohmann::json::parse(R"({"c":-1,"z":4,"t":2})"));
  const std::string roi = imagej_roi(cells[1], "z5-7", {1, 5});
  CHECK(big(roi, 56, 4) == 5);
  CHECK(big(roi, big(roi, 60, 4) + 8, 4) == 5);
  CHECK(big(roi, big(roi, 60, 4) + 12, 4) == 0);
  const std::string both = imagej_roi(cells[1], "3-z5-7", {3, 5});
  CHECK(big(both, 56, 4) == 0);
  CHECK(big(both, big(both, 60, 4) + 8, 4) == 5);
  CHECK(big(both, big(both, 60, 4) + 12, 4) == 3);
  const test::TemporaryFolder folder;
  write_imagej_rois(folder / "rois.zip", cells, {3, 5});
  const std::string bytes = read_file_bytes(folder / "rois.zip", 1 << 20);
  const ZipReader zip(bytes);
  CHECK(zip.entries()[0].name == "1-z1-3.roi");
  CHECK(zip.entries()[1].name == "3-z5-7.roi");
}

}  // namespace
}  // namespace musclemap::io
