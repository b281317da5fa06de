#include "task/measured_chain.hpp"

#include <algorithm>
#include <cstdint>
#include <variant>

#include "base/progress.hpp"

namespace musclemap::task {
namespace {

// Which steps are measured together: [begin, end), where all look at the field below the first.
struct Group {
  std::size_t begin;
  std::size_t end;
  bool measures;
};

std::vector<Group> groups_of(const std::vector<image::Step>& steps) {
  std::vector<Group> groups;
  for (std::size_t n = 0; n < steps.size(); ++n) {
    const bool joins =
        std::visit([](const auto& step) { return measured_with_the_one_before(step); }, steps[n]);
    if (joins && !groups.empty()) {
      groups.back().end = n + 1;
      groups.back().measures = true;
      continue;
    }
    const bool measures =
        std::visit([](const auto& step) { return meter(step, {}, 1) != nullptr; }, steps[n]);
    groups.push_back({n, n + 1, measures});
  }
  return groups;
}

}  // namespace

MeasuredChain::MeasuredChain(const std::vector<image::Step>& steps, image::Field& image,
                             const image::Grid& from, bool falling, int threads,
                             const std::function<void()>& after_pass, const RunControl& control)
    : top_(&image), measured_(steps.size()) {
  const std::vector<Group> groups = groups_of(steps);
  std::vector<double> weights;
  weights.reserve(groups.size());
  for (const Group& group : groups) weights.push_back(group.measures ? 1 : 0);
  const base::Steps progress(control, weights);
  image::Grid grid = from;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Group& group = groups[g];
    std::vector<std::unique_ptr<image::Meter>> meters(steps.size());
    int passes = 0;
    for (std::size_t n = group.begin; n < group.end; ++n) {
      meters[n] =
          std::visit([&](const auto& step) { return meter(step, grid.shape, top_->channels()); }, steps[n]);
      if (meters[n]) passes = std::max(passes, meters[n]->passes());
    }
    const RunControl own = progress.step(g);
    const std::int64_t slices = grid.shape[2];
    for (int pass = 0; pass < passes; ++pass) {
      for (std::int64_t n = 0; n < slices; ++n) {
        const std::int64_t z = falling ? slices - 1 - n : n;
        const std::vector<float> slice = top_->values(image::slice_of(image::whole(grid.shape), z));
        for (const auto& each : meters) {
          if (each && pass < each->passes()) each->add(pass, z, slice.data());
        }
        base::report(own, Stage::prepare, pass * slices + n + 1, passes * slices);
      }
      after_pass();
    }
    for (std::size_t n = group.begin; n < group.end; ++n) {
      if (meters[n]) measured_[n] = meters[n]->measured();
      std::unique_ptr<image::Field> field = std::visit(
          [&](const auto& step) { return apply(step, *top_, grid, measured_[n], threads); }, steps[n]);
      grid = std::visit([&](const auto& step) { return forward(step, grid, measured_[n]); }, steps[n]);
      if (!field) continue;
      top_ = field.get();
      fields_.push_back(std::move(field));
    }
  }
}

}  // namespace musclemap::task
