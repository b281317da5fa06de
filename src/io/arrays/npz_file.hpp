// Arrays by name in an archive, as numpy.savez() and numpy.savez_compressed() write them.
#ifndef MUSCLEMAP_IO_ARRAYS_NPZ_FILE_HPP_
#define MUSCLEMAP_IO_ARRAYS_NPZ_FILE_HPP_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "io/arrays/array.hpp"
#include "io/arrays/npy_file.hpp"
#include "io/files/zip_file.hpp"
#include "io/weights/zip_reader.hpp"

namespace musclemap::io {

/// Holds the packed bytes; arrays are unpacked when they are asked for. Immutable.
class NpzReader {
 public:
  /// Errors name the file: `io`, `memory` reason `limit`, and those of ZipReader.
  explicit NpzReader(const std::filesystem::path& file, std::uint64_t limit_bytes = kMostArrayBytes);
  NpzReader(const NpzReader&) = delete;
  NpzReader& operator=(const NpzReader&) = delete;

  /// Names without ".npy", in the archive's order.
  std::vector<std::string> names() const;
  bool has(const std::string& name) const;
  /// Errors name file and array: `format` for a name that the archive does not have, with those that it has;
  /// as read_npy().
  Array read(const std::string& name) const;

 private:
  std::filesystem::path file_;
  std::uint64_t limit_;
  std::string bytes_;
  ZipReader zip_;
};

/// Deflated, without times, so that equal arrays give equal files. One thread at a time.
class NpzWriter {
 public:
  /// @param file gets its name with commit()
  explicit NpzWriter(const std::filesystem::path& file) : file_(file) {}

  /// @param name ASCII, each once
  /// Error `io`.
  void add(const std::string& name, const ArrayView& array);
  /// No more arrays come; what can go wrong with the bytes has gone wrong after it. Error `io`.
  void finish() { file_.finish(); }
  /// Gives the file its name; finish() comes before. Error `io`.
  void commit() { file_.commit(); }

 private:
  ZipFile file_;
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_ARRAYS_NPZ_FILE_HPP_
