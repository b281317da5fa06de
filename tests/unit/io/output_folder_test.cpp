#include "io/files/output_folder.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include "musclemap/metrics.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap {
namespace {

using test::contains;
using test::error_of;

std::string refusal_of(const std::filesystem::path& folder) {
  return error_of([&] { io::check_output_folder(folder); });
}

TEST_CASE("output folder: a name of a file is refused", "[io]") {
  for (const char* name : {"seg.nii.gz", "seg.nii", "SEG.NII.GZ", "out/scan.img", "a.zip", "b.pth", "c.png",
                           "d.mha", "seg.nii.gz/"}) {
    INFO(name);
    CHECK(contains(refusal_of(name), "argument/invalid: is the name of a file"));
  }
}

TEST_CASE("output folder: folders may have dots, and what is there counts", "[io]") {
  const test::TemporaryFolder folder;
  for (const char* name :
       {"", "out", "out.v2", "2024.01.02", "..", "../out", "a.nii.gz.d", "dseg.tsv", "names.json"}) {
    INFO(name);
    CHECK(refusal_of(name) == "no error");
  }
  std::filesystem::create_directory(folder / "seg.nii.gz");
  CHECK(refusal_of(folder / "seg.nii.gz") == "no error");
  std::ofstream(folder / "out") << "in the way";
  CHECK(contains(refusal_of(folder / "out"), "argument/invalid: is a file"));
}

TEST_CASE("output folder: measures ask before anything is opened", "[io]") {
  MetricsRequest request;
  request.image = "absent.nii";
  request.labels = "absent_dseg.nii";
  request.output_folder = "table.nii";
  CHECK(contains(error_of([&] { extract_metrics(request); }), "is the name of a file"));
}

}  // namespace
}  // namespace musclemap
