#include <cmath>
#include <locale>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "musclemap/error.hpp"
#include "musclemap/metrics.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap {
namespace {

using test::error_of;
using Column = MetricsTable::Column;
using Kind = MetricsTable::Kind;

Column numbers(const std::string& name, Kind kind, std::vector<double> values) {
  Column column;
  column.name = name;
  column.kind = kind;
  column.values = std::move(values);
  return column;
}

Column texts(const std::string& name, std::vector<std::string> cells) {
  Column column;
  column.name = name;
  column.kind = Kind::text;
  column.texts = std::move(cells);
  return column;
}

MetricsTable sample() {
  Column label = numbers("label", Kind::integer, {1, 7701});
  label.title = "Label";
  Column anatomy = texts("anatomy", {"psoas, \"major\"", ""});
  anatomy.title = "Anatomy";
  Column fat = numbers("fat_percent", Kind::real, {12.3456, std::nan("")});
  fat.title = "Fat (%)";
  fat.unit = "%";
  fat.description = "Share of fat.";
  Column voxels = numbers("voxels", Kind::integer, {1e15, std::nan("")});
  voxels.basic = false;
  Column mean = numbers("mean", Kind::real, {1.0 / 3, HUGE_VAL});
  mean.decimals = -1;
  mean.basic = false;
  return MetricsTable({label, anatomy, fat, voxels, mean});
}

std::string written(const MetricsTable& table, const TableWriteOptions& options = {}) {
  std::ostringstream out;
  table.write(out, options);
  return out.str();
}

std::string written_as(const MetricsTable& table, TableFormat format,
                       const std::vector<std::string>& columns = {}) {
  TableWriteOptions options;
  options.format = format;
  options.columns = columns;
  return written(table, options);
}

const std::vector<std::string> kAll = {"LABEL", "anatomy", "fat (%)", "Voxels", "mean"};

TEST_CASE("metrics table: CSV quotes what needs it and leaves missing values empty", "[quant]") {
  CHECK(written(sample()) == "Label,Anatomy,Fat (%)\n1,\"psoas, \"\"major\"\"\",12.35\n7701,,\n");
  CHECK(written_as(sample(), TableFormat::csv, kAll) ==
        "Label,Anatomy,Fat (%),voxels,mean\n"
        "1,\"psoas, \"\"major\"\"\",12.35,1000000000000000,0.3333333333333333\n"
        "7701,,,,inf\n");
  CHECK(written(
            MetricsTable({texts("a,\"b\"", {"line\nbreak", "cr\rreturn", "'quoted", " lead", "tab\tx"})})) ==
        "\"a,\"\"b\"\"\"\n\"line\nbreak\"\n\"cr\rreturn\"\n'quoted\n lead\ntab\tx\n");
}

TEST_CASE("metrics table: another separator, decimals and a byte-order mark", "[quant]") {
  TableWriteOptions options;
  options.separator = ';';
  CHECK(written(sample(), options) == "Label;Anatomy;Fat (%)\n1;\"psoas, \"\"major\"\"\";12.35\n7701;;\n");
  options.decimals = 1;
  options.columns = {"label", "fat_percent", "mean"};
  CHECK(written(sample(), options) == "Label;Fat (%);mean\n1;12.3;0.3\n7701;;inf\n");
  options.byte_order_mark = true;
  CHECK(written(sample(), options).substr(0, 8) == "\xEF\xBB\xBFLabel");
  options.format = TableFormat::json;
  CHECK(test::contains(error_of([&] { written(sample(), options); }), "argument/invalid: "));
  for (const char separator : {'x', '"', '\n', '.', ' '}) {
    TableWriteOptions other;
    other.separator = separator;
    CHECK(test::contains(error_of([&] { written(sample(), other); }), "argument/invalid: "));
  }
  for (const int decimals : {-1, 18}) {
    TableWriteOptions other;
    other.decimals = decimals;
    CHECK(test::contains(error_of([&] { written(sample(), other); }), "argument/invalid: "));
  }
}

TEST_CASE("metrics table: a line of one empty cell is not an empty line", "[quant]") {
  CHECK(written(MetricsTable({texts("a", {"", "x"})})) == "a\n\"\"\nx\n");
}

TEST_CASE("metrics table: TSV as BIDS asks", "[quant]") {
  CHECK(written_as(sample(), TableFormat::tsv, kAll) ==
        "label\tanatomy\tfat_percent\tvoxels\tmean\n"
        "1\tpsoas, \"major\"\t12.35\t1000000000000000\t0.3333333333333333\n"
        "7701\tn/a\tn/a\tn/a\tinf\n");
  CHECK(written_as(MetricsTable({texts("a", {"x\ty\r\nz", "\tx"})}), TableFormat::tsv) == "a\nx y  z\n' x\n");
}

TEST_CASE("metrics table: JSON holds the same numbers", "[quant]") {
  const std::string text = written_as(sample(), TableFormat::json, kAll);
  const auto json = nlohmann::ordered_json::parse(text);
  CHECK(json["columns"].size() == 5);
  CHECK(
      json["columns"][2].dump() ==
      R"x({"name":"fat_percent","title":"Fat (%)","unit":"%","description":"Share of fat.","kind":"real"})x");
  CHECK(json["columns"][3]["title"] == "voxels");
  CHECK(json["columns"][3]["kind"] == "integer");
  CHECK(json["rows"].dump() ==
        R"([{"label":1,"anatomy":"psoas, \"major\"","fat_percent":12.35,"voxels":1000000000000000,)"
        R"("mean":0.3333333333333333},)"
        R"({"label":7701,"anatomy":"","fat_percent":null,"voxels":null,"mean":null}])");
  CHECK(test::contains(text, R"("fat_percent": 12.35, "voxels": 1000000000000000,)"));
}

TEST_CASE("metrics table: JSON is UTF-8 whatever the names are", "[quant]") {
  const std::string text = written_as(MetricsTable({texts("a", {"\xFF\x80", "=1+1"})}), TableFormat::json);
  const auto json = nlohmann::ordered_json::parse(text);
  CHECK(json["rows"][0]["a"] == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(json["rows"][1]["a"] == "=1+1");
}

TEST_CASE("metrics table: cells that a spreadsheet would run get an apostrophe", "[quant]") {
  const MetricsTable table({texts("a", {"=1+1", "+1", "-1", "@x", "\tx", "\rx", "a=b", "'=1", " =1", "\nx"}),
                            numbers("b", Kind::real, {-1, 2, 3, 4, 5, 6, 7, 8, 9, 10})});
  CHECK(written(table) ==
        "a,b\n'=1+1,-1.0\n'+1,2.0\n'-1,3.0\n'@x,4.0\n'\tx,5.0\n\"'\rx\",6.0\na=b,7.0\n'=1,8.0\n =1,9.0\n"
        "\"\nx\",10.0\n");
  TableWriteOptions options;
  options.raw_cells = true;
  CHECK(test::contains(written(table, options), "\n=1+1,-1.0\n+1,2.0\n-1,3.0\n@x,4.0\n\tx,5.0\n"));
  options.raw_cells = false;
  options.format = TableFormat::tsv;
  CHECK(test::contains(written(table, options), "\n'=1+1\t-1.0\n"));
}

TEST_CASE("metrics table: the stream's locale and width do not matter", "[quant]") {
  struct German : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  std::ostringstream out;
  out.imbue(std::locale(std::locale::classic(), new German));
  out.width(100);
  sample().write(out);
  CHECK(out.str() == written(sample()));
}

TEST_CASE("metrics table: columns are found by identifier and title", "[quant]") {
  const MetricsTable table = sample();
  CHECK(table.row_count() == 2);
  CHECK(table.column("FAT_PERCENT").name == "fat_percent");
  CHECK(table.column("fat (%)").name == "fat_percent");
  CHECK(error_of([&] { table.column("fat"); }) ==
        "argument/invalid: no column \"fat\"; there are label, anatomy, fat_percent, voxels, mean");
  CHECK(error_of([] { MetricsTable().column("a\n"); }) ==
        "argument/invalid: no column \"a\\x0a\"; there are none");
  CHECK(error_of([&] {
          written_as(table, TableFormat::csv, {"label", "x"});
        }) == "argument/invalid: no column \"x\"; there are label, anatomy, fat_percent, voxels, mean");
  CHECK(error_of([&] {
          written_as(table, TableFormat::csv, {"fat_percent", "Fat (%)"});
        }) == "argument/invalid: column \"Fat (%)\" is asked for twice; once is allowed");
}

TEST_CASE("metrics table: columns must agree", "[quant]") {
  CHECK(error_of([] {
          MetricsTable({numbers("a", Kind::real, {1}), texts("A", {"x"})});
        }) == "argument/invalid: two columns are named \"A\"; names must be unique in any case");
  CHECK(error_of([] {
          MetricsTable({numbers("a", Kind::real, {1}), texts("b", {})});
        }) == "argument/invalid: column \"b\" has 0 rows; 1 are needed, as in column \"a\"");
  Column both = texts("b", {"x"});
  both.values = {1};
  CHECK(error_of([&] { MetricsTable({both}); }) ==
        "argument/invalid: column \"b\" of texts holds numbers too");
  both.kind = Kind::real;
  CHECK(error_of([&] { MetricsTable({both}); }) ==
        "argument/invalid: column \"b\" of numbers holds texts too");
}

TEST_CASE("metrics table: an empty one, an unknown format and a broken stream", "[quant]") {
  CHECK(written(MetricsTable()) == "\n");
  CHECK(nlohmann::json::parse(written_as(MetricsTable(), TableFormat::json))["rows"].empty());
  CHECK(written(MetricsTable({texts("a", {}), texts("b", {})})) == "a,b\n");
  CHECK(test::contains(error_of([] { written_as(sample(), static_cast<TableFormat>(9)); }),
                       "options.format is 9"));
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  CHECK(error_of([&] { sample().write(out); }) == "io/io: the table cannot be written");
}

TEST_CASE("metrics table: the data dictionary of what is written", "[quant]") {
  const auto json = nlohmann::ordered_json::parse(sample().dictionary());
  CHECK(json.size() == 3);
  CHECK(json["fat_percent"].dump() ==
        R"x({"LongName":"Fat (%)","Description":"Share of fat.","Units":"%"})x");
  CHECK_FALSE(json["label"].contains("Units"));
  TableWriteOptions options;
  options.columns = {"mean"};
  CHECK(nlohmann::json::parse(sample().dictionary(options)).size() == 1);
}

}  // namespace
}  // namespace musclemap
