#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "base/warnings.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/output_guard.hpp"
#include "io/nifti/nifti_paths.hpp"
#include "musclemap/error.hpp"
#include "musclemap/nifti.hpp"
#include "musclemap/picture.hpp"
#include "musclemap/segmenter.hpp"
#include "task/bundle_state.hpp"
#include "task/sidecar.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<NiftiReader> open_image(const fs::path& image) {
  NiftiReadOptions options;
  options.affine = AffineRule::monai;
  return open_nifti(image, options);
}

// The image, checked as far as that is possible without running a model.
std::unique_ptr<NiftiReader> open_for(const fs::path& image, const fs::path& labels,
                                      const SegmentFileOptions& options, const ModelBundle* model) {
  try {
    std::unique_ptr<NiftiReader> reader = open_image(image);
    io::OutputGuard guard;
    guard.reads_image(image, "image");
    if (model != nullptr) guard.reads_model(model->state().opened, "model");
    guard.writes(labels, "label map");
    if (options.sidecar) guard.writes(io::sidecar_path(labels), "JSON beside the label map");
    guard.writes(options.picture, "picture");
    return reader;
  } catch (const Error& error) {
    throw error.about(image);
  }
}

void create_folder_of(const fs::path& file) {
  if (file.parent_path().empty()) return;
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  if (failed)
    throw Error(ErrorCode::io, Reason::io, "cannot be created: " + failed.message(), file.parent_path());
}

// The label map has to be on the disk already. Reads image and labels whole.
void draw_picture(const Segmenter& segmenter, const fs::path& image, const fs::path& labels,
                  const RunControl& control, io::AtomicFile& file) {
  MontageOptions options;
  options.title = image.filename().string();
  options.subtitle = "model " + segmenter.bundle().name() + " " + segmenter.bundle().version();
  const std::string bytes =
      qc_montage_png(read_nifti(image), read_nifti(labels), segmenter.bundle().labels(), options);
  file.write(bytes.data(), bytes.size());
  base::report(control, Stage::write, 1, 1);
  file.commit();
}

}  // namespace

void check_segment_files(const fs::path& image, const fs::path& labels, const SegmentFileOptions& options,
                         const ModelBundle* model) {
  open_for(image, labels, options, model);
  create_folder_of(labels);
  const io::AtomicFile probe(labels);  // shows now, not after hours, that the folder cannot be written
}

void segment_file(Segmenter& segmenter, const fs::path& image, const fs::path& labels,
                  const SegmentFileOptions& options, const RunControl& control) {
  const std::unique_ptr<NiftiReader> reader = open_for(image, labels, options, &segmenter.bundle());
  create_folder_of(labels);

  std::vector<Warning> warnings;
  RunControl noted = control;
  noted.on_warning = [&](const Warning& warning) {
    warnings.push_back(warning);
    if (control.on_warning) control.on_warning(warning);
  };
  base::warn(noted, reader->info().warnings);

  NiftiWriteOptions write_options;
  write_options.like = reader->header();
  write_options.content = NiftiContent::labels;
  write_options.header_text = options.header_text;
  std::optional<io::AtomicFile> picture;
  if (!options.picture.empty()) {
    create_folder_of(options.picture);
    picture.emplace(options.picture);
  }
  const std::unique_ptr<SlabWriter> writer =
      create_nifti(labels, reader->geometry(), DType::i16, write_options, control.threads);
  const double drawing = picture ? base::stage_weight(Stage::read) : 0;
  const base::Steps steps(noted, {base::stage_weight(Stage::infer), drawing});
  segmenter.run(*reader, *writer, steps.step(0));

  // Everything that can fail on the way is written before the first file gets its name.
  std::optional<io::AtomicFile> sidecar;
  if (options.sidecar) {
    const std::string text = task::sidecar_text(segmenter, image, control, warnings);
    sidecar.emplace(io::sidecar_path(labels));
    sidecar->write(text.data(), text.size());
  }
  writer->commit();
  if (sidecar) sidecar->commit();
  if (picture) draw_picture(segmenter, image, labels, steps.step(1), *picture);
}

}  // namespace musclemap
