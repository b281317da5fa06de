#include "musclemap/cell_segmenter.hpp"

#include <memory>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "options.hpp"

namespace musclemap::python {
namespace {

using ArrayShape = std::vector<py::ssize_t>;

CellModel open_cell_model(const std::string& model, const py::dict& given, Control& control) {
  const auto options = options_from<CellModelOptions>(given);
  return control.run([&](const RunControl& run) { return CellModel::open(model, options, run); });
}

/// Without a copy.
py::array adopted(std::vector<float>&& values, const ArrayShape& shape) {
  auto kept = std::make_unique<std::vector<float>>(std::move(values));
  float* const data = kept->data();
  const py::capsule owner(kept.release(), [](void* held) { delete static_cast<std::vector<float>*>(held); });
  return py::array_t<float>(shape, data, owner);
}

/// A segmenter that knows when it is in use.
class GuardedCellSegmenter {
 public:
  GuardedCellSegmenter(const CellModel& model, const CellEngineOptions& options, const RunControl& control)
      : segmenter_(model, options, control) {}

  /// Masks, flows, logits (both empty where they are not kept), style and diameter of one picture or stack.
  py::tuple run(const py::array& picture, const py::dict& given, Control& control) {
    const auto options = options_from<CellOptions>(given);
    const ImageStack stack = picture_stack(picture);
    const Turn turn(mutex_);
    CellResult found =
        control.run([&](const RunControl& run) { return segmenter_.run(stack, options, run); });
    const ArrayShape labels(picture.shape() + 1, picture.shape() + picture.ndim());
    const bool kept = options.keep_flows;
    ArrayShape logits{kept ? found.flow_height : 0, kept ? found.flow_width : 0};
    ArrayShape style{static_cast<py::ssize_t>(found.style.size())};
    if (picture.ndim() == 4) {
      logits.insert(logits.begin(), found.flow_depth);
      style = {found.styles, style[0] / found.styles};
    }
    ArrayShape flows = logits;
    flows.insert(flows.begin(), found.flow_axes);
    return py::make_tuple(label_array(found.masks.labels, labels), adopted(std::move(found.flows), flows),
                          adopted(std::move(found.cellprob), logits), adopted(std::move(found.style), style),
                          found.diameter);
  }

  const std::string& engine() const { return segmenter_.engine(); }
  const std::string& engine_reason() const { return segmenter_.engine_reason(); }

 private:
  std::mutex mutex_;
  CellSegmenter segmenter_;
};

std::unique_ptr<GuardedCellSegmenter> make_cell_segmenter(const CellModel& model, const py::dict& given,
                                                          Control& control) {
  const auto options = options_from<CellEngineOptions>(given);
  return control.run(
      [&](const RunControl& run) { return std::make_unique<GuardedCellSegmenter>(model, options, run); });
}

}  // namespace

ImageStack picture_stack(const py::array& picture) {
  if (picture.ndim() != 3 && picture.ndim() != 4) {
    throw Error(ErrorCode::internal, "a picture has the axes channel, y, x, a stack channel, z, y, x");
  }
  const bool stack = picture.ndim() == 4;
  const py::ssize_t y = picture.ndim() - 2;
  StackGeometry geometry;
  geometry.shape = {1, picture.shape(0), stack ? picture.shape(1) : 1, picture.shape(y),
                    picture.shape(y + 1)};
  return ImageStack::borrow(
      picture.data(), geometry, picture_dtype(picture),
      {0, picture.strides(0), stack ? picture.strides(1) : 0, picture.strides(y), picture.strides(y + 1)});
}

void bind_cell_segmenter(py::module_& module) {
  py::class_<CellModel>(module, "CellModel")
      .def_static("open", &open_cell_model, py::arg("model"), py::arg("options"), py::arg("control"))
      .def_static("names", &CellModel::names)
      .def_property_readonly("name", &CellModel::name)
      .def_property_readonly("file", &CellModel::file)
      .def_property_readonly("sha256", &CellModel::sha256)
      .def_property_readonly("builtin", &CellModel::builtin)
      .def_property_readonly("diam_mean", &CellModel::diam_mean)
      .def_property_readonly("diam_labels", &CellModel::diam_labels)
      .def_property_readonly("estimates_diameter", &CellModel::estimates_diameter);
  py::class_<GuardedCellSegmenter>(module, "CellSegmenter")
      .def(py::init(&make_cell_segmenter), py::arg("model"), py::arg("options"), py::arg("control"))
      .def_property_readonly("engine", &GuardedCellSegmenter::engine)
      .def_property_readonly("engine_reason", &GuardedCellSegmenter::engine_reason)
      .def("run", &GuardedCellSegmenter::run, py::arg("picture"), py::arg("options"), py::arg("control"));
}

}  // namespace musclemap::python
