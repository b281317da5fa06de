// One label map as files of one class each: 1 where the voxel has the class, 0 elsewhere.
#ifndef MUSCLEMAP_BATCH_CLASS_FILES_HPP_
#define MUSCLEMAP_BATCH_CLASS_FILES_HPP_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "musclemap/nifti.hpp"
#include "musclemap/run.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::batch {

struct ClassFile {
  std::int32_t value = 0;      ///< of the label map, 1 to 255
  std::filesystem::path file;  ///< .nii or .nii.gz
};

/// Writes every file (u8, also of classes without voxels) and gives them to be committed, in the order of
/// `classes`: no file has its name before. Several files at once on control.threads threads, which change no
/// file. Reports Stage::write, files. Errors as those of create_nifti(); `cancelled`.
/// @param labels u8
/// @param options header to keep; for all files alike
std::vector<std::unique_ptr<SlabWriter>> write_class_files(const Volume& labels,
                                                           const std::vector<ClassFile>& classes,
                                                           const NiftiWriteOptions& options,
                                                           const RunControl& control);

}  // namespace musclemap::batch

#endif  // MUSCLEMAP_BATCH_CLASS_FILES_HPP_
