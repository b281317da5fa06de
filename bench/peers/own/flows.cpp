#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "decode/flows/follow_flows.hpp"
#include "musclemap/cells.hpp"
#include "raw_file.hpp"
#include "serve.hpp"
#include "works.hpp"

namespace musclemap::bench {
namespace {

struct FlowArguments {
  std::filesystem::path flows;     // float32 (2, side, side), y first
  std::filesystem::path cellprob;  // float32 (side, side)
  std::filesystem::path result;    // positions float32 (2, n), or masks uint32 (side, side)
  std::int64_t side = 0;
  bool positions = false;
  int threads = 1;
};

void run_flows(const FlowArguments& arguments) {
  const std::vector<float> flows = read_raw<float>(arguments.flows);
  const std::vector<float> cellprob = read_raw<float>(arguments.cellprob);
  const std::int64_t side = arguments.side;
  RunControl control;
  control.threads = arguments.threads;
  std::vector<float> positions;
  const auto follow = [&] {
    decode::Foreground foreground({1, side, side, 2}, 0);
    foreground.add_rows({{flows.data(), flows.data() + side * side, nullptr}, cellprob.data(), 0, side},
                        arguments.threads);
    decode::FollowOptions options;
    options.positions = true;
    positions = decode::follow_flows(foreground, options, control).positions;
  };
  std::vector<std::uint32_t> labels;
  const auto segment = [&] {
    CellMaskOptions options;
    options.compat = CellCompat::v3_1_1_2;
    labels = cell_masks({flows.data(), cellprob.data(), 0, side, side}, options, control).labels;
  };
  const std::function<void()> work = arguments.positions ? std::function<void()>(follow) : segment;
  work();
  if (arguments.positions) {
    write_raw(arguments.result, positions);
  } else {
    write_raw(arguments.result, labels);
  }
  serve({{"name", "musclemap"}, {"threads", arguments.threads}}, work);
}

}  // namespace

void add_flows(CLI::App& app) {
  const auto arguments = std::make_shared<FlowArguments>();
  CLI::App* command = app.add_subcommand("flows", "flows of cells to where pixels end, or to masks");
  command->add_option("--flows", arguments->flows)->required();
  command->add_option("--cellprob", arguments->cellprob)->required();
  command->add_option("--side", arguments->side)->required();
  command->add_option("--result", arguments->result)->required();
  command->add_flag("--positions", arguments->positions);
  command->add_option("--threads", arguments->threads);
  command->callback([arguments] { run_flows(*arguments); });
}

}  // namespace musclemap::bench
