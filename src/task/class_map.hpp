// From an image to the class of each of its voxels: the steps between loading and the component filter.
#ifndef MUSCLEMAP_TASK_CLASS_MAP_HPP_
#define MUSCLEMAP_TASK_CLASS_MAP_HPP_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "infer/engine.hpp"
#include "musclemap/geometry.hpp"
#include "musclemap/model_bundle.hpp"
#include "musclemap/run.hpp"
#include "musclemap/volume.hpp"

namespace musclemap::task {

/// What every run of one Segmenter has in common.
struct ClassMapSettings {
  double overlap = 0.9;
  std::int64_t windows_at_once = 1;
  int threads = 1;
};

/// What one run did.
struct ClassMapReport {
  double prepare_seconds = 0;
  double infer_seconds = 0;
  std::int64_t windows = 0;
  std::int64_t nonfinite_voxels = 0;
  std::int64_t beyond_float_voxels = 0;                  ///< finite, but not in single precision
  float least = std::numeric_limits<float>::infinity();  ///< of the image
  float most = -std::numeric_limits<float>::infinity();
  bool labelled = false;  ///< a voxel has another class than 0
};

/// Bytes that do not depend on the batch, bytes per window of it, and how many windows make the engine
/// fastest (0: any number).
struct ClassMapMemory {
  std::size_t fixed = 0;
  std::size_t per_window = 0;
  std::int64_t useful_windows = 0;
};

ClassMapMemory class_map_memory(const ModelBundle& bundle, const infer::Engine& engine, double overlap,
                                const Geometry& image);

/// The smallest type that holds the model's class indices: u8 or i16.
DType class_dtype(const ModelBundle& bundle);

/// Fills `classes` (the image's stored axes, type class_dtype()) with class indices. Steps and order are
/// those of the MuscleMap spec, section 3, steps 3 to 10; nothing of the volume's size is held but `classes`,
/// and the image where its slices are not stored ones.
void fill_class_map(const ModelBundle& bundle, infer::Engine& engine, const ClassMapSettings& settings,
                    SlabReader& image, Volume classes, const RunControl& control, ClassMapReport* report);

/// Sets all but the largest part of every class to 0.
void keep_largest_parts(Volume classes);

/// Label values of slices [k_begin, k_begin + k_count) of a class map, as i16.
Volume label_values(const Volume& classes, const std::vector<Label>& labels, std::int64_t k_begin,
                    std::int64_t k_count);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_CLASS_MAP_HPP_
