#include "io/files/byte_source.hpp"

#include <array>
#include <string>
#include <utility>

#include "io/files/gzip_source.hpp"
#include "io/files/input_file.hpp"
#include "io/files/io_error.hpp"

namespace musclemap::io {
namespace {

class PlainSource : public ByteSource {
 public:
  explicit PlainSource(InputFile file) : file_(std::move(file)) {}

  std::size_t read(void* to, std::size_t count) override {
    const std::size_t done = file_.read(position_, to, count);
    position_ += done;
    return done;
  }
  void seek(std::uint64_t offset) override { position_ = offset; }
  void finish(std::uint64_t) override {}
  std::uint64_t longest() const override { return file_.size(); }
  bool compressed() const override { return false; }
  const std::filesystem::path& path() const override { return file_.path(); }

 private:
  InputFile file_;
  std::uint64_t position_ = 0;
};

}  // namespace

ByteSource::~ByteSource() = default;

void ByteSource::read_all(void* to, std::size_t count, const char* what) {
  const std::size_t done = read(to, count);
  if (done == count) return;
  throw_format(Reason::truncated,
               std::string("the file ends inside the ") + what + ": " + std::to_string(count - done) +
                   " bytes of it are missing",
               path());
}

std::unique_ptr<ByteSource> open_source(const std::filesystem::path& file) {
  InputFile input(file);
  std::array<unsigned char, 2> start{};
  if (input.read(0, start.data(), start.size()) == 2 && start[0] == 0x1f && start[1] == 0x8b) {
    return std::make_unique<GzipSource>(std::move(input));
  }
  return std::make_unique<PlainSource>(std::move(input));
}

}  // namespace musclemap::io
