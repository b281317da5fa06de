#include "convert.hpp"

#include <algorithm>
#include <limits>

#include "handles.hpp"
#include "image/typed_view.hpp"
#include "structs.hpp"

namespace musclemap::capi {
namespace {

IntensityRange range_or(const double (&range)[2], IntensityRange otherwise) {
  if (range[0] == 0 && range[1] == 0) return otherwise;
  return {range[0], range[1]};
}

Geometry grid_of(const std::int64_t (&shape)[3], const double (&affine)[16]) {
  Geometry geometry;
  std::copy(std::begin(shape), std::end(shape), geometry.shape.begin());
  const bool given =
      std::any_of(std::begin(affine), std::end(affine), [](double value) { return value != 0; });
  geometry.spacing_known = given;
  if (given) std::copy(std::begin(affine), std::end(affine), geometry.to_world.m.begin());
  return geometry;
}

std::vector<std::string> column_names(const mm_table_write_options& options) {
  constexpr std::int64_t kMostColumns = 4096;
  if (options.columns == nullptr) {
    if (options.column_count != 0)
      throw Error(ErrorCode::argument, "options.columns is NULL and options.column_count is not 0");
    return {};
  }
  if (options.column_count < 1 || options.column_count > kMostColumns) {
    throw Error(ErrorCode::argument, "options.column_count is " + std::to_string(options.column_count) +
                                         "; 1 to " + std::to_string(kMostColumns) + " are allowed");
  }
  std::vector<std::string> names;
  for (std::int64_t n = 0; n < options.column_count; ++n)
    names.emplace_back(required(options.columns[n], "a name in options.columns"));
  return names;
}

}  // namespace

std::function<void(const Warning&)> warning_listener(mm_warning_fn tell, void* user_data) {
  if (tell == nullptr) return {};
  return [tell, user_data](const Warning& seen) {
    mm_warning warning{};
    warning.struct_size = sizeof warning;
    warning.code = static_cast<std::int32_t>(seen.code);
    warning.name = warning_name(seen.code);
    warning.text = seen.text.c_str();
    tell(&warning, user_data);
  };
}

RunControl run_control(const mm_run_options* run) {
  const mm_run_options options = taken_or_default(run, "run");
  RunControl control;
  control.threads = options.threads;
  control.memory_budget = options.memory_budget;
  if (options.cancel != nullptr) control.cancel = checked(options.cancel, "run.cancel").token;
  if (options.on_progress != nullptr) {
    control.on_progress = [tell = options.on_progress, user_data = options.user_data](const Progress& seen) {
      mm_progress progress{};
      progress.struct_size = sizeof progress;
      progress.stage = static_cast<std::int32_t>(seen.stage);
      progress.done = seen.done;
      progress.total = seen.total;
      progress.fraction = seen.fraction;
      if (tell(&progress, user_data) != 0)
        throw Error(ErrorCode::cancelled, "the run was cancelled by its progress callback");
    };
  }
  control.on_warning = warning_listener(options.on_warning, options.user_data);
  return control;
}

NiftiReadOptions read_options(const mm_nifti_read_options* options) {
  const mm_nifti_read_options own = taken_or_default(options, "options");
  NiftiReadOptions result;
  result.affine = checked_enum(own.affine, AffineRule::nifti, AffineRule::monai, "options.affine");
  if (own.max_voxel_bytes != 0) result.limits.max_voxel_bytes = own.max_voxel_bytes;
  if (own.max_extension_bytes != 0) result.limits.max_extension_bytes = own.max_extension_bytes;
  return result;
}

namespace {
enum class Bones : std::int32_t { whole = MM_BONES_WHOLE, divided = MM_BONES_DIVIDED };
}

TissueOptions tissue_options(const mm_tissue_options* options) {
  const mm_tissue_options own = taken_or_default(options, "options");
  TissueOptions result;
  result.method =
      enum_or(own.method, TissueMethod::gmm, TissueMethod::kmeans, TissueMethod::hu, "options.method");
  if (own.components != 0) result.components = own.components;
  result.operators = enum_or(own.operators, TissueOperators::upstream, TissueOperators::upstream,
                             TissueOperators::consistent, "options.operators");
  result.stop =
      enum_or(own.stop, MixtureStop::compat, MixtureStop::compat, MixtureStop::converged, "options.stop");
  result.collapse_guard = own.no_collapse_guard == 0;
  result.muscle_range = range_or(own.muscle_range, result.muscle_range);
  result.fat_range = range_or(own.fat_range, result.fat_range);
  if (own.divide_bones != 0) {
    result.divide_bones = checked_enum(own.divide_bones, Bones::whole, Bones::divided,
                                       "options.divide_bones") == Bones::divided;
  }
  if (own.geometry_tolerance != 0) result.geometry_tolerance = own.geometry_tolerance;
  return result;
}

TableWriteOptions table_options(const mm_table_write_options* options) {
  const mm_table_write_options own = taken_or_default(options, "options");
  TableWriteOptions result;
  result.format =
      enum_or(own.format, TableFormat::csv, TableFormat::csv, TableFormat::json, "options.format");
  result.columns = column_names(own);
  result.all_columns = own.all_columns != 0;
  result.raw_cells = own.raw_cells != 0;
  if (own.separator != 0) result.separator = base::checked_cast<char>(own.separator);
  if (own.decimals != 0) result.decimals = own.decimals == MM_NO_DECIMALS ? 0 : own.decimals;
  result.byte_order_mark = own.byte_order_mark != 0;
  return result;
}

SectionAxis section_axis(std::int32_t number, const char* name) {
  return enum_or(number, SectionAxis::superior, SectionAxis::superior, SectionAxis::k, name);
}

std::vector<Label> names_of(const mm_labels* names) {
  return names == nullptr ? std::vector<Label>{} : checked(names, "names").labels;
}

std::vector<std::string> texts_of(const char* const* texts, std::int64_t count, const char* name) {
  if ((texts == nullptr) != (count == 0) || count < 0)
    throw Error(ErrorCode::argument, std::string(name) + " and its count do not agree");
  std::vector<std::string> own;
  for (std::int64_t at = 0; at < count; ++at) own.emplace_back(required(texts[at], name));
  return own;
}

Geometry geometry_of(const mm_volume_desc& desc) { return grid_of(desc.shape, desc.affine); }

Geometry geometry_of(const mm_slab_source& source) { return grid_of(source.shape, source.affine); }

void check_shape(const Index3& shape, const char* name) {
  std::int64_t bytes = sizeof(double);
  for (const std::int64_t length : shape) {
    if (length < 1 || __builtin_mul_overflow(bytes, length, &bytes))
      throw Error(ErrorCode::argument, std::string(name) + " is below 1 or too large to address");
  }
}

void* first_voxel(const Volume& volume) {
  const void* voxel = image::with_view(volume, [](const auto& view) -> const void* { return view.data; });
  return const_cast<void*>(voxel);
}

void hand_over(const std::string& text, mm_write_fn write, void* user_data) {
  if (write(text.data(), text.size(), user_data) != 0)
    throw Error(ErrorCode::cancelled, "the write callback asked for the end");
}

}  // namespace musclemap::capi
