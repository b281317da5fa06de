#include <memory>

#include "bindings.hpp"
#include "options.hpp"

namespace musclemap::python {
namespace {

namespace fs = std::filesystem;

/// A segmenter that knows when it is in use.
class GuardedSegmenter {
 public:
  GuardedSegmenter(const ModelBundle& bundle, const SegmentOptions& options, const RunControl& control)
      : segmenter_(bundle, options, control) {}

  Volume run(const Volume& image, Control& control) {
    const Turn turn(mutex_);
    return control.run([&](const RunControl& run) { return segmenter_.run(image, run); });
  }

  void run_file(const fs::path& image, const fs::path& labels, const py::dict& given, Control& control) {
    const Turn turn(mutex_);
    const auto options = options_from<SegmentFileOptions>(given);
    control.run([&](const RunControl& run) {
      try {
        segment_file(segmenter_, image, labels, options, run);
      } catch (const Error& error) {
        throw error.about(image);
      }
    });
  }

  std::size_t peak_bytes(const Volume& image, Control& control) {
    const Turn turn(mutex_);
    return control.run([&](const RunControl& run) { return segmenter_.peak_bytes(image.geometry(), run); });
  }

  py::dict report() {
    const Turn turn(mutex_);
    const SegmentReport& last = segmenter_.report();
    py::dict report;
    report["engine"] = last.engine;
    report["engine_reason"] = last.engine_reason;
    report["engine_check"] = last.engine_check;
    report["precision"] = base::word_of(last.precision);
    report["device"] = last.device;
    report["device_reason"] = last.device_reason;
    report["overlap"] = last.overlap;
    report["windows"] = last.windows;
    report["prepare_seconds"] = last.prepare_seconds;
    report["infer_seconds"] = last.infer_seconds;
    report["filter_seconds"] = last.filter_seconds;
    return report;
  }

  ModelBundle bundle() const { return segmenter_.bundle(); }

 private:
  std::mutex mutex_;
  Segmenter segmenter_;
};

std::unique_ptr<GuardedSegmenter> make(const ModelBundle& bundle, const py::dict& given, Control& control) {
  const auto options = options_from<SegmentOptions>(given);
  return control.run(
      [&](const RunControl& run) { return std::make_unique<GuardedSegmenter>(bundle, options, run); });
}

}  // namespace

void bind_segmenter(py::module_& module) {
  py::class_<GuardedSegmenter>(module, "Segmenter")
      .def(py::init(&make), py::arg("bundle"), py::arg("options"), py::arg("control"))
      .def("run", &GuardedSegmenter::run, py::arg("image"), py::arg("control"))
      .def("run_file", &GuardedSegmenter::run_file, py::arg("image"), py::arg("labels"), py::arg("options"),
           py::arg("control"))
      .def("peak_bytes", &GuardedSegmenter::peak_bytes, py::arg("image"), py::arg("control"))
      .def_property_readonly("report", &GuardedSegmenter::report)
      .def_property_readonly("bundle", &GuardedSegmenter::bundle);
}

}  // namespace musclemap::python
