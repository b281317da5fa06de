// A regular file, opened once and read from any place.
#ifndef MUSCLEMAP_IO_FILES_INPUT_FILE_HPP_
#define MUSCLEMAP_IO_FILES_INPUT_FILE_HPP_

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace musclemap::io {

/// Move-only. One thread at a time.
class InputFile {
 public:
  /// Error `io` if it cannot be opened or is a folder, pipe, socket or device; opening never waits.
  explicit InputFile(std::filesystem::path path);
  ~InputFile();
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&&) = delete;

  /// Up to `count` bytes from `offset`; fewer only at the end of the file. Error `io`.
  std::size_t read(std::uint64_t offset, void* to, std::size_t count) const;

  const std::filesystem::path& path() const noexcept { return path_; }
  /// Bytes at the time of opening.
  std::uint64_t size() const noexcept { return size_; }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

/// Error `io` if there is nothing of that name, in the words of opening it.
void check_is_there(const std::filesystem::path& file);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_INPUT_FILE_HPP_
