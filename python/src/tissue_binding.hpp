// A tissue map as Python holds it.
#ifndef MUSCLEMAP_PYTHON_TISSUE_BINDING_HPP_
#define MUSCLEMAP_PYTHON_TISSUE_BINDING_HPP_

#include <mutex>
#include <utility>

#include "bindings.hpp"

namespace musclemap::python {

/// With the volumes it was made from, so that those and their names come back as they were given.
struct TissueMapHolder {
  TissueMapHolder(TissueMap made, py::object image_given, py::object labels_given)
      : map(std::move(made)), image(std::move(image_given)), labels(std::move(labels_given)) {}

  TissueMap map;
  py::object image;
  py::object labels;
  std::mutex mutex;
};

}  // namespace musclemap::python

#endif  // MUSCLEMAP_PYTHON_TISSUE_BINDING_HPP_
