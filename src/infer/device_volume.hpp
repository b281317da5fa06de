// Classes of a volume that an engine module finds where the network runs.
#ifndef MUSCLEMAP_INFER_DEVICE_VOLUME_HPP_
#define MUSCLEMAP_INFER_DEVICE_VOLUME_HPP_

#include <cstdint>
#include <functional>
#include <vector>

#include "image/field.hpp"
#include "infer/volume_windows.hpp"

struct musclemap_engine_functions;  // infer/engine_module.h

namespace musclemap::infer {

struct DeviceVolumeOptions {
  std::int64_t channels = 1;  ///< of the field
  std::int64_t classes = 0;
  std::int64_t windows_at_once = 1;
  bool on_device = false;  ///< on a CPU too, as SliceInfererOptions has it
  /// Called before window `n` of `count`, from 0, on the calling thread; throws to stop. May be empty.
  std::function<void(std::int64_t n, std::int64_t count)> before_window;
};

/// Takes classes of slice z, [y][x] with x fastest.
using ClassSink = std::function<void(std::int64_t z, const std::vector<std::uint16_t>& classes)>;

/// As volume_scores() with one network and no mirroring, then the class of the highest score, the lowest on
/// ties and where no score is a number. The device holds the field, and sums of every class, 2 bytes each,
/// for the whole volume. Sums, quotients and classes are the CPU's bits for equal scores. Errors: `model`
/// also where a score is infinite, `memory`.
void device_volume_classes(const musclemap_engine_functions& functions, void* model, image::Field& field,
                           const VolumeWindows& plan, const DeviceVolumeOptions& options,
                           const ClassSink& sink);

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_DEVICE_VOLUME_HPP_
