#include <algorithm>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "convert.hpp"
#include "guard.hpp"
#include "handles.hpp"
#include "image/typed_view.hpp"
#include "images.hpp"
#include "lender.hpp"
#include "task/info_json.hpp"

namespace capi = musclemap::capi;
using musclemap::DType;
using musclemap::Error;
using musclemap::ErrorCode;
using musclemap::ImageStack;
using musclemap::Index5;
using musclemap::PictureReader;
using musclemap::RunControl;
using musclemap::StackGeometry;

namespace {

StackGeometry stack_geometry(const mm_image_desc& desc) {
  StackGeometry geometry;
  std::copy(std::begin(desc.shape), std::end(desc.shape), geometry.shape.begin());
  std::copy(std::begin(desc.pixel_size_um), std::end(desc.pixel_size_um), geometry.pixel_size_um.begin());
  // Before the names are read: as many as the count says.
  if (desc.channel_name_count != 0 && desc.channel_name_count != desc.shape[1]) {
    throw Error(ErrorCode::argument, "desc.channel_name_count is " + std::to_string(desc.channel_name_count) +
                                         "; 0 or one a channel is allowed");
  }
  geometry.channel_names = capi::texts_of(desc.channel_names, desc.channel_name_count, "desc.channel_names");
  return geometry;
}

Index5 stack_strides(const mm_image_desc& desc, DType dtype) {
  Index5 strides{};
  std::copy(std::begin(desc.stride_bytes), std::end(desc.stride_bytes), strides.begin());
  if (strides != Index5{}) return strides;
  auto bytes = static_cast<std::int64_t>(musclemap::dtype_size(dtype));
  for (std::size_t axis = strides.size(); axis-- > 0;) {
    strides[axis] = bytes;
    // Products that do not fit belong to shapes that the stack refuses.
    if (__builtin_mul_overflow(bytes, desc.shape[axis], &bytes))
      throw Error(ErrorCode::argument, "desc.shape is too large to address");
  }
  return strides;
}

void check_image_flags(const mm_image_desc& desc) {
  if ((desc.flags & ~static_cast<uint32_t>(MM_IMAGE_READ_ONLY)) != 0 || desc.reserved != 0)
    throw Error(ErrorCode::argument, "desc.flags or desc.reserved has a bit that means nothing");
}

std::unique_ptr<PictureReader> opened(const char* path, const RunControl& control) {
  std::unique_ptr<PictureReader> reader = musclemap::open_picture(path);
  for (const musclemap::Warning& warning : reader->info().warnings) {
    if (control.on_warning) control.on_warning(warning);
  }
  return reader;
}

void check_plane(const Index5& shape, std::int64_t t, std::int64_t c, std::int64_t z) {
  const std::int64_t place[3] = {t, c, z};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (place[axis] >= 0 && place[axis] < shape[axis]) continue;
    throw Error(ErrorCode::argument, std::string(1, "tcz"[axis]) + " is " + std::to_string(place[axis]) +
                                         "; 0 to " + std::to_string(shape[axis] - 1) + " are allowed");
  }
}

void copy_rows(const ImageStack& stack, const Index5& place, std::int64_t y_count, void* to) {
  musclemap::image::with_type(stack.dtype(), [&](auto pixel) {
    using Pixel = decltype(pixel);
    const auto plane = stack.plane<Pixel>(place[0], place[1], place[2]);
    auto* next = static_cast<unsigned char*>(to);  // which may lie anywhere
    for (std::int64_t y = place[3]; y < place[3] + y_count; ++y) {
      for (std::int64_t x = 0; x < plane.shape[1]; ++x, next += sizeof(Pixel))
        std::memcpy(next, &plane(y, x), sizeof(Pixel));
    }
  });
}

musclemap::OmeTiffOptions ome_tiff_options(const mm_ome_tiff_options* options) {
  const mm_ome_tiff_options own = capi::taken_or_default(options, "options");
  musclemap::OmeTiffOptions result;
  result.compression = capi::checked_enum(own.compression, musclemap::TiffCompression::deflate,
                                          musclemap::TiffCompression::none, "options.compression");
  result.comments = capi::texts_of(own.comments, own.comment_count, "options.comments");
  return result;
}

}  // namespace

mm_status mm_image_wrap(const mm_image_desc* desc, mm_release_fn release, void* user_data,
                        mm_image** out) noexcept {
  return capi::guarded([&] {
    capi::required(desc, "desc");
    capi::required(out, "out");
    const mm_image_desc own = capi::taken(desc, "desc");
    check_image_flags(own);
    const DType dtype = capi::checked_enum(own.dtype, DType::u8, DType::u32, "desc.dtype");
    auto lender = std::make_shared<capi::Lender>(release, user_data);
    auto image = std::make_unique<mm_image>(
        ImageStack::borrow(own.data, stack_geometry(own), dtype, stack_strides(own, dtype), lender,
                           (own.flags & static_cast<uint32_t>(MM_IMAGE_READ_ONLY)) != 0));
    lender->arm();
    *out = image.release();
  });
}

mm_status mm_image_open(const char* picture_path, const mm_run_options* run, mm_image** out) noexcept {
  return capi::guarded([&] {
    capi::required(picture_path, "picture_path");
    capi::required(out, "out");
    *out = std::make_unique<mm_image>(opened(picture_path, capi::run_control(run))).release();
  });
}

mm_status mm_image_read(const char* picture_path, const mm_run_options* run, mm_image** out) noexcept {
  return capi::guarded([&] {
    capi::required(picture_path, "picture_path");
    capi::required(out, "out");
    const RunControl control = capi::run_control(run);
    const std::unique_ptr<PictureReader> reader = opened(picture_path, control);
    *out = std::make_unique<mm_image>(capi::planes_of(*reader, 0, reader->info().geometry.shape[0], control),
                                      reader->info())
               .release();
  });
}

mm_status mm_image_describe(const mm_image* image, mm_image_desc* out) noexcept {
  return capi::guarded([&] {
    const mm_image& own = capi::checked(image, "image");
    const capi::Result<mm_image_desc> result(out, "out");
    const StackGeometry& geometry = own.info.geometry;
    mm_image_desc desc{};
    desc.dtype = static_cast<int32_t>(own.info.dtype);
    std::copy(geometry.shape.begin(), geometry.shape.end(), std::begin(desc.shape));
    std::copy(geometry.pixel_size_um.begin(), geometry.pixel_size_um.end(), std::begin(desc.pixel_size_um));
    desc.channel_name_count = static_cast<int64_t>(own.channel_names.size());
    if (!own.channel_names.empty()) desc.channel_names = own.channel_names.data();
    if (own.reader) {
      desc.flags = static_cast<uint32_t>(MM_IMAGE_READ_ONLY);
    } else {
      const Index5 strides = own.stack.stride_bytes();
      std::copy(strides.begin(), strides.end(), std::begin(desc.stride_bytes));
      desc.flags = own.stack.read_only() ? static_cast<uint32_t>(MM_IMAGE_READ_ONLY) : 0U;
      desc.data = const_cast<void*>(capi::first_pixel(own.stack));
    }
    result.give(desc);
  });
}

mm_status mm_image_describe_file(const mm_image* image, mm_image_file* out) noexcept {
  return capi::guarded([&] {
    const mm_image& own = capi::checked(image, "image");
    const capi::Result<mm_image_file> result(out, "out");
    mm_image_file file{};
    file.format = own.info.format.c_str();
    file.axes = own.info.axes.c_str();
    file.stored_dtype = own.info.stored_dtype.c_str();
    file.comment_count = static_cast<int64_t>(own.comments.size());
    if (!own.comments.empty()) file.comments = own.comments.data();
    result.give(file);
  });
}

mm_status mm_image_plane(mm_image* image, int64_t t, int64_t c, int64_t z, mm_image** out) noexcept {
  return capi::guarded([&] {
    mm_image& own = capi::checked(image, "image");
    capi::required(out, "out");
    const Index5& shape = own.info.geometry.shape;
    check_plane(shape, t, c, z);
    if (!own.reader) {
      *out = std::make_unique<mm_image>(own.stack.substack({t, c, z, 0, 0}, {1, 1, 1, shape[3], shape[4]}))
                 .release();
      return;
    }
    const capi::Changing only_one(own, "image");
    *out = std::make_unique<mm_image>(own.reader->read_plane(t, c, z)).release();
  });
}

mm_status mm_image_read_rows(mm_image* image, int64_t t, int64_t c, int64_t z, int64_t y_begin,
                             int64_t y_count, void* to, uint64_t byte_count) noexcept {
  return capi::guarded([&] {
    mm_image& own = capi::checked(image, "image");
    capi::required(to, "to");
    const Index5& shape = own.info.geometry.shape;
    check_plane(shape, t, c, z);
    if (y_begin < 0 || y_count < 1 || y_count > shape[3] || y_begin > shape[3] - y_count)
      throw Error(ErrorCode::argument, "y_begin and y_count are " + std::to_string(y_begin) + " and " +
                                           std::to_string(y_count) + "; the image has " +
                                           std::to_string(shape[3]) + " rows");
    const auto bytes = static_cast<uint64_t>(y_count * shape[4]) * musclemap::dtype_size(own.info.dtype);
    if (byte_count != bytes)
      throw Error(ErrorCode::argument, "byte_count is " + std::to_string(byte_count) + "; the rows have " +
                                           std::to_string(bytes) + " bytes");
    if (!own.reader) {
      copy_rows(own.stack, {t, c, z, y_begin, 0}, y_count, to);
      return;
    }
    const capi::Changing only_one(own, "image");
    own.reader->read_rows(t, c, z, y_begin, y_count, to);
  });
}

mm_status mm_image_write_ome_tiff(mm_image* image, const char* tiff_path, const mm_ome_tiff_options* options,
                                  const mm_run_options* run) noexcept {
  return capi::guarded([&] {
    mm_image& own = capi::checked(image, "image");
    capi::required(tiff_path, "tiff_path");
    const musclemap::OmeTiffOptions how = ome_tiff_options(options);
    const RunControl control = capi::run_control(run);
    if (!own.reader) {
      musclemap::write_ome_tiff(own.stack, tiff_path, how, control);
      return;
    }
    const capi::Changing only_one(own, "image");
    RunControl silent = control;
    silent.on_progress = nullptr;  // which hears of the writing
    musclemap::write_ome_tiff(capi::planes_of(*own.reader, 0, own.info.geometry.shape[0], silent), tiff_path,
                              how, control);
  });
}

mm_status mm_image_write_json(const char* picture_path, mm_write_fn write, void* user_data) noexcept {
  return capi::guarded([&] {
    capi::required(picture_path, "picture_path");
    capi::required(write, "write");
    const std::unique_ptr<PictureReader> reader = musclemap::open_picture(picture_path);
    capi::hand_over(musclemap::task::picture_json(picture_path, *reader)
                        .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace),
                    write, user_data);
  });
}

void mm_image_free(mm_image* image) noexcept {
  if (capi::may_free(image)) delete image;
}
