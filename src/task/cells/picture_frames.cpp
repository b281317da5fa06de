#include "task/cells/picture_frames.hpp"

#include <string>
#include <vector>

#include "image/typed_view.hpp"
#include "musclemap/error.hpp"

namespace musclemap::task {
namespace {

using image::ProjectionRange;

template <class T>
const T* pixels_of(const ImageStack& plane) {
  return plane.plane<T>(0, 0, 0).data;
}

template <class T>
double sharpness_of(const ImageStack& plane) {
  const Index5& shape = plane.shape();
  return image::sharpness(pixels_of<T>(plane), shape[3], shape[4]);
}

std::int64_t focus_of(PictureReader& picture, std::int64_t t, std::int64_t channel,
                      double (*sharpness)(const ImageStack&)) {
  std::vector<double> sections;
  for (std::int64_t z = 0; z < picture.info().geometry.shape[2]; ++z)
    sections.push_back(sharpness(picture.read_plane(t, channel, z)));
  return image::best_focus(sections);
}

template <class T>
Frame frame_of(PictureReader& picture, std::int64_t t, const FrameChoice& choice, int threads) {
  const std::int64_t depth = picture.info().geometry.shape[2];
  if (depth == 1) return {picture.read_plane(t, choice.channel, 0), {0, 1}};
  const image::ZProjection& projection = choice.projection;
  const bool by_focus =
      projection.range == ProjectionRange::best || projection.range == ProjectionRange::around;
  const std::int64_t best = by_focus ? focus_of(picture, t, choice.channel, &sharpness_of<T>) : 0;
  const image::Sections sections = image::sections_of(projection, best, depth);

  std::vector<ImageStack> planes;
  std::vector<const T*> pixels;
  for (std::int64_t z = sections.first; z < sections.first + sections.count; ++z) {
    planes.push_back(picture.read_plane(t, choice.channel, z));
    pixels.push_back(pixels_of<T>(planes.back()));
  }
  Frame frame{ImageStack::zeros(planes.front().geometry(), planes.front().dtype()), sections};
  const PlaneView<T> to = frame.plane.mutable_plane<T>(0, 0, 0);
  image::project(pixels, to.shape[0] * to.shape[1], projection.type, threads, to.data);
  return frame;
}

}  // namespace

void check_frames(const PictureInfo& info, const FrameChoice& choice) {
  const Index5& shape = info.geometry.shape;
  if (choice.channel < 0 || choice.channel >= shape[1]) {
    throw Error(ErrorCode::argument, Reason::invalid,
                "channel is " + std::to_string(choice.channel) + "; 0 to " + std::to_string(shape[1] - 1) +
                    " are there");
  }
  if (shape[2] > 1) image::sections_of(choice.projection, 0, shape[2]);
}

Frame read_frame(PictureReader& picture, std::int64_t t, const FrameChoice& choice, int threads) {
  check_frames(picture.info(), choice);
  return image::with_type(picture.info().dtype,
                          [&](auto pixel) { return frame_of<decltype(pixel)>(picture, t, choice, threads); });
}

}  // namespace musclemap::task
