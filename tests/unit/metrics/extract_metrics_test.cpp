#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "musclemap/metrics.hpp"
#include "musclemap/nifti.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"
#include "support/volumes.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;
using test::csv_of;
using test::error_of;
using test::grid;

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    names.insert(entry.path().filename());
  return names;
}

// An image and labels in a folder of their own.
struct Files {
  test::TemporaryFolder folder;
  MetricsRequest request;

  Files(const Volume& image, const Volume& labels) {
    request.image = folder / "scan.nii.gz";
    request.labels = folder / "map.nii.gz";
    write_nifti(image, request.image);
    write_nifti(labels, request.labels);
  }
};

Volume filled(const Geometry& geometry, std::uint8_t value) {
  return test::volume_of(geometry, std::vector<std::uint8_t>(test::count_of(geometry.shape), value));
}

double volume_of_one_label(const Index3& shape, const Spacing& spacing) {
  const Geometry geometry = grid(shape, spacing);
  Files files(filled(geometry, 3), filled(geometry, 1));
  return extract_metrics(files.request).metrics.labels.column("volume_ml").values.at(0);
}

TEST_CASE("extract metrics: voxel volumes are products of single precision (T7)", "[metrics]") {
  CHECK(volume_of_one_label({1, 1, 1}, {0.9375, 0.9375, 4.4000006}) == 0.0038671879768371583);
  const Geometry geometry = grid({25, 25, 10}, {0.6, 0.6, 3.3});
  Files files(filled(geometry, 3), filled(geometry, 1));
  const MetricsReport report = extract_metrics(files.request);
  CHECK(text_of(report.table) ==
        "Label,Anatomy,Slices with segmentation,Average Intensity,Volume (ml)\n1,,10,3.0,7.43\n");
}

TEST_CASE("extract metrics: files give what volumes in memory give", "[metrics]") {
  const Geometry geometry = grid({7, 6, 5}, {2, 1, 4});
  std::vector<std::int16_t> values(210);
  std::vector<std::int16_t> labels(210);
  for (std::size_t n = 0; n < 210; ++n) {
    values[n] = static_cast<std::int16_t>(n * n % 97);
    labels[n] = static_cast<std::int16_t>(n / 3 % 4);
  }
  const Volume image = test::volume_of(geometry, values);
  const Volume map = test::volume_of(geometry, labels);
  Files files(image, map);
  for (const MetricsMethod method : {MetricsMethod::kmeans, MetricsMethod::gmm, MetricsMethod::hu}) {
    MetricsRequest& request = files.request;
    request.method = method;
    request.tissue.components = 3;
    TissueOptions options = request.tissue;
    options.method = method == MetricsMethod::kmeans ? TissueMethod::kmeans
                     : method == MetricsMethod::gmm  ? TissueMethod::gmm
                                                     : TissueMethod::hu;
    const TissueMap tissue = TissueClassifier(options).classify(image, map);
    const Metrics metrics = measure(tissue, {});
    const MetricsReport report = extract_metrics(request);
    CHECK(csv_of(report.metrics.labels, true) == csv_of(metrics.labels, true));
    CHECK(csv_of(report.metrics.slices, true) == csv_of(metrics.slices, true));
    for (const fs::path& file : report.files) {
      const std::string name = file.filename().string();
      if (test::contains(name, "combined")) {
        CHECK(test::voxels_of<std::uint8_t>(read_nifti(file)) ==
              test::voxels_of<std::uint8_t>(tissue.tissue()));
      }
      if (test::contains(name, "fat_seg")) {
        CHECK(test::voxels_of<std::uint8_t>(read_nifti(file)) ==
              test::voxels_of<std::uint8_t>(tissue.mask(Tissue::fat)));
      }
      if (test::contains(name, "undefined_3component_softseg")) {
        CHECK(test::voxels_of<float>(read_nifti(file)) ==
              test::voxels_of<float>(tissue.posterior_map(Tissue::undefined)));
      }
    }
    const auto image_reader = open_nifti(request.image);
    const auto label_reader = open_nifti(request.labels);
    const std::vector<TissueFit> fits = TissueClassifier(options).fit(*image_reader, *label_reader);
    REQUIRE(fits.size() == tissue.fits().size());
    for (std::size_t n = 0; n < fits.size(); ++n) {
      CHECK(fits[n].voxels == tissue.fits()[n].voxels);
      if (method != MetricsMethod::hu) CHECK(fits[n].muscle_max == tissue.fits()[n].muscle_max);
    }
  }
}

TEST_CASE("extract metrics: the report lists every file, the table first", "[metrics]") {
  Files files(test::line_of<std::int16_t>({1, 2, 9}), test::line_of<std::uint8_t>({1, 1, 1}));
  MetricsRequest& request = files.request;
  request.method = MetricsMethod::gmm;
  request.per_slice = true;
  request.table.format = TableFormat::tsv;
  request.output_folder = files.folder / "out";
  request.picture = files.folder / "pictures/qc.png";
  const MetricsReport report = extract_metrics(request);
  CHECK(report.table == files.folder / "out/scan_gmm_2component_results.tsv");
  CHECK(report.table == metrics_table_path(request));
  CHECK(report.files.front() == report.table);
  std::set<std::string> listed;
  for (const fs::path& file : report.files) listed.insert(file.filename());
  CHECK(listed.size() == report.files.size());
  std::set<std::string> seen = names_in(files.folder / "out");
  seen.insert("qc.png");
  CHECK(listed == seen);
  CHECK(listed.size() == 4 + 5 + 1);
}

TEST_CASE("extract metrics: names of tables", "[metrics]") {
  MetricsRequest request;
  request.image = "/data/a.b.nii.gz";
  request.fat = "/other/fat.nii";
  const auto path = [&](MetricsMethod method) {
    request.method = method;
    return metrics_table_path(request).string();
  };
  CHECK(path(MetricsMethod::average) == "/data/a.b_average_results.csv");
  CHECK(path(MetricsMethod::dixon) == "/other/fat.nii_dixon_results.csv");
  CHECK(path(MetricsMethod::hu) == "/data/a.b_hu_results.csv");
  request.tissue.components = 3;
  request.table.format = TableFormat::json;
  request.output_folder = "/out";
  CHECK(path(MetricsMethod::kmeans) == "/out/a.b_kmeans_3component_results.json");
  CHECK(metrics_method("AVERAGE") == MetricsMethod::average);
  CHECK(metrics_method("hu") == MetricsMethod::hu);
  CHECK(error_of([] { metrics_method("median"); }) ==
        "argument/invalid: method is 'median'; average, dixon, kmeans, gmm and hu are allowed");
  CHECK(error_of([] { metrics_method(""); }).find("argument/") == 0);
}

TEST_CASE("extract metrics: warnings are told and kept", "[metrics]") {
  Files files(test::line_of<std::int16_t>({1, 2, 9, 4}), test::line_of<std::uint8_t>({1, 1, 1, 2}));
  files.request.method = MetricsMethod::kmeans;
  RunControl control;
  std::vector<Warning> told;
  control.on_warning = [&](const Warning& warning) { told.push_back(warning); };
  const MetricsReport report = extract_metrics(files.request, control);
  CHECK(told == report.metrics.warnings);
  REQUIRE(told.size() == 1);
  CHECK(told[0].code == WarningCode::label_not_divided);
  CHECK(told[0].text.find("label 2: ") == 0);
}

TEST_CASE("extract metrics: a run that fails leaves nothing", "[metrics]") {
  Files files(test::line_of<std::int16_t>({1, 2, 9}), test::line_of<std::uint8_t>({1, 1, 1}));
  MetricsRequest& request = files.request;
  request.method = MetricsMethod::gmm;
  const std::set<std::string> before = names_in(files.folder.path());
  request.tissue.components = 4;
  CHECK(error_of([&] { extract_metrics(request); }) ==
        "argument/invalid: request.tissue.components is 4; 2 to 3 is allowed");
  request.tissue.components = 2;
  RunControl control;
  control.cancel.cancel();
  CHECK(error_of([&] { extract_metrics(request, control); }).find("cancelled/") == 0);
  request.table.columns = {"colour"};
  CHECK(error_of([&] { extract_metrics(request); }).find("argument/invalid: no column \"colour\"") == 0);
  request.table.columns.clear();
  control = {};
  control.on_progress = [](const Progress& progress) {
    if (progress.stage == Stage::measure) throw Error(ErrorCode::internal, "stop");
  };
  CHECK(error_of([&] { extract_metrics(request, control); }) == "internal/internal: stop");
  request.edits["nobody"].muscle_max_shift = 1;
  CHECK(error_of([&] { extract_metrics(request); }).find("argument/invalid: the edits name the group") == 0);
  CHECK(names_in(files.folder.path()) == before);
}

TEST_CASE("edits: groups join sides, and names that carry theirs", "[metrics]") {
  Files files(test::line_of<std::int16_t>({0, 1, 5, 9, 0, 1, 5, 9, 0, 1, 5, 9}),
              test::line_of<std::uint8_t>({1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3}));
  MetricsRequest& request = files.request;
  request.method = MetricsMethod::kmeans;
  request.names = {{1, "a", "Psoas Left", ""}, {2, "a", " psoas right ", ""}, {3, "a", "foot left", "right"}};
  request.edits["PSOAS"].muscle_max_shift = 4;
  request.edits["Foot left"].muscle_max_shift = 9;
  const Metrics metrics = extract_metrics(request).metrics;
  CHECK(metrics.labels.column("muscle_max").values == std::vector<double>{5, 5, 10});
  CHECK(metrics.labels.column("muscle_volume_ml").values == std::vector<double>{3, 3, 4});
}

TEST_CASE("edits: from a file, masks beside it", "[metrics]") {
  const test::TemporaryFolder folder;
  const auto read = [&](const std::string& text) {
    std::ofstream(folder / "edits.json") << text;
    return read_tissue_edits(folder / "edits.json");
  };
  const TissueEdits edits = read(
      R"({"groups": {"Psoas": {"muscle_max_shift": -2.5, "erase": "sub/m.nii.gz"}, "b": {"fat_min_shift": 3}}})");
  REQUIRE(edits.size() == 2);
  CHECK(edits.at("Psoas").muscle_max_shift == -2.5);
  CHECK(edits.at("Psoas").fat_min_shift == 0);
  CHECK(edits.at("Psoas").erase == folder / "sub/m.nii.gz");
  CHECK(edits.at("b").fat_min_shift == 3);
  CHECK(edits.at("b").erase.empty());
  CHECK(read(R"({"groups": {}})").empty());
  CHECK(read(R"({"groups": {"a": {"erase": "/x/m.nii"}}})").at("a").erase == "/x/m.nii");
  for (const char* text :
       {"", "[]", "{}", R"({"groups": []})", R"({"groups": {"a": []}})", R"({"groups": {"a": {"erase": 1}}})",
        R"({"groups": {"a": {"shift": 1}}})", R"({"groups": {"a": {"fat_min_shift": null}}})",
        R"({"groups": {"a": {"fat_min_shift": 1e999}}})"}) {
    INFO(text);
    CHECK(error_of([&] { read(text); }).find("format/bad_json: ") == 0);
  }
  CHECK(error_of([&] { read_tissue_edits(folder / "absent.json"); }).find("io/io: ") == 0);
}

}  // namespace
}  // namespace musclemap
