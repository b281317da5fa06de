#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/progress.hpp"
#include "bindings.hpp"
#include "io/pictures/ome_tiff_options.hpp"
#include "musclemap/pictures.hpp"
#include "options.hpp"

namespace musclemap::python {
namespace {

using Index3 = std::array<std::int64_t, 3>;

/// A file of pictures whose planes are read when they are asked for.
class PictureFile {
 public:
  PictureFile(const std::filesystem::path& file, Control& control)
      : reader_(control.run([&](const RunControl& run) {
          std::unique_ptr<PictureReader> reader = open_picture(file);
          for (const Warning& warning : reader->info().warnings) run.on_warning(warning);
          return reader;
        })) {}

  const PictureInfo& info() const { return reader_->info(); }

  /// (t, c, z, y, x) of the planes `count` from `begin` on, both T, C, Z.
  py::array read(const Index3& begin, const Index3& count, Control& control) {
    const Index5& shape = info().geometry.shape;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (begin[axis] < 0 || count[axis] < 1 || begin[axis] > shape[axis] - count[axis])
        throw Error(ErrorCode::argument, "planes are asked for that the picture does not have");
    }
    py::array pixels(py::dtype(dtype_name(info().dtype)),
                     std::vector<py::ssize_t>{count[0], count[1], count[2], shape[3], shape[4]});
    auto* to = static_cast<char*>(pixels.mutable_data());
    const auto plane = static_cast<std::size_t>(shape[3] * shape[4]) * dtype_size(info().dtype);
    const std::int64_t planes = count[0] * count[1] * count[2];
    const Turn turn(mutex_);
    control.run([&](const RunControl& run) {
      for (std::int64_t n = 0; n < planes; ++n, to += plane) {
        const std::int64_t t = n / (count[1] * count[2]);
        reader_->read_rows(begin[0] + t, begin[1] + n / count[2] % count[1], begin[2] + n % count[2], 0,
                           shape[3], to);
        base::report(run, Stage::read, n + 1, planes);
      }
    });
    return pixels;
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<PictureReader> reader_;
};

/// `pixels`: T, C, Z, Y, X, written from where they are.
void write_ome_tiff_of(const py::array& pixels, const std::filesystem::path& file,
                       const std::array<double, 3>& pixel_size_um, std::vector<std::string> channel_names,
                       const py::dict& given, Control& control) {
  const auto options = options_from<OmeTiffOptions>(given);
  if (pixels.ndim() != 5) throw Error(ErrorCode::internal, "pictures have the axes T, C, Z, Y, X");
  StackGeometry geometry;
  Index5 strides{};
  for (std::size_t axis = 0; axis < strides.size(); ++axis) {
    geometry.shape[axis] = pixels.shape(static_cast<py::ssize_t>(axis));
    strides[axis] = pixels.strides(static_cast<py::ssize_t>(axis));
  }
  geometry.pixel_size_um = pixel_size_um;
  geometry.channel_names = std::move(channel_names);
  const ImageStack stack = ImageStack::borrow(pixels.data(), geometry, picture_dtype(pixels), strides);
  control.run([&](const RunControl& run) { write_ome_tiff(stack, file, options, run); });
}

}  // namespace

DType picture_dtype(const py::array& array) {
  for (const DType dtype :
       {DType::u8, DType::i16, DType::u16, DType::i32, DType::u32, DType::f32, DType::f64}) {
    if (array.dtype().equal(py::dtype(dtype_name(dtype)))) return dtype;
  }
  throw Error(ErrorCode::internal, "a picture of this dtype is converted before");
}

void bind_picture_file(py::module_& module) {
  const auto tuple_of = [](const auto& values) { return py::tuple(py::cast(values)); };
  py::class_<PictureFile>(module, "PictureFile")
      .def(py::init<const std::filesystem::path&, Control&>(), py::arg("file"), py::arg("control"))
      .def_property_readonly("format", [](const PictureFile& file) { return file.info().format; })
      .def_property_readonly("axes", [](const PictureFile& file) { return file.info().axes; })
      .def_property_readonly("dtype",
                             [](const PictureFile& file) { return py::dtype(dtype_name(file.info().dtype)); })
      .def_property_readonly(
          "shape", [tuple_of](const PictureFile& file) { return tuple_of(file.info().geometry.shape); })
      .def_property_readonly(
          "pixel_size_um",
          [tuple_of](const PictureFile& file) { return tuple_of(file.info().geometry.pixel_size_um); })
      .def_property_readonly(
          "channel_names",
          [tuple_of](const PictureFile& file) { return tuple_of(file.info().geometry.channel_names); })
      .def_property_readonly("comments",
                             [tuple_of](const PictureFile& file) { return tuple_of(file.info().comments); })
      .def("read", &PictureFile::read, py::arg("begin"), py::arg("count"), py::arg("control"));
  module.def("write_ome_tiff", &write_ome_tiff_of, py::arg("pixels"), py::arg("file"),
             py::arg("pixel_size_um"), py::arg("channel_names"), py::arg("options"), py::arg("control"));
}

}  // namespace musclemap::python
