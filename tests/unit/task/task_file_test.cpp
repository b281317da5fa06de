#include "task/task_file.hpp"

#include <fstream>
#include <memory>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "task/task_json.hpp"

namespace musclemap::task {
namespace {

TaskSpec volume_task(const std::string& network) {
  TaskSpec task;
  task.name = network;
  StageSpec stage;
  stage.networks = {{network, ""}};
  stage.windows.size = {8, 8, 8};
  stage.windows.axes = 3;
  stage.windows.overlap_or_step = 0.5;
  stage.windows.placement = infer::Placement::nnunet;
  stage.windows.weight = infer::Weight::gaussian_nnunet;
  stage.windows.sum = infer::Sum::f16;
  task.stages = {stage};
  task.labels = {{1, "", "liver", ""}};
  return task;
}

TEST_CASE("task file: networks of the tasks that run for it lie beside it too", "[task]") {
  const test::TemporaryFolder folder;
  TaskSpec task = volume_task("own.pt");
  task.rough = Rough{std::make_shared<const TaskSpec>(volume_task("rough.pt")), {}, 20};
  task.beside = std::make_shared<const TaskSpec>(volume_task("beside.pt"));
  for (const NetworkRef& each : networks_of(task)) std::ofstream(folder / each.file) << "weights";
  std::ofstream(folder / "task.json") << task_json(task);
  const auto state = open_task_file(folder / "task.json");
  REQUIRE(networks_of(state->spec).size() == 3);
  CHECK(networks_of(state->spec)[0].file == "rough.pt");
  CHECK(networks_of(state->spec)[1].file == "beside.pt");
  for (const char* name : {"rough.pt", "beside.pt", "own.pt"}) CHECK(state->sources.count(name) == 1);
}

}  // namespace
}  // namespace musclemap::task
