#include "io/files/output_guard.hpp"

#include "io/files/file_identity.hpp"
#include "io/nifti/nifti_paths.hpp"
#include "io/weights/bundle_manifest.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

}  // namespace

void OutputGuard::reads(const fs::path& file, const std::string& what) {
  if (!file.empty()) inputs_.emplace(io::file_identity(file), Use{file, what});
}

void OutputGuard::reads_image(const fs::path& file, const std::string& what) {
  if (file.empty()) return;
  reads(file, what);
  if (io::is_pair_name(file)) {
    const fs::path header = io::header_path(file);
    reads(header, what);
    reads(io::voxel_path(header, file), what);
  }
  const fs::path beside = sidecar_path(file);
  if (is_there(beside)) reads(beside, "JSON beside the " + what);
}

void OutputGuard::reads_model(const fs::path& path, const std::string& what) {
  if (path.empty()) return;
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) {
    reads(path, what);
    fs::path description = path;
    description.replace_extension(".json");
    if (is_there(description)) reads(description, "description of the " + what);
    return;
  }
  reads(path / "manifest.json", what);
  try {
    const BundleManifest manifest = read_bundle_manifest(path);
    for (const auto& entry : manifest.sha256) reads(path / entry.first, what);
  } catch (const Error&) {
    // Who opens the model says what is wrong with it.
  }
}

void OutputGuard::writes(const fs::path& file, const std::string& what) {
  if (file.empty()) return;
  const auto refuse = [&](const char* kind, const Use& other) {
    throw Error(ErrorCode::argument, Reason::invalid,
                "the " + what + " would replace " + kind + " of the same call, the " + other.what + " '" +
                    other.file.string() + "'; give it another name or folder",
                file);
  };
  const auto input = inputs_.find(io::file_identity(file));
  if (input != inputs_.end()) refuse("an input", input->second);
  const auto [output, fresh] = outputs_.emplace(io::entry_identity(file), Use{file, what});
  if (!fresh) refuse("another output", output->second);
}

}  // namespace musclemap::io
