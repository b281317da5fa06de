#include "io/files/input_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include "io/files/io_error.hpp"

namespace musclemap::io {
namespace {

// A file whose content git-annex (DataLad) has not fetched is a link to nowhere.
[[noreturn]] void throw_not_opened(int error_number, const std::filesystem::path& path) {
  std::error_code ignored;
  const std::string target = std::filesystem::read_symlink(path, ignored).native();
  if (error_number == ENOENT && target.find("annex/objects/") != std::string::npos) {
    throw Error(
        ErrorCode::io, Reason::io,
        "cannot open: git-annex has not fetched its content; git annex get FILE, or datalad get FILE, does",
        path);
  }
  throw_io("open", error_number, path);
}

const char* kind_name(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

}  // namespace

InputFile::InputFile(std::filesystem::path path) : path_(std::move(path)) {
  // A name with a NUL byte would open another file than the one named.
  if (path_.native().find('\0') != std::string::npos) throw_io("open", EINVAL, path_);
  do {
    // O_NONBLOCK: opening a pipe without a writer must not wait.
    descriptor_ = ::open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  } while (descriptor_ < 0 && errno == EINTR);
  if (descriptor_ < 0) throw_not_opened(errno, path_);
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor_);
    throw Error(ErrorCode::io, Reason::io, std::string(kind_name(status.st_mode)) + " is not a regular file",
                path_);
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

InputFile::~InputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

InputFile::InputFile(InputFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

std::size_t InputFile::read(std::uint64_t offset, void* to, std::size_t count) const {
  constexpr std::size_t kOneCall = std::size_t{1} << 30;
  auto* out = static_cast<char*>(to);
  std::size_t done = 0;
  while (done < count) {
    const ssize_t n =
        ::pread(descriptor_, out + done, std::min(count - done, kOneCall), static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw_io("read", errno, path_);
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

void check_is_there(const std::filesystem::path& file) {
  struct stat found {};
  if (stat(file.c_str(), &found) != 0) throw_io("open", errno, file);
}

}  // namespace musclemap::io
