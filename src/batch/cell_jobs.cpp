#include "batch/cell_jobs.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "base/text.hpp"
#include "io/files/file_identity.hpp"
#include "io/files/output_folder.hpp"
#include "io/files/output_guard.hpp"
#include "musclemap/error.hpp"

namespace musclemap::batch {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtensions[] = {".ome.tif", ".ome.tiff", ".tif", ".tiff", ".nd2"};
constexpr const char* kMark = "_vSM";
constexpr std::size_t kMostListed = 4;

/// Empty: not the name of a picture.
std::string_view extension_of(std::string_view name) {
  for (const std::string_view extension : kExtensions) {
    if (name.size() > extension.size() && base::ends_with(name, extension)) return extension;
  }
  return {};
}

std::vector<fs::path> pictures_of(const fs::path& folder, const CellRequest& request) {
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool has_part = name.find(request.name_part) != std::string::npos;
    const bool is_excluded = !request.excluded.empty() && name.find(request.excluded) != std::string::npos;
    const bool is_result = name.find(kMark) != std::string::npos;
    if (entry.is_regular_file() && !extension_of(name).empty() && has_part && !is_excluded && !is_result)
      found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  if (!found.empty()) return found;
  std::string text = "holds no picture (.ome.tif, .ome.tiff, .tif, .tiff, .nd2)";
  if (!request.name_part.empty()) text += " with '" + request.name_part + "' in its name";
  if (!request.excluded.empty()) text += " and without '" + request.excluded + "'";
  throw Error(ErrorCode::argument, Reason::invalid, text, folder);
}

std::vector<fs::path> pictures_of(const CellRequest& request) {
  std::vector<fs::path> pictures;
  std::set<std::string> seen;
  const auto add = [&](const fs::path& file) {
    if (seen.insert(io::file_identity(file)).second) pictures.push_back(file);
  };
  for (const fs::path& input : request.inputs) {
    std::error_code ignored;
    if (!fs::is_directory(input, ignored)) {
      add(input);
    } else {
      for (const fs::path& file : pictures_of(input, request)) add(file);
    }
  }
  return pictures;
}

void check_suffix(const std::string& suffix) {
  const bool allowed = std::all_of(suffix.begin(), suffix.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
  });
  if (!allowed)
    throw Error(ErrorCode::argument, "suffix is '" + suffix + "'; letters, digits and hyphens are allowed");
}

/// All pictures that share a result are told at once, not one after the other.
void check_names(const std::vector<CellJob>& jobs) {
  std::map<fs::path, std::vector<std::string>> pictures_by_result;
  for (const CellJob& job : jobs) pictures_by_result[job.masks].push_back(job.image.string());
  for (const auto& [result, pictures] : pictures_by_result) {
    if (pictures.size() == 1) continue;
    std::string text = "would be the result of " + std::to_string(pictures.size()) + " pictures: ";
    for (std::size_t n = 0; n < std::min(pictures.size(), kMostListed); ++n)
      text += (n > 0 ? ", " : "") + pictures[n];
    throw Error(ErrorCode::argument, Reason::invalid, text + (pictures.size() > kMostListed ? ", …" : ""),
                result);
  }
}

}  // namespace

std::string picture_stem(const fs::path& image) {
  std::string name = image.filename().string();
  name.resize(name.size() - extension_of(name).size());
  return name;
}

std::vector<CellJob> jobs_of(const CellRequest& request) {
  check_suffix(request.suffix);
  io::check_output_folder(request.output);
  std::vector<CellJob> jobs;
  for (const fs::path& image : pictures_of(request)) {
    const fs::path folder = request.output.empty() ? image.parent_path() : request.output;
    const std::string name = picture_stem(image) + kMark + request.suffix;
    jobs.push_back({image, folder / (name + ".ome.tif"), folder / (name + ".log")});
  }
  check_names(jobs);
  io::OutputGuard guard;
  for (const CellJob& job : jobs) guard.reads(job.image, "picture");
  for (const CellJob& job : jobs) {
    guard.writes(job.masks, "masks of '" + job.image.string() + "'");
    guard.writes(job.log, "log of '" + job.image.string() + "'");
  }
  return jobs;
}

}  // namespace musclemap::batch
