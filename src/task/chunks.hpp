// The reference's chunked mode, for audits (MuscleMap spec, section 6.1).
#ifndef MUSCLEMAP_TASK_CHUNKS_HPP_
#define MUSCLEMAP_TASK_CHUNKS_HPP_

#include <cstdint>

#include "musclemap/volume.hpp"

namespace musclemap::task {

/// Slices [k_begin, k_begin + k_count) as the reference hands them to a run of their own: as float, stored as
/// `dtype` and read back, with the affine of the whole volume.
Volume read_chunk(SlabReader& image, std::int64_t k_begin, std::int64_t k_count);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CHUNKS_HPP_
