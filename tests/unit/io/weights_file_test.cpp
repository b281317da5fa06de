#include "io/weights/weights_file.hpp"

#include <cstdint>
#include <fstream>
#include <string>

#include "base/sha256.hpp"
#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap::io {
namespace {

std::string some_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::uint32_t state = 1;
  for (char& byte : bytes) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<char>(state >> 24U);
  }
  return bytes;
}

void write(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

TEST_CASE("A weights file's hash is that of its bytes, whatever the size and the threads", "[io]") {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder / "weights";
  const std::size_t piece = std::size_t{8} << 20U;
  for (const std::size_t count : {std::size_t{0}, std::size_t{5}, std::size_t{1000}, piece, 2 * piece + 3}) {
    const std::string bytes = some_bytes(count);
    write(path, bytes);
    for (const int threads : {1, 2}) {
      INFO(count << " bytes, " << threads << " threads");
      RunControl control;
      control.threads = threads;
      WeightsFile weights(path, control);
      CHECK(weights.bytes() == bytes);
      CHECK(weights.sha256() == base::sha256_hex(bytes));
      CHECK(weights.sha256() == base::sha256_hex(bytes));
      CHECK(weights.take_bytes() == bytes);
    }
  }
}

TEST_CASE("A weights file may be let go before it is hashed or read", "[io]") {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder / "weights";
  write(path, some_bytes(std::size_t{20} << 20U));
  RunControl control;
  control.threads = 2;
  CHECK(WeightsFile(path, control).bytes().size() == std::size_t{20} << 20U);
  control.on_progress = [&](const Progress&) { control.cancel.cancel(); };
  CHECK_THROWS_AS(WeightsFile(path, control), Error);
}

}  // namespace
}  // namespace musclemap::io
