#include "task/totalsegmentator/task_choice.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/shared_data.hpp"

namespace musclemap::task {
namespace {

using test::contains;
using test::error_of;
using Names = std::vector<std::string>;

template <class Set>
TaskChoice chosen(const std::string& name, const Set& set) {
  TaskOptions options;
  set(options);
  return choose_task(name, options);
}

TaskChoice chosen(const std::string& name) { return choose_task(name, {}); }

template <class Set>
std::string refusal(const std::string& name, const Set& set) {
  return error_of([&] { chosen(name, set); });
}

std::vector<int> datasets(const TaskChoice& choice) {
  std::vector<int> numbers;
  for (const KnownNetwork& each : choice.networks) numbers.push_back(each.dataset->number);
  return numbers;
}

std::vector<int> rough_datasets(const TaskChoice& choice) { return datasets(*choice.rough->task); }

TEST_CASE("task choice: every task of the table can be chosen, with the rough network that it states",
          "[task]") {
  const auto folder = test::shared_data();
  if (folder.empty()) return;
  const auto tasks =
      nlohmann::json::parse(std::ifstream(folder / "totalsegmentator" / "tasks.json"))["tasks"];
  for (const auto& stated : tasks) {
    const TaskChoice choice = chosen(stated["name"]);
    INFO(choice.task->name);
    CHECK(choice.variant->name == "default");
    CHECK(choice.ignored.empty());
    CHECK(choice.plans == "nnUNetPlans");
    REQUIRE(choice.rough.has_value() == !stated["crop"].is_null());
    if (!choice.rough) continue;
    const auto& by = stated["crop"]["by"];
    CHECK(choice.rough->task->task->name == by["task"]);
    CHECK(choice.rough->classes == stated["crop"]["classes"]);
    CHECK(choice.rough->margin_mm == stated["crop"]["margin_mm"][0]);
    if (!by.contains("dataset")) continue;
    CHECK(rough_datasets(choice) == std::vector<int>{by["dataset"].get<int>()});
    CHECK(choice.rough->task->spacing_mm->at(0) == by["spacing_mm"]);
  }
}

TEST_CASE("task choice: every variant of every task can be chosen", "[task]") {
  for (const KnownTask& task : known_tasks()) {
    INFO(task.name);
    for (const KnownVariant& variant : task.variants) {
      const TaskChoice choice = chosen(task.name, [&](TaskOptions& options) {
        options.fast = variant.name == "fast";
        options.fastest = variant.name == "fastest";
      });
      CHECK(choice.variant == &variant);
      CHECK(choice.networks.size() == variant.networks.size());
      CHECK(choice.spacing_mm == variant.spacing_mm);
      CHECK(choice.step == (task.name.rfind("total", 0) == 0 ? 0.8 : 0.5));
    }
  }
}

TEST_CASE("task choice: fast and fastest where there is no such network", "[task]") {
  const auto fast = [](TaskOptions& options) { options.fast = true; };
  const auto fastest = [](TaskOptions& options) { options.fastest = true; };
  const auto both = [](TaskOptions& options) { options.fast = options.fastest = true; };
  CHECK(contains(refusal("liver_vessels", fast), "task liver_vessels has no fast network"));
  for (const char* name : {"lung_vessels", "vertebrae_mr"}) {
    CHECK(chosen(name, fast).variant->name == "default");
    CHECK(chosen(name, fast).ignored ==
          Names{std::string("fast has no effect: task ") + name + " has one network"});
  }
  CHECK(chosen("liver_vessels", fastest).variant->name == "default");
  CHECK(datasets(chosen("body", fastest)) == std::vector<int>{300});
  CHECK(datasets(chosen("body_mr", fastest)) == std::vector<int>{598});
  CHECK(datasets(chosen("total", both)) == std::vector<int>{297});
  CHECK(datasets(chosen("total_mr", fastest)) == std::vector<int>{853});
}

TEST_CASE("task choice: a subset runs the networks that own a class of it, in their order, in its box",
          "[task]") {
  const TaskChoice choice = chosen("total", [](TaskOptions& options) {
    options.roi_subset = {"vertebrae_L3", "liver"};
  });
  CHECK(datasets(choice) == std::vector<int>{291, 292});
  CHECK(rough_datasets(choice) == std::vector<int>{298});
  CHECK(choice.rough->classes == Names{"vertebrae_L3", "liver"});
  CHECK(choice.rough->margin_mm == 20);
  CHECK(choice.rough->task->step == 0.8);
  // Slabs go by the networks of the task.
  const auto one = [](TaskOptions& options) { options.roi_subset = {"liver"}; };
  CHECK(datasets(chosen("total", one)) == std::vector<int>{291});
  CHECK(chosen("total", one).slabs == Slabs::when_large);
  CHECK(rough_datasets(chosen("total_mr", one)) == std::vector<int>{852});
  CHECK(rough_datasets(chosen("total_v3", one)) == std::vector<int>{298});
  const auto robust = [](TaskOptions& options) {
    options.roi_subset = {"liver"};
    options.roi_subset_robust = {"spleen"};
  };
  CHECK(rough_datasets(chosen("total", robust)) == std::vector<int>{297});
  CHECK(chosen("total", robust).subset == Names{"spleen"});
  CHECK(chosen("total", robust).ignored.size() == 1);
  const auto crop = [](TaskOptions& options) {
    options.roi_subset = {"liver"};
    options.robust_crop = true;
  };
  CHECK(rough_datasets(chosen("total", crop)) == std::vector<int>{297});
}

TEST_CASE("task choice: a subset of what is not there is refused before anything runs", "[task]") {
  const auto subset = [](const char* name) {
    return [name](TaskOptions& options) { options.roi_subset = {"liver", name}; };
  };
  CHECK(contains(refusal("total", subset("no_such_organ")),
                 "argument/invalid: roi_subset has 'no_such_organ', which is no class of task total"));
  CHECK(contains(refusal("total", subset("face")), "'face', which is no class of task total"));
  CHECK(contains(refusal("total_v3", subset("vertebrae_S1")), "is no class of task total_v3"));
  CHECK(contains(refusal("total_v3", subset("vertebrae_L6")),
                 "'vertebrae_L6', which task total, by which it would be found first, does not know"));
  CHECK(contains(refusal("liver_vessels", subset("liver_vessels")),
                 "roi_subset belongs to the tasks total, total_v3 and total_mr, not to liver_vessels"));
  CHECK(contains(error_of([] { choose_task("totall", {}); }), "there is no task 'totall'"));
}

TEST_CASE("task choice: which rough network a crop has", "[task]") {
  const auto robust = [](TaskOptions& options) { options.robust_crop = true; };
  CHECK(rough_datasets(chosen("liver_vessels", robust)) == std::vector<int>{297});
  CHECK(rough_datasets(chosen("abdominal_muscles", robust)) == std::vector<int>{300});
  CHECK(rough_datasets(chosen("liver_segments_mr", robust)) == std::vector<int>{852});
  const TaskChoice teeth = chosen("teeth");
  CHECK(rough_datasets(teeth) == std::vector<int>{115});
  CHECK(teeth.rough->margin_mm == 10);
  CHECK(rough_datasets(*teeth.rough->task) == std::vector<int>{298});
  CHECK(teeth.rough->task->rough->margin_mm == 20);
  CHECK(chosen("tissue_types", robust).ignored.size() == 1);
}

TEST_CASE("task choice: the body is a rough task of all its labels, where nothing else is", "[task]") {
  const auto body = [](TaskOptions& options) { options.body_seg = true; };
  const TaskChoice total = chosen("total", body);
  CHECK(rough_datasets(total) == std::vector<int>{300});
  CHECK(total.rough->classes.empty());
  CHECK(total.rough->margin_mm == 3);
  CHECK(total.rough->task->step == 0.5);
  CHECK(total.ignored.empty());
  CHECK(!chosen("total_mr", body).rough);
  CHECK(chosen("total_mr", body).ignored == Names{"body_seg has no effect: it is for CT"});
  CHECK(rough_datasets(chosen("liver_vessels", body)) == std::vector<int>{298});
  CHECK(chosen("liver_vessels", body).ignored.size() == 1);
}

TEST_CASE("task choice: labels on the task's grid go with a coarse network and no crop", "[task]") {
  const auto lowres = [](TaskOptions& options) { options.fast = options.save_lowres = true; };
  CHECK(refusal("total", lowres) == "no error");
  CHECK(contains(refusal("total", [](TaskOptions& options) { options.save_lowres = true; }),
                 "save_lowres goes with fast or fastest"));
  CHECK(contains(refusal("lung_vessels", lowres), "save_lowres does not go with an image that is cropped"));
  CHECK(contains(refusal("total",
                         [](TaskOptions& options) {
                           options.fast = options.save_lowres = true;
                           options.roi_subset = {"liver"};
                         }),
                 "save_lowres does not go with"));
  const auto with_body = [](TaskOptions& options) {
    options.fast = options.save_lowres = options.body_seg = true;
  };
  CHECK(contains(refusal("total", with_body), "save_lowres does not go with"));
  CHECK(refusal("total_mr", with_body) == "no error");
}

TEST_CASE("task choice: slabs, resampling and steps by the options", "[task]") {
  CHECK(chosen("total").slabs == Slabs::when_large);
  CHECK(chosen("body").slabs == Slabs::never);
  const auto split = [](TaskOptions& options) {
    options.force_split = true;
    options.roi_subset = {"liver"};
  };
  CHECK(chosen("total", split).slabs == Slabs::always);
  CHECK(chosen("total", split).rough->task->slabs == Slabs::never);
  const auto old = [](TaskOptions& options) {
    options.compat = TaskCompat::v2_5;
    options.roi_subset = {"liver"};
  };
  const TaskChoice total = chosen("total", old);
  CHECK(total.resampling_order == 3);
  CHECK(total.step == 0.8);
  CHECK(total.rough->task->resampling_order == 3);
  CHECK(total.rough->task->step == 0.5);
  CHECK(chosen("total_mr", old).step == 0.5);
  const auto order = [](TaskOptions& options) {
    options.compat = TaskCompat::v2_5;
    options.resampling_order = 0;
  };
  CHECK(chosen("total", order).resampling_order == 0);
  CHECK(contains(refusal("total", [](TaskOptions& options) { options.resampling_order = 6; }),
                 "options.resampling_order is 6; 0 to 5 is allowed"));
}

TEST_CASE("task choice: rules on labels, sizes of networks, order of version 1", "[task]") {
  const auto old = [](TaskOptions& options) { options.compat = TaskCompat::v2_5; };
  CHECK(chosen("heartchambers_highres").polish.at(0).op == "remove_outside");
  CHECK(chosen("heartchambers_highres", old).polish.empty());
  CHECK(chosen("brain_structures").spacing_mm == Spacing{0.5, 0.5, 1});
  CHECK(chosen("brain_structures", old).spacing_mm == Spacing{1, 0.5, 0.5});
  CHECK(chosen("head_muscles", old).spacing_mm == Spacing{0.75, 0.75, 1});
  const TaskChoice refined = chosen("vertebrae_pp_refined");
  REQUIRE(refined.beside != nullptr);
  CHECK(datasets(*refined.beside) == std::vector<int>{305});
  CHECK(refined.polish.at(1).classes == Names{"vertebrae_body"});
  const auto small = [](TaskOptions& options) { options.model_size = ModelSize::small; };
  CHECK(chosen("total_v3", small).plans == "nnUNetResEncUNetLPlans_8");
  CHECK(contains(refusal("total", small), "model_size is small; task total has big networks alone"));
  const auto v1 = [](TaskOptions& options) { options.v1_order = true; };
  CHECK(chosen("total", v1).v1_order);
  CHECK(!chosen("total_v3", v1).v1_order);
  CHECK(contains(refusal("total", [](TaskOptions& options) { options.remove_small_blobs = -1; }),
                 "options.remove_small_blobs is -1; 0 or more is allowed"));
}

TEST_CASE("task choice: wanted networks are those of rough tasks as well, each once", "[task]") {
  const auto folders = [](const TaskChoice& choice) {
    Names names;
    for (const WantedNetwork& each : wanted_networks(choice)) names.push_back(each.folder.generic_string());
    return names;
  };
  CHECK(folders(chosen("teeth")) ==
        Names{"Dataset298_TotalSegmentator_total_6mm_1559subj/"
              "nnUNetTrainer_4000epochs_NoMirroring__nnUNetPlans__3d_fullres",
              "Dataset115_mandible/nnUNetTrainer_DASegOrd0_NoMirroring__nnUNetPlans__3d_fullres",
              "Dataset113_ToothFairy3/nnUNetTrainer_onlyMirror01__nnUNetPlans__3d_lowres_high"});
  CHECK(wanted_networks(chosen("total")).size() == 5);
  const auto same = [](TaskOptions& options) {
    options.fastest = true;
    options.roi_subset = {"liver"};
  };
  CHECK(wanted_networks(chosen("total", same)).size() == 1);
  CHECK(wanted_networks(chosen("vertebrae_pp_refined")).size() == 2);
}

}  // namespace
}  // namespace musclemap::task
