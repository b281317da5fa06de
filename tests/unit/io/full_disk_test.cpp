#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <random>

#include "musclemap/error.hpp"
#include "musclemap/nifti.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap {
namespace {

enum Outcome { kWritten = 0, kRefused = 10, kWrongError = 11 };

// Writes in a process of its own whose files cannot grow beyond `most_bytes`, as on a disk that is full from
// there on.
int write_with_limit(const std::filesystem::path& file, const Volume& volume, rlim_t most_bytes) {
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{most_bytes, most_bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
    int outcome = kWritten;
    try {
      write_nifti(volume, file);
    } catch (const Error& error) {
      outcome = error.code() == ErrorCode::io && error.file() == file ? kRefused : kWrongError;
    }
    _exit(outcome);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_CASE("nifti: a full disk leaves nothing behind", "[io]") {
  const test::TemporaryFolder folder;
  Geometry geometry;
  geometry.shape = {64, 64, 32};
  Volume volume = Volume::zeros(geometry, DType::i16);
  std::mt19937 random(3);
  auto view = volume.mutable_view<std::int16_t>();
  for (std::int64_t n = 0; n < 64 * 64 * 32; ++n) view.data[n] = static_cast<std::int16_t>(random());
  for (const char* name : {"a.nii", "a.nii.gz"}) {
    for (const rlim_t most : {rlim_t{0}, rlim_t{352}, rlim_t{100000}, rlim_t{262000}}) {
      CHECK(write_with_limit(folder / name, volume, most) == kRefused);
      CHECK(std::filesystem::is_empty(folder.path()));
    }
  }
  CHECK(write_with_limit(folder / "a.nii", volume, 1 << 20) == kWritten);
  // So large that it is packed in rounds, and the disk is full in the middle.
  geometry.shape = {64, 64, 2048};
  volume = Volume::zeros(geometry, DType::i16);
  view = volume.mutable_view<std::int16_t>();
  for (std::int64_t n = 0; n < 64 * 64 * 2048; ++n) view.data[n] = static_cast<std::int16_t>(random());
  CHECK(write_with_limit(folder / "b.nii.gz", volume, 9 << 20) == kRefused);
  CHECK_FALSE(std::filesystem::exists(folder / "b.nii.gz"));
}

}  // namespace
}  // namespace musclemap
