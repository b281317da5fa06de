#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>

#include "convert.hpp"
#include "guard.hpp"
#include "handles.hpp"
#include "task/info_json.hpp"

namespace capi = musclemap::capi;
using musclemap::NiftiInfo;

namespace {

// The rest of the array is zero.
template <std::size_t N>
void copy_text(const std::string& from, char (&to)[N]) {
  std::memcpy(to, from.data(), std::min(from.size(), N - 1));
}

template <class Values, class T, std::size_t N>
void copy_values(const Values& from, T (&to)[N]) {
  std::copy_n(from.begin(), std::min<std::size_t>(from.size(), N), std::begin(to));
}

mm_nifti_info described(const NiftiInfo& info) {
  mm_nifti_info own{};
  own.axis_count = static_cast<int32_t>(info.shape.size());
  copy_values(info.shape, own.shape);
  copy_values(info.pixdim, own.pixdim);
  copy_values(info.affine.m, own.affine);
  own.slope = info.slope;
  own.inter = info.inter;
  own.scaled = info.scaled ? 1 : 0;
  own.big_endian = info.big_endian ? 1 : 0;
  own.nifti_version = info.nifti_version;
  own.gzip = info.gzip ? 1 : 0;
  own.pair = info.pair ? 1 : 0;
  own.sform_code = info.sform_code;
  own.qform_code = info.qform_code;
  own.extension_count = info.extension_count;
  copy_text(info.dtype, own.dtype);
  copy_text(info.affine_source, own.affine_source);
  copy_text(info.unit, own.unit);
  copy_text(info.description, own.description);
  return own;
}

}  // namespace

mm_status mm_nifti_describe(const char* path, const mm_nifti_read_options* options,
                            mm_nifti_info* out) noexcept {
  return capi::guarded([&] {
    capi::required(path, "path");
    const capi::Result<mm_nifti_info> result(out, "out");
    result.give(described(musclemap::nifti_info(path, capi::read_options(options).limits)));
  });
}

mm_status mm_nifti_write_json(const char* path, const mm_nifti_read_options* options, int32_t verify,
                              const mm_run_options* run, mm_write_fn write, void* user_data) noexcept {
  return capi::guarded([&] {
    capi::required(path, "path");
    capi::required(write, "write");
    const musclemap::NiftiLimits limits = capi::read_options(options).limits;
    const musclemap::RunControl control = capi::run_control(run);
    const NiftiInfo info = musclemap::nifti_info(path, limits);
    std::optional<musclemap::NiftiVoxelCheck> check;
    if (verify != 0) check = musclemap::verify_nifti(path, limits, control);
    capi::hand_over(musclemap::task::info_json_text(path, info, check ? &*check : nullptr), write, user_data);
  });
}
