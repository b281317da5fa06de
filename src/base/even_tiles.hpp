// Tiles that lie evenly along an axis, as Cellpose places them (docs/chains/cells.md#tiles).
#ifndef MUSCLEMAP_BASE_EVEN_TILES_HPP_
#define MUSCLEMAP_BASE_EVEN_TILES_HPP_

#include <cstdint>
#include <vector>

namespace musclemap::base {

/// trunc(numpy.linspace(0, last, count)): `count` numbers from 0 to `last` in equal steps, each cut off.
std::vector<std::int64_t> even_starts(std::int64_t last, std::int64_t count);

/// First places of tiles of that length: one where the axis is no longer, else
/// ceil((1 + 2 overlap) size / length) of them, the last one at the end.
std::vector<std::int64_t> even_tiles(std::int64_t size, std::int64_t length, double overlap);

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_EVEN_TILES_HPP_
