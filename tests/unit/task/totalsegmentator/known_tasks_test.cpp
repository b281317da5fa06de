#include "task/totalsegmentator/known_tasks.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "support/catch.hpp"
#include "support/shared_data.hpp"

namespace musclemap::task {
namespace {

using Json = nlohmann::json;

void same_names(const Json& of_values, const std::vector<std::string>& names, std::size_t first = 1) {
  REQUIRE(of_values.size() == names.size());
  for (std::size_t n = 0; n < names.size(); ++n) CHECK(of_values.at(std::to_string(n + first)) == names[n]);
}

void same_variant(const Json& stated, const KnownVariant& known, std::int32_t classes_of_task) {
  CHECK(stated["trainer"] == known.trainer);
  CHECK(stated["configuration"] == known.configuration);
  CHECK(stated["tile_step"] == known.step);
  CHECK(stated["spacing_mm_xyz"].is_null() == !known.spacing_mm.has_value());
  if (known.spacing_mm) CHECK(stated["spacing_mm_xyz"] == Json(*known.spacing_mm));
  CHECK(stated["folds"] == (known.folds ? Json(*known.folds) : Json("all")));
  REQUIRE(stated["datasets"].size() == known.networks.size());
  for (std::size_t n = 0; n < known.networks.size(); ++n) {
    const Json& dataset = stated["datasets"][n];
    const KnownNetwork& network = known.networks[n];
    CHECK(dataset["id"] == network.dataset->number);
    CHECK(dataset.value("part", "") == network.part);
    const Json table = dataset.value("local_to_global", Json::object());
    for (std::int32_t label = 1; label <= network.labels && !table.empty(); ++label)
      CHECK(table[std::to_string(label)] == network.first + label - 1);
    CHECK(network.labels == (table.empty() ? classes_of_task : static_cast<std::int32_t>(table.size())));
  }
}

void same_polish(const Json& stated, const std::vector<KnownPolish>& known) {
  std::size_t n = 0;
  for (const Json& each : stated) {
    if (each["op"] == "drop_auxiliary") continue;
    REQUIRE(n < known.size());
    CHECK(each["op"] == known[n].op);
    const Json classes =
        each.contains("class") ? Json::array({each["class"]}) : each.value("classes", Json::array());
    CHECK(classes == known[n].classes);
    CHECK(each.value("min_mm3", 0.0) == known[n].min_mm3);
    CHECK(each.value("dilate_mm", 0.0) == known[n].dilate_mm);
    CHECK(each.value("task", "") == known[n].task);
    ++n;
  }
  CHECK(n == known.size());
}

TEST_CASE("known tasks: those of TotalSegmentator's own tables", "[task]") {
  const auto folder = test::shared_data();
  if (folder.empty()) return;
  const Json stated = Json::parse(std::ifstream(folder / "totalsegmentator" / "tasks.json"));
  const std::vector<KnownTask>& known = known_tasks();
  REQUIRE(stated["tasks"].size() == known.size());
  CHECK(stated["source"]["version"].get<std::string>().rfind(known_version() + " ", 0) == 0);
  for (std::size_t n = 0; n < known.size(); ++n) {
    const Json& task = stated["tasks"][n];
    INFO(known[n].name);
    CHECK(task["name"] == known[n].name);
    CHECK(task["modality"] == known[n].modality);
    CHECK(task["license"] == known[n].license);
    same_names(task["classes"], known[n].classes);
    same_names(task.value("auxiliary_classes", Json::object()), known[n].auxiliary,
               known[n].classes.size() + 1);
    REQUIRE(task["variants"].size() == known[n].variants.size());
    for (const KnownVariant& variant : known[n].variants) {
      same_variant(task["variants"].at(variant.name), variant,
                   static_cast<std::int32_t>(known[n].classes.size()));
    }
    REQUIRE(task["crop"].is_null() == !known[n].crop.has_value());
    if (known[n].crop) {
      CHECK(task["crop"]["classes"] == known[n].crop->classes);
      CHECK(task["crop"]["by"]["task"] == known[n].crop->task);
      CHECK(task["crop"]["robust_by_default"] == known[n].crop->robust);
      CHECK(task["crop"]["margin_mm"][0] == known[n].crop->margin_mm);
    }
    same_polish(task["postprocess"], known[n].polish);
    CHECK(task.value("derived_masks", std::vector<std::string>()) == known[n].derived_masks);
  }
  same_names(stated["v1_order"], v1_order());
}

TEST_CASE("known tasks: data sets have the folders and releases of TotalSegmentator's own tables", "[task]") {
  const auto folder = test::shared_data();
  if (folder.empty()) return;
  const Json stated = Json::parse(std::ifstream(folder / "totalsegmentator" / "tasks.json"))["datasets"];
  std::set<int> seen;
  for (const KnownTask& task : known_tasks()) {
    for (const KnownVariant& variant : task.variants) {
      for (const KnownNetwork& network : variant.networks) {
        const Json& dataset = stated.at(std::to_string(network.dataset->number));
        CHECK(dataset["folder"] == network.dataset->folder);
        CHECK(dataset["release"].is_null() == network.dataset->release.empty());
        if (!network.dataset->release.empty()) CHECK(dataset["release"] == network.dataset->release);
        CHECK(dataset["licensed"] == task.licensed());
        seen.insert(network.dataset->number);
      }
    }
  }
  CHECK(seen.size() == stated.size());
}

TEST_CASE("known tasks: the first variant is the default, classes of a crop are the other task's", "[task]") {
  CHECK(known_tasks().size() == 51);
  for (const KnownTask& task : known_tasks()) {
    INFO(task.name);
    REQUIRE(!task.variants.empty());
    CHECK(task.variants[0].name == "default");
    CHECK(known_task(task.name) == &task);
    if (!task.crop) continue;
    const KnownTask* other = known_task(task.crop->task);
    REQUIRE(other != nullptr);
    for (const std::string& name : task.crop->classes) CHECK(other->value_of(name) > 0);
  }
  CHECK(known_task("total_highres") == nullptr);
  CHECK(known_task("total")->value_of("liver") == 5);
  CHECK(known_task("total")->value_of("face") == 0);
}

}  // namespace
}  // namespace musclemap::task
