#include "task/cells/picture_frames.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "task/cells/cell_planes.hpp"

namespace musclemap::task {
namespace {

ImageStack noisy_stack() {
  StackGeometry geometry;
  geometry.shape = {2, 2, 5, 23, 17};
  geometry.channel_names = {"BF", "DAPI"};
  ImageStack stack = ImageStack::zeros(geometry, DType::u16);
  std::uint32_t state = 1;
  for (std::int64_t t = 0; t < 2; ++t) {
    for (std::int64_t c = 0; c < 2; ++c) {
      for (std::int64_t z = 0; z < 5; ++z) {
        const PlaneView<std::uint16_t> plane = stack.mutable_plane<std::uint16_t>(t, c, z);
        for (std::int64_t n = 0; n < 23 * 17; ++n) {
          state = state * 1664525U + 1013904223U;
          plane.data[n] = static_cast<std::uint16_t>(state >> 16U);
        }
      }
    }
  }
  return stack;
}

TEST_CASE("picture frames: rows of a frame are those of the frame in one piece", "[task]") {
  const ImageStack stack = noisy_stack();
  StackReader picture(stack);
  using image::ProjectionRange;
  for (const ProjectionRange range : {ProjectionRange::all, ProjectionRange::best, ProjectionRange::around}) {
    FrameChoice choice;
    choice.channel = 1;
    choice.projection.range = range;
    FrameReader in_one_piece(picture, 1, choice, 2);
    const ImageStack whole = in_one_piece.read_plane(0, 0, 0);
    FrameReader frame(picture, 1, choice, 1);
    CHECK(frame.info().geometry.shape == Index5{1, 1, 1, 23, 17});
    CHECK(frame.info().geometry.channel_names == std::vector<std::string>{"DAPI"});
    CHECK(frame.sections().first == in_one_piece.sections().first);
    CHECK(frame.sections().count == in_one_piece.sections().count);
    std::vector<std::uint16_t> rows(23 * 17);
    for (std::int64_t y = 0; y < 23; y += 5) {
      frame.read_rows(0, 0, 0, y, std::min<std::int64_t>(5, 23 - y), rows.data() + y * 17);
    }
    CHECK(std::equal(rows.begin(), rows.end(), whole.plane<std::uint16_t>(0, 0, 0).data));
  }
  FrameChoice none;
  none.channel = 2;
  CHECK(test::contains(test::error_of([&] { FrameReader(picture, 0, none, 1); }), "channel is 2"));
}

}  // namespace
}  // namespace musclemap::task
