#include <cstdint>
#include <memory>
#include <optional>

#include "bindings.hpp"

namespace musclemap::python {
namespace {

namespace fs = std::filesystem;

struct SegmenterSettings {
  std::string device_kind;  // "auto", "cpu", "cuda"
  int device_index = 0;
  std::optional<double> overlap;
  int windows_per_batch = 0;
  std::int64_t chunk_slices = 0;
  bool all_parts = false;
  int torch_threads = 0;
  std::string engine;     // "auto", "torch", "native"
  std::string precision;  // "exact", "fast"
};

EngineChoice engine_of(const std::string& text) {
  if (text == "auto") return EngineChoice::automatic;
  if (text == "torch") return EngineChoice::torch;
  if (text == "native") return EngineChoice::native;
  throw Error(ErrorCode::argument, "engine is '" + text + "'; auto, torch and native are allowed");
}

Precision precision_of(const std::string& text) {
  if (text == "exact") return Precision::exact;
  if (text == "fast") return Precision::fast;
  throw Error(ErrorCode::argument, "precision is '" + text + "'; exact and fast are allowed");
}

SegmentOptions options_of(const SegmenterSettings& settings) {
  SegmentOptions options;
  if (settings.device_kind != "auto") {
    options.device = Device{settings.device_kind == "cuda" ? Device::cuda : Device::cpu, settings.device_index};
  }
  options.overlap = settings.overlap;
  options.windows_per_batch = settings.windows_per_batch;
  options.chunk_slices = settings.chunk_slices;
  options.all_parts = settings.all_parts;
  options.torch_threads = settings.torch_threads;
  options.engine = engine_of(settings.engine);
  options.precision = precision_of(settings.precision);
  return options;
}

/// A segmenter that knows when it is in use.
class GuardedSegmenter {
 public:
  GuardedSegmenter(const ModelBundle& bundle, const SegmentOptions& options, const RunControl& control)
      : segmenter_(bundle, options, control) {}

  Volume run(const Volume& image, Control& control) {
    const Turn turn(mutex_);
    return control.run([&](const RunControl& run) { return segmenter_.run(image, run); });
  }

  void run_file(const fs::path& image, const fs::path& labels, bool sidecar,
                const std::optional<fs::path>& picture, bool header_text, Control& control) {
    const Turn turn(mutex_);
    SegmentFileOptions options;
    options.sidecar = sidecar;
    if (picture) options.picture = *picture;
    options.header_text = header_text;
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
    report["precision"] = last.precision == Precision::fast ? "fast" : "exact";
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

std::unique_ptr<GuardedSegmenter> make(const ModelBundle& bundle, std::string device_kind, int device_index,
                                       std::optional<double> overlap, int windows_per_batch,
                                       std::int64_t chunk_slices, bool all_parts, int torch_threads,
                                       std::string engine, std::string precision, Control& control) {
  const SegmentOptions options =
      options_of({std::move(device_kind), device_index, overlap, windows_per_batch, chunk_slices, all_parts,
                  torch_threads, std::move(engine), std::move(precision)});
  return control.run(
      [&](const RunControl& run) { return std::make_unique<GuardedSegmenter>(bundle, options, run); });
}

}  // namespace

void bind_segmenter(py::module_& module) {
  py::class_<GuardedSegmenter>(module, "Segmenter")
      .def(py::init(&make), py::arg("bundle"), py::arg("device_kind"), py::arg("device_index"),
           py::arg("overlap"), py::arg("windows_per_batch"), py::arg("chunk_slices"), py::arg("all_parts"),
           py::arg("torch_threads"), py::arg("engine"), py::arg("precision"), py::arg("control"))
      .def("run", &GuardedSegmenter::run, py::arg("image"), py::arg("control"))
      .def("run_file", &GuardedSegmenter::run_file, py::arg("image"), py::arg("labels"), py::arg("sidecar"),
           py::arg("picture"), py::arg("header_text"), py::arg("control"))
      .def("peak_bytes", &GuardedSegmenter::peak_bytes, py::arg("image"), py::arg("control"))
      .def_property_readonly("report", &GuardedSegmenter::report)
      .def_property_readonly("bundle", &GuardedSegmenter::bundle);
}

}  // namespace musclemap::python
