// The table of label names in a NIfTI header.
#ifndef MUSCLEMAP_IO_NIFTI_LABEL_EXTENSION_HPP_
#define MUSCLEMAP_IO_NIFTI_LABEL_EXTENSION_HPP_

#include <vector>

#include "musclemap/labels.hpp"
#include "musclemap/nifti.hpp"

namespace musclemap::io {

/// Labels of the first extension, of whatever code, that holds a table in Caret's XML: code 30 says so,
/// TotalSegmentator writes 0. Ascending values; empty where there is none.
std::vector<Label> labels_in_header(const NiftiHeader& header);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_NIFTI_LABEL_EXTENSION_HPP_
