// NIfTI-1 and NIfTI-2 files, read with suspicion and written whole or not at all.
#ifndef MUSCLEMAP_NIFTI_HPP_
#define MUSCLEMAP_NIFTI_HPP_

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "musclemap/run.hpp"
#include "musclemap/version.hpp"
#include "musclemap/volume.hpp"

namespace musclemap {

/// What a header says, checked. Plain value.
struct NiftiInfo {
  std::vector<std::int64_t> shape;  ///< dim[1..dim[0]], i first
  std::string dtype;                ///< stored type, NumPy's name: "int16", "rgb24", "complex64", …
  bool big_endian = false;          ///< stored byte order
  int nifti_version = 1;            ///< 1 or 2
  bool gzip = false;                ///< compressed
  bool pair = false;                ///< header and voxels in two files
  int sform_code = 0;               ///< as stored; 0: there is no sform
  int qform_code = 0;               ///< as stored; 0: there is no qform
  Affine sform;                     ///< as stored; identity when sform_code is 0
  Affine qform;                     ///< from the quaternion, in double; identity when qform_code is 0
  std::string affine_source;        ///< "sform", "qform" or "none"
  Affine affine;  ///< as stored, in `unit`; for "none" diag(-p1, p2, p3) with the centre at the origin
  std::vector<double> pixdim;     ///< pixdim[1..dim[0]] as stored
  std::string unit;               ///< of space: "mm", "metre", "micron", "unknown"
  double slope = 1;               ///< value = raw * slope + inter where `scaled`
  double inter = 0;               ///< see slope
  bool scaled = false;            ///< slope and inter change values
  std::string description;        ///< descrip, bytes above 127 kept
  int extension_count = 0;        ///< header extensions
  std::vector<Warning> warnings;  ///< what is odd and what was done about it
};

/// Bounds that hold before anything is allocated or inflated.
struct NiftiLimits {
  std::uint64_t max_voxel_bytes = std::uint64_t{1} << 46;       ///< stored bytes of all voxels
  std::uint64_t max_extension_bytes = std::uint64_t{64} << 20;  ///< of all extensions
};

/// Which affine a reader reports.
enum class AffineRule : std::int32_t {
  nifti,  ///< sform, else qform, else centred
  monai,  ///< the same after the repair that MONAI does when the affine's column norms disagree with pixdim
};

/// How files are read.
struct NiftiReadOptions {
  NiftiLimits limits;                     ///< of what a header may claim
  AffineRule affine = AffineRule::nifti;  ///< which affine is reported
  /// Read the first volume of a file of several; the rest of the file, and with it a checksum at its end, is
  /// not looked at. Else such a file is refused.
  bool first_volume = false;
};

/// Reads and checks the header alone. Errors: io, format, geometry, unsupported, each with its reason.
/// @param file of any shape and type
/// @param limits of what a header may claim
/// @return what the header says
MUSCLEMAP_API NiftiInfo nifti_info(const std::filesystem::path& file, const NiftiLimits& limits = {});

/// What a pass over every voxel finds.
struct NiftiVoxelCheck {
  std::string sha256_voxels_le;  ///< of the unscaled voxels as little-endian bytes in file order, hex
  std::int64_t count = 0;        ///< voxels
  std::int64_t nan = 0;          ///< voxels that are NaN
  std::int64_t inf = 0;          ///< voxels that are infinite
  double sum_finite = 0;         ///< scaled values, as the three below
  double min_finite = 0;         ///< NaN if no voxel is finite, as max_finite
  double max_finite = 0;         ///< see min_finite
  /// One voxel.
  struct Sample {
    std::vector<std::int64_t> index;  ///< along each axis, from 0
    double value;                     ///< scaled
  };
  std::vector<Sample> samples;  ///< at the linear indices 0, n/3, 2n/3 and n-1, each once
};

/// A NIfTI header and its extensions, byte for byte, to be handed from a reader to a writer. Immutable.
class NiftiHeader;

/// A NIfTI volume as a stream of slabs. Unscaled voxels keep their type where DType has it; int8 becomes i16,
/// uint32, int64 and uint64 become f64, and every scaled voxel becomes f64 (raw * slope + inter).
/// NaN and infinity come through unchanged. geometry() is in millimetres whatever the file's unit.
class MUSCLEMAP_API NiftiReader : public SlabReader {
 public:
  /// @return what the header says
  virtual const NiftiInfo& info() const = 0;
  /// @return for NiftiWriteOptions::like
  virtual std::shared_ptr<const NiftiHeader> header() const = 0;
  /// @return info().dtype
  std::string stored_dtype() const override { return info().dtype; }
};

/// Opens a file of one volume: 2-D (one slice) or 3-D, further axes of length 1, or as
/// NiftiReadOptions::first_volume says. Error `unsupported` for more volumes, for types that are not real
/// numbers, and for float128, whose layout depends on the writer's machine. Reading the last slice also
/// checks the end of a compressed file; until then its checksum has not been seen. Errors as those of
/// nifti_info().
/// @param file .nii, .nii.gz, .hdr or .img
/// @param options limits and affine
/// @return gives slabs; no voxel has been read yet
MUSCLEMAP_API std::unique_ptr<NiftiReader> open_nifti(const std::filesystem::path& file,
                                                      const NiftiReadOptions& options = {});

/// The whole file in memory. Peak memory: the volume. Errors as those of open_nifti(), and for every defect
/// of the voxel data; `cancelled`.
/// @param file .nii, .nii.gz, .hdr or .img
/// @param options limits and affine
/// @param control hears slices of Stage::read every few megabytes and what is odd about the header; its
/// cancel
///        and a throw of its on_progress end the reading
/// @return contiguous with i fastest
MUSCLEMAP_API Volume read_nifti(const std::filesystem::path& file, const NiftiReadOptions& options = {},
                                const RunControl& control = {});

/// Reads every voxel of a file of any shape and type in bounded memory. For types that are not real numbers
/// only the hash and the count are filled. Error `unsupported` for float128 and complex256, whose layout
/// depends on the writer's machine. Errors as nifti_info() and for every defect of the voxel data;
/// `cancelled`.
/// @param file of any shape
/// @param limits of what a header may claim
/// @param control hears Stage::read, in megabytes, every few of them; its cancel and a throw of its
///        on_progress end the pass
/// @return what was found
MUSCLEMAP_API NiftiVoxelCheck verify_nifti(const std::filesystem::path& file, const NiftiLimits& limits = {},
                                           const RunControl& control = {});

/// What is written, beside the volume whose header is kept.
enum class NiftiContent : std::int32_t {
  as_source,  ///< values of that kind: its description stays, and its intent if that is labels
  labels,     ///< a label map: intent NIFTI_INTENT_LABEL, no description
  other,      ///< values of another kind: no description
};

/// How files are written.
struct NiftiWriteOptions {
  /// Header to keep: codes, matrices, units, extensions and the like are copied unchanged. Shape, type,
  /// scaling and intent are those of the new volume, the display range is left out. The volume lies on the
  /// header's grid, or has no place of its own, and does not replace the header's file. Null: a new header
  /// with the affine as sform and qform.
  std::shared_ptr<const NiftiHeader> like;
  NiftiContent content = NiftiContent::as_source;  ///< what the voxels are
  bool header_text = true;  ///< keep extensions and free text of `like`; names and dates may travel in them
  /// Written to the header; value = voxel * slope + inter. The voxels are written as they come.
  double slope = 1;
  double inter = 0;  ///< see slope
};

/// Starts a file. A temporary file in the same folder grows; commit() flushes, syncs and renames it. Errors:
/// `argument` (name, the file of `like`), `geometry` (another grid than that of `like`), `io`.
/// @param file .nii or .nii.gz
/// @param geometry shape and affine
/// @param dtype of the voxels
/// @param options header to keep, scaling
/// @param threads that compress a .nii.gz, inside the calls that write; 0: as many as the process may use.
/// The file does not depend on them
/// @return takes the slabs
MUSCLEMAP_API std::unique_ptr<SlabWriter> create_nifti(const std::filesystem::path& file,
                                                       const Geometry& geometry, DType dtype,
                                                       const NiftiWriteOptions& options = {},
                                                       int threads = 0);

/// Writes a file, whole or not at all. Errors: `argument` (name, the file of `like`, an empty volume),
/// `geometry` (another grid than that of `like`), `io`, `cancelled`.
/// @param volume what is written, any strides
/// @param file .nii or .nii.gz
/// @param options header to keep, scaling
/// @param control threads that compress; hears slices of Stage::write every few megabytes and, without a
///        header to keep, that nobody stated a voxel size (`no_spacing`); its cancel and a throw of its
///        on_progress end the writing
MUSCLEMAP_API void write_nifti(const Volume& volume, const std::filesystem::path& file,
                               const NiftiWriteOptions& options = {}, const RunControl& control = {});

}  // namespace musclemap

#endif  // MUSCLEMAP_NIFTI_HPP_
