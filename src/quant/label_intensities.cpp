#include "quant/label_intensities.hpp"

#include <algorithm>
#include <cstddef>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "image/typed_view.hpp"
#include "quant/cluster/label_fit.hpp"
#include "quant/label_limits.hpp"

namespace musclemap::quant {

void LabelIntensities::add(const SweepSlab& slab) {
  survey_.add(slab.values[0]);
  constexpr int kRowsWhole = 2;  // no axis but the third: a row is one stretch
  std::int32_t last_label = 0;
  DistinctValuesBuilder* builder = nullptr;
  image::with_view(slab.values[0], [&](const auto& values) {
    for_each_stretch(slab, kRowsWhole, [&](const Stretch& stretch) {
      if (builder == nullptr || stretch.label != last_label) {
        builder = &builders_[stretch.label];
        check_divided_count(builders_.size());
        last_label = stretch.label;
      }
      ++counts_.runs;
      counts_.voxels += stretch.end - stretch.begin;
      builder->add(&values(stretch.begin, stretch.j, stretch.k), stretch.end - stretch.begin,
                   values.stride[0]);
    });
  });
}

std::vector<TissueFit> LabelIntensities::fit(const TissueOptions& options, const RunControl& control,
                                             std::vector<Warning>* warnings) {
  struct Work {
    std::int32_t label;
    DistinctValues values;
    std::int64_t nonfinite;
    TissueFit fit;
  };
  std::vector<Work> work;
  LabelledHu labelled;
  counts_.labels = static_cast<std::int64_t>(builders_.size());
  for (auto& [label, builder] : builders_) {
    const std::int64_t nonfinite = builder.nonfinite();
    work.push_back({label, builder.take(), nonfinite, {}});
    labelled.add(work.back().values);
  }
  builders_.clear();
  warn_of_blank(survey_, "image", warnings);
  if (const auto swapped = image::doubt_of_places(survey_, counts_)) {
    warnings->push_back(*swapped);
  } else {
    warn_of_method(options.method, survey_, labelled, warnings);
  }
  // The longest first, so that no thread is left with it at the end.
  std::vector<Work*> order;
  order.reserve(work.size());
  for (Work& one : work) order.push_back(&one);
  std::stable_sort(order.begin(), order.end(),
                   [](const Work* a, const Work* b) { return a->values.size() > b->values.size(); });
  const int threads = base::resolve_threads(control.threads);
  // Threads that have no label of their own help with one.
  const int threads_a_label = std::max(1, threads / std::max(1, static_cast<int>(order.size())));
  base::parallel_for_reported(
      static_cast<std::int64_t>(order.size()), control, Stage::classify, [&](std::int64_t n) {
        Work& one = *order[static_cast<std::size_t>(n)];
        one.fit = fit_label(one.label, one.values, one.nonfinite, options, threads_a_label);
        one.values = {};
      });
  std::vector<TissueFit> fits;
  fits.reserve(work.size());
  for (Work& one : work) fits.push_back(std::move(one.fit));
  return fits;
}

}  // namespace musclemap::quant
