#include "batch/job.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "batch/measured_job.hpp"
#include "batch/segment_batch.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;
using test::contains;
using test::error_of;

std::vector<std::string> label_maps(const batch::BatchRequest& request) {
  std::vector<std::string> names;
  for (const batch::Job& job : batch::jobs_of(request)) names.push_back(job.labels.string());
  return names;
}

TEST_CASE("batch: label maps are named after the images", "[batch]") {
  batch::BatchRequest request;
  request.images = {"a/scan.nii.gz", "b/other.IMG", "c.nii"};
  CHECK(label_maps(request) ==
        std::vector<std::string>{"a/scan_dseg.nii.gz", "b/other_dseg.nii.gz", "c_dseg.nii.gz"});
  request.output = "out";
  request.suffix = "_x";
  CHECK(label_maps(request) ==
        std::vector<std::string>{"out/scan_x.nii.gz", "out/other_x.nii.gz", "out/c_x.nii.gz"});
  request.images.resize(1);
  request.output = "out/Mine.NII.GZ";
  CHECK(label_maps(request) == std::vector<std::string>{"out/Mine.NII.GZ"});
}

TEST_CASE("batch: names that collide are refused before anything is opened", "[batch]") {
  const test::TemporaryFolder folder;
  batch::BatchRequest request;
  request.images = {"a/scan.nii.gz", "b/scan.nii"};
  request.output = folder / "out";
  CHECK(contains(error_of([&] { batch::jobs_of(request); }), "would replace another output"));
  request.output = "one.nii.gz";
  CHECK(
      contains(error_of([&] { batch::jobs_of(request); }), "is the name of a file, but there are 2 images"));
  std::ofstream(folder / "scan_dseg.nii.gz") << "an image of this name";
  request = {};
  request.images = {folder / "scan.nii.gz", folder / "scan_dseg.nii.gz"};
  CHECK(contains(error_of([&] { batch::jobs_of(request); }), "would replace an input"));
  request = {};
  request.images = {"a.nii", "b.nii"};
  request.files.picture = "qc.png";
  CHECK(contains(error_of([&] { batch::jobs_of(request); }), "is one picture, but there are 2 images"));
}

TEST_CASE("batch: label maps that are there are passed over, and no model is opened for nothing", "[batch]") {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "there_dseg.nii.gz") << "a label map";
  batch::BatchRequest request;
  request.images = {folder / "there.nii", folder / "absent.nii"};
  request.skip_existing = true;
  std::vector<batch::Job> jobs = batch::jobs_of(request);
  CHECK(batch::is_to_skip(request, jobs[0]));
  CHECK(!batch::is_to_skip(request, jobs[1]));
  jobs.erase(jobs.begin());
  int failed = 0;
  int finished = 0;
  batch::BatchSteps steps;
  steps.model = []() -> ModelBundle { throw Error(ErrorCode::model, "opened"); };
  steps.failed = [&](const batch::Job&, const Error& error) {
    ++failed;
    CHECK(error.code() == ErrorCode::io);
    CHECK(error.file() == request.images[1]);
  };
  steps.finished = [&](const batch::Job& job) {
    ++finished;
    CHECK(job.outcome == batch::Outcome::failed);
  };
  batch::run_batch(request, {}, {}, steps, &jobs);
  CHECK(failed == 1);
  CHECK(finished == 1);
}

TEST_CASE("batch: what is measured after a segmentation lies beside its label map", "[batch]") {
  const batch::Job job{"in/scan.nii.gz", "out/scan_dseg.nii.gz"};
  MetricsRequest common;
  common.method = MetricsMethod::kmeans;
  const MetricsRequest request = batch::measured(common, job);
  CHECK(request.image == job.image);
  CHECK(request.labels == job.labels);
  CHECK(request.output_folder == "out");
  CHECK(batch::picture_of(job) == fs::path("out/scan_qc.png"));
  common.method = MetricsMethod::dixon;
  common.fat = "in/fat.nii.gz";
  CHECK(batch::measured(common, job).image.empty());
  CHECK(batch::measured(common, {"in/scan.nii.gz", "scan_dseg.nii.gz"}).output_folder == ".");
}

}  // namespace
}  // namespace musclemap
