#include "task/totalsegmentator/organ_codes.hpp"

#include <algorithm>
#include <set>

#include "support/catch.hpp"
#include "task/totalsegmentator/known_tasks.hpp"
#include "task/totalsegmentator/task_list.hpp"

namespace musclemap::task {
namespace {

bool is_number(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

TEST_CASE("organ codes: every class of total has one, with a colour", "[task]") {
  for (const std::string& each : known_task("total")->classes) {
    INFO(each);
    const OrganCode* code = organ_code(each);
    REQUIRE(code != nullptr);
    CHECK_FALSE(code->type.code.empty());
    CHECK(code->colour.size() == 6);
  }
  CHECK(organ_code("no_such_class") == nullptr);
}

TEST_CASE("organ codes: codes are numbers, names are there once", "[task]") {
  std::set<std::string> names;
  for (const OrganCode& each : organ_codes()) {
    CHECK(names.insert(each.name).second);
    for (const Concept& part : {each.category, each.type, each.modifier, each.region, each.region_modifier}) {
      CHECK(is_number(part.code));
      CHECK(part.code.empty() == part.meaning.empty());
    }
  }
}

TEST_CASE("organ codes: the list of tasks shows them", "[task]") {
  const nlohmann::ordered_json total = known_task_json("total", {});
  const nlohmann::ordered_json& kidney = total.at("snomed").at("kidney_left");
  CHECK(kidney.at("type").at("code") == "64033007");
  CHECK(kidney.at("modifier").at("meaning") == "Left");
  CHECK_FALSE(kidney.contains("region"));
  CHECK(total.at("snomed").size() == total.at("classes").size());
}

}  // namespace
}  // namespace musclemap::task
