// Everything public in one include.
#ifndef MUSCLEMAP_MUSCLEMAP_HPP_
#define MUSCLEMAP_MUSCLEMAP_HPP_

#include "musclemap/cell_segmenter.hpp"
#include "musclemap/cells.hpp"
#include "musclemap/error.hpp"
#include "musclemap/geometry.hpp"
#include "musclemap/image_stack.hpp"
#include "musclemap/labels.hpp"
#include "musclemap/metrics.hpp"
#include "musclemap/micro_sam.hpp"
#include "musclemap/model_bundle.hpp"
#include "musclemap/nifti.hpp"
#include "musclemap/organs.hpp"
#include "musclemap/picture.hpp"
#include "musclemap/pictures.hpp"
#include "musclemap/run.hpp"
#include "musclemap/segmenter.hpp"
#include "musclemap/task.hpp"
#include "musclemap/tissue.hpp"
#include "musclemap/version.hpp"
#include "musclemap/volume.hpp"

/// Images, models, label maps and what is measured in them. Voxel axes are i, j, k, i fastest in files; world
/// axes are RAS+ millimetres. Functions throw Error, and std::bad_alloc when memory runs out.
namespace musclemap {}

#endif  // MUSCLEMAP_MUSCLEMAP_HPP_
