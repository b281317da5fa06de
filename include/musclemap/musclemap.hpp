// Everything public in one include.
#ifndef MUSCLEMAP_MUSCLEMAP_HPP_
#define MUSCLEMAP_MUSCLEMAP_HPP_

#include "musclemap/error.hpp"
#include "musclemap/geometry.hpp"
#include "musclemap/labels.hpp"
#include "musclemap/metrics.hpp"
#include "musclemap/model_bundle.hpp"
#include "musclemap/nifti.hpp"
#include "musclemap/picture.hpp"
#include "musclemap/run.hpp"
#include "musclemap/segmenter.hpp"
#include "musclemap/tissue.hpp"
#include "musclemap/version.hpp"
#include "musclemap/volume.hpp"

#endif  // MUSCLEMAP_MUSCLEMAP_HPP_
