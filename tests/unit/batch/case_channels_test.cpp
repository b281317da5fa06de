#include "batch/case_channels.hpp"

#include <fstream>

#include "batch/organ_job.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap::batch {
namespace {

namespace fs = std::filesystem;
using test::contains;
using test::error_of;
using Paths = std::vector<fs::path>;

TEST_CASE("batch: channels of a case are one image", "[batch]") {
  const Paths images = {"a/x_0001.nii.gz", "a/x_0000.nii.gz", "b/x_0000.nii.gz", "a/y_0000.nii"};
  CHECK(first_channels(images, 2) == Paths{"a/x_0000.nii.gz", "b/x_0000.nii.gz", "a/y_0000.nii"});
  CHECK(first_channels(images, 1) == images);
  CHECK(case_stem("a/x_0000.nii.gz", 2) == "x");
  CHECK(case_stem("a/x_0000.nii.gz", 1) == "x_0000");
  CHECK(case_stem("a/x.nii.gz", 2) == "x");
}

TEST_CASE("batch: channels lie beside the first, and what is missing is named", "[batch]") {
  const test::TemporaryFolder folder;
  const fs::path first = folder / "x_0000.nii.gz";
  std::ofstream(first) << "an image";
  CHECK(channel_files(first, 1) == Paths{first});
  CHECK(contains(error_of([&] { channel_files(first, 3); }),
                 "names end in _0000 to _0002; missing: x_0001.nii.gz, x_0002.nii.gz"));
  for (const char* name : {"x_0001.nii.gz", "x_0002.nii.gz"}) std::ofstream(folder / name) << "an image";
  CHECK(channel_files(first, 3) == Paths{first, folder / "x_0001.nii.gz", folder / "x_0002.nii.gz"});
  for (const char* name : {"x.nii.gz", "_0000.nii.gz", "x_000.nii.gz", "x-0000.nii.gz", "x_00a0.nii.gz"})
    CHECK(contains(error_of([&] { channel_files(name, 2); }), "this name has no channel"));
}

TEST_CASE("batch: a job of several channels has one label map, named after the case", "[batch]") {
  const test::TemporaryFolder folder;
  for (const char* name : {"x_0000.nii.gz", "x_0001.nii.gz"}) std::ofstream(folder / name) << "an image";
  BatchRequest request;
  request.images = {folder / "x_0000.nii.gz", folder / "x_0001.nii.gz"};
  request.channels = 2;
  request.output = folder / "out";
  const std::vector<Job> jobs = jobs_of(request);
  REQUIRE(jobs.size() == 1);
  CHECK(jobs[0].labels == folder / "out" / "x_dseg.nii.gz");
  CHECK(organ_job_of(jobs[0], request).others == Paths{folder / "x_0001.nii.gz"});
  request.output = folder / "x_0001.nii.gz";
  CHECK(contains(error_of([&] { jobs_of(request); }), "would replace an input"));
}

}  // namespace
}  // namespace musclemap::batch
