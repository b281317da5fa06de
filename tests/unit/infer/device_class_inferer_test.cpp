// Classes from the torch module's own path, here on the CPU, against those of the class sampler.
#include <dlfcn.h>

#include <cmath>
#include <iostream>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "infer/engine.hpp"
#include "infer/engine_module.h"
#include "infer/module_message.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/fixed_network.hpp"
#include "support/grids.hpp"
#include "support/torchscript_writer.hpp"
#include "task/streamed_classes.hpp"

namespace musclemap::infer {
namespace {

using test::contains;
using test::error_of;

bool torch_missing() {
  const TorchProbe probe = probe_torch(false);
  if (!probe.available) std::cout << "skipped: needs the torch engine: " << probe.problem << "\n";
  return !probe.available;
}

// A pixel's scores are its value times -1 to 1 in halves, plus one of so many numbers from 0 on: ties are
// common, and an infinite pixel scores infinity, -infinity and nothing that is a number.
std::string linear_program(std::int64_t classes, std::uint32_t numbers) {
  test::ScriptModule module = test::module_of({"return torch.add(torch.mul(x, self.factor), self.term)"});
  std::string& code = module.code["net.py"];
  code.insert(code.find("  def "), "  factor : Tensor\n  term : Tensor\n");
  std::mt19937 random(7);
  std::vector<float> factors;
  std::vector<float> terms;
  for (std::int64_t c = 0; c < classes; ++c) {
    factors.push_back(static_cast<float>(static_cast<int>(random() % 5) - 2) / 2);
    terms.push_back(static_cast<float>(random() % numbers));
  }
  test::add_tensor(module, "factor", {1, classes, 1, 1}, factors);
  test::add_tensor(module, "term", {1, classes, 1, 1}, terms);
  return test::write_torchscript(module);
}

std::unique_ptr<Engine> linear_engine(std::int64_t classes, std::uint32_t numbers = 3) {
  Network network;
  network.torchscript = linear_program(classes, numbers);
  return load_torch_engine(network, Device{}, 0);
}

std::vector<float> random_image(std::int64_t nx, std::int64_t ny, std::int64_t z) {
  std::mt19937 random(static_cast<unsigned>(z) + 11);
  std::uniform_real_distribution<float> any(-4, 4);
  std::vector<float> image;
  for (std::int64_t n = 0; n < nx * ny; ++n) {
    const auto kind = random() % 60;
    float value = z % 2 == 0 ? std::nearbyint(any(random)) : any(random);
    if (kind == 0) value = std::numeric_limits<float>::quiet_NaN();
    if (kind == 1) value = std::numeric_limits<float>::infinity();
    if (kind == 2) value = -std::numeric_limits<float>::infinity();
    if (kind == 3) value *= 1e38F;
    if (kind == 4) value *= 1e-39F;
    image.push_back(value);
  }
  return image;
}

// Of every target slice; `image_of(nx, ny, z)` is what the network sees.
template <class ImageOf>
std::vector<std::vector<std::int16_t>> classes_of(Engine& engine, const test::Grids& grids,
                                                  std::int64_t classes, bool falling, bool on_device,
                                                  const ImageOf& image_of) {
  const std::int64_t nx = grids.box.end[0] - grids.box.begin[0];
  const std::int64_t ny = grids.box.end[1] - grids.box.begin[1];
  SliceInfererOptions options;
  options.classes = classes;
  options.windows_at_once = 3;
  options.on_device = on_device;
  ClassTask task;
  task.back = {grids.box, grids.target, grids.resampler, {}};
  task.falling = falling;
  task.image_of = [&](std::int64_t z) { return image_of(nx, ny, z); };
  const SlicePlan plan = plan_slice({{8, 8, 1}, 0.5}, nx, ny);
  std::unique_ptr<ClassInferer> inferer = engine.infer_classes(plan, options, task);
  CHECK((inferer != nullptr) == on_device);
  if (!inferer) {
    inferer = std::make_unique<task::StreamedClasses>(engine.infer_slices(plan, options), task, classes, 1);
  }
  std::vector<std::vector<std::int16_t>> found(static_cast<std::size_t>(grids.target[2]));
  for (std::int64_t n = 0; n < grids.target[2]; ++n) {
    const std::int64_t k = falling ? grids.target[2] - 1 - n : n;
    found[static_cast<std::size_t>(k)] = inferer->slice(k);
  }
  return found;
}

TEST_CASE("classes on the device: those of the class sampler at every voxel", "[infer]") {
  if (torch_missing()) return;
  for (const std::int64_t classes : {1, 2, 17, 114}) {
    const std::unique_ptr<Engine> engine = linear_engine(classes);
    for (const test::Grids& grids : test::every_kind_of_grids()) {
      for (const bool falling : {false, true}) {
        INFO(classes << " classes, " << grids.name << (falling ? ", falling" : ""));
        CHECK(classes_of(*engine, grids, classes, falling, true, random_image) ==
              classes_of(*engine, grids, classes, falling, false, random_image));
      }
    }
  }
}

TEST_CASE("classes on the device: weights are multiplied in the order of the class sampler", "[infer]") {
  if (torch_missing()) return;
  // At the same place along x and y the exact sums are 0: the last bits of the weights decide their sign.
  const auto antisymmetric = [](std::int64_t nx, std::int64_t ny, std::int64_t) {
    std::vector<float> image;
    for (std::int64_t x = 0; x < nx; ++x) {
      for (std::int64_t y = 0; y < ny; ++y) image.push_back(y > x ? 1.0F : (y < x ? -1.0F : 0.0F));
    }
    return image;
  };
  const std::unique_ptr<Engine> engine = linear_engine(17, 1);
  const test::Grids grids = test::grids("", {21, 21, 5}, {31, 31, 7}, test::scaled(.67, .67, .7), 0);
  CHECK(classes_of(*engine, grids, 17, false, true, antisymmetric) ==
        classes_of(*engine, grids, 17, false, false, antisymmetric));
}

TEST_CASE("classes on the device: stopping before a batch ends the call and leaves the engine usable",
          "[infer]") {
  if (torch_missing()) return;
  const auto engine = load_torch_engine(test::fixed_network(1), Device{}, 0);
  SliceInfererOptions options;
  options.classes = 6;
  options.on_device = true;
  int batches = 0;
  options.before_batch = [&batches] {
    if (++batches == 3) throw Error(ErrorCode::cancelled, "enough");
  };
  ClassTask task;
  task.back = {{{0, 0, 0}, {60, 25, 2}}, {60, 25, 2}, nullptr, {}};
  task.image_of = [](std::int64_t) { return std::vector<float>(60 * 25, 0.5F); };
  const SlicePlan plan = plan_slice({{32, 32, 1}, 0.5}, 60, 25);
  const auto inferer = engine->infer_classes(plan, options, task);
  CHECK(contains(error_of([&] { inferer->slice(0); }), "cancelled"));
  CHECK(inferer->slice(0).size() == 60 * 25);
  CHECK(inferer->windows_done() == plan.windows());
}

// The module's functions themselves, with a loaded network.
class Module {
 public:
  explicit Module(std::int64_t classes) {
    void* handle = dlopen(probe_torch(false).module_file.c_str(), RTLD_NOW | RTLD_LOCAL);
    functions = reinterpret_cast<musclemap_engine_entry>(dlsym(handle, MUSCLEMAP_ENGINE_ENTRY))();
    const std::string program = linear_program(classes, 3);
    musclemap_engine_network network{};
    network.torchscript = program.data();
    network.torchscript_bytes = program.size();
    functions->load(&network, -1, &model, message.text());
  }
  ~Module() { functions->unload(model); }
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  std::int64_t blend(std::int64_t nx, std::int64_t ny, std::int64_t classes) {
    const std::vector<float> image(static_cast<std::size_t>(nx * ny), 1);
    const std::vector<std::int64_t> place{0, 0};
    const std::vector<float> importance(static_cast<std::size_t>(nx * ny), 1);
    musclemap_engine_slice slice{};
    slice.image = image.data();
    slice.nx = slice.window_x = nx;
    slice.ny = slice.window_y = ny;
    slice.places = place.data();
    slice.windows = slice.batch = 1;
    slice.importance = importance.data();
    slice.classes = classes;
    slice.go_on = [](void*) { return std::int32_t{1}; };
    std::int64_t handle = 0;
    CHECK(functions->blend(model, &slice, &handle, message.text()) == 0);
    return handle;
  }

  // Of the pixels of a slice of 3 x 4; empty if it was done.
  std::string classify(const std::vector<std::int64_t>& handles, std::int64_t x = 0, std::int64_t count = 1,
                       std::int64_t extent = 1, std::int64_t z = 0, std::int64_t nx = 3) {
    const std::vector<std::int64_t> places{0, 0, 0, 0};
    const std::vector<std::int64_t> x_places{x, x, x, x};
    const std::vector<std::int64_t> z_places{z, z};
    const std::vector<double> weights{1, 0, 0, 0};
    musclemap_engine_target target{};
    target.nx = nx;
    target.ny = 4;
    target.scores = handles.data();
    target.score_count = static_cast<std::int64_t>(handles.size());
    target.axes[0] = {extent, 1, count, x_places.data(), weights.data()};
    target.axes[1] = {1, 1, 1, places.data(), weights.data()};
    target.axes[2] = {1, 1, 1, z_places.data(), weights.data()};
    std::vector<std::int16_t> classes(12, 99);
    if (functions->classify(model, &target, classes.data(), message.text()) == 0) return {};
    CHECK(classes == std::vector<std::int16_t>(12, 99));
    return message.str();
  }

  const musclemap_engine_functions* functions = nullptr;
  void* model = nullptr;
  ModuleMessage message;
};

TEST_CASE("engine module: malformed handles and neighbours are errors", "[infer]") {
  if (torch_missing()) return;
  Module module(5);
  const std::int64_t scores = module.blend(3, 4, 5);
  CHECK(module.classify({scores}).empty());
  CHECK(contains(module.classify({0}), "no scores are kept"));
  CHECK(contains(module.classify({scores + 1}), "no scores are kept"));
  CHECK(contains(module.classify({-7, scores}), "no scores are kept"));
  CHECK(contains(module.classify({}), "without pixels or scores"));
  CHECK(contains(module.classify({scores}, 0, 1, 1, 0, 0), "without pixels or scores"));
  CHECK(contains(module.classify({scores}, 3), "outside of the scores"));
  CHECK(contains(module.classify({scores}, -1), "outside of the scores"));
  CHECK(contains(module.classify({scores}, 0, 1, 1, 1), "outside of the scores"));
  CHECK(contains(module.classify({scores}, 0, 3), "do not fit"));
  CHECK(contains(module.classify({scores}, 0, 0), "do not fit"));
  CHECK(contains(module.classify({scores}, 0, 1, 2), "do not fit"));
  const std::int64_t others = module.blend(4, 3, 5);
  CHECK(contains(module.classify({scores, others}), "differ in size"));
  module.functions->release(module.model, scores);
  module.functions->release(module.model, scores);
  module.functions->release(module.model, 12345);
  CHECK(contains(module.classify({scores}), "no scores are kept"));
  // A handle that is given back is not given again.
  CHECK(module.blend(3, 4, 5) > others);
}

}  // namespace
}  // namespace musclemap::infer
