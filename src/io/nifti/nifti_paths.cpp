#include "io/nifti/nifti_paths.hpp"

#include <array>
#include <string>
#include <string_view>
#include <system_error>

#include "base/text.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

bool name_ends(const std::filesystem::path& file, std::string_view end) {
  return base::ends_with(base::ascii_lower(file.native()), end);
}

bool is_there(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored);
}

// The partner's name: `ending` (".hdr" or ".img") in the case that the given name has, without or with .gz.
std::filesystem::path partner(const std::filesystem::path& file, std::string_view ending, bool gzip) {
  std::string name = file.native();
  bool upper = false;
  if (name_ends(file, ".gz")) name.resize(name.size() - 3);
  upper = name.size() >= 3 && name[name.size() - 3] >= 'A' && name[name.size() - 3] <= 'Z';
  name.resize(name.size() - 4);
  std::string added = std::string(ending) + (gzip ? ".gz" : "");
  if (upper) {
    for (char& c : added) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
  }
  return name + added;
}

// Of the two possible partners the one that exists, the one compressed alike first.
std::filesystem::path existing_partner(const std::filesystem::path& file, std::string_view ending) {
  const bool gzip = name_ends(file, ".gz");
  const std::filesystem::path alike = partner(file, ending, gzip);
  const std::filesystem::path other = partner(file, ending, !gzip);
  return !is_there(alike) && is_there(other) ? other : alike;
}

}  // namespace

bool is_pair_name(const std::filesystem::path& file) {
  constexpr std::array<std::string_view, 4> kEndings{".hdr", ".img", ".hdr.gz", ".img.gz"};
  const std::string name = base::ascii_lower(file.native());
  for (const std::string_view ending : kEndings) {
    if (base::ends_with(name, ending)) return true;
  }
  return false;
}

std::filesystem::path header_path(const std::filesystem::path& file) {
  if (!name_ends(file, ".img") && !name_ends(file, ".img.gz")) return file;
  return existing_partner(file, ".hdr");
}

std::filesystem::path voxel_path(const std::filesystem::path& header, const std::filesystem::path& asked) {
  return asked != header ? asked : existing_partner(header, ".img");
}

bool is_output_name(const std::filesystem::path& file) {
  const std::string name = base::ascii_lower(file.filename().native());
  for (const std::string_view end : {".nii", ".nii.gz"}) {
    if (name.size() > end.size() && base::ends_with(name, end)) return true;
  }
  return false;
}

OutputKind output_kind(const std::filesystem::path& file) {
  if (name_ends(file, ".nii")) return OutputKind::plain;
  if (name_ends(file, ".nii.gz")) return OutputKind::gzip;
  throw Error(ErrorCode::argument, Reason::invalid,
              "the output name ends in '" + base::printable(file.extension().native()) +
                  "', allowed are .nii and .nii.gz",
              file);
}

std::string image_stem(const std::filesystem::path& file) {
  std::string name = file.filename().string();
  const auto cut = [&](std::string_view end) {
    const bool cuts = name.size() > end.size() && base::ends_with(base::ascii_lower(name), end);
    if (cuts) name.resize(name.size() - end.size());
    return cuts;
  };
  cut(".gz");
  static_cast<void>(cut(".nii") || cut(".hdr") || cut(".img"));
  return name;
}

std::filesystem::path sidecar_path(const std::filesystem::path& labels) {
  return labels.parent_path() / (image_stem(labels) + ".json");
}

}  // namespace musclemap::io
