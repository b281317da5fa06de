#include "io/files/output_folder.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

namespace fs = std::filesystem;

// Of images, pictures, archives and models. Folders of results may be named after a table.
constexpr std::array<const char*, 18> kEndingsOfFiles{".nii",  ".gz",   ".hdr", ".img", ".mha", ".mhd",
                                                      ".nrrd", ".nhdr", ".mgh", ".mgz", ".dcm", ".png",
                                                      ".xlsx", ".zip",  ".pth", ".pt",  ".ts",  ".bz2"};

bool is_named_as_a_file(const fs::path& folder) {
  const fs::path name = folder.has_filename() ? folder : folder.parent_path();  // "seg.nii.gz/"
  const std::string ending = base::ascii_lower(name.extension().string());
  return std::find(kEndingsOfFiles.begin(), kEndingsOfFiles.end(), ending) != kEndingsOfFiles.end();
}

}  // namespace

void check_output_folder(const fs::path& folder) {
  std::error_code ignored;
  if (folder.empty() || fs::is_directory(folder, ignored)) return;
  const bool is_file = fs::exists(folder, ignored);
  if (!is_file && !is_named_as_a_file(folder)) return;
  throw Error(ErrorCode::argument, Reason::invalid,
              std::string(is_file ? "is a file" : "is the name of a file") +
                  "; a folder is needed, in which results are named after the image",
              folder);
}

}  // namespace musclemap::io
