// Stored voxels as numbers of this machine.
#ifndef MUSCLEMAP_IO_NIFTI_NIFTI_VOXELS_HPP_
#define MUSCLEMAP_IO_NIFTI_NIFTI_VOXELS_HPP_

#include <cstddef>

#include "io/nifti/nifti_types.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::io {

/// Reverses each number of `size` bytes (1, 2, 4, 8 or 16) among `bytes` bytes.
void reverse_numbers(void* data, std::size_t bytes, int size);

/// How stored numbers become values.
struct Scaling {
  bool applied = false;
  double slope = 1, inter = 0;
};

/// `count` numbers of `kind` at `from`, in this machine's byte order, to `to`: scaled ones to f64 as
/// raw * slope + inter, others to the type of unscaled_dtype(kind). Neither side needs alignment.
void convert_numbers(const void* from, std::size_t count, NumberKind kind, const Scaling& scaling, void* to);

/// `count` numbers of `kind` as scaled f64.
void numbers_to_double(const void* from, std::size_t count, NumberKind kind, const Scaling& scaling,
                       double* to);

/// First voxel of a volume that was made by Volume::zeros().
void* first_voxel(Volume& volume);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_NIFTI_NIFTI_VOXELS_HPP_
