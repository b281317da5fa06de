#include "io/label_text/caret_table.hpp"

#include <nlohmann/json.hpp>

#include "base/sha256.hpp"
#include "io/files/json_file.hpp"
#include "support/catch.hpp"
#include "support/shared_data.hpp"

namespace musclemap::io {
namespace {

using Names = std::vector<std::pair<std::int32_t, std::string>>;

TEST_CASE("caret table: colours go round, names are data that does not end early", "[io]") {
  const std::string text = caret_label_table({{6, "a"}, {18, "b]]>c"}, {10, "d"}});
  CHECK(text.find(
            "<Label Key=\"6\" Red=\"1.0\" Green=\"0.5019607843137255\" Blue=\"0.0\" Alpha=\"1\"><![CDATA[a]]>"
            "</Label>\n<Label Key=\"18\" Red=\"1.0\" Green=\"0.5019607843137255\"") != std::string::npos);
  CHECK(text.find("<![CDATA[b]]c]]>") != std::string::npos);
  CHECK(text.find("Red=\"0.5019607843137255\" Green=\"0.5019607843137255\" Blue=\"0.5019607843137255\"") !=
        std::string::npos);
}

TEST_CASE("caret table: the texts of TotalSegmentator's own tables", "[io][golden]") {
  const std::filesystem::path data = test::shared_data();
  if (data.empty()) return;
  const std::filesystem::path folder = data / "totalsegmentator";
  const nlohmann::json vectors = read_json_file(folder / "vectors.json")["label_extension"];
  CHECK(caret_label_table({{1, "lung_nodules"}}) == vectors["one"]["text"].get<std::string>());
  const nlohmann::json tasks = read_json_file(folder / "tasks.json")["tasks"];
  for (const nlohmann::json& task : tasks) {
    const auto name = task["name"].get<std::string>();
    if (!vectors.contains(name)) continue;
    Names names;
    for (std::int32_t value = 1; task["classes"].contains(std::to_string(value)); ++value)
      names.emplace_back(value, task["classes"][std::to_string(value)].get<std::string>());
    CHECK(base::sha256_hex(caret_label_table(names)) == vectors[name]["sha256"].get<std::string>());
  }
}

}  // namespace
}  // namespace musclemap::io
