// A program of somebody else: writes a small scan and its label map, reads both back, measures, and says
// where the engine is looked for. Exit status 1 if a number is wrong.
//
// Usage: measure FOLDER
#include <cmath>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iostream>
#include <musclemap/musclemap.hpp>

namespace {

constexpr std::int32_t kLabel = 7;
constexpr std::int16_t kIntensity = 120;

void write_scan(const std::filesystem::path& folder) {
  musclemap::Geometry grid;
  grid.shape = {8, 6, 4};
  grid.to_world.m = {2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 5, 0, 0, 0, 0, 1};
  musclemap::Volume image = musclemap::Volume::zeros(grid, musclemap::DType::i16);
  musclemap::Volume labels = musclemap::Volume::zeros(grid, musclemap::DType::u8);
  for (int i = 2; i < 7; ++i) {
    image.mutable_view<std::int16_t>()(i, 3, 2) = kIntensity;
    labels.mutable_view<std::uint8_t>()(i, 3, 2) = kLabel;
  }
  musclemap::write_nifti(image, folder / "scan.nii.gz");
  musclemap::write_nifti(labels, folder / "labels.nii.gz");
}

bool is(const musclemap::MetricsTable& table, const char* column, double expected) {
  const double value = table.column(column).values.at(0);
  std::cout << column << " " << value << "\n";
  return std::abs(value - expected) < 1e-9;
}

bool measures_are_right(const std::filesystem::path& folder) {
  const musclemap::Metrics metrics = musclemap::measure_mean(musclemap::read_nifti(folder / "labels.nii.gz"),
                                                             musclemap::read_nifti(folder / "scan.nii.gz"),
                                                             musclemap::ValueKind::intensity, {});
  constexpr double kVolumeMl = 5 * 2 * 2 * 5 / 1000.0;
  return metrics.labels.row_count() == 1 && is(metrics.labels, "mean_intensity", kIntensity) &&
         is(metrics.labels, "volume_ml", kVolumeMl);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  try {
    write_scan(arguments[1]);
    if (!measures_are_right(arguments[1])) return 1;
    const musclemap::EngineStatus engine = musclemap::engine_status();
    std::cout << "engine " << engine.module_file << "\n" << engine.problem << "\n";
    return 0;
  } catch (const std::exception& problem) {
    std::cerr << problem.what() << "\n";
    return 1;
  }
}
