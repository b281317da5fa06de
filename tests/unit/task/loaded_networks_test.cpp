#include "task/loaded_networks.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "musclemap/musclemap.hpp"
#include "support/catch.hpp"
#include "support/fixed_bundle.hpp"
#include "task/musclemap_task.hpp"

namespace musclemap::task {
namespace {

// A network whose readings are counted.
NetworkSource counted(const ModelBundle& bundle, int* count) {
  NetworkSource source;
  source.file = bundle.weights_file();
  source.bytes = 1;
  source.read = [bundle, count](const RunControl& /*control*/) {
    ++*count;
    return network_of(bundle);
  };
  return source;
}

Volume ramp() {
  Geometry geometry;
  geometry.shape = {40, 30, 2};
  Volume image = Volume::zeros(geometry, DType::f32);
  const auto voxel = image.mutable_view<float>();
  for (int j = 0; j < 30; ++j) {
    for (int i = 0; i < 40; ++i) voxel(i, j, 1) = static_cast<float>(i * j);
  }
  return image;
}

TEST_CASE("loaded networks: each is read when it is first asked for, and once", "[task]") {
  const ModelBundle bundle = test::fixed_bundle();
  int first = 0;
  int second = 0;
  LoadedNetworks networks({{"first.pth", counted(bundle, &first)}, {"second.pth", counted(bundle, &second)}},
                          {});
  CHECK(networks.loaded({"first.pth", ""}) == nullptr);
  const infer::Engine* engine = networks.open({{"first.pth", ""}}, {})[0];
  CHECK(networks.open({{"first.pth", ""}}, {})[0] == engine);
  CHECK(first == 1);
  CHECK(second == 0);
  CHECK(networks.open({{"second.pth", ""}}, {})[0] != engine);
  networks.open({{"first.pth", ""}}, {});
  CHECK(first == 1);
  CHECK(second == 1);
}

TEST_CASE("loaded networks: beyond the limit those that ran longest ago are let go", "[task]") {
  const ModelBundle bundle = test::fixed_bundle();
  int loads[4] = {};
  std::map<std::string, NetworkSource> sources;
  const std::vector<NetworkRef> all = {{"0", ""}, {"1", ""}, {"2", ""}, {"3", ""}};
  for (std::size_t n = 0; n < all.size(); ++n) sources[all[n].file] = counted(bundle, &loads[n]);
  const std::size_t each = sources["0"].bytes;
  LoadedNetworks networks(sources, {}, 3 * each);
  for (const std::size_t n : {0, 1, 2, 1, 0, 2}) networks.open({all[n]}, {});
  CHECK((loads[0] == 1 && loads[1] == 1 && loads[2] == 1));
  networks.open({all[3]}, {});  // 0 is the first of all, 1 ran longest ago
  CHECK(networks.loaded(all[0])->engine != nullptr);
  CHECK(networks.loaded(all[1])->engine == nullptr);
  CHECK(networks.loaded(all[2])->engine != nullptr);
  const std::vector<infer::Engine*> together = networks.open({all[1], all[2], all[3]}, {});
  CHECK(together[0] == networks.loaded(all[1])->engine.get());
  CHECK(loads[1] == 2);
  CHECK((loads[0] == 1 && loads[2] == 1 && loads[3] == 1));
  CHECK(networks.bytes() == 3 * each);
}

TEST_CASE("loaded networks: a segmenter loads once, however many images it sees", "[task]") {
  const ModelBundle bundle = test::fixed_bundle();
  int loads = 0;
  auto state = std::make_shared<Task::State>();
  state->spec = task_of_run(bundle, {});
  state->sources[state->spec.stages[0].networks[0].file] = counted(bundle, &loads);
  SegmentOptions options;
  options.engine = EngineChoice::native;
  Segmenter segmenter(Task(state), options);
  const Volume image = ramp();
  for (int n = 0; n < 3; ++n) segmenter.run(image);
  Segmenter moved = std::move(segmenter);
  moved.run(image);
  CHECK(loads == 1);
}

}  // namespace
}  // namespace musclemap::task
