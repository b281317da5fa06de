#include "bindings.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/justified_bytes.hpp"
#include "io/files/output_guard.hpp"
#include "task/info_json.hpp"

namespace musclemap::python {
namespace {

namespace fs = std::filesystem;

// As the programs do, `repaired` takes the affine of the header that agrees with the voxel size.
Volume read(const fs::path& file, Control& control, bool repaired, bool first_volume) {
  NiftiReadOptions options;
  options.first_volume = first_volume;
  if (repaired) options.affine = AffineRule::monai;
  return control.run([&](const RunControl& run) { return read_nifti(file, options, run); });
}

void write(const Volume& volume, const fs::path& file, const std::optional<fs::path>& like, bool labels,
           bool header_text, Control& control) {
  control.run([&](const RunControl& run) {
    NiftiWriteOptions options;
    if (labels) options.content = NiftiContent::labels;
    options.header_text = header_text;
    if (like) options.like = open_nifti(*like)->header();
    write_nifti(volume, file, options, run);
  });
}

// For what Python writes itself.
void check_output(const fs::path& output, const std::vector<fs::path>& inputs) {
  io::OutputGuard guard;
  for (const fs::path& input : inputs) {
    guard.reads_model(input, "file");
    guard.reads_image(input, "file");
  }
  guard.writes(output, "output");
}

py::array_t<double> stored_affine(const fs::path& file) {
  const Geometry geometry = without_gil([&] { return open_nifti(file)->geometry(); });
  return affine_array(geometry.to_world);
}

std::string info(const fs::path& file, bool verify, std::uint64_t max_voxel_bytes, Control& control) {
  return control.run([&](const RunControl& run) {
    NiftiLimits limits;
    limits.max_voxel_bytes = max_voxel_bytes > 0 ? max_voxel_bytes : io::justified_voxel_bytes(file);
    const NiftiInfo header = nifti_info(file, limits);
    std::optional<NiftiVoxelCheck> check;
    if (verify) check = verify_nifti(file, limits, run);
    return task::info_json_text(file, header, check ? &*check : nullptr);
  });
}

void write_file(const fs::path& file, const std::string& bytes) {
  without_gil([&] {
    io::AtomicFile out(file);
    out.write(bytes.data(), bytes.size());
    out.commit();
  });
}

}  // namespace

void bind_nifti(py::module_& module) {
  module.def("read", &read, py::arg("file"), py::arg("control"), py::arg("repaired") = false,
             py::arg("first_volume") = false);
  module.def("write", &write, py::arg("volume"), py::arg("file"), py::arg("like"), py::arg("labels"),
             py::arg("header_text"), py::arg("control"));
  module.def("check_output", &check_output, py::arg("output"), py::arg("inputs"));
  module.def("info", &info, py::arg("file"), py::arg("verify"), py::arg("max_voxel_bytes"),
             py::arg("control"));
  module.def("stored_affine", &stored_affine, py::arg("file"));
  module.def("write_file", &write_file, py::arg("file"), py::arg("data"));
}

}  // namespace musclemap::python
