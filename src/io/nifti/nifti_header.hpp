// A NIfTI header as read from a file: its fields, checked for shape and type, and its extensions.
#ifndef MUSCLEMAP_IO_NIFTI_NIFTI_HEADER_HPP_
#define MUSCLEMAP_IO_NIFTI_NIFTI_HEADER_HPP_

#include <nifti2_io.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "io/files/byte_source.hpp"
#include "io/nifti/nifti_types.hpp"
#include "musclemap/nifti.hpp"

namespace musclemap {

/// Fields in this machine's byte order; numbers that NIfTI-1 stores in single precision are not rounded
/// again.
class NiftiHeader {
 public:
  int version = 1;
  nifti_1_header one{};  ///< where version is 1
  nifti_2_header two{};  ///< where version is 2
  /// Every extension as on disk: size and code in this machine's byte order, then its bytes.
  std::vector<unsigned char> extensions;
  int extension_count = 0;
  std::filesystem::path file;  ///< that it was read from
};

namespace io {

/// The fields that this library reads, widened. Position and orientation are not checked here.
struct HeaderFields {
  bool swapped = false;  ///< the file's byte order is not this machine's
  int version = 1;
  bool pair_magic = false;
  std::vector<std::int64_t> shape;
  std::int64_t voxels = 0;        ///< product of the shape
  std::uint64_t voxel_bytes = 0;  ///< of all voxels
  std::uint64_t voxel_offset = 0;
  const NiftiType* type = nullptr;
  int bits_per_voxel = 0;
  double pixdim[8] = {};
  double slope = 1, inter = 0;
  int sform_code = 0, qform_code = 0;
  double srow[3][4] = {};
  double quatern[3] = {};
  double qoffset[3] = {};
  int unit_code = 0;
  std::string description;
};

/// Bytes of the fixed part and, in a single file, the least offset of voxels.
inline constexpr std::size_t header_bytes(int version) { return version == 2 ? 540 : 348; }
inline constexpr std::size_t least_offset(int version) { return header_bytes(version) + 4; }

/// Reads the fixed part from the start of `source`. Error not_nifti, bad_header, unsupported, truncated.
std::shared_ptr<NiftiHeader> read_fixed_header(ByteSource& source, bool& swapped);

/// Checks and widens. Error bad_header, unsupported, limit.
HeaderFields checked_fields(const NiftiHeader& header, bool swapped, const NiftiLimits& limits,
                            const std::filesystem::path& file);

}  // namespace io
}  // namespace musclemap

#endif  // MUSCLEMAP_IO_NIFTI_NIFTI_HEADER_HPP_
