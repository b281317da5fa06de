#include "io/weights/bundle_manifest.hpp"

#include "base/text.hpp"
#include "io/files/json_fields.hpp"
#include "io/files/json_file.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kMostFiles = 64;

/// A name that cannot lead out of the folder.
std::string plain_name(const JsonField& field) {
  std::string name = field.text();
  if (name.empty() || name == "." || name == ".." || name.find_first_of("/\\") != std::string::npos) {
    field.refuse("the name of a file in this folder is needed");
  }
  return name;
}

}  // namespace

BundleManifest read_bundle_manifest(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "manifest.json";
  const nlohmann::json document = io::read_json_file(file);
  try {
    const JsonField top(document, "the description");
    const JsonField format = top.at("format");
    if (format.text() != "musclemap-bundle") format.refuse("\"musclemap-bundle\" is needed");
    top.at("format_version").integer(1, 1);
    BundleManifest manifest;
    manifest.name = top.at("name").text();
    manifest.version = top.has("version") ? top.at("version").text(64) : std::string();
    const JsonField weights = top.at("weights");
    manifest.weights = folder / plain_name(weights);
    if (top.has("config")) manifest.config = folder / plain_name(top.at("config"));
    const JsonField hashes = top.at("sha256");
    if (!hashes.value().is_object() || hashes.value().size() > kMostFiles) {
      hashes.refuse("an object of at most 64 files is needed");
    }
    for (const auto& [name, hash] : hashes.value().items()) {
      const nlohmann::json key = name;
      plain_name(JsonField(key, "a key of sha256"));
      const JsonField field(hash, "sha256." + base::printable(name));
      if (!base::is_sha256_hex(field.text())) field.refuse("64 hexadecimal digits are needed");
      manifest.sha256[name] = base::ascii_lower(field.text());
    }
    for (const char* key : {"weights", "config"}) {
      if (top.has(key) && manifest.sha256.count(top.at(key).text()) == 0) {
        top.at(key).refuse("a file listed in sha256 is needed");
      }
    }
    return manifest;
  } catch (const Error& error) {
    throw error.about(file);
  }
}

}  // namespace musclemap::io
