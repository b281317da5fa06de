// The header repair that MONAI does before it uses an image's affine.
#ifndef MUSCLEMAP_IO_NIFTI_NIFTI_REPAIR_HPP_
#define MUSCLEMAP_IO_NIFTI_NIFTI_REPAIR_HPP_

#include "io/nifti/nifti_header.hpp"

namespace musclemap::io {

/// `chosen`, or the other one of the header's matrices where that agrees with pixdim and `chosen` does not
/// (rectify_header_sform_qform of monai/data/utils.py). In the header's unit.
Affine repaired_affine(const HeaderFields& fields, const Affine& chosen);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_NIFTI_NIFTI_REPAIR_HPP_
