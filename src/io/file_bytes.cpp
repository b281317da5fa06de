#include "io/file_bytes.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }

 private:
  int value_;
};

std::string reason_of(int error) { return std::generic_category().message(error); }

}  // namespace

std::string read_file_bytes(const std::filesystem::path& file, std::uint64_t limit_bytes) {
  // Without O_NONBLOCK opening a named pipe would wait for a writer.
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (descriptor.get() < 0) throw Error(ErrorCode::io, Reason::io, "cannot open: " + reason_of(errno), file);
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0) {
    throw Error(ErrorCode::io, Reason::io, "cannot inspect: " + reason_of(errno), file);
  }
  if (!S_ISREG(status.st_mode)) throw Error(ErrorCode::io, Reason::io, "is not a regular file", file);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > limit_bytes) {
    throw Error(
        ErrorCode::memory, Reason::limit,
        "has " + std::to_string(size) + " bytes; at most " + std::to_string(limit_bytes) + " are read", file);
  }
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::read(descriptor.get(), bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(ErrorCode::io, Reason::io, "cannot read: " + reason_of(errno), file);
    if (got == 0) throw Error(ErrorCode::io, Reason::truncated, "became shorter while it was read", file);
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace musclemap::io
