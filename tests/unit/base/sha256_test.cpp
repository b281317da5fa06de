#include "base/sha256.hpp"

#include "base/text.hpp"
#include "support/catch.hpp"

namespace musclemap::base {
namespace {

TEST_CASE("sha256: the standard's vectors, at once and in pieces", "[base]") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 digest;
  digest.update("a", 1);
  digest.update("", 0);
  digest.update("bc", 2);
  CHECK(digest.hex() == sha256_hex("abc"));
}

TEST_CASE("text: what goes into a message is one printable line", "[base]") {
  CHECK(printable("a\nb\x01\xff\x7f") == "a\\x0ab\\x01\xff\\x7f");
  CHECK(printable("abcdef", 3) == "abc...");
  CHECK(ascii_lower("AbZ-\xc3\x84") == "abz-\xc3\x84");
  CHECK(is_sha256_hex(sha256_hex("x")));
  CHECK_FALSE(is_sha256_hex("x"));
}

}  // namespace
}  // namespace musclemap::base
