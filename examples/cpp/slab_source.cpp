// A source of slices that is not a file: two cylinders of muscle that are computed when they are asked for,
// as a host would decode frames or fetch them over a network. The classifier takes the slabs in one pass, so
// the whole volume never exists.
//
//   slab_source [SLICES]
//
// Prints how each label is divided and how many slices were held at most. Exit status 0; 1 with a line on
// standard error; 2 for a wrong command line.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "musclemap/error.hpp"
#include "musclemap/tissue.hpp"
#include "musclemap/volume.hpp"

namespace {

constexpr std::int64_t kSide = 96;
constexpr std::int64_t kRadius = 20;
constexpr std::int64_t kDefaultSlices = 40;
constexpr std::int64_t kMostSlices = 1000000;

// What the source says at a voxel. Left and right differ in their share of fat.
std::int32_t label_at(std::int64_t i, std::int64_t j) {
  const bool right = i >= kSide / 2;
  const std::int64_t x = i - (right ? 72 : 24);
  const std::int64_t y = j - kSide / 2;
  if (x * x + y * y > kRadius * kRadius) return 0;
  return right ? 2 : 1;
}

double intensity_at(std::int64_t i, std::int64_t j, std::int64_t k) {
  const bool fat = (i + 3 * j + 5 * k) % 10 < (label_at(i, j) == 2 ? 3 : 1);
  return (fat ? 300.0 : 90.0) + static_cast<double>((i * 7 + j * 3 + k) % 17);
}

class Source : public musclemap::SlabReader {
 public:
  Source(std::int64_t slices, musclemap::DType dtype) : dtype_(dtype) {
    geometry_.shape = {kSide, kSide, slices};
    geometry_.to_world(2, 2) = 4;
  }

  musclemap::Geometry geometry() const override { return geometry_; }
  musclemap::DType dtype() const override { return dtype_; }
  std::int64_t most_at_once() const noexcept { return most_at_once_; }

  musclemap::Volume read(std::int64_t k_begin, std::int64_t k_count) override {
    if (k_begin < 0 || k_count < 1 || k_count > geometry_.shape[2] - k_begin) {
      throw musclemap::Error(musclemap::ErrorCode::argument, "slices outside the source");
    }
    most_at_once_ = std::max(most_at_once_, k_count);
    musclemap::Geometry place = geometry_;
    place.shape[2] = k_count;
    for (int row = 0; row < 3; ++row)
      place.to_world(row, 3) += place.to_world(row, 2) * static_cast<double>(k_begin);
    musclemap::Volume slab = musclemap::Volume::zeros(place, dtype_);
    fill(slab, k_begin);
    return slab;
  }

 protected:
  virtual void fill(musclemap::Volume& slab, std::int64_t k_begin) const = 0;

 private:
  musclemap::Geometry geometry_;
  musclemap::DType dtype_;
  std::int64_t most_at_once_ = 0;
};

template <class T, class Function>
void fill_each(musclemap::Volume& slab, Function value) {
  const auto view = slab.mutable_view<T>();
  for (std::int64_t k = 0; k < view.shape[2]; ++k) {
    for (std::int64_t j = 0; j < view.shape[1]; ++j) {
      for (std::int64_t i = 0; i < view.shape[0]; ++i) view(i, j, k) = static_cast<T>(value(i, j, k));
    }
  }
}

class Image : public Source {
 public:
  explicit Image(std::int64_t slices) : Source(slices, musclemap::DType::f32) {}

 private:
  void fill(musclemap::Volume& slab, std::int64_t k_begin) const override {
    fill_each<float>(slab, [k_begin](std::int64_t i, std::int64_t j, std::int64_t k) {
      return intensity_at(i, j, k_begin + k);
    });
  }
};

class Labels : public Source {
 public:
  explicit Labels(std::int64_t slices) : Source(slices, musclemap::DType::u8) {}

 private:
  void fill(musclemap::Volume& slab, std::int64_t) const override {
    fill_each<std::uint8_t>(slab,
                            [](std::int64_t i, std::int64_t j, std::int64_t) { return label_at(i, j); });
  }
};

void run(std::int64_t slices) {
  Image image(slices);
  Labels labels(slices);
  musclemap::TissueOptions options;
  options.method = musclemap::TissueMethod::kmeans;
  for (const musclemap::TissueFit& fit : musclemap::TissueClassifier(options).fit(image, labels)) {
    std::cout << "label " << fit.label << ": " << fit.voxels << " voxels, "
              << musclemap::status_name(fit.status);
    if (fit.divided()) {
      std::cout << ", muscle up to " << fit.muscle_max << ", " << 100 * fit.components.back().weight
                << " % fat";
    }
    std::cout << "\n";
  }
  std::cout << "at most " << std::max(image.most_at_once(), labels.most_at_once()) << " of " << slices
            << " slices at once\n";
}

}  // namespace

int main(int argc, char** argv) {
  std::int64_t slices = kDefaultSlices;
  if (argc == 2) {
    char* end = nullptr;
    slices = std::strtoll(argv[1], &end, 10);
    if (end == argv[1] || *end != '\0') slices = 0;
  }
  if (argc > 2 || slices < 1 || slices > kMostSlices) {
    std::cerr << "slab_source [SLICES]: 1 to " << kMostSlices << "\n";
    return 2;
  }
  try {
    run(slices);
  } catch (const musclemap::Error& error) {
    std::cerr << "slab_source: " << error.what() << " (" << musclemap::code_name(error.code()) << ")\n";
    return 1;
  } catch (const std::exception& error) {
    std::cerr << "slab_source: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
