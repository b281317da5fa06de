#include "image/labels/separate_vertebrae.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <vector>

#include "image/labels/label_runs.hpp"
#include "image/labels/run_forest.hpp"

namespace musclemap::image {
namespace {

template <class T>
bool labels_touch(const VoxelView<T>& labels) {
  const Index3& n = labels.shape;
  const auto differ = [](T a, T b) { return a != 0 && b != 0 && a != b; };
  for (std::int64_t k = 0; k < n[2]; ++k) {
    for (std::int64_t j = 0; j < n[1]; ++j) {
      for (std::int64_t i = 0; i < n[0]; ++i) {
        const T label = labels(i, j, k);
        if (label == 0) continue;
        if (i > 0 && differ(label, labels(i - 1, j, k))) return true;
        if (j > 0 && differ(label, labels(i, j - 1, k))) return true;
        if (k > 0 && differ(label, labels(i, j, k - 1))) return true;
      }
    }
  }
  return false;
}

// Runs of foreground, whatever their labels.
void join_neighbours(std::vector<LabelRun>* runs) {
  std::size_t kept = 0;
  for (const LabelRun& run : *runs) {
    if (kept > 0 && (*runs)[kept - 1].end == run.begin) {
      (*runs)[kept - 1].end = run.end;
    } else {
      (*runs)[kept++] = {run.begin, run.end, 1};
    }
  }
  runs->resize(kept);
}

template <class T>
RunForest foreground(const VoxelView<T>& labels) {
  RunForest forest(labels.shape[1], 0);
  std::vector<LabelRun> runs;
  for (std::int64_t k = 0; k < labels.shape[2]; ++k) {
    for (std::int64_t j = 0; j < labels.shape[1]; ++j) {
      find_runs(labels, j, k, &runs);
      join_neighbours(&runs);
      forest.add_row(runs);
    }
  }
  return forest;
}

struct Body {
  std::int64_t voxels = 0;
  std::int64_t height = 0;  // sum of k over the voxels
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::int64_t label = 0;

  double centre() const { return static_cast<double>(height) / static_cast<double>(voxels); }
};

std::vector<Body> bodies_of(const RunForest& forest, std::size_t count, const Index3& n) {
  std::vector<Body> bodies(count);
  forest.for_each([&](const RunForest::Run& run, std::int64_t j, std::int64_t k) {
    Body& body = bodies[run.parent];
    const std::int64_t voxels = std::int64_t{run.end} - run.begin;
    body.voxels += voxels;
    body.height += voxels * k;
    body.first = std::min(body.first, (std::int64_t{run.begin} * n[1] + j) * n[2] + k);
  });
  return bodies;
}

// Gives the bodies in that order the labels from `label` on, by `step`, as far as there are any.
void count_off(const std::vector<Body*>& bodies, std::int64_t label, std::int64_t step,
               const VertebraLabels& vertebrae) {
  for (Body* body : bodies) {
    if (label < vertebrae.first || label > vertebrae.last) return;
    body->label = label;
    label += step;
  }
}

}  // namespace

template <class T>
bool separate_vertebrae(const VoxelView<T>& labels, const VertebraLabels& vertebrae, double voxel_mm3,
                        double least_mm3) {
  if (!labels_touch(labels)) return false;
  RunForest forest = foreground(labels);
  std::vector<Body> bodies = bodies_of(forest, forest.number_parts(), labels.shape);
  const auto counts = [&](const Body& body) {
    return static_cast<double>(body.voxels) * voxel_mm3 >= least_mm3;
  };
  std::vector<Body*> kept;
  for (Body& body : bodies) {
    if (counts(body)) kept.push_back(&body);
  }
  std::set<std::int64_t> present;
  forest.for_each([&](const RunForest::Run& run, std::int64_t j, std::int64_t k) {
    if (!counts(bodies[run.parent])) return;
    std::int64_t last = 0;
    for (std::int64_t i = run.begin; i < run.end; ++i) {
      const std::int64_t label = labels(i, j, k);
      if (label != last && label >= vertebrae.first && label <= vertebrae.last) present.insert(label);
      last = label;
    }
  });
  const bool from_top = present.count(vertebrae.last) == 0 && present.count(vertebrae.first) != 0;
  std::sort(kept.begin(), kept.end(), [from_top](const Body* a, const Body* b) {
    if (a->centre() != b->centre()) return (a->centre() < b->centre()) != from_top;
    return a->first < b->first;
  });
  if (!present.empty()) {
    from_top ? count_off(kept, vertebrae.first, 1, vertebrae)
             : count_off(kept, *present.rbegin(), -1, vertebrae);
  }
  forest.for_each([&](const RunForest::Run& run, std::int64_t j, std::int64_t k) {
    const auto label = static_cast<T>(bodies[run.parent].label);
    for (std::int64_t i = run.begin; i < run.end; ++i) labels(i, j, k) = label;
  });
  return true;
}

std::size_t separate_vertebrae_bytes(const Index3& shape) {
  const auto rows = static_cast<std::size_t>(shape[1] * shape[2]);
  const std::size_t runs = static_cast<std::size_t>((shape[0] + 1) / 2) * rows;
  return runs * (sizeof(RunForest::Run) + sizeof(Body)) + rows * sizeof(std::uint32_t);
}

template bool separate_vertebrae(const VoxelView<std::uint8_t>& labels, const VertebraLabels& vertebrae,
                                 double voxel_mm3, double least_mm3);
template bool separate_vertebrae(const VoxelView<std::int16_t>& labels, const VertebraLabels& vertebrae,
                                 double voxel_mm3, double least_mm3);

}  // namespace musclemap::image
