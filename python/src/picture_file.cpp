#include <filesystem>
#include <memory>
#include <utility>

#include "bindings.hpp"
#include "musclemap/pictures.hpp"

namespace musclemap::python {
namespace {

/// A file of pictures whose planes are read one by one.
class PictureFile {
 public:
  PictureFile(const std::filesystem::path& file, Control& control)
      : reader_(control.run([&](const RunControl& run) {
          std::unique_ptr<PictureReader> reader = open_picture(file);
          for (const Warning& warning : reader->info().warnings) run.on_warning(warning);
          return reader;
        })) {}

  py::tuple shape() const { return py::tuple(py::cast(reader_->info().geometry.shape)); }

  /// (channels, y, x) of one time and the first plane of depth.
  py::array frame(std::int64_t time, std::int64_t channel, std::int64_t channels) {
    const PictureInfo& info = reader_->info();
    const Index5& shape = info.geometry.shape;
    py::array pixels(py::dtype(dtype_name(info.dtype)),
                     std::vector<py::ssize_t>{channels, shape[3], shape[4]});
    auto* to = static_cast<char*>(pixels.mutable_data());
    const Turn turn(mutex_);
    without_gil([&] {
      const auto plane = static_cast<std::size_t>(shape[3] * shape[4]) * dtype_size(info.dtype);
      for (std::int64_t c = 0; c < channels; ++c, to += plane) {
        reader_->read_rows(time, channel + c, 0, 0, shape[3], to);
      }
    });
    return pixels;
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<PictureReader> reader_;
};

}  // namespace

void bind_picture_file(py::module_& module) {
  py::class_<PictureFile>(module, "PictureFile")
      .def(py::init<const std::filesystem::path&, Control&>(), py::arg("file"), py::arg("control"))
      .def_property_readonly("shape", &PictureFile::shape)
      .def("frame", &PictureFile::frame, py::arg("time"), py::arg("channel"), py::arg("channels"));
}

}  // namespace musclemap::python
