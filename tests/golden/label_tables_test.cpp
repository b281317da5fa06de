// Label tables of the reference data: every file of the manifest, and MuscleMap's own beside the built-in
// ones.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "musclemap/error.hpp"
#include "musclemap/labels.hpp"
#include "musclemap/metrics.hpp"
#include "support/catch.hpp"
#include "support/shared_data.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Records = std::vector<std::vector<std::string>>;

/// RFC 4180 with "\n", written from the standard alone; stops the test at anything else.
Records parse_rfc4180(const std::string& text) {
  Records records = {{""}};
  bool in_quotes = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string& field = records.back().back();
    if (in_quotes) {
      const bool doubled = text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"';
      if (text[i] == '"' && !doubled) {
        in_quotes = false;
      } else {
        field += text[i];
        i += doubled ? 1 : 0;
      }
    } else if (text[i] == '"') {
      REQUIRE(field.empty());
      in_quotes = true;
    } else if (text[i] == ',') {
      records.back().emplace_back();
    } else if (text[i] == '\n') {
      records.push_back({""});
    } else {
      REQUIRE(text[i] != '\r');
      field += text[i];
    }
  }
  REQUIRE_FALSE(in_quotes);
  REQUIRE(records.back() == std::vector<std::string>{""});
  records.pop_back();
  return records;
}

MetricsTable table_of(const std::vector<Label>& labels) {
  MetricsTable::Column value;
  value.name = "label";
  value.kind = MetricsTable::Kind::integer;
  MetricsTable::Column name;
  name.name = "anatomy";
  name.kind = MetricsTable::Kind::text;
  MetricsTable::Column fat;
  fat.name = "fat_percent";
  for (const Label& label : labels) {
    value.values.push_back(label.value);
    name.texts.push_back(label.anatomy);
    fat.values.push_back(-label.value / 8.0);
  }
  return MetricsTable({value, name, fat});
}

void check_names(const std::vector<Label>& labels, const std::vector<std::string>& names) {
  REQUIRE(labels.size() == names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    CHECK(labels[i].value == static_cast<std::int32_t>(i) + 1);
    CHECK(labels[i].anatomy == names[i]);
  }
}

void check_csv(const std::vector<Label>& labels, bool neutralise) {
  TableWriteOptions options;
  options.raw_cells = !neutralise;
  std::ostringstream out;
  table_of(labels).write(out, options);
  const Records records = parse_rfc4180(out.str());
  REQUIRE(records.size() == labels.size() + 1);
  for (const auto& record : records) CHECK(record.size() == 3);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::string& cell = records[i + 1][1];
    const bool runs = neutralise && std::string("=+-@\t\r").find(labels[i].anatomy[0]) != std::string::npos;
    CHECK(cell == (runs ? "'" : "") + labels[i].anatomy);
    CHECK(records[i + 1][2][0] == '-');
  }
}

void run_entry(const fs::path& file, const json& entry) {
  const std::string expect = entry["expect"].get<std::string>();
  try {
    const std::vector<Label> labels = read_labels(file);
    CHECK(expect != "error");
    if (!entry.contains("names")) return;
    check_names(labels, entry["names"].get<std::vector<std::string>>());
    check_csv(labels, true);
    check_csv(labels, false);
  } catch (const Error& error) {
    INFO(error.what());
    CHECK(expect != "ok");
    CHECK(entry.value("error", std::string()) == reason_name(error.reason()));
    CHECK(error.file() == file);
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
  }
}

TEST_CASE("label tables: every file of the manifest", "[golden]") {
  const fs::path data = test::shared_data();
  if (data.empty()) return;
  std::ifstream stream(data / "nifti/manifest.json");
  const json entries = json::parse(stream)["tables"];
  CHECK(entries.size() == 15);
  for (const json& entry : entries) {
    const fs::path file = data / "nifti" / entry["file"].get<std::string>();
    INFO(file.native());
    run_entry(file, entry);
  }
}

void check_same(const std::vector<Label>& seen, const std::vector<Label>& wanted) {
  REQUIRE(seen.size() == wanted.size());
  for (std::size_t i = 0; i < seen.size(); ++i) {
    CHECK(seen[i].value == wanted[i].value);
    CHECK(seen[i].region == wanted[i].region);
    CHECK(seen[i].anatomy == wanted[i].anatomy);
    CHECK(seen[i].side == wanted[i].side);
  }
}

TEST_CASE("label tables: the built-in ones are MuscleMap's", "[golden]") {
  const fs::path data = test::shared_data();
  if (data.empty()) return;
  const fs::path models = data / "musclemap/models";
  std::size_t compared = 1;
  for (const LabelTable& table : builtin_label_tables()) {
    if (table.version == "1.4") continue;
    CAPTURE(table.region);
    const fs::path file = models / ("contrast_agnostic_" + table.region + "_model.json");
    check_same(table.labels, read_labels(file));
    std::ifstream stream(file);
    CHECK(json::parse(stream)["model"]["version"].dump() == table.version);
    ++compared;
  }
  check_same(builtin_label_table("wholebody", "1.4").labels,
             read_labels(models / "wholebody_labels_v1.4.csv"));
  const auto files = std::distance(fs::directory_iterator(models), fs::directory_iterator());
  CHECK(static_cast<std::ptrdiff_t>(compared) == files);
}

}  // namespace
}  // namespace musclemap
