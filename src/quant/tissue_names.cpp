#include "musclemap/tissue.hpp"

namespace musclemap {

const char* tissue_name(Tissue tissue) noexcept {
  switch (tissue) {
    case Tissue::none:
      return "none";
    case Tissue::muscle:
      return "muscle";
    case Tissue::fat:
      return "fat";
    case Tissue::undefined:
      return "undefined";
  }
  return "unknown";
}

const char* status_name(LabelStatus status) noexcept {
  switch (status) {
    case LabelStatus::ok:
      return "ok";
    case LabelStatus::too_few_voxels:
      return "too_few_voxels";
    case LabelStatus::not_separable:
      return "not_separable";
    case LabelStatus::nonfinite:
      return "nonfinite";
    case LabelStatus::collapsed:
      return "collapsed";
    case LabelStatus::implausible:
      return "implausible";
    case LabelStatus::overlapping:
      return "overlapping";
    case LabelStatus::bone:
      return "bone";
  }
  return "unknown";
}

}  // namespace musclemap
