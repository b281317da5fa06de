// Where the voxels of a scan lie, and the scan itself slab by slab.
#ifndef MUSCLEMAP_EXAMPLES_PHANTOM_GRID_HPP_
#define MUSCLEMAP_EXAMPLES_PHANTOM_GRID_HPP_

#include <cstdint>
#include <string>

#include "musclemap/geometry.hpp"
#include "musclemap/volume.hpp"
#include "phantom/anatomy.hpp"
#include "phantom/signal.hpp"

namespace phantom {

/// A grid whose centre lies `height_mm` above the world's origin. `orientation` names where i, j, k point to,
/// such as "RAS" or "LPS"; the grid is then turned by `oblique_degrees` about the x axis. Error `argument`
/// for anything but three of R/L, A/P, S/I.
musclemap::Geometry make_grid(const musclemap::Index3& shape, const musclemap::Spacing& spacing,
                              const std::string& orientation, double oblique_degrees, double height_mm);

/// Slices of the scan and their true labels, both i16.
struct Slab {
  musclemap::Volume image;
  musclemap::Volume labels;
};

/// Slices [k_begin, k_begin + k_count) of the scan. The same values for any split into slabs and number of
/// threads.
Slab scan_slab(const Anatomy& anatomy, const Scanner& scanner, const musclemap::Geometry& grid,
               std::uint64_t seed, std::int64_t k_begin, std::int64_t k_count, int threads);

}  // namespace phantom

#endif  // MUSCLEMAP_EXAMPLES_PHANTOM_GRID_HPP_
