// The voxel types that NIfTI defines.
#ifndef MUSCLEMAP_IO_NIFTI_NIFTI_TYPES_HPP_
#define MUSCLEMAP_IO_NIFTI_NIFTI_TYPES_HPP_

#include <cstdint>

#include "musclemap/volume.hpp"

namespace musclemap::io {

/// How the bytes of one number are to be read.
enum class NumberKind : std::int32_t { none, u8, i8, i16, u16, i32, u32, i64, u64, f32, f64 };

struct NiftiType {
  int code;
  const char* name;  ///< as NumPy names it, where it does
  int bytes;         ///< of one voxel
  int swap_bytes;    ///< of one number within it; 1: byte order does not matter
  NumberKind kind;   ///< none: voxels are not one real number each, or their layout depends on the machine
};

/// Null for a code outside the standard.
const NiftiType* find_type(int code) noexcept;

/// The type that stores DType.
const NiftiType& type_for(DType dtype);

/// The type that a reader hands out for unscaled voxels of `kind`.
DType unscaled_dtype(NumberKind kind);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_NIFTI_NIFTI_TYPES_HPP_
