#include "base/text.hpp"

#include <cmath>

#include "base/sha256.hpp"
#include "support/catch.hpp"

namespace musclemap::base {
namespace {

TEST_CASE("text: numbers are the shortest that read back", "[base]") {
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(-1024) == "-1024");
  CHECK(number_text(std::nan("")) == "nan");
  CHECK(number_text(-HUGE_VAL) == "-inf");
}

TEST_CASE("text: control characters stay on one line", "[base]") {
  CHECK(printable("a\nb\\c") == "a\\x0ab\\x5cc");
  CHECK(printable("na\xc3\xafve") == "na\xc3\xafve");
}

TEST_CASE("sha256: pieces give the digest of the whole", "[base]") {
  Sha256 hash;
  CHECK(hash.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  hash.update("a", 1);
  hash.update("bc", 2);
  CHECK(hash.hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hash.hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace musclemap::base
