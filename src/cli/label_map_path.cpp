#include "cli/label_map_path.hpp"

#include <string_view>

#include "base/text.hpp"
#include "cli/arguments.hpp"
#include "io/files/output_folder.hpp"
#include "musclemap/error.hpp"

namespace musclemap::cli {
namespace {

bool is_file_of_label_map(const std::filesystem::path& output) {
  std::error_code ignored;
  if (std::filesystem::is_directory(output, ignored)) return false;
  const std::string name = base::ascii_lower(output.filename().string());
  for (const std::string_view ending : {".nii", ".nii.gz"}) {
    if (name.size() > ending.size() && name.substr(name.size() - ending.size()) == ending) return true;
  }
  return false;
}

}  // namespace

void check_label_map_output(const std::filesystem::path& output, std::size_t images) {
  if (!is_file_of_label_map(output)) {
    io::check_output_folder(output);
  } else if (images > 1) {
    throw Error(ErrorCode::argument, Reason::invalid,
                "is the name of a file, but there are " + std::to_string(images) +
                    " images; a folder is needed, in which label maps are named after them",
                output);
  }
}

std::filesystem::path label_map_path(const std::filesystem::path& image, const std::filesystem::path& output,
                                     const std::string& suffix) {
  if (is_file_of_label_map(output)) return output;
  const std::filesystem::path folder = output.empty() ? image.parent_path() : output;
  return folder / (image_stem(image) + suffix + ".nii.gz");
}

}  // namespace musclemap::cli
