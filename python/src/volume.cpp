#include <cmath>
#include <optional>
#include <type_traits>
#include <utility>

#include "bindings.hpp"
#include "draw/slice_picture.hpp"
#include "image/grid_check.hpp"
#include "image/orientation.hpp"
#include "image/reordered.hpp"
#include "image/typed_view.hpp"

namespace musclemap::python {
namespace {

constexpr DType kTypes[] = {DType::u8, DType::i16, DType::u16, DType::i32, DType::f32, DType::f64};
constexpr int kPicturePixels = 320;
constexpr double kSpacingTolerance = 1e-3;

py::dtype numpy_type(DType dtype) { return py::dtype(dtype_name(dtype)); }

DType type_of(const py::array& array) {
  for (const DType dtype : kTypes) {
    if (array.dtype().equal(numpy_type(dtype))) return dtype;
  }
  throw Error(ErrorCode::argument, "the array's dtype is " + py::str(array.dtype()).cast<std::string>() +
                                       "; uint8, int16, uint16, int32, float32 and float64 in native byte "
                                       "order are allowed, and nothing is cast unasked; array.astype() "
                                       "converts, and as_volume() where no value changes");
}

// Any 4x4 that NumPy can read as float64.
Affine affine_of(const py::object& object) {
  const auto matrix = py::array_t<double, py::array::c_style | py::array::forcecast>::ensure(object);
  if (!matrix) {
    PyErr_Clear();
    throw Error(ErrorCode::argument, "the affine is no matrix of numbers; 4x4 is allowed");
  }
  if (matrix.ndim() != 2 || matrix.shape(0) != 4 || matrix.shape(1) != 4) {
    const auto shape = py::str(matrix.attr("shape")).cast<std::string>();
    throw Error(ErrorCode::argument, "the affine's shape is " + shape + "; (4, 4) is allowed");
  }
  Affine affine;
  for (int row = 0; row < 4; ++row) {
    for (int column = 0; column < 4; ++column) affine(row, column) = *matrix.data(row, column);
  }
  for (const double value : affine.m) {
    if (!std::isfinite(value))
      throw Error(ErrorCode::argument, "the affine holds a value that is not finite");
  }
  if (affine(3, 0) != 0 || affine(3, 1) != 0 || affine(3, 2) != 0 || affine(3, 3) != 1) {
    throw Error(ErrorCode::argument, "the affine's last row is not 0 0 0 1");
  }
  return affine;
}

void check_spacing(const Spacing& spacing) {
  for (const double mm : spacing) {
    if (!(std::isfinite(mm) && mm > 0)) {
      throw Error(ErrorCode::argument, "spacing holds " + std::to_string(mm) + "; more than 0 mm is allowed");
    }
  }
}

Affine position(const py::object& affine, const std::optional<Spacing>& spacing) {
  if (spacing) check_spacing(*spacing);
  if (affine.is_none()) {
    Affine diagonal;
    for (int axis = 0; spacing && axis < 3; ++axis) {
      diagonal(axis, axis) = (*spacing)[static_cast<std::size_t>(axis)];
    }
    return diagonal;
  }
  const Affine given = affine_of(affine);
  const Spacing stated = Geometry{{1, 1, 1}, given}.spacing();
  for (std::size_t axis = 0; spacing && axis < 3; ++axis) {
    if (std::fabs(stated[axis] - (*spacing)[axis]) > kSpacingTolerance * (*spacing)[axis]) {
      throw Error(ErrorCode::argument, "spacing is " + std::to_string((*spacing)[axis]) +
                                           " mm where the affine has " + std::to_string(stated[axis]));
    }
  }
  return given;
}

// Voxels that somebody took out must not come back unasked.
void refuse_masked(const py::array& array) {
  if (!py::isinstance(array, py::module_::import("numpy.ma").attr("MaskedArray"))) return;
  const auto masked = py::module_::import("numpy.ma").attr("count_masked")(array).cast<std::int64_t>();
  if (masked == 0) return;
  throw Error(ErrorCode::argument, "the array has " + std::to_string(masked) +
                                       " masked voxels; array.filled(value) says what stands there, and "
                                       "set_exclusion_mask() takes voxels out of a measurement");
}

Volume from_array(const py::array& array, const py::object& affine, const std::optional<Spacing>& spacing,
                  const py::object& owner) {
  const DType dtype = type_of(array);
  refuse_masked(array);
  if (array.ndim() != 3) {
    throw Error(ErrorCode::argument, "the array has " + std::to_string(array.ndim()) +
                                         " axes; 3 are allowed: i, j, k. array[:, :, None] makes one slice "
                                         "of two, array[..., 0] or array[0] takes "
                                         "one volume of four");
  }
  Geometry geometry;
  geometry.to_world = position(affine, spacing);
  geometry.spacing_known = !affine.is_none() || spacing.has_value();
  Index3 stride{};
  for (int axis = 0; axis < 3; ++axis) {
    geometry.shape[static_cast<std::size_t>(axis)] = array.shape(axis);
    stride[static_cast<std::size_t>(axis)] = array.strides(axis);
  }
  return Volume::borrow(const_cast<void*>(array.data()), geometry, dtype, stride,
                        keep_alive(py::make_tuple(array, owner)), !array.writeable());
}

void* data_of(const Volume& volume) {
  return image::with_view(
      volume, [](const auto& view) { return const_cast<void*>(static_cast<const void*>(view.data)); });
}

// Axes of length 1 have no stride in the library; those of a Fortran-ordered array serve every consumer.
std::vector<py::ssize_t> strides_of(const Volume& volume) {
  const Index3 stride = volume.stride_bytes();
  const Index3& shape = volume.geometry().shape;
  std::vector<py::ssize_t> result(3);
  auto below = static_cast<py::ssize_t>(dtype_size(volume.dtype()));
  for (std::size_t axis = 0; axis < 3; ++axis) {
    result[axis] = shape[axis] == 1 ? below : static_cast<py::ssize_t>(stride[axis]);
    below = result[axis] * static_cast<py::ssize_t>(shape[axis]);
  }
  return result;
}

// The letter of Python's struct module.
std::string buffer_format(const Volume& volume) {
  return image::with_view(volume, [](const auto& view) {
    return py::format_descriptor<std::decay_t<decltype(*view.data)>>::format();
  });
}

py::buffer_info buffer_of(const Volume& volume) {
  const Index3& shape = volume.geometry().shape;
  return py::buffer_info(data_of(volume), static_cast<py::ssize_t>(dtype_size(volume.dtype())),
                         buffer_format(volume), 3, std::vector<py::ssize_t>(shape.begin(), shape.end()),
                         strides_of(volume), volume.read_only());
}

// An array on the volume's own memory; `self` keeps it alive.
py::array array_on(const py::object& self) {
  const auto& volume = self.cast<const Volume&>();
  const Index3& shape = volume.geometry().shape;
  py::array array(numpy_type(volume.dtype()), std::vector<py::ssize_t>(shape.begin(), shape.end()),
                  strides_of(volume), data_of(volume), self);
  if (volume.read_only()) array.attr("setflags")(py::arg("write") = false);
  return array;
}

py::object to_array(const py::object& self, const py::object& dtype, const py::object& copy) {
  py::array array = array_on(self);
  const bool cast = !dtype.is_none() && !array.dtype().equal(py::dtype::from_args(dtype));
  if (cast && !copy.is_none() && !copy.cast<bool>()) {
    throw py::value_error("another dtype needs a copy, and copy=False forbids one");
  }
  if (cast) return array.attr("astype")(dtype);
  if (!copy.is_none() && copy.cast<bool>()) return array.attr("copy")(py::arg("order") = "K");
  return array;
}

// The same voxels at another place.
Volume placed(const py::object& self, const Affine& affine, bool spacing_known) {
  const auto& volume = self.cast<const Volume&>();
  Geometry geometry = volume.geometry();
  geometry.to_world = affine;
  geometry.spacing_known = spacing_known;
  return Volume::borrow(data_of(volume), geometry, volume.dtype(), volume.stride_bytes(), keep_alive(self),
                        volume.read_only());
}

std::string shape_text(const Volume& volume) {
  const Index3& shape = volume.geometry().shape;
  return std::to_string(shape[0]) + " x " + std::to_string(shape[1]) + " x " + std::to_string(shape[2]);
}

std::string spacing_text(const Volume& volume) {
  if (!volume.geometry().spacing_known) return "no voxel size";
  std::string text;
  for (const double mm : volume.geometry().spacing()) {
    const py::object number = py::module_::import("builtins").attr("format")(mm, "g");
    text += (text.empty() ? "" : " x ") + number.cast<std::string>();
  }
  return text + " mm";
}

std::string as_html(const Volume& volume) {
  const std::string png = without_gil([&] { return draw::middle_slice_png(volume, kPicturePixels); });
  const py::object text = py::module_::import("base64").attr("b64encode")(py::bytes(png)).attr("decode")();
  return R"(<figure style="margin:0"><img alt="middle axial slice" src="data:image/png;base64,)" +
         text.cast<std::string>() + R"("><figcaption>)" + shape_text(volume) + " " +
         dtype_name(volume.dtype()) + ", " + spacing_text(volume) + "</figcaption></figure>";
}

py::tuple names_of(const py::object& self) {
  return py::getattr(self, "_names", py::tuple()).cast<py::tuple>();
}

py::tuple state_of(const py::object& self) {
  const auto& volume = self.cast<const Volume&>();
  return py::make_tuple(array_on(self), affine_array(volume.geometry().to_world), volume.read_only(),
                        names_of(self), volume.geometry().spacing_known);
}

std::pair<Volume, py::dict> volume_of(const py::tuple& state) {
  const auto array = state[0].cast<py::array>();
  if (state[2].cast<bool>()) array.attr("setflags")(py::arg("write") = false);
  py::dict attributes;
  attributes["_names"] = state[3];
  const py::object affine = state[4].cast<bool>() ? py::object(state[1]) : py::none();
  return {from_array(array, affine, std::nullopt, py::none()), attributes};
}

// Stored axis of x, y and z, and whether it runs the other way.
py::tuple orientation_of(const Volume& volume) {
  const image::Orientation found = image::closest_ras(volume.geometry().to_world);
  std::array<int, 3> axes{};
  std::array<bool, 3> flips{};
  for (int axis = 0; axis < 3; ++axis) {
    const int stored = image::stored_axis(found, axis);
    axes[static_cast<std::size_t>(axis)] = stored;
    flips[static_cast<std::size_t>(axis)] = found.flip[static_cast<std::size_t>(stored)];
  }
  return py::make_tuple(py::tuple(py::cast(axes)), py::tuple(py::cast(flips)));
}

}  // namespace

py::array_t<double> affine_array(const Affine& affine) {
  py::array_t<double> matrix({4, 4});
  for (int row = 0; row < 4; ++row) {
    for (int column = 0; column < 4; ++column) matrix.mutable_at(row, column) = affine(row, column);
  }
  return matrix;
}

void bind_volume(py::module_& module) {
  py::class_<Volume>(
      module, "Volume", py::buffer_protocol(), py::dynamic_attr(),
      "Voxels on a grid, axes i, j, k, with the affine that takes (i, j, k, 1) to RAS+ mm.\n\n"
      "A shared handle: nothing but copy() copies voxels. NumPy sees them by the buffer protocol.\n"
      "Reading from several threads is safe; writing is for one thread at a time.")
      .def_static(
          "from_array", &from_array, py::arg("array"), py::arg("affine") = py::none(),
          py::arg("spacing") = std::nullopt, py::kw_only(), py::arg("owner") = py::none(),
          "A volume on the array's own memory, whatever its strides.\n\n"
          "array: shape (ni, nj, nk); uint8, int16, uint16, int32, float32 or float64, native byte\n"
          "order. The volume keeps it alive, and is read-only where the array is.\n"
          "affine: 4x4, voxel to RAS+ mm. spacing: mm along i, j, k, where there is no affine.\n"
          "Without both, voxels are 1 mm cubes from the origin. owner: what else must live as long as the\n"
          "memory, where the array does not see to it. Error: ArgumentError.")
      .def_static(
          "from_dlpack",
          [](const py::object& source, const py::object& affine, const std::optional<Spacing>& spacing) {
            const py::object array = py::module_::import("musclemap._voxels").attr("from_dlpack")(source);
            return from_array(array.cast<py::array>(), affine, spacing, py::none());
          },
          py::arg("source"), py::arg("affine") = py::none(), py::arg("spacing") = std::nullopt,
          "The same for anything with __dlpack__ whose memory the CPU can read.\n\n"
          "source: of three axes. affine, spacing: as for from_array(). Error: ArgumentError.")
      .def_property_readonly(
          "shape", [](const Volume& self) { return py::tuple(py::cast(self.geometry().shape)); },
          "voxels along i, j, k")
      .def_property_readonly(
          "dtype", [](const Volume& self) { return numpy_type(self.dtype()); }, "of a voxel, as NumPy's")
      .def_property_readonly(
          "affine", [](const Volume& self) { return affine_array(self.geometry().to_world); },
          "a copy: 4x4 float64, voxel (i, j, k, 1) to RAS+ mm")
      .def_property_readonly(
          "spacing", [](const Volume& self) { return py::tuple(py::cast(self.geometry().spacing())); },
          "mm along i, j, k")
      .def_property_readonly(
          "voxel_ml", [](const Volume& self) { return self.geometry().voxel_ml(); }, "millilitres")
      .def_property_readonly("read_only", &Volume::read_only, "whether views of it may not be written")
      .def_property_readonly(
          "nbytes",
          [](const Volume& self) {
            const Index3& shape = self.geometry().shape;
            return shape[0] * shape[1] * shape[2] * static_cast<std::int64_t>(dtype_size(self.dtype()));
          },
          "bytes of all voxels")
      .def_property(
          "names", &names_of,
          [](const py::object& self, const py::object& names) {
            const auto labels = py::module_::import("musclemap._options").attr("label_list")(names);
            py::setattr(self, "_names", py::tuple(labels));
          },
          "tuple of Label: what the values mean, where it is known; read_labels() and the like give it")
      .def(
          "copy", [](const Volume& self) { return without_gil([&] { return self.deep_copy(); }); },
          "a copy of the voxels in new memory, i fastest, writable")
      .def(
          "with_affine",
          [](const py::object& self, const py::object& affine) {
            return placed(self, affine_of(affine), true);
          },
          py::arg("affine"), "the same voxels, not copied, at another place\n\naffine: 4x4, voxel to RAS+ mm")
      .def(
          "_at_place_of",
          [](const py::object& self, const Volume& other) {
            return placed(self, other.geometry().to_world, other.geometry().spacing_known);
          },
          py::arg("other"))
      .def_property_readonly(
          "spacing_known", [](const Volume& self) { return self.geometry().spacing_known; },
          "False: made of an array whose place nobody stated, so that a voxel counts as 1 mm; measuring it\n"
          "and writing it warn of that ('no_spacing')")
      .def(
          "to_nibabel",
          [](const py::object& self) {
            return py::module_::import("musclemap._exports").attr("to_nibabel")(self);
          },
          "a Nifti1Image of nibabel (which it needs) on the same memory, RAS+ mm")
      .def(
          "to_sitk",
          [](const py::object& self) {
            return py::module_::import("musclemap._exports").attr("to_sitk")(self);
          },
          "an image of SimpleITK (which it needs) with a copy of the voxels; spacing, origin and direction "
          "LPS+ mm")
      .def_buffer(&buffer_of)
      .def("__array__", &to_array, py::arg("dtype") = py::none(), py::kw_only(), py::arg("copy") = py::none())
      .def("__dlpack__",
           [](const py::object& self, const py::kwargs& options) {
             return array_on(self).attr("__dlpack__")(**options);
           })
      .def("__dlpack_device__", [](const Volume&) { return py::make_tuple(1, 0); })
      .def("_address", [](const Volume& self) { return reinterpret_cast<std::uintptr_t>(data_of(self)); })
      .def("_repr_html_", &as_html)
      .def("__repr__",
           [](const Volume& self) {
             return "Volume(" + shape_text(self) + " " + dtype_name(self.dtype()) + ", " +
                    spacing_text(self) + (self.read_only() ? ", read-only" : "") + ")";
           })
      .def(py::pickle(&state_of, &volume_of));
  module.def("orientation", &orientation_of);
  module.def(
      "on_grid_of", [](const Volume& image, const Volume& other, const std::string& name, double tolerance) {
        const image::GridMatch match =
            image::match_grids({image.geometry(), "image"}, {other.geometry(), name.c_str()}, tolerance);
        return image::reordered(other, match.to_reference);
      });
  module.def("same_grid",
             [](const Volume& a, const Volume& b) { return same_grid(a.geometry(), b.geometry()); });
}

}  // namespace musclemap::python
