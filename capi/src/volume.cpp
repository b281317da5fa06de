#include <algorithm>
#include <filesystem>
#include <memory>

#include "convert.hpp"
#include "guard.hpp"
#include "handles.hpp"
#include "lender.hpp"

namespace capi = musclemap::capi;
using musclemap::DType;
using musclemap::Error;
using musclemap::ErrorCode;
using musclemap::Index3;
using musclemap::Volume;

namespace {

DType dtype_of(const mm_volume_desc& desc) {
  return capi::checked_enum(desc.dtype, DType::u8, DType::f64, "desc.dtype");
}

Index3 strides_of(const mm_volume_desc& desc, DType dtype) {
  const int64_t(&given)[3] = desc.stride_bytes;
  if (given[0] != 0 || given[1] != 0 || given[2] != 0) return {given[0], given[1], given[2]};
  const auto size = static_cast<std::int64_t>(musclemap::dtype_size(dtype));
  Index3 strides{size, 0, 0};
  // Products that do not fit belong to shapes that the volume refuses.
  if (__builtin_mul_overflow(size, desc.shape[0], &strides[1]) ||
      __builtin_mul_overflow(strides[1], desc.shape[1], &strides[2])) {
    throw Error(ErrorCode::argument, "desc.shape is too large to address");
  }
  return strides;
}

void check_flags(const mm_volume_desc& desc) {
  if ((desc.flags & ~static_cast<uint32_t>(MM_VOLUME_READ_ONLY)) != 0 || desc.reserved != 0)
    throw Error(ErrorCode::argument, "desc.flags or desc.reserved has a bit that means nothing");
}

}  // namespace

mm_status mm_volume_wrap(const mm_volume_desc* desc, mm_release_fn release, void* user_data,
                         mm_volume** out) noexcept {
  return capi::guarded([&] {
    capi::required(desc, "desc");
    capi::required(out, "out");
    const mm_volume_desc own = capi::taken(desc, "desc");
    check_flags(own);
    const DType dtype = dtype_of(own);
    auto lender = std::make_shared<capi::Lender>(release, user_data);
    auto volume = std::make_unique<mm_volume>(
        Volume::borrow(own.data, capi::geometry_of(own), dtype, strides_of(own, dtype), lender,
                       (own.flags & static_cast<uint32_t>(MM_VOLUME_READ_ONLY)) != 0));
    lender->arm();
    *out = volume.release();
  });
}

mm_status mm_volume_zeros(const mm_volume_desc* desc, mm_volume** out) noexcept {
  return capi::guarded([&] {
    capi::required(desc, "desc");
    capi::required(out, "out");
    const mm_volume_desc own = capi::taken(desc, "desc");
    *out = std::make_unique<mm_volume>(Volume::zeros(capi::geometry_of(own), dtype_of(own))).release();
  });
}

mm_status mm_volume_read(const char* path, const mm_nifti_read_options* options, const mm_run_options* run,
                         mm_volume** out) noexcept {
  return capi::guarded([&] {
    capi::required(path, "path");
    capi::required(out, "out");
    const musclemap::NiftiReadOptions own = capi::read_options(options);
    *out = std::make_unique<mm_volume>(musclemap::read_nifti(path, own, capi::run_control(run))).release();
  });
}

mm_status mm_volume_write(const mm_volume* volume, const char* path, const mm_nifti_write_options* options,
                          const mm_run_options* run) noexcept {
  return capi::guarded([&] {
    const Volume& written = capi::checked(volume, "volume").volume;
    capi::required(path, "path");
    const mm_nifti_write_options own = capi::taken_or_default(options, "options");
    musclemap::NiftiWriteOptions write;
    write.content = capi::checked_enum(own.content, musclemap::NiftiContent::as_source,
                                       musclemap::NiftiContent::other, "options.content");
    write.header_text = own.no_header_text == 0;
    if (own.like_path != nullptr) write.like = musclemap::open_nifti(own.like_path)->header();
    if (own.slope != 0) write.slope = own.slope;
    write.inter = own.inter;
    musclemap::write_nifti(written, path, write, capi::run_control(run));
  });
}

mm_status mm_volume_describe(const mm_volume* volume, mm_volume_desc* out) noexcept {
  return capi::guarded([&] {
    const Volume& described = capi::checked(volume, "volume").volume;
    const capi::Result<mm_volume_desc> result(out, "out");
    mm_volume_desc desc{};
    desc.dtype = static_cast<int32_t>(described.dtype());
    desc.flags = described.read_only() ? static_cast<uint32_t>(MM_VOLUME_READ_ONLY) : 0U;
    const musclemap::Geometry& geometry = described.geometry();
    const Index3 strides = described.stride_bytes();
    std::copy(geometry.shape.begin(), geometry.shape.end(), std::begin(desc.shape));
    std::copy(strides.begin(), strides.end(), std::begin(desc.stride_bytes));
    std::copy(geometry.to_world.m.begin(), geometry.to_world.m.end(), std::begin(desc.affine));
    desc.data = capi::first_voxel(described);
    result.give(desc);
  });
}

mm_status mm_volume_copy(const mm_volume* volume, mm_volume** out) noexcept {
  return capi::guarded([&] {
    const mm_volume& source = capi::checked(volume, "volume");
    capi::required(out, "out");
    *out = std::make_unique<mm_volume>(source.volume.deep_copy()).release();
  });
}

mm_status mm_volume_retain(mm_volume* volume) noexcept {
  return capi::guarded([&] { ++capi::checked(volume, "volume").references; });
}

void mm_volume_free(mm_volume* volume) noexcept {
  if (capi::may_free(volume) && --volume->references == 0) delete volume;
}
