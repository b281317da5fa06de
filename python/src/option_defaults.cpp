// Defaults of the options as the C++ interface has them, with which a test compares the keyword arguments.
#include <type_traits>

#include "base/run_options.hpp"
#include "bindings.hpp"
#include "draw/montage_options.hpp"
#include "io/nifti/nifti_options.hpp"
#include "metrics/metrics_options.hpp"
#include "options.hpp"
#include "task/cells/cell_options.hpp"
#include "task/model_options.hpp"
#include "task/segment_options.hpp"
#include "task/task_options.hpp"

namespace musclemap::python {
namespace {

template <class Value>
py::object shown(const Value& value) {
  if constexpr (std::is_enum_v<Value>) {
    return py::str(base::word_of(value));
  } else if constexpr (std::is_same_v<Value, std::optional<Device>>) {
    return py::str("auto");
  } else if constexpr (std::is_same_v<Value, Device>) {
    return py::str(base::word_of(value.kind));
  } else if constexpr (std::is_same_v<Value, IntensityRange>) {
    return py::make_tuple(value.low, value.high);
  } else if constexpr (std::is_same_v<Value, std::filesystem::path>) {
    return value.empty() ? py::object(py::none()) : py::cast(value);
  } else if constexpr (std::is_arithmetic_v<Value> || std::is_same_v<Value, std::string> ||
                       std::is_same_v<Value, std::optional<double>> ||
                       std::is_same_v<Value, std::optional<int>> ||
                       std::is_same_v<Value, std::optional<bool>> ||
                       std::is_same_v<Value, std::vector<std::string>>) {
    return py::cast(value);
  } else if constexpr (std::is_same_v<Value, std::array<std::int64_t, 2>>) {
    return py::make_tuple(value[0], value[1]);
  } else {
    return py::none();  // has no keyword of its own
  }
}

template <class Struct>
void add(py::dict& structs, const char* name) {
  const Struct options;
  py::dict defaults;
  base::for_each_option<Struct>([&](const auto& each) { defaults[each.name] = shown(options.*each.field); });
  structs[name] = defaults;
}

py::dict option_defaults() {
  py::dict structs;
  add<RunControl>(structs, "RunControl");
  add<NiftiReadOptions>(structs, "NiftiReadOptions");
  add<NiftiWriteOptions>(structs, "NiftiWriteOptions");
  add<ModelOpenOptions>(structs, "ModelOpenOptions");
  add<SegmentOptions>(structs, "SegmentOptions");
  add<TaskOptions>(structs, "TaskOptions");
  add<SegmentFileOptions>(structs, "SegmentFileOptions");
  add<TissueOptions>(structs, "TissueOptions");
  add<MeasureOptions>(structs, "MeasureOptions");
  add<TableWriteOptions>(structs, "TableWriteOptions");
  add<MetricsRequest>(structs, "MetricsRequest");
  add<MontageOptions>(structs, "MontageOptions");
  add<CellMaskOptions>(structs, "CellMaskOptions");
  add<CellModelOptions>(structs, "CellModelOptions");
  add<CellEngineOptions>(structs, "CellEngineOptions");
  add<CellOptions>(structs, "CellOptions");
  return structs;
}

}  // namespace

void bind_options(py::module_& module) { module.def("option_defaults", &option_defaults); }

}  // namespace musclemap::python
