#include "io/nifti/nifti_clib.hpp"

namespace musclemap::io {
namespace {

// Every call below goes through here first.
void silence() {
  static const bool silent = (nifti_set_debug_level(0), true);
  static_cast<void>(silent);
}

}  // namespace

void swap_header(nifti_1_header& header) {
  silence();
  nifti_swap_as_nifti1(&header);
}

void swap_header(nifti_2_header& header) {
  silence();
  nifti_swap_as_nifti2(&header);
}

QuaternionForm quaternion_form(const Affine& affine) {
  silence();
  nifti_dmat44 matrix{};
  for (int r = 0; r < 4; ++r) {
    for (int c = 0; c < 4; ++c) matrix.m[r][c] = affine(r, c);
  }
  QuaternionForm form{};
  nifti_dmat44_to_quatern(matrix, &form.b, &form.c, &form.d, nullptr, nullptr, nullptr, &form.spacing[0],
                          &form.spacing[1], &form.spacing[2], &form.qfac);
  return form;
}

}  // namespace musclemap::io
