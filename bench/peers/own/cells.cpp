#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "infer/load_engine.hpp"
#include "musclemap/cell_segmenter.hpp"
#include "raw_file.hpp"
#include "serve.hpp"
#include "task/cells/cell_model_state.hpp"
#include "works.hpp"

namespace musclemap::bench {
namespace {

struct CellArguments {
  std::filesystem::path model;   // of Cellpose 3
  std::filesystem::path image;   // float32, [tile][channel][row][column]
  std::filesystem::path logits;  // float32, [tile][map][row][column]
  std::int64_t tile = 224;
  int threads = 1;
};

void run_tiles(const CellArguments& arguments) {
  const CellModel model = CellModel::open(arguments.model);
  infer::EngineRequest request;
  request.threads = arguments.threads;
  const infer::LoadedEngine loaded = infer::load_engine(model.state().network, request);
  const std::vector<float> image = read_raw<float>(arguments.image);
  const std::int64_t size = model.state().channels * arguments.tile * arguments.tile;
  std::vector<net::Tensor> tiles;
  for (auto tile = image.begin(); tile < image.end(); tile += size) {
    tiles.push_back({{1, model.state().channels, arguments.tile, arguments.tile}, {tile, tile + size}});
  }
  const auto scores = [&](const net::Tensor& tile) { return loaded.engine->run_ports({tile})[0].values; };
  std::vector<float> logits;
  for (const net::Tensor& tile : tiles) {
    const std::vector<float> of_tile = scores(tile);
    logits.insert(logits.end(), of_tile.begin(), of_tile.end());
  }
  if (!arguments.logits.empty()) write_raw(arguments.logits, logits);
  serve({{"name", loaded.engine->name()}, {"engine_reason", loaded.reason}, {"threads", arguments.threads}},
        [&] { std::for_each(tiles.begin(), tiles.end(), scores); });
}

}  // namespace

void add_cells(CLI::App& app) {
  const auto arguments = std::make_shared<CellArguments>();
  CLI::App* command = app.add_subcommand("cells", "tiles of a picture to the maps of Cellpose's network");
  command->add_option("--model", arguments->model)->required();
  command->add_option("--image", arguments->image)->required();
  command->add_option("--logits", arguments->logits);
  command->add_option("--tile", arguments->tile);
  command->add_option("--threads", arguments->threads);
  command->callback([arguments] { run_tiles(*arguments); });
}

}  // namespace musclemap::bench
