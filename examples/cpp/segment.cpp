// The whole way in one program: an image to a label map, and both to a table of muscle and fat.
//
//   segment IMAGE.nii.gz MODEL.pth LABELS.nii.gz TABLE.csv
//
// MODEL.pth has its description, MODEL.json, beside it; both come with the model. Exit status 0 done, 1
// failed with a line on standard error, 2 wrong command line.
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

#include "musclemap/musclemap.hpp"

namespace {

using namespace musclemap;

void run(const std::string& image_file, const std::string& model_file, const std::string& labels_file,
         const std::string& table_file) {
  // Voxels of any type and orientation. A host that has them in memory lends them: Volume::borrow().
  const Volume image = read_nifti(image_file);

  // Reads the model and prepares its network. Keep a segmenter: the next image costs none of this.
  Segmenter segmenter(ModelBundle::open(model_file));

  // The label map, int16, on the voxels of the image. A RunControl as the second argument hears how far the
  // run is, cancels it from another thread, and holds it to a number of threads and of bytes.
  const Volume labels = segmenter.run(image);
  write_nifti(labels, labels_file);

  // Each label's intensities are divided into muscle and fat, here by a mixture of two Gaussians.
  const TissueMap tissue = TissueClassifier().classify(image, labels);

  // A row a label: volume in ml, percentages, slices. `slices` beside `labels` has a row a label and slice.
  const Metrics metrics = measure(tissue, segmenter.bundle().labels());
  std::ofstream table(table_file);
  metrics.labels.write(table);
  if (!table.flush()) throw std::runtime_error(table_file + " cannot be written");
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) {
    std::cerr << "segment IMAGE.nii.gz MODEL.pth LABELS.nii.gz TABLE.csv\n";
    return 2;
  }
  try {
    run(arguments[1], arguments[2], arguments[3], arguments[4]);
  } catch (const Error& error) {  // what was wrong, in one line; code() and reason() are for programs
    std::cerr << "segment: " << error.what();
    if (!error.file().empty()) std::cerr << " (" << error.file().string() << ")";
    std::cerr << "\n";
    return 1;
  } catch (const std::exception& error) {
    std::cerr << "segment: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
