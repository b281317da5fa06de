#include "task/cells/picture_frames.hpp"

#include <string>
#include <vector>

#include "image/typed_view.hpp"
#include "musclemap/error.hpp"

namespace musclemap::task {
namespace {

using image::ProjectionRange;

template <class T>
double sharpness_of(const ImageStack& plane) {
  const Index5& shape = plane.shape();
  return image::sharpness(plane.plane<T>(0, 0, 0).data, shape[3], shape[4]);
}

std::int64_t focus_of(PictureReader& picture, std::int64_t t, std::int64_t channel) {
  return image::with_type(picture.info().dtype, [&](auto pixel) {
    std::vector<double> sections;
    for (std::int64_t z = 0; z < picture.info().geometry.shape[2]; ++z) {
      sections.push_back(sharpness_of<decltype(pixel)>(picture.read_plane(t, channel, z)));
    }
    return image::best_focus(sections);
  });
}

image::Sections used_sections(PictureReader& picture, std::int64_t t, const FrameChoice& choice) {
  const std::int64_t depth = picture.info().geometry.shape[2];
  if (depth == 1) return {0, 1};
  const image::ZProjection& projection = choice.projection;
  const bool by_focus =
      projection.range == ProjectionRange::best || projection.range == ProjectionRange::around;
  return image::sections_of(projection, by_focus ? focus_of(picture, t, choice.channel) : 0, depth);
}

}  // namespace

std::int64_t sections_left(const PictureInfo& info, const FrameChoice& choice) {
  return choice.stack ? info.geometry.shape[2] : 1;
}

void check_frames(const PictureInfo& info, const FrameChoice& choice) {
  const Index5& shape = info.geometry.shape;
  if (choice.channel < 0 || choice.channel >= shape[1]) {
    throw Error(ErrorCode::argument, Reason::invalid,
                "channel is " + std::to_string(choice.channel) + "; 0 to " + std::to_string(shape[1] - 1) +
                    " are there");
  }
  if (shape[2] > 1 && !choice.stack) image::sections_of(choice.projection, 0, shape[2]);
}

FrameReader::FrameReader(PictureReader& picture, std::int64_t t, const FrameChoice& choice, int threads)
    : picture_(picture), t_(t), choice_(choice), threads_(threads), info_(picture.info()) {
  check_frames(picture.info(), choice);
  StackGeometry& geometry = info_.geometry;
  if (choice.stack) {
    sections_ = {0, geometry.shape[2]};
  } else {
    sections_ = used_sections(picture, t, choice);
    geometry.shape[2] = 1;
  }
  geometry.shape[0] = geometry.shape[1] = 1;
  if (!geometry.channel_names.empty()) {
    geometry.channel_names = {geometry.channel_names[static_cast<std::size_t>(choice.channel)]};
  }
}

void FrameReader::read_rows(std::int64_t /*t*/, std::int64_t /*c*/, std::int64_t z, std::int64_t y_begin,
                            std::int64_t y_count, void* to) {
  if (choice_.stack || picture_.info().geometry.shape[2] == 1) {
    picture_.read_rows(t_, choice_.channel, z, y_begin, y_count, to);
    return;
  }
  image::with_type(info_.dtype, [&](auto pixel) {
    using Pixel = decltype(pixel);
    const std::int64_t count = y_count * info_.geometry.shape[4];
    std::vector<Pixel> rows(static_cast<std::size_t>(count * sections_.count));
    std::vector<const Pixel*> sections;
    for (std::int64_t n = 0; n < sections_.count; ++n) {
      Pixel* const section = rows.data() + n * count;
      picture_.read_rows(t_, choice_.channel, sections_.first + n, y_begin, y_count, section);
      sections.push_back(section);
    }
    image::project(sections, count, choice_.projection.type, threads_, static_cast<Pixel*>(to));
  });
}

}  // namespace musclemap::task
