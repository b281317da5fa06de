#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "musclemap/pictures.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/nifti_bytes.hpp"
#include "support/temporary_folder.hpp"
#include "support/tiff_bytes.hpp"

namespace musclemap {
namespace {

using test::contains;
using test::error_of;
using test::TiffPlane;

std::filesystem::path written(const test::TemporaryFolder& folder, const std::string& bytes,
                              const char* name = "a.tif") {
  test::write_bytes(folder / name, test::Bytes(bytes.begin(), bytes.end()));
  return folder / name;
}

// 2 x 3 pixels that begin with `first`.
TiffPlane small(char first, const std::string& description = {}, const test::TiffTags& tags = {}) {
  std::string pixels(6, first);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<char>(first + static_cast<char>(i));
  return {3, 2, 8, pixels, description, tags};
}

std::string ome(const std::string& sizes, const std::string& inside, const std::string& after = {}) {
  return "<OME UUID=\"urn:uuid:1\"><Image ID=\"Image:0\"><Pixels ID=\"Pixels:0\" Type=\"uint8\" SizeX=\"3\" "
         "SizeY=\"2\" " +
         sizes + ">" + inside + "</Pixels></Image>" + after + "</OME>";
}

std::uint8_t first_of(const ImageStack& stack, std::int64_t t, std::int64_t c, std::int64_t z) {
  return stack.plane<std::uint8_t>(t, c, z)(0, 0);
}

std::string error_of_reading(const test::TemporaryFolder& folder, const std::string& bytes) {
  return error_of([&] { read_picture(written(folder, bytes)); });
}

TEST_CASE("tiff: one plain page is one picture, and its rows may be asked for in any order", "[io]") {
  const test::TemporaryFolder folder;
  const auto reader = open_picture(written(folder, test::tiff_bytes({small(10)})));
  CHECK(reader->info().format == "TIFF");
  CHECK(reader->info().axes == "YX");
  CHECK(reader->info().geometry.shape == Index5{1, 1, 1, 2, 3});
  CHECK(reader->info().geometry.channel_names.empty());
  std::array<std::uint8_t, 3> row{};
  reader->read_rows(0, 0, 0, 1, 1, row.data());
  CHECK(row == std::array<std::uint8_t, 3>{13, 14, 15});
  reader->read_rows(0, 0, 0, 0, 1, row.data());
  CHECK(row == std::array<std::uint8_t, 3>{10, 11, 12});
  CHECK_THROWS_AS(reader->read_rows(0, 0, 0, 1, 2, row.data()), Error);
  CHECK_THROWS_AS(reader->read_rows(0, 1, 0, 0, 1, row.data()), Error);
  CHECK_THROWS_AS(reader->read_rows(0, 0, 0, 0, 1, nullptr), Error);
  CHECK(is_picture(folder / "a.tif"));
  CHECK_FALSE(is_picture(folder / "none.tif"));
}

TEST_CASE("tiff: bilevel and packed pixels become whole bytes", "[io]") {
  const test::TemporaryFolder folder;
  ImageStack stack = read_picture(written(folder, test::tiff_bytes({{3, 2, 1, "\xA0\x40", {}, {}}})));
  CHECK(stack.plane<std::uint8_t>(0, 0, 0)(0, 0) == 1);
  CHECK(stack.plane<std::uint8_t>(0, 0, 0)(0, 1) == 0);
  CHECK(stack.plane<std::uint8_t>(0, 0, 0)(1, 1) == 1);
  stack = read_picture(written(folder, test::tiff_bytes({{3, 1, 4, "\x12\x30", {}, {}}})));
  CHECK(stack.plane<std::uint8_t>(0, 0, 0)(0, 2) == 3);
  stack = read_picture(written(folder, test::tiff_bytes({{2, 1, 12, "\xAB\xC1\x23", {}, {}}})));
  CHECK(stack.plane<std::uint16_t>(0, 0, 0)(0, 0) == 0xABC);
  CHECK(stack.plane<std::uint16_t>(0, 0, 0)(0, 1) == 0x123);
}

TEST_CASE("tiff: axes of OME-XML are placed in every order, with sizes, names and comments", "[io]") {
  const test::TemporaryFolder folder;
  const std::string comments =
      "<StructuredAnnotations><CommentAnnotation ID=\"A:0\" Namespace=\"VLabApp\"><Value>a "
      "&lt;b&gt;\n</Value>"
      "</CommentAnnotation><CommentAnnotation ID=\"A:1\" Namespace=\"other\"><Value>no</Value>"
      "</CommentAnnotation></StructuredAnnotations>";
  for (const char* order : {"XYZCT", "XYCZT", "XYTCZ", "XYCTZ", "XYZTC", "XYTZC"}) {
    CAPTURE(order);
    std::vector<TiffPlane> pages;
    for (char p = 0; p < 24; ++p) pages.push_back(small(static_cast<char>(p * 10)));
    pages[0].description =
        ome("DimensionOrder=\"" + std::string(order) +
                "\" SizeT=\"2\" SizeC=\"3\" SizeZ=\"4\" PhysicalSizeX=\"250\" PhysicalSizeXUnit=\"nm\" "
                "PhysicalSizeZ=\"1.5\" PhysicalSizeY=\"3\" PhysicalSizeYUnit=\"pixel\"",
            "<Channel ID=\"Channel:0:0\" Name=\"BF\"/><Channel ID=\"Channel:0:1\"/>", comments);
    const auto reader = open_picture(written(folder, test::tiff_bytes(pages)));
    const PictureInfo& info = reader->info();
    CHECK(info.geometry.pixel_size_um == std::array<double, 3>{0.25, 0, 1.5});
    CHECK(info.geometry.channel_names == std::vector<std::string>{"BF", "Channel:0:1", "Channel:0:2"});
    CHECK(info.comments == std::vector<std::string>{"a <b>\n"});
    REQUIRE(info.warnings.size() == 1);
    CHECK(info.warnings[0].code == WarningCode::unit);
    const ImageStack stack = read_picture(folder / "a.tif");
    const std::array<std::int64_t, 3> n{2, 3, 4};
    for (std::int64_t t = 0; t < 2; ++t) {
      for (std::int64_t c = 0; c < 3; ++c) {
        for (std::int64_t z = 0; z < 4; ++z) {
          const std::array<std::int64_t, 3> at{t, c, z};
          std::int64_t page = 0;
          std::int64_t step = 1;
          for (const char axis : std::string(order).substr(2)) {
            const std::size_t a = std::string("TCZ").find(axis);
            page += at[a] * step;
            step *= n[a];
          }
          CHECK(first_of(stack, t, c, z) == static_cast<std::uint8_t>(page * 10));
        }
      }
    }
  }
}

TEST_CASE("tiff: TiffData says which page is which plane; what is promised and not there is refused",
          "[io]") {
  const test::TemporaryFolder folder;
  const std::string sizes = "DimensionOrder=\"XYZCT\" SizeT=\"2\" SizeC=\"1\" SizeZ=\"1\"";
  const auto with = [&](const std::string& inside) {
    return test::tiff_bytes({small(10, ome(sizes, inside)), small(20)});
  };
  const ImageStack turned = read_picture(
      written(folder, with("<TiffData IFD=\"1\" FirstT=\"0\"/><TiffData IFD=\"0\" FirstT=\"1\"/>")));
  CHECK(first_of(turned, 0, 0, 0) == 20);
  CHECK(first_of(turned, 1, 0, 0) == 10);
  CHECK(first_of(read_picture(written(folder, with("<TiffData/>"))), 1, 0, 0) == 20);
  CHECK(contains(error_of_reading(folder, with("<TiffData IFD=\"1\" FirstT=\"1\"/>")),
                 "format/truncated: OME-XML promises 2 planes; T = 0, C = 0, Z = 0 is not in the file"));
  CHECK(contains(
      error_of_reading(folder, with("<TiffData IFD=\"0\"><UUID FileName=\"../b.tif\">urn:uuid:2</UUID>"
                                    "</TiffData>")),
      "the name of a file in the same folder is allowed"));
  CHECK(
      contains(error_of_reading(folder, with("<TiffData IFD=\"0\"><UUID FileName=\"b.tif\">urn:uuid:2</UUID>"
                                             "</TiffData>")),
               "io/io: "));
}

TEST_CASE("tiff: one picture over several files is followed by their names", "[io]") {
  const test::TemporaryFolder folder;
  const std::string text =
      ome("DimensionOrder=\"XYZCT\" SizeT=\"2\" SizeC=\"1\" SizeZ=\"1\"",
          "<TiffData FirstT=\"0\" IFD=\"0\"><UUID FileName=\"a.tif\">urn:uuid:1</UUID></TiffData>"
          "<TiffData FirstT=\"1\" IFD=\"0\"><UUID FileName=\"b.tif\">urn:uuid:2</UUID></TiffData>");
  written(folder, test::tiff_bytes({small(70)}), "b.tif");
  const ImageStack stack = read_picture(written(folder, test::tiff_bytes({small(60, text)})));
  CHECK(first_of(stack, 0, 0, 0) == 60);
  CHECK(first_of(stack, 1, 0, 0) == 70);
}

TEST_CASE("tiff: ImageJ's hyperstacks have their axes and sizes, with pages or in one piece", "[io]") {
  const test::TemporaryFolder folder;
  const std::string text =
      "ImageJ=1.53t\nimages=4\nchannels=2\nslices=2\nunit=\\u00B5m\nspacing=0.5\nloop=false\n";
  std::vector<TiffPlane> pages{small(10, text), small(20), small(30), small(40)};
  const ImageStack stack = read_picture(written(folder, test::tiff_bytes(pages)));
  CHECK(stack.shape() == Index5{1, 2, 2, 2, 3});
  CHECK(first_of(stack, 0, 1, 0) == 20);
  CHECK(first_of(stack, 0, 0, 1) == 30);
  CHECK(stack.geometry().pixel_size_um == std::array<double, 3>{0, 0, 0.5});
  TiffPlane one = small(10, text);
  one.tags[279] = 6;
  one.pixels += small(20).pixels + small(30).pixels + small(40).pixels;
  const ImageStack piece = read_picture(written(folder, test::tiff_bytes({one})));
  CHECK(first_of(piece, 0, 1, 0) == 20);
  CHECK(first_of(piece, 0, 0, 1) == 30);
  one.pixels.resize(20);
  CHECK(
      contains(error_of_reading(folder, test::tiff_bytes({one})), "promises 4 planes and the file holds 1"));
  CHECK(contains(error_of_reading(folder, test::tiff_bytes({small(1, "ImageJ=1.53t\nslices=-3\n")})),
                 "format/corrupt: ImageJ's description"));
}

TEST_CASE("tiff: tifffile's line of JSON names the axes", "[io]") {
  const test::TemporaryFolder folder;
  const ImageStack stack = read_picture(
      written(folder, test::tiff_bytes({small(10, R"({"axes": "ZYX", "shape": [2, 2, 3]})"), small(20)})));
  CHECK(stack.shape() == Index5{1, 1, 2, 2, 3});
  CHECK(first_of(stack, 0, 0, 1) == 20);
  CHECK(
      contains(error_of_reading(folder, test::tiff_bytes({small(10, R"({"shape": [2, 2, 3]})"), small(20)})),
               "unsupported/unsupported: axes QYX: Q of 2"));
  CHECK(contains(
      error_of_reading(folder,
                       test::tiff_bytes({small(10, R"({"axes": "FYX", "shape": [2, 2, 3]})"), small(20)})),
      "F of 2 (fields of view)"));
  TiffPlane cut = small(10, R"({"axes": "TYX", "shape": [2, 2, 3], "truncated": true})");
  cut.tags[279] = 6;
  cut.pixels += small(50).pixels;
  CHECK(first_of(read_picture(written(folder, test::tiff_bytes({cut}))), 1, 0, 0) == 50);
}

TEST_CASE("tiff: samples that the description calls channels are channels", "[io]") {
  const test::TemporaryFolder folder;
  TiffPlane mixed{
      3, 1, 8, "\x01\x0B\x02\x0C\x03\x0D", R"({"axes": "YXC", "shape": [1, 3, 2]})", {{277, 2}, {284, 1}}};
  const ImageStack stack = read_picture(written(folder, test::tiff_bytes({mixed})));
  CHECK(stack.shape() == Index5{1, 2, 1, 1, 3});
  CHECK(stack.plane<std::uint8_t>(0, 1, 0)(0, 2) == 13);
  mixed.description.clear();
  CHECK(contains(error_of_reading(folder, test::tiff_bytes({mixed})), "axes YXS: S of 2"));
}

TEST_CASE("tiff: what cannot be, or is not read, is refused by name", "[io]") {
  const test::TemporaryFolder folder;
  const auto refusal = [&](const test::TiffTags& tags) {
    return error_of_reading(folder, test::tiff_bytes({small(1, {}, tags)}));
  };
  CHECK(contains(refusal({{256, 0}}), "format/corrupt: a picture of 0 x 2"));
  CHECK(contains(refusal({{256, 0x7FFFFFFF}}), "format/limit: a picture of 2147483647 x 2"));
  CHECK(contains(refusal({{278, 0}}), "RowsPerStrip is 0"));
  CHECK(contains(refusal({{278, 1}}), "the picture has 1 of its 2 strips"));
  CHECK(contains(refusal({{259, 6}}), "unsupported/unsupported: compression 6"));
  CHECK(contains(refusal({{339, 2}}), "unsupported/unsupported: the pixels are int8"));
  CHECK(contains(refusal({{258, 64}}), "the pixels are uint64"));
  CHECK(contains(refusal({{33628, 1}}), "MetaMorph"));
  CHECK(contains(refusal({{273, 0x7FFFFFFF}}), "format/"));
  CHECK(contains(error_of_reading(folder, "II*"), "format/corrupt: not a TIFF file"));
  CHECK(contains(error_of_reading(folder, std::string("II*\0\xFF\xFF\0\0", 8)),
                 "format/truncated: the first directory"));
  CHECK(contains(error_of_reading(folder, test::tiff_bytes({small(1), small(2)})), "axes IYX: I of 2"));
}

TEST_CASE("tiff: XML of harm is refused before it grows", "[io]") {
  const test::TemporaryFolder folder;
  const auto refusal = [&](const std::string& text) {
    return error_of_reading(folder, test::tiff_bytes({small(1, text)}));
  };
  CHECK(contains(refusal("<!DOCTYPE a [<!ENTITY b \"c\">]><OME>&b;</OME>"), "document type declaration"));
  std::string deep = "<OME>";
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  CHECK(contains(refusal(deep), "format/"));
  std::string closed = deep;
  for (int i = 0; i < 100000; ++i) closed += "</a>";
  CHECK(contains(refusal(closed + "</OME>"), "format/limit: OME-XML: more than 64 levels"));
  CHECK(contains(refusal("<OME>" + std::string(9000000, '=') + "</OME>"), "format/limit: OME-XML"));
  CHECK(contains(
      refusal(ome("DimensionOrder=\"XYZCT\" SizeT=\"2147483647\" SizeC=\"2147483647\" SizeZ=\"1\"", "")),
      "is not in the file"));
  CHECK(contains(refusal(ome("DimensionOrder=\"XYZCT\" SizeT=\"2147483647\" SizeC=\"2147483647\" "
                             "SizeZ=\"2147483647\"",
                             "")),
                 "argument/limit"));
  CHECK(contains(refusal(ome("DimensionOrder=\"XYZCT\" SizeT=\"-1\" SizeC=\"1\" SizeZ=\"1\"", "")),
                 "SizeT is \"-1\""));
  CHECK(contains(refusal(ome("DimensionOrder=\"ZYXCT\" SizeT=\"1\" SizeC=\"1\" SizeZ=\"1\"", "")),
                 "DimensionOrder"));
  CHECK(contains(refusal("<OME><Image>"), "format/corrupt: OME-XML"));
}

TEST_CASE("tiff: files cut anywhere and files with a byte changed are read or refused soon", "[io]") {
  const test::TemporaryFolder folder;
  const std::string text = ome("DimensionOrder=\"XYZCT\" SizeT=\"2\" SizeC=\"1\" SizeZ=\"1\"", "<TiffData/>");
  const std::string whole = test::tiff_bytes({small(10, text), small(20)});
  std::mt19937 random(3);
  const auto began = std::chrono::steady_clock::now();
  for (std::size_t n = 0; n < 2 * whole.size(); ++n) {
    std::string bytes = whole;
    if (n < whole.size()) {
      bytes.resize(n);
    } else {
      bytes[n - whole.size()] = static_cast<char>(random());
    }
    const std::string error = error_of_reading(folder, bytes);
    CAPTURE(n, error);
    CHECK((error == "no error" || error.size() > 20));
    // A file that ends early has lost something.
    if (n + 6 < whole.size()) CHECK(error != "no error");
  }
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(60));
}

}  // namespace
}  // namespace musclemap
