#include "batch/class_files.hpp"

#include <array>
#include <bitset>

#include "base/parallel.hpp"
#include "base/progress.hpp"

namespace musclemap::batch {
namespace {

constexpr std::size_t kValues = 256;
using Present = std::vector<std::bitset<kValues>>;  // the values of each slice

Present values_of_slices(const Volume& labels, int threads) {
  const VoxelView<const std::uint8_t> voxels = labels.view<std::uint8_t>();
  Present present(static_cast<std::size_t>(voxels.shape[2]));
  base::parallel_for(voxels.shape[2], threads, [&](std::int64_t k) {
    std::array<bool, kValues> seen{};
    for (std::int64_t j = 0; j < voxels.shape[1]; ++j) {
      for (std::int64_t i = 0; i < voxels.shape[0]; ++i) seen[voxels(i, j, k)] = true;
    }
    for (std::size_t value = 0; value < kValues; ++value)
      present[static_cast<std::size_t>(k)][value] = seen[value];
  });
  return present;
}

void fill_mask(const VoxelView<const std::uint8_t>& labels, std::int64_t k, std::int32_t value,
               Volume& slice) {
  const VoxelView<std::uint8_t> mask = slice.mutable_view<std::uint8_t>();
  for (std::int64_t j = 0; j < mask.shape[1]; ++j) {
    for (std::int64_t i = 0; i < mask.shape[0]; ++i)
      mask(i, j, 0) = static_cast<std::uint8_t>(labels(i, j, k) == value);
  }
}

std::unique_ptr<SlabWriter> write_class(const Volume& labels, const Present& present, const ClassFile& each,
                                        const NiftiWriteOptions& options) {
  const Geometry& geometry = labels.geometry();
  std::unique_ptr<SlabWriter> writer = create_nifti(each.file, geometry, DType::u8, options, 1);
  Geometry one_slice = geometry;
  one_slice.shape[2] = 1;
  const Volume empty = Volume::zeros(one_slice, DType::u8);
  Volume mask = Volume::zeros(one_slice, DType::u8);
  for (std::int64_t k = 0; k < geometry.shape[2]; ++k) {
    const bool there = present[static_cast<std::size_t>(k)][static_cast<std::size_t>(each.value)];
    if (there) fill_mask(labels.view<std::uint8_t>(), k, each.value, mask);
    writer->write(k, there ? mask : empty);
  }
  return writer;
}

}  // namespace

std::vector<std::unique_ptr<SlabWriter>> write_class_files(const Volume& labels,
                                                           const std::vector<ClassFile>& classes,
                                                           const NiftiWriteOptions& options,
                                                           const RunControl& control) {
  const Present present = values_of_slices(labels, base::resolve_threads(control.threads));
  std::vector<std::unique_ptr<SlabWriter>> writers(classes.size());
  base::parallel_for_reported(static_cast<std::int64_t>(classes.size()), control, Stage::write,
                              [&](std::int64_t number) {
                                const auto at = static_cast<std::size_t>(number);
                                writers[at] = write_class(labels, present, classes[at], options);
                              });
  return writers;
}

}  // namespace musclemap::batch
