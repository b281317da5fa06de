// musclemap_phantom: writes a random body as a NIfTI image with its true labels.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "musclemap/error.hpp"
#include "musclemap/nifti.hpp"
#include "phantom/grid.hpp"

namespace {

struct Options {
  std::string region = "thigh";
  std::string modality = "mri";
  std::vector<std::int64_t> shape;
  std::vector<double> spacing;
  std::uint64_t seed = 1;
  std::string orientation = "RAS";
  double oblique_degrees = 0;
  double height_mm = 0;
  std::string image;
  std::string labels;
  int threads = 0;
};

musclemap::Geometry grid_of(const Options& options, const phantom::Anatomy& anatomy) {
  musclemap::Spacing spacing{1.2, 1.2, 5};
  if (!options.spacing.empty()) spacing = {options.spacing[0], options.spacing[1], options.spacing[2]};
  musclemap::Index3 shape{static_cast<std::int64_t>(anatomy.width_mm() / spacing[0]) + 1,
                          static_cast<std::int64_t>(anatomy.depth_mm() / spacing[1]) + 1, 24};
  if (anatomy.height_mm() > 0) shape[2] = static_cast<std::int64_t>(anatomy.height_mm() / spacing[2]) + 1;
  if (!options.shape.empty()) shape = {options.shape[0], options.shape[1], options.shape[2]};
  return phantom::make_grid(shape, spacing, options.orientation, options.oblique_degrees, options.height_mm);
}

std::unique_ptr<phantom::Anatomy> anatomy_of(const Options& options) {
  if (options.region == "trunk") return phantom::make_trunk(options.seed);
  if (options.region == "torso") return phantom::make_torso(options.seed);
  return phantom::make_thigh(options.seed);
}

void write(const Options& options) {
  const auto anatomy = anatomy_of(options);
  const auto scanner = phantom::make_scanner(
      options.modality == "ct" ? phantom::Modality::ct : phantom::Modality::mri, options.seed);
  const musclemap::Geometry grid = grid_of(options, *anatomy);
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  const int threads = options.threads > 0 ? options.threads : (cores > 0 ? cores : 1);

  const auto image = musclemap::create_nifti(options.image, grid, musclemap::DType::i16);
  const auto labels =
      options.labels.empty() ? nullptr : musclemap::create_nifti(options.labels, grid, musclemap::DType::i16);
  constexpr std::int64_t kSlab = 8;
  for (std::int64_t k = 0; k < grid.shape[2]; k += kSlab) {
    const std::int64_t count = std::min(kSlab, grid.shape[2] - k);
    const phantom::Slab slab = phantom::scan_slab(*anatomy, *scanner, grid, options.seed, k, count, threads);
    image->write(k, slab.image);
    if (labels) labels->write(k, slab.labels);
  }
  image->commit();
  if (labels) labels->commit();
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Writes a random body, the same for the same seed, as a NIfTI image with its true labels."};
  app.add_option("--region", options.region, "thigh, trunk (lumbar muscles) or torso (organs)")
      ->check(CLI::IsMember({"thigh", "trunk", "torso"}))
      ->capture_default_str();
  app.add_option("--modality", options.modality, "mri or ct")
      ->check(CLI::IsMember({"mri", "ct"}))
      ->capture_default_str();
  app.add_option("--shape", options.shape,
                 "voxels I,J,K; without it the body with a margin; thigh and trunk 24 slices")
      ->delimiter(',')
      ->expected(3)
      ->check(CLI::Range(1, 100000));
  app.add_option("--spacing", options.spacing, "mm per voxel along i,j,k; without it 1.2,1.2,5")
      ->delimiter(',')
      ->expected(3)
      ->check(CLI::Range(0.05, 100.0));
  app.add_option("--seed", options.seed, "picks the body, the scan and the noise")->capture_default_str();
  app.add_option("--orientation", options.orientation, "where i, j, k point to, such as RAS or LPS")
      ->capture_default_str();
  app.add_option("--oblique", options.oblique_degrees, "degrees by which the grid is turned about x")
      ->check(CLI::Range(-60.0, 60.0))
      ->capture_default_str();
  app.add_option("--height", options.height_mm, "mm by which the grid's centre lies above the body's")
      ->check(CLI::Range(-150.0, 150.0))
      ->capture_default_str();
  app.add_option("--image", options.image, "image to write, .nii or .nii.gz")->required();
  app.add_option("--labels", options.labels, "true labels to write, .nii or .nii.gz");
  app.add_option("--threads", options.threads, "threads; 0: all cores; never changes the result")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    write(options);
  } catch (const musclemap::Error& error) {
    std::cerr << "musclemap_phantom: " << error.what();
    if (!error.file().empty()) std::cerr << ": " << error.file().string();
    std::cerr << "\n";
    return 1;
  }
  return 0;
}
