#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/isa.hpp"
#include "infer/load_engine.hpp"
#include "infer/native/compile.hpp"
#include "infer/native/executor.hpp"
#include "infer/native/kernels.hpp"
#include "infer/native/native_engine.hpp"
#include "musclemap/model_bundle.hpp"
#include "raw_file.hpp"
#include "serve.hpp"
#include "task/bundle_state.hpp"
#include "works.hpp"

namespace musclemap::bench {
namespace {

namespace native = infer::native;

struct Arguments {
  std::filesystem::path model;
  std::filesystem::path image;   // float32, [row][column], of the model's window
  std::filesystem::path logits;  // float32, [class][row][column]
  int threads = 1;
  std::string precision = "exact";  // or fast, where the machine has it
  bool plain_tiles = false;         // fast on any machine, by the slow code that tests use
};

void run(const Arguments& arguments) {
  const ModelBundle bundle = ModelBundle::open(arguments.model);
  const infer::Network& network = bundle.state().network;
  const int rows = static_cast<int>(bundle.window()[0]);
  const int columns = static_cast<int>(bundle.window()[1]);
  const std::vector<float> image = read_raw<float>(arguments.image);

  const base::Isa isa = arguments.plain_tiles ? base::Isa::portable : base::best_isa();
  const bool split = arguments.precision == "fast" && (arguments.plain_tiles || infer::native_has_fast());
  const native::Kernels& kernels = native::kernels_for(isa);
  native::Program program = native::compile(network.graph, network.weights, arguments.threads);
  if (split) native::split_weights(&program);
  base::WorkerPool pool(arguments.threads);
  native::Executor executor(program, kernels, pool, {rows, columns}, native::HeadPlace::inside);
  const auto work = [&] { executor.run({image.data()}); };
  work();
  if (!arguments.logits.empty()) {
    std::vector<float> logits(static_cast<std::size_t>(executor.output_shape(0).channels) * rows * columns);
    executor.write_output(0, logits.data());
    write_raw(arguments.logits, logits);
  }
  serve({{"name", native::engine_name(isa, split)},
         {"precision", split ? "fast" : "exact"},
         {"threads", pool.threads()}},
        work);
}

}  // namespace

void add_window(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("window", "one window to the logits");
  command->add_option("--model", arguments->model)->required();
  command->add_option("--image", arguments->image)->required();
  command->add_option("--logits", arguments->logits);
  command->add_option("--threads", arguments->threads);
  command->add_option("--precision", arguments->precision)->check(CLI::IsMember({"exact", "fast"}));
  command->add_flag("--plain-tiles", arguments->plain_tiles);
  command->callback([arguments] { run(*arguments); });
}

}  // namespace musclemap::bench
