// The reference's chunked mode, for audits (docs/chains/musclemap.md, section 6.1).
#ifndef MUSCLEMAP_TASK_CHUNKS_HPP_
#define MUSCLEMAP_TASK_CHUNKS_HPP_

#include <cstdint>
#include <vector>

#include "musclemap/volume.hpp"

namespace musclemap::task {

/// Slices of the last stored axis.
struct Chunk {
  std::int64_t begin = 0;
  std::int64_t count = 0;
};

/// So many slices each, the last one what is left; 0: all slices are one chunk.
std::vector<Chunk> chunks_of(std::int64_t slices, std::int64_t chunk_slices);

/// A chunk as the reference hands it to a run of its own: as float, stored as `dtype` and read back, with the
/// affine of the whole volume.
Volume read_chunk(SlabReader& image, const Chunk& chunk);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CHUNKS_HPP_
