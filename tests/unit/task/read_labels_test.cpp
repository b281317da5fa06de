#include <fstream>
#include <string>

#include "musclemap/labels.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap {
namespace {

std::vector<Label> read(const std::string& name, const std::string& text) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / name, std::ios::binary) << text;
  return read_labels(folder / name);
}

std::string refusal(const std::string& text) {
  return test::error_of([&] { read("names.json", text); });
}

TEST_CASE("read labels: names by value, in ascending order, byte for byte", "[task]") {
  const auto labels = read("a.JSON", R"({"labels": {"10": "=1\t+1\r\n", "9": "", "-2": " soleus"}})");
  REQUIRE(labels.size() == 3);
  CHECK(labels[0].value == -2);
  CHECK(labels[0].anatomy == " soleus");
  CHECK(labels[1].value == 9);
  CHECK(labels[2].anatomy == "=1\t+1\r\n");
  CHECK(labels[2].region.empty());
  CHECK(labels[2].side.empty());
}

TEST_CASE("read labels: names by value, every refusal", "[task]") {
  const std::string allowed = "; a whole number from -2147483648 to 2147483647 other than 0 is needed";
  CHECK(refusal(R"({"labels": {"1e3": "a"}})") == "format/bad_json: labels has the key \"1e3\"" + allowed);
  CHECK(refusal(R"({"labels": {"00": "a"}})") == "format/bad_json: labels has the key \"00\"" + allowed);
  CHECK(refusal(R"({"labels": {"0": "a"}})") == "format/bad_json: labels has 0 names; 1 to 65536 are needed");
  CHECK(refusal(R"({"labels": {"1": "a", "01": "b"}})") ==
        "format/labels: labels has the key \"1\", another spelling of 1; values must be unique");
  CHECK(refusal(R"({"labels": {"1": 2}})") == "format/bad_json: labels[\"1\"] is 2; a text is needed");
  CHECK(
      refusal(R"({"labels": {"1": "a\u0000b"}})") ==
      R"(format/bad_json: labels["1"] is "a\x5cu0000b"; a text of at most 1024 bytes without NUL is needed)");
  CHECK(refusal(R"({"labels": {}})") == "format/bad_json: labels has 0 names; 1 to 65536 are needed");
  CHECK(refusal(R"({"names": {"1": "a"}})") == "format/bad_json: labels is missing");
}

TEST_CASE("read labels: a table of comma-separated values", "[task]") {
  const auto labels = read("a.csv", "value,region,anatomy,side\n7,leg,soleus,left\n-1,,x,\n");
  REQUIRE(labels.size() == 2);
  CHECK(labels[1].anatomy == "soleus");
  const test::TemporaryFolder folder;
  std::ofstream(folder / "b.csv") << "value\n";
  try {
    read_labels(folder / "b.csv");
    FAIL("taken");
  } catch (const Error& error) {
    CHECK(error.file() == folder / "b.csv");
  }
}

TEST_CASE("read labels: SNOMED CT codes as text and as number", "[task]") {
  const auto labels = read("a.json", R"({"labels": [
    {"value": 1, "snomed": "45206002"}, {"value": 2, "snomed_code": 900000000000207008}, {"value": 3},
    {"value": 4, "snomed": null, "snomed_code": "x"}]})");
  REQUIRE(labels.size() == 4);
  CHECK(labels[0].snomed == "45206002");
  CHECK(labels[1].snomed == "900000000000207008");
  CHECK(labels[2].snomed.empty());
  CHECK(labels[3].snomed == "x");
  CHECK(refusal(R"({"labels": [{"value": 1, "snomed": 1.5}]})") ==
        "format/bad_json: labels[0].snomed is 1.5; a whole number from 0 to 9223372036854775807 is needed");
}

}  // namespace
}  // namespace musclemap
