// A folder of its own for a test, removed with everything in it.
#ifndef MUSCLEMAP_TESTS_SUPPORT_TEMPORARY_FOLDER_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_TEMPORARY_FOLDER_HPP_

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace musclemap::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "musclemap-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_TEMPORARY_FOLDER_HPP_
