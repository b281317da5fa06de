#include "io/nifti/nifti_file.hpp"

#include <limits>
#include <string>
#include <utility>

#include "io/files/io_error.hpp"
#include "io/nifti/nifti_affine.hpp"
#include "io/nifti/nifti_extensions.hpp"
#include "io/nifti/nifti_paths.hpp"

namespace musclemap::io {
namespace {

// That of a series of DICOM files, most likely.
void refuse_folder(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(file, ignored)) return;
  throw Error(
      ErrorCode::io, Reason::io,
      "a folder is not a regular file; DICOM files in it become NIfTI with dcm2niix: dcm2niix -z y -o "
      "OUT FOLDER",
      file);
}

void check_pair(const HeaderFields& fields, const std::filesystem::path& file) {
  const bool named = is_pair_name(file);
  if (fields.pair_magic == named) return;
  throw_format(Reason::bad_header,
               fields.pair_magic ? "the magic is that of a .hdr/.img pair, the file's name is not"
                                 : "the magic is that of a single file, the file's name is that of a pair",
               file);
}

void check_room(const HeaderFields& fields, const ByteSource& voxels) {
  const std::uint64_t end = fields.voxel_offset + fields.voxel_bytes;  // both are below 2^63
  if (end <= voxels.longest()) return;
  throw_format(Reason::truncated,
               "the header declares voxels up to byte " + std::to_string(end) + ", the file holds " +
                   (voxels.compressed() ? "at most " : "") + std::to_string(voxels.longest()),
               voxels.path());
}

// What lies before the voxels of a compressed file has to be inflated to be skipped.
void check_gap(const NiftiFile& file, const NiftiLimits& limits) {
  if (!file.voxels->compressed()) return;
  const std::uint64_t known =
      file.info.pair ? 0 : least_offset(file.fields.version) + file.header->extensions.size();
  const std::uint64_t gap = file.fields.voxel_offset > known ? file.fields.voxel_offset - known : 0;
  if (gap <= limits.max_extension_bytes) return;
  throw_format(Reason::limit,
               "vox_offset leaves " + std::to_string(gap) + " bytes before the voxels, allowed are " +
                   std::to_string(limits.max_extension_bytes),
               file.voxels->path());
}

void describe(NiftiFile& file) {
  const HeaderFields& fields = file.fields;
  NiftiInfo& info = file.info;
  info.shape = fields.shape;
  info.dtype = fields.type->name;
  constexpr bool kBigEndianMachine = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
  info.big_endian = fields.swapped != kBigEndianMachine;
  info.nifti_version = fields.version;
  info.pair = fields.pair_magic;
  info.sform_code = fields.sform_code;
  info.qform_code = fields.qform_code;
  info.pixdim.assign(fields.pixdim + 1, fields.pixdim + 1 + fields.shape.size());
  const bool real = fields.type->kind != NumberKind::none;
  info.scaled = real && (fields.slope != 1 || fields.inter != 0);
  if (info.scaled) {
    info.slope = fields.slope;
    info.inter = fields.inter;
  }
  info.description = fields.description;
  if (fields.bits_per_voxel != fields.type->bytes * 8) {
    info.warnings.push_back({WarningCode::header_field,
                             "bitpix is " + std::to_string(fields.bits_per_voxel) + ", " + fields.type->name +
                                 " has " + std::to_string(fields.type->bytes * 8) + "; datatype is used"});
  }
}

}  // namespace

NiftiFile open_nifti_file(const std::filesystem::path& file, const NiftiLimits& limits) {
  refuse_folder(file);
  NiftiFile result;
  const std::filesystem::path header_file = header_path(file);
  std::unique_ptr<ByteSource> source = open_source(header_file);
  bool swapped = false;
  const std::shared_ptr<NiftiHeader> header = read_fixed_header(*source, swapped);
  header->file = file;
  result.fields = checked_fields(*header, swapped, limits, header_file);
  check_pair(result.fields, header_file);
  describe(result);
  describe_position(result.fields, result.info, header_file);
  const auto extensions_up_to = [&](std::uint64_t end) {
    read_extensions(*source, end, swapped, limits.max_extension_bytes, *header, result.info.warnings);
  };
  if (result.info.pair) {
    extensions_up_to(std::numeric_limits<std::uint64_t>::max());
    result.voxels = open_source(voxel_path(header_file, file));
    check_room(result.fields, *result.voxels);
  } else {
    check_room(result.fields, *source);
    extensions_up_to(result.fields.voxel_offset);
    result.voxels = std::move(source);
  }
  result.info.extension_count = header->extension_count;
  result.header = header;
  result.info.gzip = result.voxels->compressed();
  check_gap(result, limits);
  return result;
}

}  // namespace musclemap::io

namespace musclemap {

NiftiInfo nifti_info(const std::filesystem::path& file, const NiftiLimits& limits) {
  return io::open_nifti_file(file, limits).info;
}

}  // namespace musclemap
