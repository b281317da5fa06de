#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/checked.hpp"
#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "base/warnings.hpp"
#include "io/nifti/nifti_affine.hpp"
#include "io/nifti/nifti_file.hpp"
#include "io/nifti/nifti_options.hpp"
#include "io/nifti/nifti_repair.hpp"
#include "io/nifti/nifti_voxels.hpp"
#include "musclemap/error.hpp"
#include "musclemap/nifti.hpp"

namespace musclemap {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 20;

[[noreturn]] void throw_unsupported(const std::string& message, const std::filesystem::path& file) {
  throw Error(ErrorCode::unsupported, Reason::unsupported, message, file);
}

// The first axis beyond the third that is longer than 1; 0: there is none.
std::size_t axis_of_volumes(const NiftiInfo& info) {
  for (std::size_t axis = 3; axis < info.shape.size(); ++axis) {
    if (info.shape[axis] != 1) return axis;
  }
  return 0;
}

Index3 volume_shape(const NiftiInfo& info, bool first_volume, const std::filesystem::path& file) {
  if (info.shape.size() < 2) throw_unsupported("the image has 1 axis, allowed are 2 or 3", file);
  if (const std::size_t axis = axis_of_volumes(info); axis != 0 && !first_volume) {
    throw_unsupported("axis " + std::to_string(axis + 1) + " has length " + std::to_string(info.shape[axis]) +
                          ": the file holds several volumes, allowed is one",
                      file);
  }
  return {info.shape[0], info.shape[1], info.shape.size() > 2 ? info.shape[2] : 1};
}

class FileReader : public NiftiReader {
 public:
  FileReader(io::NiftiFile file, const NiftiReadOptions& options, const std::filesystem::path& path)
      : file_(std::move(file)), limits_(options.limits), path_(path) {
    base::check_options(options);
    const io::NiftiType& type = *file_.fields.type;
    if (type.kind == io::NumberKind::none) {
      throw_unsupported(
          std::string("the voxels are ") + type.name + ", allowed are integers and floats of 8 to 64 bits",
          path);
    }
    geometry_.shape = volume_shape(file_.info, options.first_volume, path);
    others_follow_ = axis_of_volumes(file_.info) != 0;
    const Affine affine = options.affine == AffineRule::monai
                              ? io::repaired_affine(file_.fields, file_.info.affine)
                              : file_.info.affine;
    geometry_.to_world = io::in_mm(affine, file_.info.unit, path);
    scaling_ = {file_.info.scaled, file_.info.slope, file_.info.inter};
    dtype_ = scaling_.applied ? DType::f64 : io::unscaled_dtype(type.kind);
    stored_as_is_ = !scaling_.applied && dtype_size(dtype_) == static_cast<std::size_t>(type.bytes) &&
                    type.kind != io::NumberKind::i64 && type.kind != io::NumberKind::u64;
  }

  Geometry geometry() const override { return geometry_; }
  DType dtype() const override { return dtype_; }
  const NiftiInfo& info() const override { return file_.info; }
  std::shared_ptr<const NiftiHeader> header() const override { return file_.header; }

  Volume read(std::int64_t k_begin, std::int64_t k_count) override { return read(k_begin, k_count, {}); }

  Volume read(std::int64_t k_begin, std::int64_t k_count, const RunControl& control) {
    const std::int64_t slices = geometry_.shape[2];
    if (k_begin < 0 || k_count < 1 || k_begin > slices - k_count) {
      throw Error(ErrorCode::argument, Reason::invalid,
                  "slices from " + std::to_string(k_begin) + ", " + std::to_string(k_count) +
                      " of them, do not lie in a volume of " + std::to_string(slices),
                  path_);
    }
    Geometry part = geometry_;
    part.shape[2] = k_count;
    for (int r = 0; r < 3; ++r) part.to_world(r, 3) += part.to_world(r, 2) * static_cast<double>(k_begin);
    Volume slab = Volume::zeros(part, dtype_);
    const std::int64_t slice_voxels = part.shape[0] * part.shape[1];
    const auto type_bytes = static_cast<std::uint64_t>(file_.fields.type->bytes);
    file_.voxels->seek(file_.fields.voxel_offset +
                       static_cast<std::uint64_t>(k_begin * slice_voxels) * type_bytes);
    fill(io::first_voxel(slab), k_count, static_cast<std::size_t>(slice_voxels), control);
    // Only now are all voxels known to be those that were written: the checksum stands at the end.
    if (k_begin + k_count == slices && !others_follow_) file_.voxels->finish(limits_.max_extension_bytes);
    return slab;
  }

 private:
  void fill(void* to, std::int64_t slices, std::size_t slice_voxels, const RunControl& control) {
    const io::NiftiType& type = *file_.fields.type;
    const auto stored = static_cast<std::size_t>(type.bytes);
    auto* out = static_cast<unsigned char*>(to);
    std::size_t count = static_cast<std::size_t>(slices) * slice_voxels;
    std::int64_t unreported = 0;
    std::vector<unsigned char> buffer(stored_as_is_ ? 0 : std::min(kChunkBytes, count * stored));
    // Reading in pieces keeps the pages of a slab untouched where the file ends early.
    while (count > 0) {
      const std::size_t now = std::min(count, kChunkBytes / stored);
      unsigned char* raw = stored_as_is_ ? out : buffer.data();
      file_.voxels->read_all(raw, now * stored, "voxels");
      if (file_.fields.swapped) io::reverse_numbers(raw, now * stored, type.swap_bytes);
      if (!stored_as_is_) io::convert_numbers(raw, now, type.kind, scaling_, out);
      out += now * dtype_size(dtype_);
      count -= now;
      unreported += static_cast<std::int64_t>(now * stored);
      if (unreported < base::kReportBytes && count > 0) continue;
      unreported = 0;
      const auto left = static_cast<std::int64_t>((count + slice_voxels - 1) / slice_voxels);
      base::report(control, Stage::read, slices - left, slices);
    }
  }

  io::NiftiFile file_;
  NiftiLimits limits_;
  std::filesystem::path path_;
  Geometry geometry_;
  io::Scaling scaling_;
  DType dtype_ = DType::u8;
  bool stored_as_is_ = false;
  bool others_follow_ = false;  // volumes that are not read
};

}  // namespace

std::unique_ptr<NiftiReader> open_nifti(const std::filesystem::path& file, const NiftiReadOptions& options) {
  return std::make_unique<FileReader>(io::open_nifti_file(file, options.limits), options, file);
}

Volume read_nifti(const std::filesystem::path& file, const NiftiReadOptions& options,
                  const RunControl& control) {
  base::resolve_threads(control.threads);
  FileReader reader(io::open_nifti_file(file, options.limits), options, file);
  base::warn(control, reader.info().warnings);
  return reader.read(0, reader.geometry().shape[2], control);
}

}  // namespace musclemap
