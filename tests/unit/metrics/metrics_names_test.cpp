#include "io/label_text/caret_table.hpp"
#include "io/nifti/result_header.hpp"
#include "metrics/metrics_inputs.hpp"
#include "musclemap/nifti.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/volumes.hpp"

namespace musclemap::metrics {
namespace {

TEST_CASE("metrics: names come from the label map's header where no other source is there", "[metrics]") {
  const test::TemporaryFolder folder;
  const Geometry geometry = test::grid({2, 2, 2});
  NiftiWriteOptions options;
  options.like = io::with_extension(*io::plain_header(geometry), 30,
                                    io::caret_label_table({{3, "liver"}, {7, "kidney_left"}}));
  write_nifti(Volume::zeros(geometry, DType::u8), folder / "map.nii.gz", options);
  MetricsRequest request;
  request.labels = folder / "map.nii.gz";
  std::vector<Warning> warnings;
  const std::vector<Label> names = with_files_read(request, &warnings).names;
  REQUIRE(names.size() == 2);
  CHECK(names[0].value == 3);
  CHECK(names[1].anatomy == "kidney_left");
  request.names = {{5, "", "spleen", ""}};
  CHECK(with_files_read(request, &warnings).names.size() == 1);
  request = {};
  request.labels = folder / "absent.nii.gz";
  CHECK(with_files_read(request, &warnings).names.empty());
  CHECK(warnings.empty());
}

}  // namespace
}  // namespace musclemap::metrics
