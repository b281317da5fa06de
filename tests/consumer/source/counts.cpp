// What a library of the host's does with musclemap.
#include <musclemap/volume.hpp>

std::int64_t count_of(const musclemap::Volume& volume) {
  const musclemap::Index3 shape = volume.geometry().shape;
  return shape[0] * shape[1] * shape[2];
}
