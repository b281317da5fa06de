// Contrast phase, modality and unions of classes of files.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/progress.hpp"
#include "base/text.hpp"
#include "base/warnings.hpp"
#include "image/reordered.hpp"
#include "image/typed_view.hpp"
#include "io/files/output_guard.hpp"
#include "musclemap/error.hpp"
#include "musclemap/nifti.hpp"
#include "musclemap/organs.hpp"
#include "quant/organs/mask_of_labels.hpp"
#include "quant/organs/organ_streams.hpp"
#include "task/label_map_file.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTotal = "total";
constexpr const char* kTotalMr = "total_mr";

std::unique_ptr<NiftiReader> open_told(const fs::path& file, const RunControl& control) {
  std::unique_ptr<NiftiReader> reader = open_nifti(file);
  base::warn(control, reader->info().warnings);
  return reader;
}

/// A label map along the image's axes, with its names. Stays where it is made.
class MapOnImage {
 public:
  MapOnImage(const fs::path& file, const std::string& task, const Geometry& image, const RunControl& control)
      : reader_(open_told(file, control)),
        names_(task::names_of_map(*reader_, file, task, control)),
        slabs_(*reader_, task::axes_on(image, "image", reader_->geometry(), file, control)) {}
  quant::NamedLabelStream stream() { return {&slabs_, names_}; }

 private:
  std::unique_ptr<NiftiReader> reader_;
  std::vector<Label> names_;
  image::ReorderedReader slabs_;
};

/// The files of a folder of masks as they are joined.
class MaskFolder {
 public:
  MaskFolder(const fs::path& folder, const std::vector<std::string>& classes, const RunControl& control) {
    std::string missing;
    for (const std::string& name : classes) {
      fs::path file = folder / (name + ".nii.gz");
      if (!fs::exists(file)) file = folder / (name + ".nii");
      if (!fs::exists(file)) {
        missing += (missing.empty() ? "" : ", ") + name;
        continue;
      }
      files_.push_back(std::move(file));
    }
    if (!missing.empty()) {
      throw Error(ErrorCode::io, "the folder has no mask of " + missing).about(folder);
    }
    for (const fs::path& file : files_) {
      readers_.push_back(open_told(file, control));
      const Geometry& first = readers_.front()->geometry();
      const image::Orientation axes =
          task::axes_on(first, "first mask", readers_.back()->geometry(), file, control);
      slabs_.push_back(std::make_unique<image::ReorderedReader>(*readers_.back(), axes));
    }
  }

  const std::vector<fs::path>& files() const { return files_; }
  Geometry geometry() const { return slabs_.front()->geometry(); }

  Volume slice(std::int64_t k) {
    Volume joined;
    for (const auto& mask : slabs_) {
      const Volume slab = mask->read(k, 1);
      if (joined.empty()) joined = Volume::zeros(slab.geometry(), DType::u8);
      const VoxelView<std::uint8_t> to = joined.mutable_view<std::uint8_t>();
      image::with_view(slab, [&](const auto& from) {
        for (std::int64_t j = 0; j < to.shape[1]; ++j) {
          for (std::int64_t i = 0; i < to.shape[0]; ++i) {
            if (static_cast<double>(from(i, j, 0)) > 0.5) to(i, j, 0) = 1;
          }
        }
      });
    }
    return joined;
  }

 private:
  std::vector<fs::path> files_;
  std::vector<std::unique_ptr<NiftiReader>> readers_;
  std::vector<std::unique_ptr<image::ReorderedReader>> slabs_;
};

/// Pulls a mask slice by slice into a file.
template <class Slice>
void write_mask(const fs::path& out, const Geometry& geometry, const NiftiWriteOptions& options,
                const RunControl& control, const Slice& slice) {
  const std::unique_ptr<SlabWriter> writer = create_nifti(out, geometry, DType::u8, options, control.threads);
  const std::int64_t slices = geometry.shape[2];
  for (std::int64_t k = 0; k < slices; ++k) {
    base::stop_if_cancelled(control);
    writer->write(k, slice(k));
    base::report(control, Stage::write, k + 1, slices);
  }
  writer->commit();
}

void combine_folder(const fs::path& folder, const std::vector<std::string>& classes, const fs::path& out,
                    const RunControl& control) {
  MaskFolder masks(folder, classes, control);
  io::OutputGuard guard;
  for (const fs::path& file : masks.files()) guard.reads_image(file, "mask");
  guard.writes(out, "mask");
  write_mask(out, masks.geometry(), {}, control, [&](std::int64_t k) { return masks.slice(k); });
}

void combine_labels(const fs::path& map, const std::vector<std::string>& classes, const fs::path& out,
                    const RunControl& control) {
  const std::unique_ptr<NiftiReader> reader = open_told(map, control);
  std::vector<std::int32_t> values;
  try {
    values = quant::values_of_classes(task::names_of_map(*reader, map, kTotal, control), classes);
  } catch (const Error& error) {
    throw error.about(map);
  }
  io::OutputGuard guard;
  guard.reads_image(map, "label map");
  guard.writes(out, "mask");
  write_mask(out, reader->geometry(), {}, control,
             [&](std::int64_t k) { return quant::mask_of_labels(reader->read(k, 1), values); });
}

}  // namespace

ContrastPhase contrast_phase_file(const fs::path& image, const std::vector<fs::path>& maps,
                                  const RunControl& control) {
  const std::unique_ptr<NiftiReader> reader = open_told(image, control);
  std::vector<std::unique_ptr<MapOnImage>> opened;
  opened.reserve(maps.size());
  for (const fs::path& file : maps)
    opened.push_back(std::make_unique<MapOnImage>(file, kTotal, reader->geometry(), control));
  quant::PhaseFeatures features;
  for (const auto& map : opened) features.add(*reader, map->stream(), control);
  return features.phase();
}

Modality image_modality_file(const fs::path& image, const RunControl& control) {
  const std::unique_ptr<NiftiReader> reader = open_told(image, control);
  return quant::image_modality_stream(*reader, control);
}

Modality normalised_modality_file(const fs::path& image, const fs::path& map, const RunControl& control) {
  const std::unique_ptr<NiftiReader> reader = open_told(image, control);
  MapOnImage labels(map, kTotalMr, reader->geometry(), control);
  return quant::normalised_modality_stream(*reader, labels.stream(), control);
}

void combine_masks_file(const fs::path& masks, const std::vector<std::string>& classes, const fs::path& out,
                        const RunControl& control) {
  if (classes.empty()) throw Error(ErrorCode::argument, "no class is to be joined");
  std::error_code ignored;
  if (fs::is_directory(masks, ignored)) return combine_folder(masks, classes, out, control);
  combine_labels(masks, classes, out, control);
}

}  // namespace musclemap
