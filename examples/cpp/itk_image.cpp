// Images of ITK in and out: an image and a label map of ITK are measured without a copy, and the tissues come
// back as an image of ITK's own. The grids are LPS in ITK and RAS+ here; musclemap/itk.hpp turns them.
//
// Prints the table of measures as CSV, then where ITK has the first voxel of the tissues. Exit status 0, or 1
// with a line on standard error.
#include <itkImage.h>

#include <cstddef>
#include <exception>
#include <iostream>

#include "musclemap/itk.hpp"
#include "musclemap/metrics.hpp"
#include "musclemap/tissue.hpp"

namespace {

using Scan = itk::Image<float, 3>;
using Labels = itk::Image<unsigned char, 3>;

constexpr unsigned long kSide = 32;
constexpr unsigned long kSlices = 6;

// Axial slices from the head downwards, tilted by 10 degrees, 0.9 x 0.9 x 5 mm: a scanner's usual grid.
template <class Image>
typename Image::Pointer on_grid() {
  auto image = Image::New();
  typename Image::SizeType size;
  size[0] = size[1] = kSide;
  size[2] = kSlices;
  typename Image::DirectionType direction;
  constexpr double kCosine = 0.984807753012208;
  constexpr double kSine = 0.17364817766693033;
  const double rows[3][3] = {{1, 0, 0}, {0, kCosine, kSine}, {0, kSine, -kCosine}};
  for (unsigned int row = 0; row < 3; ++row) {
    for (unsigned int column = 0; column < 3; ++column) direction[row][column] = rows[row][column];
  }
  const double spacing[3] = {0.9, 0.9, 5};
  const double origin[3] = {-14, -12, 310};
  image->SetRegions(size);
  image->SetSpacing(spacing);
  image->SetOrigin(origin);
  image->SetDirection(direction);
  image->Allocate();
  return image;
}

// Two muscles side by side; stripes of fat in the second are twice as wide.
void fill(const Scan::Pointer& scan, const Labels::Pointer& labels) {
  float* value = scan->GetBufferPointer();
  unsigned char* label = labels->GetBufferPointer();
  for (unsigned long n = 0; n < kSide * kSide * kSlices; ++n) {
    const unsigned long column = n % kSide;
    const unsigned long row = n / kSide % kSide;
    const bool second = column >= kSide / 2;
    const bool fat = row % 8 < (second ? 4U : 2U);
    *label++ = second ? 2 : 1;
    *value++ = (fat ? 300.0F : 90.0F) + static_cast<float>((column * 7 + row * 3) % 17);
  }
}

void run() {
  const Scan::Pointer scan = on_grid<Scan>();
  const Labels::Pointer labels = on_grid<Labels>();
  fill(scan, labels);

  const musclemap::TissueMap tissue =
      musclemap::TissueClassifier().classify(musclemap::borrow_itk(scan), musclemap::borrow_itk(labels));
  musclemap::measure(tissue, {}).labels.write(std::cout);

  const Labels::Pointer tissues = musclemap::itk_from_volume<Labels>(tissue.tissue());
  std::cout << "first voxel at " << tissues->GetOrigin()[0] << ' ' << tissues->GetOrigin()[1] << ' '
            << tissues->GetOrigin()[2] << '\n';
}

}  // namespace

int main() {
  try {
    run();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
