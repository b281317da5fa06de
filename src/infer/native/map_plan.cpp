#include "infer/native/map_plan.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "infer/native/convolver.hpp"
#include "infer/native/head_rows.hpp"

namespace musclemap::infer::native {
namespace {

// First and last operation that needs a map.
struct Lifetime {
  std::size_t begin = std::numeric_limits<std::size_t>::max();
  std::size_t end = 0;

  void extend(std::size_t operation) {
    begin = std::min(begin, operation);
    end = std::max(end, operation);
  }
  bool overlaps(const Lifetime& other) const { return begin <= other.end && other.begin <= end; }
};

std::vector<Lifetime> lifetimes(const Program& program) {
  std::vector<Lifetime> result(program.maps.size());
  const auto extend = [&](const Value& value, std::size_t operation) {
    if (value.map != Value::kNone) result[value.map].extend(operation);
  };
  for (std::size_t i = 0; i < program.operations.size(); ++i) {
    for (const Value& input : program.operations[i].inputs) extend(input, i);
    extend(program.operations[i].output, i);
  }
  for (const ProgramOutput& output : program.outputs) extend(output.value, program.operations.size());
  if (program.head) extend(program.head->input, program.operations.size());
  return result;
}

// The largest maps first, each as low as those that live with it leave room.
void place_maps(const std::vector<std::int64_t>& sizes, const std::vector<Lifetime>& lives, MapPlan* plan) {
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return sizes[a] > sizes[b]; });
  std::vector<std::size_t> placed;  // by their offsets
  for (const std::size_t map : order) {
    std::int64_t offset = 0;
    for (const std::size_t other : placed) {
      const std::int64_t other_begin = plan->maps[other].offset;
      if (!lives[map].overlaps(lives[other]) || other_begin + sizes[other] <= offset) continue;
      if (other_begin >= offset + sizes[map]) break;
      offset = other_begin + sizes[other];
    }
    plan->maps[map].offset = offset;
    plan->floats = std::max(plan->floats, offset + sizes[map]);
    const auto behind =
        std::upper_bound(placed.begin(), placed.end(), offset,
                         [&](std::int64_t at, std::size_t m) { return at < plan->maps[m].offset; });
    placed.insert(behind, map);
  }
}

std::int64_t scratch_of(const Program& program, const MapPlan& plan, int threads) {
  const auto image_channels = [&](const Value& value) {
    if (value.image == Value::kNone) return 0;
    const net::Port& port = program.graph.inputs[static_cast<std::size_t>(value.image)];
    return static_cast<int>(program.graph.layers[port.layer].channels);
  };
  Scratch scratch;
  for (const Operation& operation : program.operations) {
    for (const Layer& layer : operation.layers) {
      // A phase has no more outputs than the map.
      const Extent& output = plan.maps[operation.output.map].extent;
      scratch.cover(Convolver::scratch(layer, output, image_channels(operation.inputs[0]), threads));
    }
  }
  if (program.head && !HeadRows::fits(program)) {
    scratch.cover(Convolver::scratch(program.head->layer, extent_of(plan.outputs[0]), 0, threads));
  }
  const std::int64_t rows =
      HeadRows::fits(program) ? HeadRows::scratch(*program.head, program.outputs[0].count(), threads) : 0;
  return scratch.shared + threads * scratch.of_thread + rows;
}

}  // namespace

Extent extent_of(const net::LayerShape& shape) {
  if (shape.is_vector()) return {1, 1, 1};
  const std::size_t axes = shape.sizes.size();
  const int planes = axes > 2 ? static_cast<int>(shape.sizes[0]) : 1;
  return {planes, static_cast<int>(shape.sizes[axes - 2]), static_cast<int>(shape.sizes[axes - 1])};
}

MapPlan plan_maps(const Program& program, const std::vector<std::int64_t>& sizes_of_window, int threads,
                  HeadPlace head) {
  const std::vector<net::LayerShape> shapes = net::layer_shapes(program.graph, sizes_of_window);
  MapPlan plan;
  std::vector<std::int64_t> sizes;
  for (const MapSpec& map : program.maps) {
    const Extent extent = extent_of(shapes[map.layer]);
    plan.maps.push_back({extent, 0});
    sizes.push_back(map.blocks * extent.pixels() * kLanes);
  }
  for (const ProgramOutput& output : program.outputs) plan.outputs.push_back(shapes[output.layer]);
  if (program.head && head == HeadPlace::apart) sizes[program.head->input.map] = 0;
  place_maps(sizes, lifetimes(program), &plan);
  plan.scratch = scratch_of(program, plan, threads);
  return plan;
}

}  // namespace musclemap::infer::native
