#include "images.hpp"

#include "base/progress.hpp"
#include "image/typed_view.hpp"

namespace musclemap::capi {

const void* first_pixel(const ImageStack& stack) {
  return image::with_type(
      stack.dtype(), [&](auto pixel) -> const void* { return stack.plane<decltype(pixel)>(0, 0, 0).data; });
}

ImageStack planes_of(PictureReader& reader, std::int64_t begin, std::int64_t count,
                     const RunControl& control) {
  StackGeometry geometry = reader.info().geometry;
  geometry.shape[0] = count;
  const Index5& shape = geometry.shape;
  ImageStack stack = ImageStack::zeros(geometry, reader.info().dtype);
  const std::int64_t planes = shape[0] * shape[1] * shape[2];
  image::with_type(stack.dtype(), [&](auto pixel) {
    for (std::int64_t n = 0; n < planes; ++n) {
      const std::int64_t t = n / (shape[1] * shape[2]);
      const std::int64_t c = n / shape[2] % shape[1];
      const std::int64_t z = n % shape[2];
      reader.read_rows(begin + t, c, z, 0, shape[3], stack.mutable_plane<decltype(pixel)>(t, c, z).data);
      base::report(control, Stage::read, n + 1, planes);
    }
  });
  return stack;
}

ImageStack frame_of(const mm_image& image, std::int64_t time) {
  if (image.reader) return planes_of(*image.reader, time, 1, {});
  Index5 shape = image.stack.shape();
  shape[0] = 1;
  return image.stack.substack({time, 0, 0, 0, 0}, shape);
}

ImageStack contiguous_frame_of(const mm_image& image, std::int64_t time) {
  ImageStack frame = frame_of(image, time);
  const Index5& shape = frame.shape();
  const Index5 strides = frame.stride_bytes();
  auto bytes = static_cast<std::int64_t>(dtype_size(frame.dtype()));
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    if (shape[axis] > 1 && strides[axis] != bytes) return frame.deep_copy();
    bytes *= shape[axis];
  }
  return frame;
}

}  // namespace musclemap::capi
