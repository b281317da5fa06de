#include "batch/organ_files.hpp"

#include <cmath>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "image/volume_reader.hpp"
#include "musclemap/musclemap.hpp"
#include "support/catch.hpp"
#include "support/nnunet_files.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap::batch {
namespace {

namespace fs = std::filesystem;

Volume waves(float phase) {
  Geometry geometry;
  geometry.shape = {12, 12, 10};
  Volume image = Volume::zeros(geometry, DType::f32);
  const auto voxel = image.mutable_view<float>();
  for (int k = 0; k < 10; ++k) {
    for (int j = 0; j < 12; ++j) {
      for (int i = 0; i < 12; ++i)
        voxel(i, j, k) =
            100.0F * std::sin(0.5F * static_cast<float>(i + 2 * j) + phase * static_cast<float>(k));
    }
  }
  return image;
}

// A network of two channels in `folder`.
fs::path two_channels(const fs::path& folder) {
  nlohmann::json plans = test::nnunet_plans();
  nlohmann::json& configuration = plans["configurations"]["3d_fullres"];
  configuration["normalization_schemes"] = {"ZScoreNormalization", "ZScoreNormalization"};
  configuration["use_mask_for_norm"] = {false, false};
  nlohmann::json dataset = test::nnunet_dataset();
  dataset["channel_names"] = {{"0", "T1"}, {"1", "T2"}};
  return test::write_nnunet_folder(folder, plans, dataset, test::nnunet_checkpoint(plans, dataset).file());
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<int> voxels_of(const Volume& labels) {
  const auto view = labels.view<std::uint8_t>();
  std::vector<int> voxels;
  for (std::int64_t k = 0; k < view.shape[2]; ++k) {
    for (std::int64_t j = 0; j < view.shape[1]; ++j) {
      for (std::int64_t i = 0; i < view.shape[0]; ++i) voxels.push_back(view(i, j, k));
    }
  }
  return voxels;
}

TEST_CASE("organ files: channels of a case are read together, the sidecar names what was run", "[batch]") {
  if (!engine_status().available) {
    std::cout << "skipped: needs the torch engine\n";
    return;
  }
  const test::TemporaryFolder folder;
  const Volume first = waves(0.25F);
  const Volume second = waves(0.75F);
  write_nifti(first, folder / "x_0000.nii.gz");
  write_nifti(second, folder / "x_0001.nii.gz");
  const fs::path model = two_channels(folder.path());
  const Task task = Task::open(model.string());
  REQUIRE(task.images() == 2);
  Segmenter segmenter(task);

  BatchRequest request;
  request.images = {folder / "x_0000.nii.gz"};
  request.channels = task.images();
  const OrganJob job = organ_job_of(jobs_of(request).at(0), request);
  check_organ_files(job, task, {});
  write_organ_files(segmenter, job, {}, {}, {});

  image::VolumeReader of_first(first);
  image::VolumeReader of_second(second);
  const std::vector<int> found = voxels_of(read_nifti(folder / "x_dseg.nii.gz"));
  CHECK(found == voxels_of(segmenter.run({&of_first, &of_second})));
  CHECK(found != voxels_of(segmenter.run({&of_second, &of_first})));
  CHECK(found == voxels_of(segmenter.run_with_grid({&of_first, &of_second}).labels));

  const nlohmann::json sidecar = nlohmann::json::parse(bytes_of(folder / "x_dseg.json"));
  CHECK(sidecar["image"] == "x_0000.nii.gz");
  CHECK(sidecar["channels"] == nlohmann::json{"x_0000.nii.gz", "x_0001.nii.gz"});
  REQUIRE(sidecar["networks"].size() == 1);
  CHECK(sidecar["networks"][0]["sha256"] ==
        base::sha256_hex(bytes_of(model / "fold_0" / "checkpoint_final.pth")));
}

}  // namespace
}  // namespace musclemap::batch
