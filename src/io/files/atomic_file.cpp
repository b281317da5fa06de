#include "io/files/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

#include "io/files/io_error.hpp"

namespace musclemap::io {
namespace {

std::filesystem::path folder_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

void check_target(const std::filesystem::path& target) {
  if (target.native().find('\0') != std::string::npos) throw_io("create", EINVAL, target);
  struct stat status {};
  if (::lstat(target.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode)) {
    throw_io("replace", S_ISDIR(status.st_mode) ? EISDIR : EINVAL, target);
  }
}

// Short, so that a target with the longest name a folder can hold still has a temporary file beside it.
std::string temporary_name() {
  static std::atomic<std::uint64_t> counter{0};
  const auto ticks = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  return ".musclemap-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + "-" +
         std::to_string(ticks) + ".part";
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path target) : target_(std::move(target)) {
  check_target(target_);
  constexpr int kTries = 100;
  for (int attempt = 0; descriptor_ < 0; ++attempt) {
    temporary_ = folder_of(target_) / temporary_name();
    // The process's file mode mask applies, as to any new file.
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (descriptor_ >= 0 || errno == EINTR) continue;
    if (errno != EEXIST || attempt >= kTries) throw_io("create a file beside", errno, target_);
  }
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(const void* bytes, std::size_t count) {
  constexpr std::size_t kOneCall = std::size_t{1} << 30;
  const auto* from = static_cast<const char*>(bytes);
  while (count > 0) {
    const ssize_t n = ::write(descriptor_, from, std::min(count, kOneCall));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) throw_io("write", n < 0 ? errno : ENOSPC, target_);
    from += n;
    count -= static_cast<std::size_t>(n);
    start_writeback(n);
  }
}

// Has the system bring to the disk what has come, so that commit() waits for the rest alone.
void AtomicFile::start_writeback(std::int64_t written) {
  constexpr std::int64_t kAtOnce = std::int64_t{8} << 20;
  waiting_ += written;
  if (waiting_ < kAtOnce) return;
#ifdef SYNC_FILE_RANGE_WRITE
  // A wish: commit() reports what goes wrong.
  static_cast<void>(::sync_file_range(descriptor_, started_, waiting_, SYNC_FILE_RANGE_WRITE));
#endif
  started_ += waiting_;
  waiting_ = 0;
}

void AtomicFile::commit() {
  if (::fsync(descriptor_) != 0) throw_io("bring to the disk", errno, target_);
  const int descriptor = std::exchange(descriptor_, -1);
  if (::close(descriptor) != 0) throw_io("close", errno, target_);
  if (std::rename(temporary_.c_str(), target_.c_str()) != 0) throw_io("give its name to", errno, target_);
  temporary_.clear();
  // The name is durable once the folder is on the disk too. Some file systems cannot sync a folder; the file
  // is whole all the same.
  const int folder = ::open(folder_of(target_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  ::fsync(folder);
  ::close(folder);
}

}  // namespace musclemap::io
