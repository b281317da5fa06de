#include "task/info_json.hpp"

#include <cmath>

#include "base/text.hpp"
#include "io/files/warnings_json.hpp"

namespace musclemap::task {
namespace {

using nlohmann::ordered_json;

ordered_json number_or_text(double value) {
  if (std::isfinite(value)) return value;
  return base::number_text(value);
}

ordered_json matrix(const Affine& affine) {
  ordered_json rows = ordered_json::array();
  for (int r = 0; r < 4; ++r) {
    rows.push_back({number_or_text(affine(r, 0)), number_or_text(affine(r, 1)), number_or_text(affine(r, 2)),
                    number_or_text(affine(r, 3))});
  }
  return rows;
}

void add_check(ordered_json& object, const NiftiVoxelCheck& check) {
  object["sha256_voxels_le"] = check.sha256_voxels_le;
  if (!has_statistics(check)) return;
  const bool any = std::isfinite(check.min_finite);
  object["values"] = {{"count", check.count},
                      {"nan", check.nan},
                      {"inf", check.inf},
                      {"sum_finite", number_or_text(check.sum_finite)},
                      {"min_finite", any ? ordered_json(check.min_finite) : ordered_json(nullptr)},
                      {"max_finite", any ? ordered_json(check.max_finite) : ordered_json(nullptr)}};
  ordered_json samples = ordered_json::array();
  for (const NiftiVoxelCheck::Sample& sample : check.samples) {
    ordered_json pair = ordered_json::array();
    pair.push_back(sample.index);
    pair.push_back(number_or_text(sample.value));
    samples.push_back(pair);
  }
  object["samples"] = samples;
}

}  // namespace

bool has_statistics(const NiftiVoxelCheck& check) { return !check.samples.empty(); }

bool forms_differ(const NiftiInfo& info) {
  if (info.sform_code <= 0 || info.qform_code <= 0) return false;
  for (std::size_t n = 0; n < info.sform.m.size(); ++n) {
    const double tolerance = 1e-4 + 1e-6 * std::fabs(info.sform.m[n]);
    if (!(std::fabs(info.sform.m[n] - info.qform.m[n]) <= tolerance)) return true;
  }
  return false;
}

double voxel_volume_mm3(const NiftiInfo& info) {
  return geometry_in_mm({1, 1, 1}, info.affine, info.unit).voxel_ml() * 1000.0;
}

ordered_json info_json(const std::filesystem::path& file, const NiftiInfo& info,
                       const NiftiVoxelCheck* check) {
  ordered_json object;
  object["file"] = file.native();
  object["shape"] = info.shape;
  object["dtype"] = info.dtype;
  object["byteorder"] = info.big_endian ? "big" : "little";
  object["nifti_version"] = info.nifti_version;
  object["sform_code"] = info.sform_code;
  object["qform_code"] = info.qform_code;
  object["affine_source"] = info.affine_source;
  if (info.affine_source != "none") object["affine"] = matrix(info.affine);
  if (forms_differ(info)) object["qform_affine"] = matrix(info.qform);
  ordered_json pixdim = ordered_json::array();
  for (const double spacing : info.pixdim) pixdim.push_back(number_or_text(spacing));
  object["pixdim"] = pixdim;
  object["scaling"] = {{"slope", info.slope}, {"inter", info.inter}, {"applied", info.scaled}};
  if (info.affine_source != "none") object["voxel_volume_mm3"] = voxel_volume_mm3(info);
  if (check != nullptr) add_check(object, *check);
  object["warnings"] = io::warnings_json(info.warnings);
  return object;
}

std::string info_json_text(const std::filesystem::path& file, const NiftiInfo& info,
                           const NiftiVoxelCheck* check) {
  return info_json(file, info, check).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json picture_json(const std::filesystem::path& file, PictureReader& pictures) {
  const PictureInfo& info = pictures.info();
  ordered_json object;
  object["file"] = file.native();
  object["format"] = info.format;
  // One field of view.
  object["shape"] = ordered_json::array({1});
  for (const std::int64_t length : info.geometry.shape) object["shape"].push_back(length);
  object["axes"] = info.axes;
  object["dtype"] = info.stored_dtype;
  object["sha256_pixels_le"] = pixels_sha256(pictures);
  ordered_json sizes = ordered_json::array();
  for (const double um : info.geometry.pixel_size_um) {
    sizes.push_back(um > 0 ? ordered_json(um) : ordered_json(nullptr));
  }
  object["pixel_size_xyz_um"] = sizes;
  object["channels"] = info.geometry.channel_names;
  object["comments"] = info.comments;
  object["warnings"] = io::warnings_json(info.warnings);
  return object;
}

}  // namespace musclemap::task
