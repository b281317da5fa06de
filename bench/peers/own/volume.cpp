#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <numeric>
#include <vector>

#include "image/field.hpp"
#include "infer/volume_scores.hpp"
#include "infer/volume_windows.hpp"
#include "nnunet_model.hpp"
#include "raw_file.hpp"
#include "serve.hpp"
#include "works.hpp"

namespace musclemap::bench {
namespace {

struct Arguments {
  std::filesystem::path model;      // a folder that nnU-Net has trained
  std::vector<std::int64_t> patch;  // z, y, x; empty: the model's
  std::filesystem::path image;      // float32, windows of [z][y][x]
  std::filesystem::path logits;     // float32, [window][class][z][y][x]
  int windows = 2;
  int threads = 1;
};

std::vector<std::int64_t> patch_of(const Arguments& arguments, const NnunetModel& model) {
  return arguments.patch.empty() ? model.patch() : arguments.patch;
}

nlohmann::json about(const infer::LoadedEngine& loaded, int threads) {
  return {{"name", loaded.engine->name()},
          {"threads", threads},
          {"engine_reason", loaded.reason},
          {"check", loaded.check}};
}

// A window's voxels, again and again along z.
class Repeated : public image::Field {
 public:
  Repeated(std::vector<float> window, const std::vector<std::int64_t>& patch)
      : window_(std::move(window)), patch_(patch) {}

  void read(const image::Block& block, float* out) override {
    for (std::int64_t x = block.begin[0]; x < block.end[0]; ++x) {
      for (std::int64_t y = block.begin[1]; y < block.end[1]; ++y) {
        for (std::int64_t z = block.begin[2]; z < block.end[2]; ++z) {
          *out++ = window_.at(static_cast<std::size_t>(((z % patch_[0]) * patch_[1] + y) * patch_[2] + x));
        }
      }
    }
  }

 private:
  std::vector<float> window_;
  std::vector<std::int64_t> patch_;
};

// Windows half a patch apart along z: their sums, divided, as slices in half precision.
void run_blended(const Arguments& arguments) {
  const NnunetModel model(arguments.model);
  const infer::LoadedEngine loaded = model.load(arguments.threads);
  const std::vector<std::int64_t> patch = patch_of(arguments, model);
  constexpr double kStep = 0.5;
  const std::int64_t depth = patch[0] + (arguments.windows - 1) * patch[0] / 2;
  const infer::VolumeWindows plan = infer::plan_volume(patch, kStep, {patch[2], patch[1], depth});
  Repeated field(read_raw<float>(arguments.image), patch);
  infer::VolumeScoreOptions options;
  options.classes = model.classes();
  options.threads = arguments.threads;
  const auto work = [&] {
    infer::volume_scores(field, plan, {loaded.engine.get()}, options,
                         [](std::int64_t, const image::HalfSlice&) {});
  };
  work();
  nlohmann::json facts = about(loaded, arguments.threads);
  facts["windows"] = plan.windows();
  serve(facts, work);
}

void run_logits(const Arguments& arguments) {
  const NnunetModel model(arguments.model);
  const infer::LoadedEngine loaded = model.load(arguments.threads);
  std::vector<std::int64_t> shape = patch_of(arguments, model);
  const auto voxels = static_cast<std::size_t>(
      std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>()));
  shape.insert(shape.begin(), {1, 1});
  const std::vector<float> images = read_raw<float>(arguments.image);
  std::vector<float> logits(images.size() * static_cast<std::size_t>(model.classes()));
  const auto work = [&] {
    for (std::size_t first = 0; first < images.size(); first += voxels) {
      loaded.engine->run(images.data() + first, shape, model.classes(),
                         logits.data() + first * static_cast<std::size_t>(model.classes()));
    }
  };
  work();
  if (!arguments.logits.empty()) write_raw(arguments.logits, logits);
  serve(about(loaded, arguments.threads), work);
}

void run_loading(const Arguments& arguments) {
  const NnunetModel model(arguments.model);
  infer::LoadedEngine loaded = model.load(arguments.threads);
  serve(
      about(loaded, arguments.threads), [&] { loaded = model.load(arguments.threads); },
      [&] { loaded.engine.reset(); });
}

CLI::App* add_model(CLI::App& app, const char* name, const char* help,
                    const std::shared_ptr<Arguments>& arguments,
                    const std::function<void(const Arguments&)>& run) {
  CLI::App* command = app.add_subcommand(name, help);
  command->add_option("--model", arguments->model)->required();
  command->add_option("--threads", arguments->threads);
  command->callback([arguments, run] {
    setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);  // as the programs run LibTorch
    run(*arguments);
  });
  return command;
}

}  // namespace

void add_volume(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* blended =
      add_model(app, "volume", "windows of a volume to blended scores", arguments, run_blended);
  CLI::App* logits = add_model(app, "volume-logits", "windows of a volume to logits", arguments, run_logits);
  add_model(app, "volume-load", "a network of volumes from its file to an engine", arguments, run_loading);
  for (CLI::App* command : {blended, logits}) {
    command->add_option("--image", arguments->image)->required();
    command->add_option("--patch", arguments->patch)->delimiter(',')->expected(3);
  }
  blended->add_option("--windows", arguments->windows);
  logits->add_option("--logits", arguments->logits);
}

}  // namespace musclemap::bench
