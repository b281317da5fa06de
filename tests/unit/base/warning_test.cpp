// Names of warnings, and that the page of warnings lists all of them.
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "musclemap/error.hpp"
#include "support/catch.hpp"

namespace musclemap {
namespace {

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (std::int32_t number = 1;; ++number) {
    const std::string name = warning_name(static_cast<WarningCode>(number));
    if (name == "unknown") return names;
    names.push_back(name);
  }
}

TEST_CASE("warnings: every code has a name of its own", "[base]") {
  const std::vector<std::string> names = all_names();
  CHECK(names.front() == "header_field");
  CHECK(names.size() >= 24);
  CHECK(std::set<std::string>(names.begin(), names.end()).size() == names.size());
  CHECK(warning_name(static_cast<WarningCode>(0)) == std::string("unknown"));
  CHECK(warning_name(static_cast<WarningCode>(-1)) == std::string("unknown"));
}

TEST_CASE("warnings: the page lists them with their numbers", "[base]") {
  std::ifstream page(MUSCLEMAP_SOURCE_DIR "/docs/warnings.md");
  const std::regex row("^\\| (\\d+) \\| `(\\w+)` \\|.*");
  std::vector<std::string> listed;
  for (std::string line; std::getline(page, line);) {
    std::smatch found;
    if (!std::regex_match(line, found, row)) continue;
    listed.push_back(found[2]);
    CHECK(found[1] == std::to_string(listed.size()));
  }
  CHECK(listed == all_names());
}

}  // namespace
}  // namespace musclemap
