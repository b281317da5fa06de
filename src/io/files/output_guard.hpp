// An output never replaces an input, nor another output of the same call.
#ifndef MUSCLEMAP_IO_FILES_OUTPUT_GUARD_HPP_
#define MUSCLEMAP_IO_FILES_OUTPUT_GUARD_HPP_

#include <filesystem>
#include <string>
#include <unordered_map>

namespace musclemap::io {

/// Gets to know every file that a call reads, then every file that it will write. Files are compared by what
/// they are, so that links and other spellings do not matter. An empty path is no file. `what` names a file's
/// part in messages, such as "label map".
class OutputGuard {
 public:
  void reads(const std::filesystem::path& file, const std::string& what);
  /// A NIfTI file, the other file of a pair, and the JSON beside it where there is one.
  void reads_image(const std::filesystem::path& file, const std::string& what);
  /// A table of names, or a model with all its files: weights and description, or what a folder's manifest
  /// lists. Whether they can be read does not matter here.
  void reads_model(const std::filesystem::path& path, const std::string& what);

  /// Error `argument` if that would replace a file that is read, or one that is written.
  void writes(const std::filesystem::path& file, const std::string& what);

 private:
  struct Use {
    std::filesystem::path file;
    std::string what;
  };
  std::unordered_map<std::string, Use> inputs_;   // by file
  std::unordered_map<std::string, Use> outputs_;  // by folder and name
};

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_OUTPUT_GUARD_HPP_
