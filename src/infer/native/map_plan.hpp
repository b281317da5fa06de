// Where the maps of a program lie for one size of window: those that are never needed at the same time share
// memory.
#ifndef MUSCLEMAP_INFER_NATIVE_MAP_PLAN_HPP_
#define MUSCLEMAP_INFER_NATIVE_MAP_PLAN_HPP_

#include <cstdint>
#include <vector>

#include "infer/native/program.hpp"
#include "net/check_graph.hpp"

namespace musclemap::infer::native {

/// Where the map lies that the head reads: with the others, or elsewhere, so that those of several windows
/// may be held.
enum class HeadPlace : std::uint8_t { inside, apart };

struct MapPlan {
  struct Place {
    Extent extent;
    std::int64_t offset = 0;  ///< in floats; of no meaning for the head's map, if that lies apart
  };
  std::vector<Place> maps;               ///< one a map of the program
  std::vector<net::LayerShape> outputs;  ///< one a port
  std::int64_t floats = 0;               ///< of all maps that lie there
  std::int64_t scratch = 0;              ///< floats that convolutions take beside, with that many threads
};

/// Of a map of that shape; a vector is a map of one pixel.
Extent extent_of(const net::LayerShape& shape);

/// `sizes` of the network's axes. Error `model` for a size that the network does not take.
MapPlan plan_maps(const Program& program, const std::vector<std::int64_t>& sizes, int threads,
                  HeadPlace head);

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_MAP_PLAN_HPP_
