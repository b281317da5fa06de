#include "io/arrays/npz_file.hpp"

#include <algorithm>
#include <string_view>

#include "base/text.hpp"
#include "base/words.hpp"
#include "io/arrays/npy_header.hpp"
#include "io/files/file_bytes.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::string_view kArraySuffix = ".npy";

// What `call` throws, told about the file.
template <class Call>
auto about_file(const std::filesystem::path& file, const Call& call) {
  try {
    return call();
  } catch (const Error& error) {
    throw error.about(file);
  }
}

}  // namespace

NpzReader::NpzReader(const std::filesystem::path& file, std::uint64_t limit_bytes)
    : file_(file),
      limit_(limit_bytes),
      bytes_(read_file_bytes(file, limit_bytes)),
      zip_(about_file(file, [this] { return ZipReader(bytes_); })) {}

std::vector<std::string> NpzReader::names() const {
  std::vector<std::string> names;
  for (const ZipEntry& entry : zip_.entries()) {
    const std::size_t end = entry.name.size() - std::min(entry.name.size(), kArraySuffix.size());
    if (std::string_view(entry.name).substr(end) == kArraySuffix) names.push_back(entry.name.substr(0, end));
  }
  return names;
}

bool NpzReader::has(const std::string& name) const {
  return zip_.find(name + std::string(kArraySuffix)) != nullptr;
}

Array NpzReader::read(const std::string& name) const {
  const ZipEntry* entry = zip_.find(name + std::string(kArraySuffix));
  if (entry == nullptr) {
    std::vector<std::string> known = names();
    for (std::string& each : known) each = "'" + base::printable(each, 40) + "'";
    constexpr std::size_t kShown = 20;
    if (known.size() > kShown) known.resize(kShown);
    throw Error(ErrorCode::format, Reason::invalid,
                "has no array '" + name + "'; it has " + (known.empty() ? "none" : base::listed(known)),
                file_);
  }
  try {
    return parse_npy(zip_.read(*entry, static_cast<std::size_t>(limit_)));
  } catch (const Error& error) {
    throw Error(error.code(), error.reason(), "array '" + name + "': " + error.what(), file_);
  }
}

void NpzWriter::add(const std::string& name, const ArrayView& array) {
  file_.begin(name + std::string(kArraySuffix));
  const std::string header = npy_header(array.type, array.shape);
  file_.write(header.data(), header.size());
  file_.write(array.data, static_cast<std::size_t>(array.size()) * item_size(array.type));
}

}  // namespace musclemap::io
