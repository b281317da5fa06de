#include "io/nifti/nifti_types.hpp"

#include <nifti2_io.h>

#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

// float128 holds 80-bit numbers with padding when written on x86 and quadruple precision elsewhere, and
// nothing in the file tells which, so it is not read as numbers.
constexpr NiftiType kTypes[] = {
    {NIFTI_TYPE_UINT8, "uint8", 1, 1, NumberKind::u8},
    {NIFTI_TYPE_INT16, "int16", 2, 2, NumberKind::i16},
    {NIFTI_TYPE_INT32, "int32", 4, 4, NumberKind::i32},
    {NIFTI_TYPE_FLOAT32, "float32", 4, 4, NumberKind::f32},
    {NIFTI_TYPE_COMPLEX64, "complex64", 8, 4, NumberKind::none},
    {NIFTI_TYPE_FLOAT64, "float64", 8, 8, NumberKind::f64},
    {NIFTI_TYPE_RGB24, "rgb24", 3, 1, NumberKind::none},
    {NIFTI_TYPE_INT8, "int8", 1, 1, NumberKind::i8},
    {NIFTI_TYPE_UINT16, "uint16", 2, 2, NumberKind::u16},
    {NIFTI_TYPE_UINT32, "uint32", 4, 4, NumberKind::u32},
    {NIFTI_TYPE_INT64, "int64", 8, 8, NumberKind::i64},
    {NIFTI_TYPE_UINT64, "uint64", 8, 8, NumberKind::u64},
    {NIFTI_TYPE_FLOAT128, "float128", 16, 16, NumberKind::none},
    {NIFTI_TYPE_COMPLEX128, "complex128", 16, 8, NumberKind::none},
    {NIFTI_TYPE_COMPLEX256, "complex256", 32, 16, NumberKind::none},
    {NIFTI_TYPE_RGBA32, "rgba32", 4, 1, NumberKind::none},
};

}  // namespace

const NiftiType* find_type(int code) noexcept {
  for (const NiftiType& type : kTypes) {
    if (type.code == code) return &type;
  }
  return nullptr;
}

const NiftiType& type_for(DType dtype) {
  switch (dtype) {
    case DType::u8:
      return *find_type(NIFTI_TYPE_UINT8);
    case DType::i16:
      return *find_type(NIFTI_TYPE_INT16);
    case DType::u16:
      return *find_type(NIFTI_TYPE_UINT16);
    case DType::i32:
      return *find_type(NIFTI_TYPE_INT32);
    case DType::f32:
      return *find_type(NIFTI_TYPE_FLOAT32);
    case DType::f64:
      return *find_type(NIFTI_TYPE_FLOAT64);
    case DType::u32:
      return *find_type(NIFTI_TYPE_UINT32);
  }
  dtype_size(dtype);  // throws for a number outside the list
  throw Error(ErrorCode::internal, "a voxel type has no NIfTI code");
}

DType unscaled_dtype(NumberKind kind) {
  switch (kind) {
    case NumberKind::u8:
      return DType::u8;
    case NumberKind::i8:
      return DType::i16;
    case NumberKind::i16:
      return DType::i16;
    case NumberKind::u16:
      return DType::u16;
    case NumberKind::i32:
      return DType::i32;
    case NumberKind::f32:
      return DType::f32;
    case NumberKind::none:
    case NumberKind::u32:
    case NumberKind::i64:
    case NumberKind::u64:
    case NumberKind::f64:
      break;
  }
  return DType::f64;
}

}  // namespace musclemap::io
