#include "task/nnunet_task.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "image/steps/reorient.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/nnunet_files.hpp"
#include "support/temporary_folder.hpp"
#include "task/task_json.hpp"
#include "task/task_state.hpp"

namespace musclemap::task {
namespace {

std::vector<image::Step> steps_with_reader(const nlohmann::json& reader) {
  const test::TemporaryFolder folder;
  nlohmann::json plans = test::nnunet_plans();
  plans.erase("image_reader_writer");
  if (!reader.is_null()) plans["image_reader_writer"] = reader;
  const std::filesystem::path model =
      test::write_nnunet_folder(folder.path(), plans, test::nnunet_dataset(), "no weights are read");
  return open_nnunet_task(model, TaskOptions{})->spec.steps;
}

TEST_CASE("nnunet task: axes are as stored or RAS+, as the plans' reader has them", "[task]") {
  CHECK(steps_with_reader(nullptr).empty());
  CHECK(steps_with_reader("SimpleITKIO").empty());
  CHECK(steps_with_reader("NibabelIO").empty());
  for (const char* reader : {"NibabelIOWithReorient", "SimpleITKIOWithReorient"}) {
    const std::vector<image::Step> steps = steps_with_reader(reader);
    REQUIRE(steps.size() == 1);
    CHECK(std::holds_alternative<image::Reorient>(steps[0]));
  }
  const std::string refusal = test::error_of([] { steps_with_reader("Tiff3DIO"); });
  CHECK(test::contains(refusal, "format/unsupported"));
  CHECK(
      test::contains(refusal, "plans.json: image_reader_writer is \"Tiff3DIO\"; SimpleITKIO, NibabelIO and"));
}

TEST_CASE("nnunet task: the second of a cascade runs the first, which lies beside it", "[task]") {
  const test::TemporaryFolder folder;
  nlohmann::json plans = test::nnunet_plans();
  nlohmann::json& all = plans["configurations"];
  all["3d_lowres"] = all["3d_fullres"];
  all["3d_fullres"]["previous_stage"] = "3d_lowres";
  const auto write = [&] {
    return test::write_nnunet_folder(folder.path(), plans, test::nnunet_dataset(), "no weights are read");
  };
  const std::filesystem::path second = write();
  const auto open = [&] { return open_nnunet_task(second, TaskOptions{})->spec; };
  const std::string refusal = test::error_of(open);
  CHECK(test::contains(refusal, "is the second of a cascade and needs '3d_lowres' beside it"));

  const std::filesystem::path first = second.parent_path() / "nnUNetTrainer__nnUNetPlans__3d_lowres";
  std::filesystem::copy(second, first, std::filesystem::copy_options::recursive);
  const TaskSpec task = open();
  REQUIRE(task.previous);
  CHECK(task.previous->labels == std::vector<std::int64_t>{1, 2});
  const std::vector<NetworkRef> networks = networks_of(task);
  REQUIRE(networks.size() == 2);
  CHECK(networks[0].file == "nnUNetTrainer__nnUNetPlans__3d_lowres/fold_0/checkpoint_final.pth");
  CHECK(networks[1].file == "nnUNetTrainer__nnUNetPlans__3d_fullres/fold_0/checkpoint_final.pth");
  CHECK(why_not(task).empty());
  CHECK(read_task(nlohmann::json::parse(task_json(task).dump())).previous->labels == task.previous->labels);

  all["3d_fullres"]["resampling_fn_seg_kwargs"]["order"] = 0;
  write();
  CHECK(test::contains(test::error_of(open), "resampling_fn_seg_kwargs.order is 0; 1 is supported"));
}

}  // namespace
}  // namespace musclemap::task
