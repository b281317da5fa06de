#include "batch/organ_job.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace fs = std::filesystem;

TEST_CASE("organ job: a task that is named by its folder has its preview beside the label map", "[batch]") {
  const musclemap::test::TemporaryFolder folder;
  const fs::path image = folder.path() / "scan.nii.gz";
  std::ofstream(image) << "an image";
  musclemap::batch::OrganRequest request;
  request.images = {image};
  request.output = folder.path() / "organs.nii.gz";
  request.one_file = true;
  request.preview = true;
  const fs::path expected = folder.path() / "preview_Dataset001_Torso.png";
  for (const char* task : {"Dataset001_Torso", "./Dataset001_Torso", "/models/Dataset001_Torso/"}) {
    CAPTURE(std::string(task));
    const auto jobs = musclemap::batch::organ_jobs(request, task);
    REQUIRE(jobs.size() == 1);
    CHECK(jobs[0].preview == expected);
  }
}
