#include <algorithm>
#include <filesystem>
#include <memory>
#include <vector>

#include "decode/half_classes.hpp"
#include "raw_file.hpp"
#include "serve.hpp"
#include "works.hpp"

namespace musclemap::bench {
namespace {

struct Arguments {
  std::vector<std::int64_t> from;  // z, y, x
  std::vector<std::int64_t> to;    // z, y, x
  std::filesystem::path scores;    // float16, [class][z][y][x]
  std::filesystem::path labels;    // uint8, [z][y][x]
  std::int64_t classes = 0;
  int threads = 1;
};

// As volume_scores() gives them.
std::vector<image::HalfSlice> slices_of(const Arguments& arguments) {
  const auto halves = read_raw<std::uint16_t>(arguments.scores);
  const std::int64_t pixels = arguments.from[1] * arguments.from[2];
  std::vector<image::HalfSlice> slices;
  for (std::int64_t z = 0; z < arguments.from[0]; ++z) {
    slices.emplace_back(arguments.classes, arguments.from[1], arguments.from[2]);
    for (std::int64_t c = 0; c < arguments.classes; ++c) {
      const std::uint16_t* plane = halves.data() + (c * arguments.from[0] + z) * pixels;
      std::copy(plane, plane + pixels, slices.back().row(c, 0));
    }
  }
  return slices;
}

void run(const Arguments& arguments) {
  const std::vector<image::HalfSlice> slices = slices_of(arguments);
  decode::HalfDecoding decoding;
  decoding.classes = arguments.classes;
  decoding.shape = {arguments.from[2], arguments.from[1], arguments.from[0]};
  decoding.back.emplace();
  decoding.back->from = decoding.shape;
  decoding.back->to = {arguments.to[2], arguments.to[1], arguments.to[0]};
  decoding.threads = arguments.threads;
  std::vector<std::uint8_t> labels(
      static_cast<std::size_t>(arguments.to[0] * arguments.to[1] * arguments.to[2]));
  const auto work = [&] {
    const auto classes =
        decode::make_half_classes(decoding, [&](std::int64_t z, const std::vector<std::uint16_t>& plane) {
          std::uint8_t* to = labels.data() + static_cast<std::size_t>(z) * plane.size();
          std::transform(plane.begin(), plane.end(), to,
                         [](std::uint16_t value) { return static_cast<std::uint8_t>(value); });
        });
    for (std::size_t z = 0; z < slices.size(); ++z) classes->take(static_cast<std::int64_t>(z), slices[z]);
    if (!arguments.labels.empty()) write_raw(arguments.labels, labels);
  };
  serve({{"name", "musclemap"}, {"threads", arguments.threads}}, work);
}

}  // namespace

void add_export(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("export", "scores in half precision to a label map");
  command->add_option("--from", arguments->from)->required()->delimiter(',')->expected(3);
  command->add_option("--to", arguments->to)->required()->delimiter(',')->expected(3);
  command->add_option("--classes", arguments->classes)->required();
  command->add_option("--scores", arguments->scores)->required();
  command->add_option("--labels", arguments->labels);
  command->add_option("--threads", arguments->threads);
  command->callback([arguments] { run(*arguments); });
}

}  // namespace musclemap::bench
