#include "io/weights/cellpose/model_file.hpp"

#include <string>

#include "io/files/file_bytes.hpp"
#include "io/weights/cellpose/size_model.hpp"
#include "io/weights/legacy_state_dict.hpp"
#include "io/weights/state_dict.hpp"
#include "io/weights/zip_reader.hpp"
#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/pth_writer.hpp"

namespace musclemap::io {
namespace {

std::string golden_bytes(const std::string& name) {
  return read_file_bytes(std::filesystem::path(MUSCLEMAP_SOURCE_DIR) / "tests/golden" / name,
                         std::uint64_t{1} << 24);
}

std::string model_bytes(float diam_mean) {
  const std::string pickle = test::pickle_state_dict({{"diam_mean", {1}, {1}, "0", 0, 3},
                                                      {"a.0.running_var", {2}, {1}, "0", 1, 3},
                                                      {"diam_labels", {1}, {1}, "0", 1, 3}});
  return test::write_pth(pickle, {{"0", test::float_bytes({diam_mean, 21.5F, 2})}});
}

TEST_CASE("cellpose model: diameters are told apart from weights, and counters are filled in", "[io]") {
  const CellposeModelFile file = read_cellpose_model(model_bytes(17));
  CHECK(file.diam_mean == 17.0);
  CHECK(file.diam_labels == 21.5);
  REQUIRE(file.weights.size() == 2);
  CHECK(file.weights[0].name == "a.0.running_var");
  CHECK(file.weights[1].name == "a.0.num_batches_tracked");
}

TEST_CASE("cellpose model: a diameter is a positive number", "[io]") {
  CHECK(test::contains(test::error_of([] { read_cellpose_model(model_bytes(0)); }), "'diam_mean' is 0"));
}

TEST_CASE("legacy weights: tensors are those of the new format", "[io]") {
  const std::string old_bytes = golden_bytes("pth/legacy.pth");
  const std::string new_bytes = golden_bytes("pth/float.pth");
  REQUIRE(is_legacy_weights(old_bytes));
  const net::StateDict found = read_legacy_state_dict(old_bytes);
  const ZipReader zip(new_bytes);
  const net::StateDict expected = read_state_dict(zip);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(found[i].name == expected[i].name);
    CHECK(found[i].tensor.shape == expected[i].tensor.shape);
    CHECK(found[i].tensor.values == expected[i].tensor.values);
  }
}

TEST_CASE("legacy weights: a file that is cut is refused, one with a changed byte refused or read", "[io]") {
  const std::string whole = golden_bytes("pth/legacy.pth");
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    CAPTURE(size);
    CHECK_THROWS_AS(read_legacy_state_dict(std::string_view(whole).substr(0, size)), Error);
  }
  for (std::size_t at = 15; at < whole.size(); at += 3) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x41);
    try {
      read_legacy_state_dict(changed);
    } catch (const Error& error) {
      CHECK(!std::string(error.what()).empty());
    }
  }
  CHECK_THROWS_AS(read_legacy_state_dict(whole + "x"), Error);
}

TEST_CASE("size model: dictionaries of both NumPys are read", "[io]") {
  for (const char* name : {"cells/size_new.npy", "cells/size_old.npy"}) {
    CAPTURE(name);
    const CellSizeModel model = read_size_model(golden_bytes(name));
    CHECK(model.a == std::vector<double>{-1.5, -0.5, 0.5, 1.5});
    CHECK(model.mean_style == std::vector<double>{0, 0.5, 1, 1.5});
    CHECK(model.diam_mean == 30);
    CHECK(model.mean_log == -0.25);
  }
}

TEST_CASE("size model: nothing else is read, and damage is refused", "[io]") {
  const std::string whole = golden_bytes("cells/size_old.npy");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK_THROWS_AS(read_size_model(std::string_view(whole).substr(0, size)), Error);
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const int mask : {0x01, 0x41, 0xff}) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ mask);
      try {
        read_size_model(changed);
      } catch (const Error& error) {
        CHECK(!std::string(error.what()).empty());
      }
    }
  }
  std::string calls = whole.substr(0, 128) + "\x80\x02" + "cos\nsystem\nX";
  calls += std::string("\x02\x00\x00\x00ls\x85R.", 9);
  CHECK(test::contains(test::error_of([&] { read_size_model(calls); }), "os.system"));
}

}  // namespace
}  // namespace musclemap::io
