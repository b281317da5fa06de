#include "task/trust_list.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/text.hpp"
#include "io/files/file_bytes.hpp"
#include "musclemap/error.hpp"
#include "task/search_path.hpp"

namespace musclemap::task {
namespace {

constexpr std::uint64_t kLargestList = std::uint64_t{1} << 20;
constexpr const char* kBlanks = " \t\r";

std::string_view trimmed(std::string_view line) {
  line = line.substr(0, line.find('#'));
  const std::size_t begin = line.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(kBlanks) - begin + 1);
}

}  // namespace

std::filesystem::path trust_list_file() {
  if (const std::string named = environment("MUSCLEMAP_TRUST_LIST"); !named.empty()) return named;
  std::filesystem::path folder = environment("XDG_CONFIG_HOME");
  if (folder.empty()) {
    const std::string home = environment("HOME");
    if (home.empty()) return {};
    folder = std::filesystem::path(home) / ".config";
  }
  return folder / "musclemap" / "trusted_models.txt";
}

bool is_on_trust_list(const std::string& sha256) {
  const std::filesystem::path file = trust_list_file();
  std::error_code ignored;
  // A list that was asked for by name has to exist.
  if (file.empty() ||
      (environment("MUSCLEMAP_TRUST_LIST").empty() && !std::filesystem::exists(file, ignored))) {
    return false;
  }
  const std::string content = io::read_file_bytes(file, kLargestList);
  bool found = false;
  std::size_t number = 0;
  for (std::size_t at = 0; at < content.size();) {
    const std::size_t end = std::min(content.find('\n', at), content.size());
    const std::string_view entry = trimmed(std::string_view(content).substr(at, end - at));
    at = end + 1;
    ++number;
    if (entry.empty()) continue;
    if (!base::is_sha256_hex(entry)) {
      throw Error(ErrorCode::format, Reason::corrupt,
                  "line " + std::to_string(number) + " is '" + base::printable(entry) +
                      "'; a SHA-256 of 64 hexadecimal digits is needed",
                  file);
    }
    found = found || base::ascii_lower(entry) == sha256;
  }
  return found;
}

}  // namespace musclemap::task
