// The library inside a program that has its own buffers: an image and a label map whose rows run from top to
// bottom, as screens and many viewers keep them. Nothing is copied: the volumes share the memory, with a
// negative stride along j.
//
// Prints how the labels are divided, then the table of measures as CSV. Exit status 0, or 1 with a line on
// standard error.
#include <cstddef>
#include <cstdint>
#include <exception>
#include <iostream>
#include <memory>
#include <vector>

#include "musclemap/error.hpp"
#include "musclemap/labels.hpp"
#include "musclemap/metrics.hpp"
#include "musclemap/tissue.hpp"
#include "musclemap/volume.hpp"

namespace {

constexpr std::int64_t kWidth = 64;
constexpr std::int64_t kHeight = 48;
constexpr std::int64_t kSlices = 12;

// What the host has: pictures one after the other, the first row of each is the top one.
template <class T>
struct Pictures {
  std::vector<T> pixels = std::vector<T>(static_cast<std::size_t>(kWidth * kHeight * kSlices));
  T& at(std::int64_t x, std::int64_t row, std::int64_t slice) {
    return pixels[static_cast<std::size_t>((slice * kHeight + row) * kWidth + x)];
  }
};

struct Scan {
  Pictures<float> image;
  Pictures<std::uint8_t> labels;
};

// Two muscles side by side; stripes of fat in the right one are twice as wide.
std::shared_ptr<Scan> make_scan() {
  auto scan = std::make_shared<Scan>();
  for (std::int64_t slice = 0; slice < kSlices; ++slice) {
    for (std::int64_t row = 4; row < kHeight - 4; ++row) {
      for (std::int64_t x = 0; x < kWidth; ++x) {
        const bool right = x >= kWidth / 2;
        const bool fat = (kHeight - 1 - row) % 10 < (right ? 4 : 2);
        scan->labels.at(x, row, slice) = right ? 2 : 1;
        const auto texture = static_cast<float>((x * 7 + row * 3 + slice) % 17);
        scan->image.at(x, row, slice) = (fat ? 300.0F : 90.0F) + texture;
      }
    }
  }
  return scan;
}

// Voxels of 0.9 x 0.9 x 5 mm. World axes are right, anterior, superior: j grows upwards, so voxel (0, 0, 0)
// is the first one of the lowest row, and the next j lies one row earlier in memory.
template <class T>
musclemap::Volume lend(const std::shared_ptr<Scan>& scan, Pictures<T>& pictures, musclemap::DType dtype) {
  musclemap::Geometry geometry;
  geometry.shape = {kWidth, kHeight, kSlices};
  geometry.to_world(0, 0) = 0.9;
  geometry.to_world(1, 1) = 0.9;
  geometry.to_world(2, 2) = 5;
  const auto size = static_cast<std::int64_t>(sizeof(T));
  const musclemap::Index3 stride_bytes{size, -kWidth * size, kWidth * kHeight * size};
  // `scan` as the owner: the host may drop its own handle before the volume is gone.
  return musclemap::Volume::borrow(&pictures.at(0, kHeight - 1, 0), geometry, dtype, stride_bytes, scan,
                                   true);
}

void run() {
  const std::shared_ptr<Scan> scan = make_scan();
  const musclemap::Volume image = lend(scan, scan->image, musclemap::DType::f32);
  const musclemap::Volume labels = lend(scan, scan->labels, musclemap::DType::u8);

  const musclemap::TissueClassifier classifier;
  const musclemap::TissueMap tissue = classifier.classify(image, labels);
  for (const musclemap::TissueFit& fit : tissue.fits()) {
    std::cout << "label " << fit.label << ": " << musclemap::status_name(fit.status) << ", muscle up to "
              << fit.muscle_max << "\n";
  }

  const std::vector<musclemap::Label> names{{1, "thigh", "vastus lateralis", "left"},
                                            {2, "thigh", "vastus lateralis", "right"}};
  musclemap::measure(tissue, names).labels.write(std::cout);
}

}  // namespace

int main() {
  try {
    run();
  } catch (const musclemap::Error& error) {
    std::cerr << "embed: " << error.what() << " (" << musclemap::code_name(error.code()) << ")\n";
    return 1;
  } catch (const std::exception& error) {
    std::cerr << "embed: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
