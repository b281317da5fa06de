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

}  // namespace
}  // namespace musclemap::task
