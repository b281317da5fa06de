#include <memory>
#include <string>
#include <utility>

#include "bindings.hpp"
#include "musclemap/micro_sam.hpp"
#include "options.hpp"

namespace musclemap::python {
namespace {

SamMethod method_of(const std::string& word) { return base::from_word<SamMethod>(word, "method"); }

SamModel open_sam_model(const std::filesystem::path& model, const py::dict& given, Control& control) {
  const auto options = options_from<SamModelOptions>(given);
  return control.run([&](const RunControl& run) { return SamModel::open(model, options, run); });
}

/// A segmenter that knows when it is in use.
class GuardedSamSegmenter {
 public:
  GuardedSamSegmenter(SamModel model, SamMethod method, const SamEngineOptions& options)
      : segmenter_(std::move(model), method, options) {}

  /// Labels of one picture.
  py::array run(const py::array& picture, const py::dict& given, Control& control) {
    const auto options = options_from<SamOptions>(given);
    const ImageStack stack = picture_stack(picture);
    const Turn turn(mutex_);
    const CellMasks found =
        control.run([&](const RunControl& run) { return segmenter_.run(stack, options, run); });
    return label_array(found.labels, {picture.shape(1), picture.shape(2)});
  }

  const std::string& engine() const { return segmenter_.engine(); }

 private:
  std::mutex mutex_;
  SamSegmenter segmenter_;
};

std::unique_ptr<GuardedSamSegmenter> make_sam_segmenter(const SamModel& model, const std::string& word,
                                                        const py::dict& given) {
  const SamMethod method = method_of(word);
  const auto options = options_from<SamEngineOptions>(given);
  return without_gil([&] { return std::make_unique<GuardedSamSegmenter>(model, method, options); });
}

}  // namespace

void bind_sam_segmenter(py::module_& module) {
  py::class_<SamModel>(module, "SamModel")
      .def_static("open", &open_sam_model, py::arg("model"), py::arg("options"), py::arg("control"))
      .def_static("names", &SamModel::names)
      .def_property_readonly("name", &SamModel::name)
      .def_property_readonly("file", &SamModel::file)
      .def_property_readonly("sha256", &SamModel::sha256)
      .def(
          "has", [](const SamModel& model, const std::string& word) { return model.has(method_of(word)); },
          py::arg("method"));
  py::class_<GuardedSamSegmenter>(module, "SamSegmenter")
      .def(py::init(&make_sam_segmenter), py::arg("model"), py::arg("method"), py::arg("options"))
      .def_property_readonly("engine", &GuardedSamSegmenter::engine)
      .def("run", &GuardedSamSegmenter::run, py::arg("picture"), py::arg("options"), py::arg("control"));
}

}  // namespace musclemap::python
