#include "task/cells/cell_dump.hpp"

#include <algorithm>
#include <cmath>

#include "io/arrays/npz_file.hpp"

namespace musclemap::task {
namespace {

struct StageArray {
  char stage;
  const char* name;
  double allowed;  // difference; docs/chains/cells.md, "Stages"
};

constexpr StageArray kArrays[] = {
    {'a', "normalized", 1e-6},  {'a', "rescaled", 1e-6}, {'b', "network", 1e-4}, {'b', "style", 1e-4},
    {'b', "dP", 1e-4},          {'b', "cellprob", 1e-4}, {'c', "p", 0},          {'d', "seed_masks", 0},
    {'d', "flow_errors", 1e-9}, {'e', "masks", 0},
};

/// Of the pixels of a run's masks: what one rounding in a network moves.
constexpr double kAllowedShare = 0.005;

DumpDifference difference_of(const StageArray& array, const io::NpzReader& a, const io::NpzReader& b) {
  DumpDifference found;
  found.stage = array.stage;
  found.array = array.name;
  found.allowed = array.allowed;
  if (array.stage == 'e') found.allowed_share = kAllowedShare;
  if (a.has(array.name) != b.has(array.name)) {
    found.problem = std::string("only the ") + (a.has(array.name) ? "first" : "second") + " has it";
    return found;
  }
  const io::Array first = a.read(array.name);
  const io::Array second = b.read(array.name);
  if (first.shape != second.shape) {
    found.problem = "shapes are " + io::shape_text(first.shape) + " and " + io::shape_text(second.shape);
    return found;
  }
  const std::vector<double> x = io::values_as<double>(first.view());
  const std::vector<double> y = io::values_as<double>(second.view());
  found.values = static_cast<std::int64_t>(x.size());
  for (std::size_t n = 0; n < x.size(); ++n) {
    if (x[n] == y[n] || (std::isnan(x[n]) && std::isnan(y[n]))) continue;
    ++found.different;
    const double apart = std::abs(x[n] - y[n]);
    found.largest = std::max(found.largest, std::isnan(apart) ? HUGE_VAL : apart);
  }
  return found;
}

}  // namespace

void write_cell_dump(const std::filesystem::path& file, const std::array<std::int64_t, 3>& shape,
                     const CellResult& result, const CellStages& stages) {
  const auto count_of = [](const auto& values) { return static_cast<std::int64_t>(values.size()); };
  // (map, z, y, x), without what there is one of.
  const auto maps = [&](std::int64_t count, std::int64_t planes, std::int64_t rows, std::int64_t columns) {
    std::vector<std::int64_t> axes;
    if (count > 0) axes.push_back(count);
    if (shape[0] > 1) axes.push_back(planes);
    axes.insert(axes.end(), {rows, columns});
    return axes;
  };
  const std::int64_t pixels = shape[0] * shape[1] * shape[2];
  const std::int64_t channels = count_of(stages.normalized) / pixels;
  const CellMaskStages& masks = stages.masks;
  const auto seen = [&](std::int64_t count) {
    return maps(count, stages.network_depth, stages.network_height, stages.network_width);
  };
  const auto followed = [&](std::int64_t count) {
    return maps(count, result.flow_depth, result.flow_height, result.flow_width);
  };
  const std::int64_t axes = result.flow_axes;
  io::NpzWriter out(file);
  out.add("normalized",
          io::array_view(maps(channels, shape[0], shape[1], shape[2]), stages.normalized.data()));
  out.add("rescaled", io::array_view(seen(channels), stages.rescaled.data()));
  out.add("network", io::array_view(seen(axes + 1), stages.network.data()));
  out.add("style", io::array_view({count_of(result.style)}, result.style.data()));
  out.add("dP", io::array_view(followed(axes), result.flows.data()));
  out.add("cellprob", io::array_view(followed(0), result.cellprob.data()));
  out.add("p", io::array_view({axes, count_of(masks.positions) / axes}, masks.positions.data()));
  out.add("seed_masks", io::array_view(followed(0), masks.seed_masks.data()));
  out.add("flow_errors", io::array_view({count_of(masks.flow_errors)}, masks.flow_errors.data()));
  out.add("masks", io::array_view(maps(0, shape[0], shape[1], shape[2]), result.masks.labels.data()));
  out.finish();
  out.commit();
}

std::vector<DumpDifference> compare_cell_dumps(const std::filesystem::path& a,
                                               const std::filesystem::path& b) {
  const io::NpzReader first(a);
  const io::NpzReader second(b);
  std::vector<DumpDifference> found;
  for (const StageArray& array : kArrays) {
    if (first.has(array.name) || second.has(array.name)) found.push_back(difference_of(array, first, second));
  }
  return found;
}

}  // namespace musclemap::task
