#include "io/arrays/npy_file.hpp"

#include <cstring>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "io/arrays/npy_header.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap::io {
namespace {

using test::contains;
using test::error_of;
using Shape = std::vector<std::int64_t>;

// A file of the given version with this dictionary and these bytes of values.
std::string npy(const std::string& dictionary, const std::string& values, int version = 1) {
  std::string bytes("\x93NUMPY");
  bytes += static_cast<char>(version);
  bytes += '\0';
  for (int byte = 0; byte < (version == 1 ? 2 : 4); ++byte)
    bytes += static_cast<char>(dictionary.size() >> (8 * byte) & 0xff);
  return bytes + dictionary + values;
}

std::string dictionary(const std::string& type, const std::string& order, const std::string& shape) {
  return "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }    \n";
}

std::string parsing(const std::string& bytes) {
  return error_of([&] { parse_npy(bytes); });
}

TEST_CASE("npy: versions 1 to 3, both orders of axes and bytes", "[io]") {
  const std::string values("\x01\x00\x02\x00\x03\x00\x04\x00\x05\x00\x06\x00", 12);
  for (const int version : {1, 2, 3}) {
    const Array c = parse_npy(npy(dictionary("<u2", "False", "(2, 3)"), values, version));
    CHECK(c.shape == Shape{2, 3});
    CHECK(values_as<std::int64_t>(c.view()) == Shape{1, 2, 3, 4, 5, 6});
    const Array fortran = parse_npy(npy(dictionary("<u2", "True", "(2, 3)"), values, version));
    CHECK(values_as<std::int64_t>(fortran.view()) == Shape{1, 3, 5, 2, 4, 6});
    const Array big = parse_npy(npy(dictionary(">i2", "False", "(6,)"), values, version));
    CHECK(values_as<std::int64_t>(big.view()) == Shape{256, 512, 768, 1024, 1280, 1536});
  }
  const Array both = parse_npy(npy(dictionary(">u2", "True", "(1, 2, 3)"), values));
  CHECK(values_as<std::int64_t>(both.view()) == Shape{256, 768, 1280, 512, 1024, 1536});
}

TEST_CASE("npy: dictionaries as other writers space and order them", "[io]") {
  const std::string one("\x07", 1);
  for (const char* text : {"{'shape':(),'descr':'|u1','fortran_order':False}",
                           "{\"descr\": \"|u1\", \"fortran_order\": True, \"shape\": (1L,)}",
                           "{ 'descr' : 'u1' ,\n'fortran_order' : False , 'shape' : ( 1 , 1 ) }\n",
                           "{'descr':'<u1','fortran_order':False,'shape':(1,),}"}) {
    CAPTURE(text);
    CHECK(values_as<std::int64_t>(parse_npy(npy(text, one)).view()) == Shape{7});
  }
}

TEST_CASE("npy: every type is written and read back", "[io]") {
  const test::TemporaryFolder folder;
  std::string values(8 * 6, '\0');
  for (std::size_t n = 0; n < values.size(); ++n) values[n] = static_cast<char>(n);
  for (const ArrayType type :
       {ArrayType::u1, ArrayType::i1, ArrayType::u2, ArrayType::i2, ArrayType::u4, ArrayType::i4,
        ArrayType::u8, ArrayType::i8, ArrayType::f2, ArrayType::f4, ArrayType::f8}) {
    CAPTURE(array_type_name(type));
    write_npy(folder / "a.npy", {type, {3, 2}, values.data()});
    const Array back = read_npy(folder / "a.npy");
    CHECK(back.type == type);
    CHECK(back.shape == Shape{3, 2});
    CHECK(back.bytes == values.substr(0, 6 * item_size(type)));
  }
  CHECK(values_as<std::int64_t>(
            parse_npy(npy(dictionary("|b1", "False", "(3,)"), std::string("\0\1\2", 3))).view()) ==
        Shape{0, 1, 1});
}

TEST_CASE("npy: values become another type where they fit it", "[io]") {
  const std::vector<double> reals = {0, 255, 17};
  CHECK(values_as<std::uint8_t>(array_view({3}, reals.data())) == std::vector<std::uint8_t>{0, 255, 17});
  for (const double wrong : {0.5, -1.0, 256.0, 1e300, std::numeric_limits<double>::quiet_NaN()}) {
    CAPTURE(wrong);
    CHECK(contains(error_of([&] { values_as<std::uint8_t>(array_view({}, &wrong)); }),
                   "whole numbers from 0 to 255 are allowed"));
  }
  const std::int64_t large = std::int64_t{1} << 40;
  CHECK(contains(error_of([&] { values_as<std::uint32_t>(array_view({}, &large)); }),
                 "value 0 is 1099511627776"));
  const double most = 9223372036854775808.0;
  CHECK(contains(error_of([&] { values_as<std::int64_t>(array_view({}, &most)); }), "whole numbers"));
  const std::uint16_t half = 0x3e00;
  CHECK(values_as<float>({ArrayType::f2, {}, &half}) == std::vector<float>{1.5F});
}

TEST_CASE("npy: what is no array of numbers is refused by name", "[io]") {
  CHECK(contains(parsing(npy(dictionary("|O", "False", "(1,)"), "")), "Python objects"));
  CHECK(contains(parsing(npy(dictionary("<U3", "False", "(1,)"), "")), "unsupported/unsupported"));
  CHECK(contains(parsing(npy(dictionary("<c8", "False", "(1,)"), "")), "'<c8'"));
  CHECK(contains(parsing(npy(dictionary("<M8[ns]", "False", "(1,)"), "")), "'<M8[ns]'"));
  CHECK(contains(parsing(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "")),
                 "records"));
  CHECK(contains(parsing("PK\x03\x04 an archive"), "no .npy file"));
  CHECK(contains(parsing(npy(dictionary("<f4", "False", "()"), "abcd", 4)), "version 4.0"));
}

TEST_CASE("npy: damaged headers are refused", "[io]") {
  for (const char* text :
       {"", "{", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1 1)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} and more",
        "{'descr': '<f\\x34', 'fortran_order': False, 'shape': (1,)}", "__import__('os').system('true')"}) {
    CAPTURE(text);
    CHECK(contains(parsing(npy(text, "abcd")), "format/bad_header"));
  }
  CHECK(contains(parsing(npy(dictionary("<f4", "False", "(99999999999999999999,)"), "")), "format/limit"));
  CHECK(contains(parsing(npy(dictionary("<f4", "False", "(4294967296, 4294967296)"), "")), "format/limit"));
  CHECK(
      contains(parsing(npy(dictionary("<f4", "False", "(0, 4294967296, 4294967296)"), "")), "format/limit"));
  std::string axes = "(";
  for (int axis = 0; axis < 65; ++axis) axes += "1,";
  CHECK(contains(parsing(npy(dictionary("<f4", "False", axes + ")"), "abcd")), "64 axes"));
  CHECK(contains(parsing(npy(std::string(kMostNpyHeader, ' '), "", 2)), "format/limit"));
}

TEST_CASE("npy: values must be all there, and no others", "[io]") {
  const std::string whole = npy(dictionary("<f4", "False", "(2,)"), "abcdefgh");
  CHECK(parsing(whole) == "no error");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(contains(parsing(whole.substr(0, size)), "format/"));
  }
  CHECK(contains(parsing(whole + "x"), "format/corrupt: has 9 bytes of values; (2) of float32 are 8"));
  // The header asks for more memory than there is; the file says that it is not so.
  CHECK(contains(parsing(npy(dictionary("<f8", "False", "(1000000, 1000000)"), "abcd")), "format/truncated"));
}

TEST_CASE("npy: errors name the file, and a limit holds", "[io]") {
  const test::TemporaryFolder folder;
  const std::vector<float> values = {1, 2, 3};
  write_npy(folder / "a.npy", array_view({3}, values.data()));
  CHECK(contains(error_of([&] { read_npy(folder / "a.npy", 100); }), "memory/limit"));
  CHECK(contains(error_of([&] { read_npy(folder / "b.npy"); }), "io/io"));
  std::ofstream(folder / "c.npy") << "text";
  try {
    read_npy(folder / "c.npy");
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.file() == folder / "c.npy");
  }
}

}  // namespace
}  // namespace musclemap::io
