#include "task/cells/micro_sam_ais.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/checked.hpp"
#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "image/resample/bilinear.hpp"
#include "task/cells/sam_encoder.hpp"

namespace musclemap::task {
namespace {

using MapPlanes = std::array<std::vector<float>*, 3>;

// The tile's inner part of a map that covers its outer part.
void store_inner(const std::vector<float>& map, const SamTile& tile, std::int64_t columns,
                 std::vector<float>* plane) {
  const std::int64_t width = tile.outer.end[1] - tile.outer.begin[1];
  const std::int64_t count = tile.inner.end[1] - tile.inner.begin[1];
  for (std::int64_t y = tile.inner.begin[0]; y < tile.inner.end[0]; ++y) {
    const std::int64_t from = (y - tile.outer.begin[0]) * width + tile.inner.begin[1] - tile.outer.begin[1];
    std::copy_n(map.begin() + from, count, plane->begin() + y * columns + tile.inner.begin[1]);
  }
}

void run_tile(infer::Engine& encoder, infer::Engine& decoder, const image::PicturePart& picture,
              image::SamContrast contrast, const SamTile& tile, int threads, const MapPlanes& planes) {
  image::PicturePart part = picture;
  part.shape = {tile.outer.end[0] - tile.outer.begin[0], tile.outer.end[1] - tile.outer.begin[1]};
  for (const float*& channel : part.channels) {
    channel += tile.outer.begin[0] * picture.stride + tile.outer.begin[1];
  }
  std::optional<image::SamPicture> input = image::sam_picture(part, contrast, threads);
  if (!input) return;
  const image::PlaneShape scaled = input->scaled;
  const net::Tensor embedding = encode_picture(encoder, std::move(*input));
  constexpr std::int64_t kSide = image::kSamSize;
  const std::vector<net::Tensor> maps =
      run_sam_network(decoder, {embedding}, {{1, 3, kSide, kSide}}, "AIS decoder");
  for (std::size_t map = 0; map < planes.size(); ++map) {
    const float* from = maps[0].values.data() + map * kSide * kSide;
    store_inner(image::resize_bilinear(from, kSide, scaled, part.shape, threads), tile, picture.shape[1],
                planes[map]);
  }
}

}  // namespace

decode::AisMaps ais_maps(infer::Engine& encoder, infer::Engine& decoder, const image::PicturePart& picture,
                         image::SamContrast contrast, const SamTiling& tiling, const RunControl& control) {
  const auto pixels = static_cast<std::size_t>(base::checked_mul(picture.shape[0], picture.shape[1]));
  const int threads = base::resolve_threads(control.threads);
  const std::vector<SamTile> tiles = sam_tiles(picture.shape, tiling);
  decode::AisMaps maps{std::vector<float>(pixels, 0.0F), std::vector<float>(pixels, 1.0F),
                       std::vector<float>(pixels, 1.0F)};
  const MapPlanes planes{&maps.foreground, &maps.center_distance, &maps.boundary_distance};
  const auto total = static_cast<std::int64_t>(tiles.size());
  for (std::int64_t done = 0; done < total; ++done) {
    base::report(control, Stage::infer, done, total);
    run_tile(encoder, decoder, picture, contrast, tiles[static_cast<std::size_t>(done)], threads, planes);
  }
  base::report(control, Stage::infer, total, total);
  return maps;
}

decode::AisLabels segment_ais(infer::Engine& encoder, infer::Engine& decoder,
                              const image::PicturePart& picture, image::SamContrast contrast,
                              const SamTiling& tiling, const decode::AisOptions& options,
                              const RunControl& control) {
  return decode::ais_labels(ais_maps(encoder, decoder, picture, contrast, tiling, control), picture.shape,
                            options, base::resolve_threads(control.threads));
}

}  // namespace musclemap::task
