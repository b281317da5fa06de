#include "infer/volume_scores.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <utility>

#include "base/aligned.hpp"
#include "base/parallel.hpp"
#include "infer/mirrored_run.hpp"
#include "infer/volume_kernels.hpp"
#include "musclemap/error.hpp"

namespace musclemap::infer {

using image::HalfSlice;

namespace {

// What a window sees of an axis: voxels [begin, end) of the grid, from its own voxel `offset` on.
struct Seen {
  std::int64_t begin;
  std::int64_t end;
  std::int64_t offset;
};

Seen seen(const AxisPlan& axis, std::int64_t start, std::int64_t size) {
  const std::int64_t first = start - axis.pad_low;
  const std::int64_t begin = std::max<std::int64_t>(first, 0);
  return {begin, std::min(first + axis.window, size), begin - first};
}

// Slices of the field that windows may still see, [channel][y][x].
class HeldInputs {
 public:
  HeldInputs(image::Field& field, const Index3& shape, std::int64_t channels)
      : field_(field), shape_(shape), channels_(channels) {}

  void hold(std::int64_t begin, std::int64_t end) {
    for (; first_ < begin && !slices_.empty(); ++first_) slices_.pop_front();
    std::vector<float> columns(static_cast<std::size_t>(channels_ * shape_[0] * shape_[1]));
    while (first_ + static_cast<std::int64_t>(slices_.size()) < end) {
      const std::int64_t z = first_ + static_cast<std::int64_t>(slices_.size());
      field_.read(image::slice_of(image::whole(shape_), z), columns.data());
      std::vector<float> rows(columns.size());
      for (std::int64_t c = 0; c < channels_; ++c) turn(c, columns, &rows);
      slices_.push_back(std::move(rows));
    }
  }

  const float* row(std::int64_t c, std::int64_t z, std::int64_t y) const {
    return slices_[static_cast<std::size_t>(z - first_)].data() + (c * shape_[1] + y) * shape_[0];
  }

 private:
  // Fields are written [x][y].
  void turn(std::int64_t c, const std::vector<float>& columns, std::vector<float>* rows) const {
    const std::int64_t first = c * shape_[0] * shape_[1];
    for (std::int64_t x = 0; x < shape_[0]; ++x) {
      for (std::int64_t y = 0; y < shape_[1]; ++y) {
        (*rows)[static_cast<std::size_t>(first + y * shape_[0] + x)] =
            columns[static_cast<std::size_t>(first + x * shape_[1] + y)];
      }
    }
  }

  image::Field& field_;
  Index3 shape_;
  std::int64_t channels_;
  std::deque<std::vector<float>> slices_;
  std::int64_t first_ = 0;
};

// Sums of the slices that windows may still touch.
class HeldSums {
 public:
  HeldSums(const Index3& shape, std::size_t folds, const VolumeScoreOptions& options, const SliceSink& sink)
      : shape_(shape), folds_(folds), options_(options), sink_(sink) {}

  // Slices before `begin` are finished and given away, those up to `end` are there afterwards.
  void hold(std::int64_t begin, std::int64_t end) {
    finish_before(begin);
    while (first_ + static_cast<std::int64_t>(slices_.size()) < end) slices_.emplace_back();
  }

  void finish_before(std::int64_t begin) {
    while (first_ < begin && !slices_.empty()) {
      make(&slices_.front());
      finish(&slices_.front());
      sink_(first_, slices_.front().sums[0]);
      spare_ = std::move(slices_.front());
      slices_.pop_front();
      ++first_;
    }
  }

  // A piece of a window's scores; by several threads at a time.
  void add(std::size_t fold, const VolumeWindows& plan, const Seen& z, const Seen& y, const Seen& x,
           const ScorePiece& piece) {
    const std::int64_t k = z.begin + piece.z - z.offset;
    const std::int64_t j = y.begin + piece.y - y.offset;
    const std::int64_t first = x.begin + piece.x - x.offset;
    const std::int64_t begin = std::max(first, x.begin);
    const std::int64_t end = std::min(first + piece.count, x.end);
    if (k < z.begin || k >= z.end || j < y.begin || j >= y.end || begin >= end) return;
    HalfSlice& sums = slice(k).sums[fold];
    const float* values = piece.values + (begin - first);
    const float* weights =
        plan.weights.data() + (piece.z * plan.y.window + piece.y) * plan.x.window + piece.x + (begin - first);
    for (std::int64_t c = 0; c < options_.classes; ++c) {
      kernels_.add_weighted(values + c * piece.stride, weights, end - begin, sums.row(c, j) + begin);
    }
  }

  // Makes room for a window's scores of slice k, the window's plane `plane`, and adds its weights.
  void open(const VolumeWindows& plan, std::int64_t k, std::int64_t plane, const Seen& y, const Seen& x) {
    make(&slice(k));
    HalfSlice& sums = slice(k).weights;
    for (std::int64_t j = 0; j < y.end - y.begin; ++j) {
      const std::int64_t at = (plane * plan.y.window + y.offset + j) * plan.x.window + x.offset;
      kernels_.add_floats(plan.weights.data() + at, x.end - x.begin, sums.row(0, y.begin + j) + x.begin);
    }
  }

 private:
  struct Slice {
    std::vector<HalfSlice> sums;  // of each fold
    HalfSlice weights;            // of one class
  };

  Slice& slice(std::int64_t z) { return slices_[static_cast<std::size_t>(z - first_)]; }

  // Sums of 0, where there are none yet: not before a window has scores of the slice, so that those of the
  // first windows take no memory while the network runs.
  void make(Slice* slice) {
    if (!slice->sums.empty()) return;
    if (spare_.sums.empty()) {
      slice->sums.assign(folds_, {options_.classes, shape_[1], shape_[0]});
      slice->weights = {1, shape_[1], shape_[0]};
      return;
    }
    *slice = std::move(spare_);
    spare_ = {};
    for (HalfSlice& sums : slice->sums) std::fill(sums.values.begin(), sums.values.end(), std::uint16_t{0});
    std::fill(slice->weights.values.begin(), slice->weights.values.end(), std::uint16_t{0});
  }

  // The weighted mean of each fold, then the mean of them in the first one.
  void finish(Slice* slice) const {
    const std::int64_t pixels = shape_[0] * shape_[1];
    std::atomic<bool> infinite{false};
    base::parallel_for(options_.classes, options_.threads, [&](std::int64_t c) {
      std::uint16_t* mean = slice->sums[0].row(c, 0);
      for (std::size_t fold = 0; fold < folds_; ++fold) {
        std::uint16_t* sums = slice->sums[fold].row(c, 0);
        if (kernels_.divide(slice->weights.row(0, 0), pixels, sums)) infinite = true;
        if (fold > 0) kernels_.add_halves(sums, pixels, mean);
      }
      if (folds_ > 1) kernels_.divide_by(static_cast<float>(folds_), pixels, mean);
    });
    if (!infinite) return;
    throw Error(ErrorCode::model, Reason::model,
                "the network's scores leave the range of half precision, which ends at 65504 (slice " +
                    std::to_string(first_) +
                    "); its weights or the intensities are not what it was trained on");
  }

  Index3 shape_;
  std::size_t folds_;
  const VolumeScoreOptions& options_;
  const SliceSink& sink_;
  const VolumeKernels& kernels_ = volume_kernels_for(base::best_isa());
  std::deque<Slice> slices_;
  Slice spare_;
  std::int64_t first_ = 0;
};

void cut_window(const HeldInputs& inputs, const VolumeWindows& plan, const VolumeScoreOptions& options,
                const Seen& z, const Seen& y, const Seen& x, float* window) {
  std::fill(window, window + options.channels * plan.voxels(), 0.0F);
  base::parallel_for(options.channels * (z.end - z.begin), options.threads, [&](std::int64_t item) {
    const std::int64_t c = item / (z.end - z.begin);
    const std::int64_t k = item % (z.end - z.begin);
    for (std::int64_t j = 0; j < y.end - y.begin; ++j) {
      const float* row = inputs.row(c, z.begin + k, y.begin + j);
      float* to =
          window + ((c * plan.z.window + z.offset + k) * plan.y.window + y.offset + j) * plan.x.window;
      std::copy(row + x.begin, row + x.end, to + x.offset);
    }
  });
}

// The slice from which on windows of later layers see the grid; behind the last slice, if there are none.
std::int64_t first_of_next(const VolumeWindows& plan, std::size_t layer) {
  if (layer + 1 == plan.z.starts.size()) return plan.image[2];
  return seen(plan.z, plan.z.starts[layer + 1], plan.image[2]).begin;
}

// Slices whose sums are held at once. Where one window of a network fills a plane, those alone that more than
// one window sees, and one.
std::int64_t held_slices(const VolumeWindows& plan, std::int64_t folds) {
  if (folds > 1 || plan.y.starts.size() > 1 || plan.x.starts.size() > 1)
    return std::min(plan.z.window, plan.image[2]);
  std::int64_t most = 1;
  for (std::size_t layer = 0; layer < plan.z.starts.size(); ++layer) {
    const Seen z = seen(plan.z, plan.z.starts[layer], plan.image[2]);
    most = std::max(most, z.end - first_of_next(plan, layer) + 1);
  }
  return most;
}

}  // namespace

void volume_scores(image::Field& field, const VolumeWindows& plan, const std::vector<Engine*>& folds,
                   const VolumeScoreOptions& options, const SliceSink& sink) {
  const std::vector<std::int64_t> shape = plan.shape(options.channels);
  HeldInputs inputs(field, plan.image, options.channels);
  HeldSums sums(plan.image, folds.size(), options, sink);
  std::vector<float> window(static_cast<std::size_t>(options.channels * plan.voxels()));
  std::int64_t n = 0;
  for (std::size_t layer = 0; layer < plan.z.starts.size(); ++layer) {
    const Seen z = seen(plan.z, plan.z.starts[layer], plan.image[2]);
    // The first slice that later windows see as well.
    const std::int64_t unfinished = first_of_next(plan, layer);
    sums.hold(z.begin, z.end);
    inputs.hold(z.begin, z.end);
    for (const std::int64_t y_start : plan.y.starts) {
      const Seen y = seen(plan.y, y_start, plan.image[1]);
      for (const std::int64_t x_start : plan.x.starts) {
        const Seen x = seen(plan.x, x_start, plan.image[0]);
        if (options.before_window) options.before_window(n++, plan.windows());
        cut_window(inputs, plan, options, z, y, x, window.data());
        for (std::size_t fold = 0; fold < folds.size(); ++fold) {
          const bool last =
              y_start == plan.y.starts.back() && x_start == plan.x.starts.back() && fold + 1 == folds.size();
          const auto begin_plane = [&](std::int64_t plane) {
            const std::int64_t k = z.begin + plane - z.offset;
            if (k < z.begin || k >= z.end) return;
            if (last) sums.finish_before(std::min(k, unfinished));
            if (fold == 0) sums.open(plan, k, plane, y, x);
          };
          const ScoreTaker taker{begin_plane,
                                 [&](const ScorePiece& piece) { sums.add(fold, plan, z, y, x, piece); }};
          mirrored_run(*folds[fold], window, shape, options.classes, options.mirror_axes, options.threads,
                       taker);
        }
      }
    }
  }
  sums.hold(plan.image[2], plan.image[2]);
}

std::size_t volume_score_bytes(const VolumeWindows& plan, std::int64_t classes, std::int64_t folds,
                               std::int64_t channels, bool mirrored, std::size_t engine_bytes) {
  constexpr std::int64_t kHalf = sizeof(std::uint16_t);
  constexpr std::int64_t kFloat = sizeof(float);
  const std::int64_t pixels = plan.image[0] * plan.image[1];
  const std::int64_t slices = std::min(plan.z.window, plan.image[2]);
  // Beside the slices: one that is spare, and one that is read.
  const std::int64_t sums = (held_slices(plan, folds) + 1) * pixels * (classes * folds + 1) * kHalf;
  const std::int64_t inputs = (slices + 1) * pixels * channels * kFloat;
  const std::int64_t windows = plan.voxels() * (channels * (mirrored ? 2 : 1) + 1) * kFloat;
  const std::int64_t scores = plan.voxels() * classes * kFloat;
  const std::size_t others = mirrored ? static_cast<std::size_t>(scores) : 0;
  return static_cast<std::size_t>(sums + inputs + windows) + others + engine_bytes;
}

}  // namespace musclemap::infer
