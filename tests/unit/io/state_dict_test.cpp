#include "io/weights/state_dict.hpp"

#include <chrono>
#include <random>
#include <string>

#include "io/weights/pickle_reader.hpp"
#include "io/weights/torchscript/archive.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/pth_writer.hpp"

namespace musclemap::io {
namespace {

using test::contains;
using test::error_of;
using test::float_bytes;
using test::pickle_state_dict;
using test::pickle_text;
using test::PthTensor;
using test::write_pth;

net::StateDict read(const std::string& bytes) { return read_state_dict(ZipReader(bytes)); }

const std::map<std::string, std::string> kSixFloats = {{"0", float_bytes({1, 2, 3, 4, 5, 6})}};

PthTensor six(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& stride) {
  PthTensor tensor;
  tensor.name = "w";
  tensor.shape = shape;
  tensor.stride = stride;
  tensor.storage_elements = 6;
  return tensor;
}

std::string reading(const PthTensor& tensor,
                    const std::map<std::string, std::string>& storages = kSixFloats) {
  return error_of([&] { read(write_pth(pickle_state_dict({tensor}), storages)); });
}

std::string reading_pickle(const std::string& pickle) {
  return error_of([&] { read(write_pth(pickle, kSixFloats)); });
}

TEST_CASE("state dict: strides, offsets and shared storages give dense tensors", "[io]") {
  PthTensor turned = six({3, 2}, {1, 3});
  turned.name = "turned";
  turned.location = "cuda:0";
  PthTensor part = six({2}, {2});
  part.name = "part";
  part.offset = 1;
  PthTensor scalar = six({}, {});
  scalar.name = "scalar";
  scalar.offset = 5;
  PthTensor none = six({0, 4}, {4, 1});
  none.name = "none";
  const net::StateDict weights = read(write_pth(pickle_state_dict({turned, part, scalar, none}), kSixFloats));
  REQUIRE(weights.size() == 4);
  CHECK(weights[0].name == "turned");
  CHECK(weights[0].tensor.shape == std::vector<std::int64_t>{3, 2});
  CHECK(weights[0].tensor.values == std::vector<float>{1, 4, 2, 5, 3, 6});
  CHECK(weights[1].tensor.values == std::vector<float>{2, 4});
  CHECK(weights[2].tensor.values == std::vector<float>{6});
  CHECK(weights[3].tensor.values.empty());
}

TEST_CASE("state dict: half and bfloat16 become float32 exactly", "[io]") {
  std::string bytes;
  for (const unsigned bits : {0x3c00u, 0xc000u, 0x0001u, 0x7bffu, 0x8000u, 0x3555u}) test::put16(bytes, bits);
  PthTensor tensor = six({6}, {1});
  tensor.type = "HalfStorage";
  CHECK(read(write_pth(pickle_state_dict({tensor}), {{"0", bytes}}))[0].tensor.values ==
        std::vector<float>{1.0f, -2.0f, 5.9604644775390625e-8f, 65504.0f, -0.0f, 0.333251953125f});
  bytes.clear();
  for (const unsigned bits : {0x3f80u, 0xc000u, 0x0001u, 0x7f7fu, 0x8000u, 0x3eabu}) test::put16(bytes, bits);
  tensor.type = "BFloat16Storage";
  CHECK(read(write_pth(pickle_state_dict({tensor}), {{"0", bytes}}))[0].tensor.values ==
        std::vector<float>{1.0f, -2.0f, 9.183549615799121e-41f, 3.3895313892515355e38f, -0.0f, 0.333984375f});
}

TEST_CASE("state dict: tensors that reach outside of their storage are refused", "[io]") {
  CHECK(contains(reading(six({7}, {1})), "reaches past"));
  CHECK(contains(reading(six({2, 3}, {4, 1})), "reaches past"));
  PthTensor tensor = six({6}, {1});
  tensor.offset = 1;
  CHECK(contains(reading(tensor), "reaches past"));
  tensor.offset = -1;
  CHECK(contains(reading(tensor), "impossible shape"));
  tensor.offset = INT64_MAX;
  CHECK(contains(reading(tensor), "reaches past"));
  CHECK(contains(reading(six({6}, {-1})), "impossible shape"));
  CHECK(contains(reading(six({6, 1}, {1})), "impossible shape"));
  CHECK(contains(reading(six({2, 2}, {INT64_MAX, INT64_MAX})), "reaches past"));
  CHECK(contains(reading(six({INT64_MAX, INT64_MAX}, {0, 0})), "format/limit"));
  tensor = six({6}, {1});
  tensor.storage_elements = 7;
  CHECK(contains(reading(tensor), "elements need more"));
  tensor.key = "1";
  CHECK(contains(reading(tensor), "no storage '1'"));
  tensor.key = "../data.pkl";
  CHECK(contains(reading(tensor), "no storage"));
}

TEST_CASE("state dict: repeating a few elements a billion times is refused", "[io]") {
  CHECK(contains(reading(six({1 << 15, 1 << 15}, {0, 0})), "more elements than the file justifies"));
  CHECK(reading(six({100, 100}, {0, 0})) == "no error");
}

TEST_CASE("state dict: types other than floats and values that are not finite are refused by name", "[io]") {
  PthTensor tensor = six({3}, {1});
  tensor.type = "LongStorage";
  tensor.storage_elements = 3;
  CHECK(contains(reading(tensor), "'w' is stored as torch.LongStorage"));
  CHECK(contains(reading(six({2}, {1}), {{"0", float_bytes({1, NAN, 0, 0, 0, 0})}}), "nonfinite"));
}

TEST_CASE("state dict: big-endian weights are refused", "[io]") {
  CHECK(contains(error_of([&] { read(write_pth(pickle_state_dict({six({6}, {1})}), kSixFloats, "big")); }),
                 "'big'"));
}

TEST_CASE("pickle: what could run code is refused by its name", "[io]") {
  const std::string start("\x80\x02", 2);
  CHECK(contains(reading_pickle(start + "cos\nsystem\n(" + pickle_text("id") + "tR."),
                 "refers to os.system, which is not part of a weights file"));
  CHECK(contains(reading_pickle(start + "c__builtin__\neval\n."), "__builtin__.eval"));
  CHECK(contains(reading_pickle(start + "ctorch.storage\n_load_from_bytes\n."),
                 "torch.storage._load_from_bytes"));
  CHECK(contains(reading_pickle(start + "(ios\nsystem\n."), "pickle operation 105"));
  CHECK(contains(reading_pickle(start + "\x82\x01."), "pickle operation 130"));
  CHECK(contains(reading_pickle(start + "Pid\n."), "pickle operation 80"));
  CHECK(contains(reading_pickle("\x80\x04N."), "protocol 4"));
}

TEST_CASE("pickle: malformed streams are errors", "[io]") {
  const std::string start("\x80\x02", 2);
  for (const std::string body :
       {".",          "N",         "NN.",   "(N.",         "R.",     "t.",
        "s.",         "}s.",       "}Ns.",  "h\x05.",      "q\x01.", "(q\x01.",
        "}(Nu.",      "Na.",       "}}b",   "Q.",          ")Q.",    "X\xff\xff\xff\xffhello.",
        "N.trailing", "\x8a\x09.", "J\x01", "cno newline", "))R.",   "}b."}) {
    CAPTURE(body);
    CHECK_FALSE(reading_pickle(start + body) == "no error");
  }
  CHECK(contains(reading_pickle(start + std::string(100, '(') + "."), "nested more than 64"));
  CHECK(contains(reading_pickle(start + std::string((1 << 20) + 1, 'N') + "."),
                 "more than 1048576 operations"));
}

TEST_CASE("pickle: a dictionary inside itself does no harm", "[io]") {
  const std::string start("\x80\x02", 2);
  CHECK(contains(reading_pickle(start + "}q" + std::string(1, '\0') + pickle_text("w") + "h" +
                                std::string(1, '\0') + "s."),
                 "training checkpoint"));
}

TEST_CASE("state dict: other contents are told apart", "[io]") {
  const std::string start("\x80\x02", 2);
  CHECK(contains(reading_pickle(start + "}" + pickle_text("state_dict") + "}s."), "under 'state_dict'"));
  CHECK(contains(reading_pickle(start + "}" + pickle_text("epoch") + "K\x03s."),
                 "'epoch' is a int, not a tensor"));
  CHECK(contains(reading_pickle(start + "}."), "holds no tensors"));
  CHECK(contains(reading_pickle(start + "]."), "holds a list"));
  CHECK(contains(error_of([] { refuse_other_weights_formats(""); }), "is empty"));
  CHECK(contains(error_of([] { refuse_other_weights_formats("version https://git-lfs.github.com/spec/v1"); }),
                 "LFS"));
  CHECK(contains(error_of([] { refuse_other_weights_formats("GIF89a"); }), "not a weights file"));
}

/// Whatever the bytes are: an Error or tensors, soon, and without much memory.
void survive(const std::string& bytes) {
  try {
    refuse_other_weights_formats(bytes);
    const ZipReader zip(bytes);
    if (is_torchscript(zip)) {
      inspect_torchscript(zip);
    } else {
      read_state_dict(zip);
    }
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
  }
}

TEST_CASE("state dict: every cut of a weights file is an error", "[io]") {
  const std::string bytes = write_pth(pickle_state_dict({six({6}, {1})}), kSixFloats);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(error_of([&] {
                  refuse_other_weights_formats(bytes.substr(0, size));
                  read(bytes.substr(0, size));
                }) == "no error");
  }
}

TEST_CASE("state dict: flipped and random bytes never do harm", "[io]") {
  std::mt19937 random(20240607);
  const std::string pickle = pickle_state_dict({six({3, 2}, {1, 3}), six({6}, {1})});
  const std::string archive = write_pth(pickle, kSixFloats);
  const auto began = std::chrono::steady_clock::now();
  const auto any_byte = [&] { return static_cast<char>(random() & 255); };
  for (std::size_t i = 0; i < archive.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = archive;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      survive(changed);
    }
  }
  // Behind a right checksum the pickle itself is at risk.
  for (int round = 0; round < 40000; ++round) {
    std::string changed = pickle;
    for (auto n = 1 + random() % 3; n > 0; --n) {
      const std::size_t at = random() % changed.size();
      switch (random() % 3) {
        case 0:
          changed[at] = any_byte();
          break;
        case 1:
          changed.erase(at, 1 + random() % 4);
          break;
        default:
          changed.insert(at, 1, any_byte());
          break;
      }
      if (changed.empty()) break;
    }
    survive(write_pth(changed, kSixFloats));
  }
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(120));
}

}  // namespace
}  // namespace musclemap::io
