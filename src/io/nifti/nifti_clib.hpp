// The few calls into nifti_clib, which prints unless told not to.
#ifndef MUSCLEMAP_IO_NIFTI_NIFTI_CLIB_HPP_
#define MUSCLEMAP_IO_NIFTI_NIFTI_CLIB_HPP_

#include <nifti2_io.h>

#include "musclemap/geometry.hpp"

namespace musclemap::io {

/// Reverses the bytes of every number in the header.
void swap_header(nifti_1_header& header);
void swap_header(nifti_2_header& header);

/// The qform fields of an affine.
struct QuaternionForm {
  double b, c, d;
  double qfac;
  Spacing spacing;
};

/// The rotation nearest to the affine's, as a quaternion.
QuaternionForm quaternion_form(const Affine& affine);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_NIFTI_NIFTI_CLIB_HPP_
