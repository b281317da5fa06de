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

void write_cell_dump(const std::filesystem::path& file, std::int64_t height, std::int64_t width,
                     const CellResult& result, const CellStages& stages) {
  const auto maps = [](std::int64_t count, std::int64_t rows, std::int64_t columns) {
    return std::vector<std::int64_t>{count, rows, columns};
  };
  const std::int64_t channels = static_cast<std::int64_t>(stages.normalized.size()) / (height * width);
  const CellMaskStages& masks = stages.masks;
  const std::int64_t foreground = static_cast<std::int64_t>(masks.positions.size()) / 2;
  const auto count_of = [](const auto& values) { return static_cast<std::int64_t>(values.size()); };
  io::NpzWriter out(file);
  out.add("normalized", io::array_view(maps(channels, height, width), stages.normalized.data()));
  out.add("rescaled", io::array_view(maps(channels, stages.network_height, stages.network_width),
                                     stages.rescaled.data()));
  out.add("network",
          io::array_view(maps(3, stages.network_height, stages.network_width), stages.network.data()));
  out.add("style", io::array_view({count_of(result.style)}, result.style.data()));
  out.add("dP", io::array_view(maps(2, result.flow_height, result.flow_width), result.flows.data()));
  out.add("cellprob", io::array_view({result.flow_height, result.flow_width}, result.cellprob.data()));
  out.add("p", io::array_view({2, foreground}, masks.positions.data()));
  out.add("seed_masks", io::array_view({result.flow_height, result.flow_width}, masks.seed_masks.data()));
  out.add("flow_errors", io::array_view({count_of(masks.flow_errors)}, masks.flow_errors.data()));
  out.add("masks", io::array_view({height, width}, result.masks.labels.data()));
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
