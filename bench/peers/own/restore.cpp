#include <cmath>
#include <filesystem>
#include <memory>
#include <vector>

#include "decode/best_classes.hpp"
#include "image/sampling_grid.hpp"
#include "raw_file.hpp"
#include "serve.hpp"
#include "works.hpp"

namespace musclemap::bench {
namespace {

struct Arguments {
  std::vector<std::int64_t> shape;  // of the image
  std::vector<double> spacing;      // of the image
  std::filesystem::path scores;     // float32, [class][x][y][z] of the resampled grid
  std::filesystem::path labels;     // int16, [x][y][z] of the image
  std::int64_t classes = 0;
  int threads = 1;
};

decode::Scores slice_of(const std::vector<float>& scores, std::int64_t classes, const Index3& grid,
                        std::int64_t z) {
  auto slice = std::make_shared<image::ScoreSlice>(classes, grid[0], grid[1]);
  for (std::int64_t c = 0; c < classes; ++c) {
    for (std::int64_t x = 0; x < grid[0]; ++x) {
      for (std::int64_t y = 0; y < grid[1]; ++y) {
        const std::int64_t from = ((c * grid[0] + x) * grid[1] + y) * grid[2] + z;
        slice->at(c / image::ScoreSlice::kVector, x, y)[c % image::ScoreSlice::kVector] =
            scores[static_cast<std::size_t>(from)];
      }
    }
  }
  return slice;
}

void run(const Arguments& arguments) {
  const Index3 native{arguments.shape[0], arguments.shape[1], arguments.shape[2]};
  image::Matrix4 to_world = image::identity<4>();
  for (int axis = 0; axis < 3; ++axis)
    to_world(axis, axis) = arguments.spacing[static_cast<std::size_t>(axis)];
  const image::SamplingGrid grid = image::sampling_grid(native, to_world, {1, 1, -1});
  const image::WayBack back{image::whole(grid.shape), native,
                            std::make_shared<const image::Resampler>(grid.shape, native, grid.from_source)};
  std::vector<decode::Scores> slices;
  {
    const std::vector<float> scores = read_raw<float>(arguments.scores);
    for (std::int64_t z = 0; z < grid.shape[2]; ++z) {
      slices.push_back(slice_of(scores, arguments.classes, grid.shape, z));
    }
  }
  std::vector<std::int16_t> labels(static_cast<std::size_t>(native[0] * native[1] * native[2]));
  const auto work = [&] {
    decode::BestClasses sampler(
        arguments.classes, back, [&](std::int64_t z) { return slices[static_cast<std::size_t>(z)]; },
        arguments.threads);
    for (std::int64_t k = 0; k < native[2]; ++k) {
      const std::int16_t* classes = sampler.slice(k).data();
      // Label values are not their indices.
      for (std::int64_t p = 0; p < native[0] * native[1]; ++p) {
        labels[static_cast<std::size_t>(p * native[2] + k)] =
            static_cast<std::int16_t>(classes[p] == 0 ? 0 : 1000 + 10 * classes[p]);
      }
    }
  };
  work();
  if (!arguments.labels.empty()) write_raw(arguments.labels, labels);
  serve({{"name", "musclemap"}, {"threads", arguments.threads}}, work);
}

}  // namespace

void add_restore(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("restore", "scores to labels on the image's grid");
  command->add_option("--shape", arguments->shape)->required()->delimiter(',')->expected(3);
  command->add_option("--spacing", arguments->spacing)->required()->delimiter(',')->expected(3);
  command->add_option("--classes", arguments->classes)->required();
  command->add_option("--scores", arguments->scores)->required();
  command->add_option("--labels", arguments->labels);
  command->add_option("--threads", arguments->threads);
  command->callback([arguments] { run(*arguments); });
}

}  // namespace musclemap::bench
