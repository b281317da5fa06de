#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "base/version_number.hpp"
#include "io/label_tables/embedded_labels.hpp"
#include "io/label_text/label_csv.hpp"
#include "musclemap/error.hpp"
#include "musclemap/labels.hpp"

namespace musclemap {
namespace {

bool before(const LabelTable& a, const LabelTable& b) {
  if (a.region != b.region) return a.region < b.region;
  return base::parse_version(a.version) < base::parse_version(b.version);
}

std::vector<LabelTable> parse_tables() {
  std::vector<LabelTable> tables;
  for (const io::EmbeddedLabels& embedded : io::embedded_labels()) {
    tables.push_back({embedded.region, embedded.version, io::parse_label_csv(embedded.csv)});
  }
  std::sort(tables.begin(), tables.end(), before);
  return tables;
}

std::string joined(const std::set<std::string>& texts) {
  std::string result;
  for (const std::string& text : texts) result += (result.empty() ? "" : ", ") + text;
  return result;
}

}  // namespace

const std::vector<LabelTable>& builtin_label_tables() {
  // Filled once, by whichever thread comes first.
  static const std::vector<LabelTable> tables = parse_tables();
  return tables;
}

const LabelTable& builtin_label_table(const std::string& region, const std::string& version) {
  const std::string wanted_region = base::ascii_lower(region);
  const bool latest = base::ascii_lower(version) == "latest";
  const std::optional<base::Version> wanted = base::parse_version(version);
  const LabelTable* found = nullptr;
  std::set<std::string> regions;
  std::set<std::string> versions;
  for (const LabelTable& table : builtin_label_tables()) {
    regions.insert(table.region);
    if (table.region != wanted_region) continue;
    versions.insert(table.version);
    // Versions ascend: the last one is the latest.
    if (latest || (wanted && base::parse_version(table.version) == wanted)) found = &table;
  }
  if (found != nullptr) return *found;
  if (versions.empty()) {
    throw Error(ErrorCode::argument, "no label table is built in for '" + base::printable(region, 60) +
                                         "'; there are " + joined(regions));
  }
  throw Error(ErrorCode::argument, "no label table of " + wanted_region + " is built in with version '" +
                                       base::printable(version, 60) + "'; there is " + joined(versions));
}

}  // namespace musclemap
