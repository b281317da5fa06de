#include "io/weights/nnunet/import.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/text.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/file_bytes.hpp"
#include "io/files/io_error.hpp"
#include "io/weights/nnunet/folder.hpp"
#include "io/weights/weights_file.hpp"
#include "io/weights/zip_reader.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDeepestName = 8;
constexpr std::size_t kLongestName = 200;
constexpr std::uint64_t kMostUnpacked = std::uint64_t{16} << 30;  // bytes of one archive

[[noreturn]] void refuse_archive(const std::string& message) {
  throw Error(ErrorCode::format, Reason::corrupt, message);
}

/// "a/b/c" in its parts. Error for a name that leads anywhere but below the folder it is unpacked in.
std::vector<std::string> parts_of(const std::string& name) {
  std::vector<std::string> parts;
  const auto refuse = [&] {
    refuse_archive("has an entry '" + base::printable(name) +
                   "', whose name is not that of a file below the folder");
  };
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string part = name.substr(begin, end - begin);
    const bool odd = part.empty() || part == "." || part == ".." || part.size() > kLongestName ||
                     std::any_of(part.begin(), part.end(), [](char c) {
                       return c == '\\' || c == ':' || static_cast<unsigned char>(c) < 0x20;
                     });
    // A folder's name ends in a slash.
    const bool folder_end = part.empty() && begin == name.size() && begin > 0;
    if ((odd && !folder_end) || parts.size() == kDeepestName) refuse();
    if (!folder_end) parts.push_back(part);
    begin = end + 1;
  }
  return parts;
}

bool begins(const std::string& text, std::string_view with) {
  return text.compare(0, with.size(), with) == 0;
}

bool ends(const std::string& text, std::string_view with) {
  return text.size() >= with.size() && text.compare(text.size() - with.size(), with.size(), with) == 0;
}

/// DatasetNNN_…/<model>/…json or DatasetNNN_…/<model>/fold_…/checkpoint_….pth
bool is_of_model(const std::vector<std::string>& parts) {
  if (parts.size() < 3 || !begins(parts[0], "Dataset") || parts[1].find("__") == std::string::npos)
    return false;
  if (parts.size() == 3) return ends(parts[2], ".json");
  return parts.size() == 4 && begins(parts[2], "fold_") && begins(parts[3], "checkpoint_") &&
         ends(parts[3], ".pth");
}

struct Unpacked {
  const ZipEntry* entry;
  fs::path name;  ///< below the folder
};

/// What is to be unpacked; models are its folders of the second level.
std::vector<Unpacked> entries_of(const ZipReader& archive, std::set<fs::path>* models) {
  std::vector<Unpacked> entries;
  std::uint64_t total = 0;
  for (const ZipEntry& entry : archive.entries()) {
    const std::vector<std::string> parts = parts_of(entry.name);
    if (ends(entry.name, "/") || !is_of_model(parts)) continue;
    if (entry.size > kLargestWeights || (total += entry.size) > kMostUnpacked) {
      throw Error(ErrorCode::format, Reason::limit,
                  "unpacks '" + base::printable(entry.name) + "' to " + std::to_string(entry.size) +
                      " bytes; 2 GiB a file and 16 GiB an archive are read");
    }
    entries.push_back({&entry, fs::u8path(entry.name)});
    models->insert(fs::u8path(parts[0]) / fs::u8path(parts[1]));
  }
  if (models->empty()) {
    refuse_archive(
        "holds no model of nnU-Net: DatasetNNN_…/<trainer>__<plans>__<configuration> with plans.json is "
        "needed");
  }
  return entries;
}

/// A folder that goes with all that is in it.
class StagingFolder {
 public:
  explicit StagingFolder(const fs::path& parent) {
    std::string name = (parent / ".musclemap-import-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      throw_io("make a folder in", errno, parent);
    }
    path_ = name;
  }
  ~StagingFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  StagingFolder(const StagingFolder&) = delete;
  StagingFolder& operator=(const StagingFolder&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Error(ErrorCode::io, Reason::io, "cannot be made: " + error.message(), folder);
}

/// The error about what is unpacked there as one about the archive.
Error of_archive(const Error& error, const fs::path& unpacked) {
  const std::string inside = error.file().lexically_relative(unpacked).generic_string();
  return {error.code(), error.reason(), "'" + base::printable(inside) + "' in it: " + error.what()};
}

/// Opens the model with each kind of checkpoint that it has and reads all of them.
void check_model(const fs::path& model, const std::vector<Unpacked>& entries, const fs::path& name,
                 const RunControl& control) {
  std::set<std::string> kinds;
  for (const Unpacked& each : entries) {
    const bool inside = each.name.parent_path().parent_path() == name;
    if (inside) kinds.insert(each.name.filename().string());
  }
  if (kinds.empty()) refuse_archive("has no checkpoint of '" + base::printable(name.string()) + "'");
  for (const std::string& kind : kinds) {
    NnunetFolderOptions options;
    options.checkpoint = kind;
    for (const Unpacked& each : entries) {
      if (each.name.parent_path().parent_path() != name || each.name.filename() != kind) continue;
      options.folds.push_back(
          each.name.parent_path().filename().string().substr(std::string_view("fold_").size()));
    }
    const NnunetFolder folder = open_nnunet_folder(model, options);
    for (std::size_t fold = 0; fold < folder.folds.size(); ++fold) read_nnunet_fold(folder, fold, control);
  }
}

std::vector<fs::path> import_archive(const ZipReader& archive, const fs::path& results,
                                     const RunControl& control) {
  std::set<fs::path> models;
  const std::vector<Unpacked> entries = entries_of(archive, &models);
  std::error_code ignored;
  for (const fs::path& model : models) {
    if (fs::exists(results / model, ignored)) {
      throw Error(ErrorCode::argument, Reason::invalid, "is there already; remove it to import it again",
                  results / model);
    }
  }
  make_folder(results);
  const StagingFolder staging(results);
  for (const Unpacked& each : entries) {
    const fs::path file = staging.path() / each.name;
    make_folder(file.parent_path());
    const std::string bytes = archive.read(*each.entry, kLargestWeights);
    AtomicFile out(file);
    out.write(bytes.data(), bytes.size());
    out.commit();
  }
  for (const fs::path& model : models) {
    try {
      check_model(staging.path() / model, entries, model, control);
    } catch (const Error& error) {
      if (error.file().empty()) throw;
      throw of_archive(error, staging.path());
    }
  }
  std::vector<fs::path> placed;
  for (const fs::path& model : models) {
    make_folder((results / model).parent_path());
    std::error_code error;
    fs::rename(staging.path() / model, results / model, error);
    if (error)
      throw Error(ErrorCode::io, Reason::io, "cannot be put in place: " + error.message(), results / model);
    placed.push_back(results / model);
  }
  return placed;
}

}  // namespace

std::vector<fs::path> import_nnunet_zip(const fs::path& zip, const fs::path& results_folder,
                                        const RunControl& control) {
  try {
    const std::string bytes = read_file_bytes(zip, kLargestWeights);
    return import_archive(ZipReader(bytes), results_folder, control);
  } catch (const Error& error) {
    throw error.about(zip);
  }
}

}  // namespace musclemap::io
