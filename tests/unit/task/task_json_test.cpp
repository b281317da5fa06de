#include "task/task_json.hpp"

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "task/musclemap_task.hpp"

namespace musclemap::task {
namespace {

using Json = nlohmann::json;

TaskSpec thigh() {
  ModelConfig config;
  config.window = {128, 128, 1};
  config.target_spacing = {1, 1, -1};
  config.labels = {{7101, "leg", "sartorius", "left"}, {7102, "leg", "sartorius", "right"}};
  return musclemap_task(config, "thigh", "0.0", {"thigh.pth", std::string(64, 'a')});
}

Json json_of(const TaskSpec& task) { return Json::parse(task_json(task).dump()); }

TEST_CASE("task: what is printed is read back", "[task]") {
  TaskSpec task = thigh();
  CHECK(task_json(read_task(json_of(task))) == task_json(task));
  CHECK(read_task(json_of(task)).labels[1].side == "right");
  task.each.chunk_slices = 7;
  task.polish.clear();
  task.stages[0].networks[0].sha256.clear();
  task.stages[0].windows.placement = infer::Placement::nnunet;
  task.stages[0].windows.weight = infer::Weight::gaussian_nnunet;
  task.stages[0].windows.overlap_or_step = 0.8;
  task.stages[0].windows.least = {1, 1, 1};
  const TaskSpec back = read_task(json_of(task));
  CHECK(task_json(back) == task_json(task));
  CHECK(back.stages[0].windows.placement == infer::Placement::nnunet);
  CHECK(back.stages[0].windows.overlap_or_step == 0.8);
  CHECK(back.each.chunk_slices == 7);
}

TEST_CASE("task: the hash is that of all of it", "[task]") {
  const TaskSpec task = thigh();
  CHECK(task_sha256(task).size() == 64);
  CHECK(task_sha256(task) == task_sha256(read_task(json_of(task))));
  const auto changed = [&](const std::function<void(TaskSpec*)>& change) {
    TaskSpec other = task;
    change(&other);
    CHECK(task_sha256(other) != task_sha256(task));
  };
  changed([](TaskSpec* t) { t->stages[0].windows.overlap_or_step = 0.5; });
  changed([](TaskSpec* t) { t->polish.clear(); });
  changed([](TaskSpec* t) { t->each.chunk_slices = 3; });
  changed([](TaskSpec* t) { std::get<image::ResampleMonai>(t->stages[0].steps[0]).spacing_mm[2] = 3; });
  changed([](TaskSpec* t) { std::get<image::CropAboveZero>(t->stages[0].steps[2]).margin[0] = 21; });
  changed([](TaskSpec* t) { t->stages[0].networks[0].sha256[0] = 'b'; });
  changed([](TaskSpec* t) { t->labels[0].value = 1; });
  Json negative = json_of(task);
  negative["stages"][0]["windows"]["placement"]["overlap"] = -0.0;
  Json zero = json_of(task);
  zero["stages"][0]["windows"]["placement"]["overlap"] = 0;
  CHECK(task_sha256(read_task(negative)) == task_sha256(read_task(zero)));
}

TEST_CASE("task: a wrong file is told by field, value seen and values allowed", "[task]") {
  const auto wrong = [](const std::string& pointer, const Json& value, const std::string& said) {
    Json document = json_of(thigh());
    document[Json::json_pointer(pointer)] = value;
    const std::string message = test::error_of([&] { read_task(document); });
    INFO(message);
    CHECK(message.find(said) != std::string::npos);
  };
  wrong("/stage", 1, "stage is 1; there is no such field");
  wrong("/name", 3, "name is 3; a text is needed");
  wrong("/type", "u8", "type is \"u8\"; \"i16\" is supported");
  wrong("/each/of", "frames", "each.of is \"frames\"; \"image\" and \"chunks\" are supported");
  wrong("/each", {{"of", "image"}, {"slices", 3}}, "each.slices is 3; there is no such field");
  wrong("/steps/0", {{"flip", Json::object()}},
        "steps[0] is an object; an object of one of \"reorient\", \"resample\", \"normalise\", \"crop\", "
        "\"transpose\" is needed");
  wrong("/steps/0/reorient/to", "LPS", "steps[0].reorient.to is \"LPS\"; \"RAS\" is supported");
  wrong("/stages/0/steps/0/resample/as", "lanczos",
        "stages[0].steps[0].resample.as is \"lanczos\"; \"monai_affine\"");
  wrong("/stages/0/steps/0/resample/spacing/1", 0,
        "spacing[1] is 0; 0.01 to 100 mm, or \"keep\", is allowed");
  wrong("/stages/0/steps/0/resample/spacing/1", "as is", "spacing[1] is \"as is\"; 0.01 to 100 mm");
  wrong("/stages/0/steps/0/resample/order", 3, "resample.order is 3; there is no such field");
  wrong("/stages/0/steps/1/normalise/over", "all", "normalise.over is \"all\"; \"nonzero\" is supported");
  wrong("/stages/0/steps/2/crop/margin_voxels/0", -1, "margin_voxels[0] is -1; a whole number from 0");
  wrong("/stages/0/windows/size/0", 0, "stages[0].windows.size[0] is 0; a whole number from 1 to 4096");
  wrong("/stages/0/windows/placement/as", "cellpose", "\"monai\" and \"nnunet\" are supported");
  wrong("/stages/0/windows/placement/overlap", 1, "placement.overlap is 1; 0 to below 1 is allowed");
  wrong("/stages/0/windows/placement", {{"as", "nnunet"}, {"step", 0}}, "placement.step is 0; 1/128, a");
  wrong("/stages/0/windows/placement", {{"as", "nnunet"}, {"step", 1e-300}}, "a pixel of the window, to 1");
  wrong("/stages/0/windows/weight", "constant", "\"gaussian_monai\" and \"gaussian_nnunet\" are supported");
  wrong("/stages/0/windows/pad/to", "multiple", "\"window\" and \"least\" are supported");
  wrong("/stages/0/windows/sum", "f16", "\"f32\" belongs to a network of the axes xy");
  wrong("/stages/0/windows/sum", "f64", "\"f32\" and \"f16\" are supported");
  wrong("/stages/0/decode", {{"flows", Json::object()}},
        "an object of one of \"arg_max\", \"regions\", \"arg_max_near\" is needed");
  wrong("/stages/0/to_label", Json::object(), "\"sorted_values\" is supported");
  wrong("/stages/0/networks/0/file", "../a.pth", "a path below the folder of the networks is needed");
  wrong("/stages/0/networks/0/file", "..",
        "networks[0].file is \"..\"; a path below the folder of the networks is needed");
  wrong("/stages/0/networks/0/file", "", "a path below the folder of the networks is needed");
  wrong("/labels/1/colour", "red", "labels[1].colour is \"red\"; there is no such field");
  wrong("/stages/0/networks/0/sha256", "AB", "64 hexadecimal digits are needed");
  wrong("/stages/0/scores_back", 4, "scores_back is 4; a whole number from 0 to 3");
  wrong("/stages/0/scores_back", 2, "stages[0].scores_back: the resampling is undone on scores");
  wrong("/polish/0", {{"keep_largest", {{"at", "task"}}}},
        "keep_largest.at is \"task\"; \"image\" is supported");
  wrong("/labels/1/value", 7101, "values must be unique");
}

TEST_CASE("task: steps that do not fit together are told", "[task]") {
  const auto problem = [](const std::function<void(TaskSpec*)>& change) {
    TaskSpec task = thigh();
    change(&task);
    return why_not(task);
  };
  CHECK(problem([](TaskSpec*) {}).empty());
  CHECK(problem([](TaskSpec* t) { t->steps.clear(); }).empty());
  CHECK(problem([](TaskSpec* t) { t->stages[0].steps.erase(t->stages[0].steps.begin()); }).empty());
  CHECK(problem([](TaskSpec* t) { t->steps.emplace_back(image::Reorient{}); }).find("steps[1]") == 0);
  CHECK(problem([](TaskSpec* t) { t->steps = {image::NormaliseZ{}}; }).find("steps[0]") == 0);
  CHECK(problem([](TaskSpec* t) {
          std::swap(t->stages[0].steps[0], t->stages[0].steps[1]);
        }).find("stages[0].steps[2]: a crop above zero comes behind a z_score") == 0);
  CHECK(problem([](TaskSpec* t) {
          t->stages[0].steps.emplace_back(image::ResampleMonai{});
          t->stages[0].scores_back = 4;
        }).find("stages[0].steps[3]: one resampling") == 0);
  CHECK(problem([](TaskSpec* t) {
          t->stages[0].steps = {image::NormaliseZ{}, image::CropAboveZero{}, image::ResampleMonai{}};
        }).find("stages[0].steps[2]: a resampling comes before the crop") == 0);
}

}  // namespace
}  // namespace musclemap::task
