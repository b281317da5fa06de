// Masks of stored flows beside those of Cellpose 3.1.1.2 itself.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "decode/flows/label_ends.hpp"
#include "io/arrays/npz_file.hpp"
#include "musclemap/cells.hpp"
#include "support/catch.hpp"
#include "support/cell_vectors.hpp"

namespace musclemap {
namespace {

using test::cell_manifest;
using test::cell_vector;
using test::CellVector;
using test::shared_data;

CellMaskOptions options_of(const nlohmann::json& entry) {
  CellMaskOptions options;
  options.niter = entry.value("niter", options.niter);
  options.interp = entry.value("interp", options.interp);
  options.cellprob_threshold = entry.value("cellprob_threshold", options.cellprob_threshold);
  options.flow_threshold = entry.value("flow_threshold", options.flow_threshold);
  options.min_size = entry.value("min_size", options.min_size);
  options.max_size_fraction = entry.value("max_size_fraction", options.max_size_fraction);
  return options;
}

CellFlows flows_of(const CellVector<float>& flows, const CellVector<float>& cellprob) {
  const std::vector<std::int64_t>& shape = cellprob.shape;
  const std::int64_t depth = shape.size() == 3 ? shape[0] : 0;
  return {flows.values.data(), cellprob.values.data(), depth, shape[shape.size() - 2], shape.back()};
}

std::vector<std::uint32_t> masks_with(const CellFlows& flows, CellMaskOptions options, CellCompat compat,
                                      CellMaskStages* stages = nullptr) {
  options.compat = compat;
  RunControl control;
  control.threads = 2;
  return cell_masks(flows, options, control, stages).labels;
}

void check_errors(const std::vector<double>& errors, const std::vector<double>& expected) {
  REQUIRE(errors.size() == expected.size());
  for (std::size_t n = 0; n < errors.size(); ++n) CHECK(std::abs(errors[n] - expected[n]) < 1e-9);
}

TEST_CASE("cell masks: made-up flows give Cellpose's positions, seeds, flow errors and masks", "[decode]") {
  if (shared_data().empty()) return;
  const nlohmann::json cases = cell_manifest("cellpose").at("cases");
  for (const std::string name : {"clean", "noisy", "nointerp", "niter", "smallmask", "noqc"}) {
    INFO(name);
    const std::string at = "dyn_" + name;
    const auto dp = cell_vector<float>(at + ".dP");
    const auto cellprob = cell_vector<float>(at + ".cellprob");
    const CellFlows flows = flows_of(dp, cellprob);
    CellMaskOptions options = options_of(cases.at(at));
    CellMaskStages stages;
    CHECK(masks_with(flows, options, CellCompat::v3_1_1_2, &stages) ==
          cell_vector<std::uint32_t>(at + ".masks").values);
    CHECK(stages.positions == cell_vector<float>(at + ".p").values);
    CHECK(stages.seed_masks == cell_vector<std::uint32_t>(at + ".masks_seed").values);
    CHECK(masks_with(flows, options, CellCompat::fixed) ==
          cell_vector<std::uint32_t>(at + ".masks_fixed").values);
    // Errors are stored where the check is off as well.
    if (options.flow_threshold <= 0) options.flow_threshold = 1e9;
    masks_with(flows, options, CellCompat::fixed, &stages);
    check_errors(stages.flow_errors, cell_vector<double>(at + ".flow_error").values);
  }
}

TEST_CASE("cell masks: cells above a part of the picture go as in Cellpose", "[decode]") {
  if (shared_data().empty()) return;
  const auto dp = cell_vector<float>("dyn_big.dP");
  const auto cellprob = cell_vector<float>("dyn_big.cellprob");
  for (const auto& [name, most] : {std::pair{"dyn_big40.masks", 0.4}, {"dyn_big90.masks", 0.9}}) {
    CellMaskOptions options;
    options.max_size_fraction = most;
    CHECK(masks_with(flows_of(dp, cellprob), options, CellCompat::v3_1_1_2) ==
          cell_vector<std::uint32_t>(name).values);
  }
}

TEST_CASE("cell masks: flows of real cells give Cellpose's masks for every setting", "[decode]") {
  if (shared_data().empty()) return;
  const nlohmann::json manifest = cell_manifest("cells_real/vectors");
  for (const std::string name : {"nuclei", "ecoli_dense", "membranes"}) {
    const io::NpzReader arrays(shared_data() / "cells_real" / "vectors" / (name + ".npz"));
    const auto dp = cell_vector<float>(arrays.read("dP"));
    const auto cellprob = cell_vector<float>(arrays.read("cellprob"));
    const CellFlows flows = flows_of(dp, cellprob);
    for (const auto& [setting, entry] : manifest.at(name).at("settings").items()) {
      INFO(name << ", " << setting);
      const CellMaskOptions options = options_of(entry);
      const auto masks = cell_vector<std::uint32_t>(arrays.read("masks_" + setting));
      CHECK(masks_with(flows, options, CellCompat::v3_1_1_2) == masks.values);
      const bool differs = arrays.has("fixed_" + setting);
      CHECK(masks_with(flows, options, CellCompat::fixed) ==
            (differs ? cell_vector<std::uint32_t>(arrays.read("fixed_" + setting)).values : masks.values));
    }
    CellMaskStages stages;
    masks_with(flows, {}, CellCompat::fixed, &stages);
    CHECK(stages.seed_masks == cell_vector<std::uint32_t>(arrays.read("masks_seed")).values);
    check_errors(stages.flow_errors, cell_vector<double>(arrays.read("flow_error")).values);
    base::Sha256 all;
    all.update(stages.positions.data(), stages.positions.size() * sizeof(float));
    CHECK(all.hex() == manifest.at(name).at("p_sha256"));
    const auto p = cell_vector<float>(arrays.read("p"));
    const auto kept = static_cast<std::size_t>(p.shape[1]);
    const std::size_t pixels = stages.positions.size() / 2;
    for (std::size_t axis = 0; axis < 2; ++axis) {
      CHECK(std::equal(p.values.begin() + static_cast<std::ptrdiff_t>(axis * kept),
                       p.values.begin() + static_cast<std::ptrdiff_t>((axis + 1) * kept),
                       stages.positions.begin() + static_cast<std::ptrdiff_t>(axis * pixels)));
    }
  }
}

TEST_CASE("cell masks: grid_sample dynamics give the positions and masks of Cellpose 4", "[decode]") {
  if (shared_data().empty()) return;
  const nlohmann::json cases = cell_manifest("cellpose").at("cases");
  for (const std::string name : {"clean", "noisy", "smallmask"}) {
    INFO(name);
    const std::string at = "dyn_" + name;
    const auto dp = cell_vector<float>(at + ".dP");
    const auto cellprob = cell_vector<float>(at + ".cellprob");
    CellMaskOptions options = options_of(cases.at(at));
    options.dynamics = CellDynamics::grid_sample;
    CellMaskStages stages;
    CHECK(masks_with(flows_of(dp, cellprob), options, CellCompat::fixed, &stages) ==
          cell_vector<std::uint32_t>(at + ".masks_v4").values);
    CHECK(stages.positions == cell_vector<float>(at + ".p_v4").values);
  }
}

TEST_CASE("cell masks: a volume's positions and masks are Cellpose's", "[decode]") {
  if (shared_data().empty()) return;
  const auto dp = cell_vector<float>("d3.dP");
  const auto cellprob = cell_vector<float>("d3.cellprob");
  for (const CellCompat compat : {CellCompat::fixed, CellCompat::v3_1_1_2}) {
    CellMaskStages stages;
    CHECK(masks_with(flows_of(dp, cellprob), {}, compat, &stages) ==
          cell_vector<std::uint32_t>("d3.masks").values);
    CHECK(stages.positions == cell_vector<float>("d3.p").values);
    CHECK(stages.flow_errors.empty());
  }
}

TEST_CASE("labels of ends: of two equal seeds the later one holds", "[decode]") {
  if (shared_data().empty()) return;
  const auto p = cell_vector<std::int32_t>("seed_tie.p");
  const auto from = cell_vector<std::int64_t>("seed_tie.inds");
  const auto masks = cell_vector<std::uint32_t>("seed_tie.masks");
  const std::int64_t width = masks.shape[1];
  const std::size_t count = p.values.size() / 2;
  std::vector<std::uint32_t> ends;
  for (std::size_t n = 0; n < count; ++n) {
    ends.push_back(static_cast<std::uint32_t>(p.values[n] * width + p.values[n + count]));
  }
  const std::uint32_t seeds = decode::label_ends({1, masks.shape[0], width, 2}, 1000, {}, &ends);
  CHECK(decode::drop_large_labels(1e9, seeds, &ends) ==
        *std::max_element(masks.values.begin(), masks.values.end()));
  std::vector<std::uint32_t> map(masks.values.size());
  for (std::size_t n = 0; n < count; ++n) {
    map[static_cast<std::size_t>(from.values[n] * width + from.values[n + count])] = ends[n];
  }
  CHECK(map == masks.values);
}

}  // namespace
}  // namespace musclemap
