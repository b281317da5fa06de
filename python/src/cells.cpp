#include <algorithm>
#include <string>

#include "bindings.hpp"
#include "decode/flows/mask_options.hpp"
#include "options.hpp"

namespace musclemap::python {
namespace {

using Floats = py::array_t<float, py::array::c_style | py::array::forcecast>;

std::string shape_text(const py::array& array) {
  return py::str(py::tuple(array.attr("shape"))).cast<std::string>();
}

CellFlows flows_of(const Floats& flows, const Floats& cellprob) {
  const py::ssize_t axes = cellprob.ndim();
  bool fits = (axes == 2 || axes == 3) && flows.ndim() == axes + 1 && flows.shape(0) == axes;
  for (py::ssize_t axis = 0; fits && axis < axes; ++axis)
    fits = flows.shape(axis + 1) == cellprob.shape(axis);
  if (!fits) {
    throw Error(ErrorCode::argument, "dP has the shape " + shape_text(flows) + " and cellprob " +
                                         shape_text(cellprob) +
                                         "; (2, y, x) and (y, x), or (3, z, y, x) and (z, y, x) are allowed");
  }
  CellFlows view;
  view.flows = flows.data();
  view.cellprob = cellprob.data();
  view.depth = axes == 3 ? cellprob.shape(0) : 0;
  view.height = cellprob.shape(axes - 2);
  view.width = cellprob.shape(axes - 1);
  return view;
}

template <class T>
py::array labels_as(const std::vector<std::uint32_t>& labels, const std::vector<py::ssize_t>& shape) {
  py::array_t<T> array(shape);
  std::transform(labels.begin(), labels.end(), array.mutable_data(),
                 [](std::uint32_t label) { return static_cast<T>(label); });
  return array;
}

py::array masks(const Floats& flows, const Floats& cellprob, const py::dict& given, Control& control) {
  const auto options = options_from<CellMaskOptions>(given);
  const CellFlows view = flows_of(flows, cellprob);
  const CellMasks found = control.run([&](const RunControl& run) { return cell_masks(view, options, run); });
  return label_array(found.labels, {cellprob.shape(), cellprob.shape() + cellprob.ndim()});
}

}  // namespace

py::array label_array(const std::vector<std::uint32_t>& labels, const std::vector<py::ssize_t>& shape) {
  const auto highest = std::max_element(labels.begin(), labels.end());
  const bool wide = highest != labels.end() && *highest > 0xffff;
  return wide ? labels_as<std::uint32_t>(labels, shape) : labels_as<std::uint16_t>(labels, shape);
}

void bind_cells(py::module_& module) {
  module.def("cell_masks", &masks, py::arg("dP"), py::arg("cellprob"), py::arg("options"),
             py::arg("control"));
}

}  // namespace musclemap::python
