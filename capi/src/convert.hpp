// Options and texts of the C interface as those of the C++ interface.
#ifndef MUSCLEMAP_CAPI_CONVERT_HPP_
#define MUSCLEMAP_CAPI_CONVERT_HPP_

#include <functional>
#include <string>
#include <vector>

#include "musclemap.h"
#include "musclemap/musclemap.hpp"

namespace musclemap::capi {

/// Empty for NULL.
std::function<void(const Warning&)> warning_listener(mm_warning_fn tell, void* user_data);
/// Defaults for NULL.
RunControl run_control(const mm_run_options* run);
NiftiReadOptions read_options(const mm_nifti_read_options* options);
TissueOptions tissue_options(const mm_tissue_options* options);
TableWriteOptions table_options(const mm_table_write_options* options);

/// superior for 0. Error `argument`, which tells `name`, for a number outside the list.
SectionAxis section_axis(std::int32_t number, const char* name);

/// Names of a handle; none for NULL.
std::vector<Label> names_of(const mm_labels* names);

/// A list of texts; none for NULL and 0. Error `argument`, which tells `name`, where these do not agree and
/// for NULL in the list.
std::vector<std::string> texts_of(const char* const* texts, std::int64_t count, const char* name);

/// Shape and affine of a description that was taken.
Geometry geometry_of(const mm_volume_desc& desc);
Geometry geometry_of(const mm_slab_source& source);

/// Error `argument` for a shape below 1 or too large to address as f64.
void check_shape(const Index3& shape, const char* name);

/// Voxel (0, 0, 0), whatever the type.
void* first_voxel(const Volume& volume);

/// Hands a text to the caller. Error `cancelled` where he wants no more.
void hand_over(const std::string& text, mm_write_fn write, void* user_data);

}  // namespace musclemap::capi

#endif  // MUSCLEMAP_CAPI_CONVERT_HPP_
