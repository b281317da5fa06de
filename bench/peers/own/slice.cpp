#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/isa.hpp"
#include "infer/native/kernels.hpp"
#include "infer/native/native_engine.hpp"
#include "infer/window_plan.hpp"
#include "musclemap/model_bundle.hpp"
#include "serve.hpp"
#include "task/bundle_state.hpp"
#include "works.hpp"

namespace musclemap::bench {
namespace {

struct Arguments {
  std::filesystem::path model;
  std::vector<std::int64_t> size{400, 300};
  double overlap = 0.9;
  int threads = 1;
};

void run(const Arguments& arguments) {
  const ModelBundle bundle = ModelBundle::open(arguments.model);
  infer::native::NativeEngine engine(bundle.state().network, base::best_isa(), arguments.threads);
  const std::int64_t nx = arguments.size[0];
  const std::int64_t ny = arguments.size[1];
  const infer::SlicePlan plan = infer::plan_slice({bundle.window(), arguments.overlap}, nx, ny);
  const infer::EngineMemory memory = engine.memory(plan, bundle.out_channels());
  infer::SliceInfererOptions options;
  options.classes = bundle.out_channels();
  options.windows_at_once = std::max<std::int64_t>(1, memory.useful_windows);
  options.threads = arguments.threads;
  const std::unique_ptr<infer::SliceInferer> inferer = engine.infer_slices(plan, options);
  std::vector<float> image(static_cast<std::size_t>(nx * ny));
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = std::sin(0.37F * static_cast<float>(i));
  const auto work = [&] { inferer->run({image.data()}); };
  work();
  serve({{"name", engine.name()},
         {"threads", arguments.threads},
         {"windows", plan.windows()},
         {"engine_bytes", memory.fixed + memory.per_window * options.windows_at_once}},
        work);
}

}  // namespace

void add_slice(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("slice", "a slice of overlapping windows to blended scores");
  command->add_option("--model", arguments->model)->required();
  command->add_option("--size", arguments->size)->delimiter(',')->expected(2);
  command->add_option("--overlap", arguments->overlap);
  command->add_option("--threads", arguments->threads);
  command->callback([arguments] { run(*arguments); });
}

}  // namespace musclemap::bench
