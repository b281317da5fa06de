// `manifest.json` of a model folder.
#ifndef MUSCLEMAP_IO_WEIGHTS_BUNDLE_MANIFEST_HPP_
#define MUSCLEMAP_IO_WEIGHTS_BUNDLE_MANIFEST_HPP_

#include <filesystem>
#include <map>
#include <string>

namespace musclemap::io {

/// {"format": "musclemap-bundle", "format_version": 1, "name", "version", "weights": file, "config": file
/// (optional for TorchScript with a description inside), "sha256": {file: hex}}. Every file is a plain name
/// in the folder.
struct BundleManifest {
  std::string name;
  std::string version;
  std::filesystem::path weights;              ///< with the folder
  std::filesystem::path config;               ///< with the folder; empty when not listed
  std::map<std::string, std::string> sha256;  ///< file name to lower-case hex
};

/// Errors: `io`, `format` (names the field). Hashes are not checked here.
BundleManifest read_bundle_manifest(const std::filesystem::path& folder);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_BUNDLE_MANIFEST_HPP_
