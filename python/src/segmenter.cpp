#include <memory>
#include <optional>

#include "bindings.hpp"
#include "image/volume_reader.hpp"
#include "options.hpp"

namespace musclemap::python {
namespace {

namespace fs = std::filesystem;

/// The channels of one case as sources of slabs.
class Slabs {
 public:
  explicit Slabs(const std::vector<Volume>& images) {
    kept_.reserve(images.size());
    for (const Volume& image : images) kept_.push_back(std::make_unique<image::VolumeReader>(image, "image"));
  }
  std::vector<SlabReader*> readers() const {
    std::vector<SlabReader*> readers;
    readers.reserve(kept_.size());
    for (const auto& each : kept_) readers.push_back(each.get());
    return readers;
  }

 private:
  std::vector<std::unique_ptr<image::VolumeReader>> kept_;
};

/// A segmenter that knows when it is in use.
class GuardedSegmenter {
 public:
  GuardedSegmenter(const ModelBundle& bundle, const SegmentOptions& options, const RunControl& control)
      : segmenter_(bundle, options, control) {}

  GuardedSegmenter(const Task& task, const SegmentOptions& options, const RunControl& control)
      : segmenter_(task, options, control) {}

  Volume run(const std::vector<Volume>& images, Control& control) {
    const Turn turn(mutex_);
    return control.run([&](const RunControl& run) {
      const Slabs slabs(images);
      return segmenter_.run(slabs.readers(), run);
    });
  }

  // Labels, and image and labels on the task's grid; None for both where nothing was run.
  py::tuple run_with_grid(const std::vector<Volume>& images, Control& control) {
    const Turn turn(mutex_);
    const TaskGridLabels found = control.run([&](const RunControl& run) {
      const Slabs slabs(images);
      return segmenter_.run_with_grid(slabs.readers(), run);
    });
    const auto or_none = [](const Volume& volume) {
      return volume.empty() ? py::object(py::none()) : py::cast(volume);
    };
    return py::make_tuple(found.labels, or_none(found.grid_image), or_none(found.grid_labels));
  }

  // head_neck() gives a segmenter or None; called with the interpreter lock.
  ContrastPhase contrast_phase(const Volume& image, const py::function& head_neck, Control& control) {
    const Turn turn(mutex_);
    py::object given = py::none();  // lives until the end of the run
    std::optional<Turn> turn_of_given;
    return control.run([&](const RunControl& run) {
      image::VolumeReader slabs(image, "image");
      const auto find_neck = [&]() -> Segmenter* {
        const py::gil_scoped_acquire held;
        given = head_neck();
        if (given.is_none()) return nullptr;
        auto& neck = given.cast<GuardedSegmenter&>();
        turn_of_given.emplace(neck.mutex_);
        return &neck.segmenter_;
      };
      return musclemap::contrast_phase(slabs, segmenter_, find_neck, run);
    });
  }

  Modality normalised_modality(const Volume& image, Control& control) {
    const Turn turn(mutex_);
    return control.run([&](const RunControl& run) {
      image::VolumeReader slabs(image, "image");
      return musclemap::normalised_modality(slabs, segmenter_, run);
    });
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
  Task task() const { return segmenter_.task(); }

 private:
  std::mutex mutex_;
  Segmenter segmenter_;
};

std::unique_ptr<GuardedSegmenter> make(const ModelBundle& bundle, const py::dict& given, Control& control) {
  const auto options = options_from<SegmentOptions>(given);
  return control.run(
      [&](const RunControl& run) { return std::make_unique<GuardedSegmenter>(bundle, options, run); });
}

std::unique_ptr<GuardedSegmenter> make_of_task(const Task& task, const py::dict& given, Control& control) {
  const auto options = options_from<SegmentOptions>(given);
  return control.run(
      [&](const RunControl& run) { return std::make_unique<GuardedSegmenter>(task, options, run); });
}

}  // namespace

void bind_segmenter(py::module_& module) {
  py::class_<GuardedSegmenter>(module, "Segmenter")
      .def(py::init(&make), py::arg("bundle"), py::arg("options"), py::arg("control"))
      .def(py::init(&make_of_task), py::arg("task"), py::arg("options"), py::arg("control"))
      .def("run_with_grid", &GuardedSegmenter::run_with_grid, py::arg("images"), py::arg("control"))
      .def("run", &GuardedSegmenter::run, py::arg("images"), py::arg("control"))
      .def("contrast_phase", &GuardedSegmenter::contrast_phase, py::arg("image"), py::arg("head_neck"),
           py::arg("control"))
      .def("normalised_modality", &GuardedSegmenter::normalised_modality, py::arg("image"),
           py::arg("control"))
      .def("run_file", &GuardedSegmenter::run_file, py::arg("image"), py::arg("labels"), py::arg("options"),
           py::arg("control"))
      .def("peak_bytes", &GuardedSegmenter::peak_bytes, py::arg("image"), py::arg("control"))
      .def_property_readonly("report", &GuardedSegmenter::report)
      .def_property_readonly("task", &GuardedSegmenter::task)
      .def_property_readonly("bundle", &GuardedSegmenter::bundle);
}

}  // namespace musclemap::python
