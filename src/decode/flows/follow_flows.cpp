#include "decode/flows/follow_flows.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <limits>
#include <mutex>

#include "base/aligned.hpp"
#include "base/parallel.hpp"
#include "base/progress.hpp"

namespace musclemap::decode {
namespace {

// A pixel on its way: where it is, where it was a step before (NaN: unknown), and how far it has to go.
struct Walker {
  float y;
  float x;
  float y_before;
  float x_before;
  std::uint32_t pixel;
  std::int32_t left;
};

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

// Steps of some rows, dense: (y, x) pairs, 0 outside of the foreground. A column behind the last repeats it,
// and so does a row behind the picture's last, so that the neighbours of a position need no bounds.
class Window {
 public:
  Window(const Foreground& foreground, std::int64_t begin, std::int64_t end, int threads)
      : begin_(begin),
        end_(end),
        bottom_(end == foreground.shape().height),
        stride_(2 * (foreground.shape().width + 1)),
        steps_((end - begin + 1) * stride_) {
    base::parallel_for(end - begin, threads, [&](std::int64_t n) {
      float* row = steps_.data() + n * stride_;
      foreground.for_runs(begin + n, [&](const ForegroundRun& run, const float* steps) {
        std::memcpy(row + std::ptrdiff_t{2} * run.begin, steps,
                    2 * sizeof(float) * static_cast<std::size_t>(run.end - run.begin));
      });
      std::copy_n(row + stride_ - 4, 2, row + stride_ - 2);
    });
    if (bottom_) {
      float* last = steps_.data() + (end - begin - 1) * stride_;
      std::copy_n(last, stride_, last + stride_);
    }
  }

  /// Whether the window has the rows around y.
  bool has(float y) const {
    const auto row = static_cast<std::int64_t>(y);
    return row >= begin_ && (row + 1 < end_ || (bottom_ && row < end_));
  }
  const float* at(std::int64_t y, std::int64_t x) const {
    return steps_.data() + (y - begin_) * stride_ + 2 * x;
  }
  std::int64_t stride() const { return stride_; }

 private:
  std::int64_t begin_;
  std::int64_t end_;
  bool bottom_;
  std::int64_t stride_;
  base::AlignedFloats steps_;
};

// The mix of types is Cellpose's (docs/chains/cells.md#dynamics): the weights of the upper row and
// all sums are double, products with the fractions themselves float.
inline float between(float upper_left, float upper_right, float lower_left, float lower_right, float ry,
                     float rx, double ry_rest, double rx_rest) {
  const double upper = static_cast<double>(upper_left) * ry_rest * rx_rest +
                       static_cast<double>(upper_right) * ry_rest * static_cast<double>(rx);
  const float left = lower_left * ry;
  const float right = lower_right * ry * rx;
  return static_cast<float>(upper + static_cast<double>(left) * rx_rest + static_cast<double>(right));
}

struct Limits {
  float y;
  float x;
};

inline float clamped(float value, float most) {
  value = value > 0 ? value : 0;
  return value < most ? value : most;
}

template <bool Interp>
inline void step(const Window& window, const Limits& limits, Walker& walker) {
  const auto y = static_cast<std::int32_t>(walker.y);
  const auto x = static_cast<std::int32_t>(walker.x);
  const float* upper = window.at(y, x);
  float dy = upper[0];
  float dx = upper[1];
  if constexpr (Interp) {
    const float* lower = upper + window.stride();
    const float ry = walker.y - static_cast<float>(y);
    const float rx = walker.x - static_cast<float>(x);
    const double ry_rest = 1.0 - static_cast<double>(ry);
    const double rx_rest = 1.0 - static_cast<double>(rx);
    dy = between(upper[0], upper[2], lower[0], lower[2], ry, rx, ry_rest, rx_rest);
    dx = between(upper[1], upper[3], lower[1], lower[3], ry, rx, ry_rest, rx_rest);
  }
  const float to_y = clamped(walker.y + dy, limits.y);
  const float to_x = clamped(walker.x + dx, limits.x);
  walker.y_before = walker.y;
  walker.x_before = walker.x;
  walker.y = to_y;
  walker.x = to_x;
  --walker.left;
}

// Follows walkers through one window.
template <bool Interp>
class Walk {
 public:
  Walk(const Foreground& foreground, const Window& window, FlowEnds* ends, std::vector<Walker>* waiting)
      : window_(window),
        limits_{static_cast<float>(foreground.shape().height - 1),
                static_cast<float>(foreground.shape().width - 1)},
        width_(foreground.shape().width),
        pixels_(foreground.pixels()),
        ends_(*ends),
        waiting_(*waiting) {}

  /// Some at a time, since each of a walker's steps waits for the one before. next(walker) gives the next one
  /// that starts, or false.
  template <class Next>
  void follow(const Next& next) {
    std::array<Walker, kTogether> walkers;
    std::size_t count = 0;
    while (count < kTogether && start(next, walkers[count])) ++count;
    while (count > 0) {
      for (std::size_t n = 0; n < count;) {
        Walker& walker = walkers[n];
        const float y_two_before = walker.y_before;
        const float x_two_before = walker.x_before;
        step<Interp>(window_, limits_, walker);
        const bool stands = walker.y == walker.y_before && walker.x == walker.x_before;
        const bool swings = walker.y == y_two_before && walker.x == x_two_before;
        if (walker.left > 0 && !stands && !swings && window_.has(walker.y)) {
          ++n;
          continue;
        }
        // Of two positions in turns the one that an even number of steps leads to.
        if (swings && !stands && walker.left % 2 != 0) {
          walker.y = walker.y_before;
          walker.x = walker.x_before;
        }
        if (walker.left == 0 || stands || swings) {
          end(walker);
        } else {
          wait(walker);
        }
        if (start(next, walker)) {
          ++n;
        } else {
          walkers[n] = walkers[--count];
        }
      }
    }
  }

 private:
  static constexpr std::size_t kTogether = 8;

  template <class Next>
  bool start(const Next& next, Walker& walker) {
    while (next(walker)) {
      if (walker.left == 0) {
        end(walker);
      } else if (window_.has(walker.y)) {
        return true;
      } else {
        wait(walker);
      }
    }
    return false;
  }

  void end(const Walker& walker) {
    ends_.pixels[walker.pixel] = static_cast<std::uint32_t>(static_cast<std::int64_t>(walker.y) * width_ +
                                                            static_cast<std::int64_t>(walker.x));
    if (ends_.positions.empty()) return;
    ends_.positions[walker.pixel] = walker.y;
    ends_.positions[walker.pixel + static_cast<std::size_t>(pixels_)] = walker.x;
  }

  void wait(const Walker& walker) {
    const std::lock_guard<std::mutex> lock(mutex_);
    waiting_.push_back(walker);
  }

  const Window& window_;
  Limits limits_;
  std::int64_t width_;
  std::int64_t pixels_;
  FlowEnds& ends_;
  std::vector<Walker>& waiting_;
  std::mutex mutex_;
};

constexpr std::int64_t kStartRows = 8;
constexpr std::int64_t kWaitingAtOnce = 1024;

// The foreground pixels of rows [begin, end), one after the other.
class Starts {
 public:
  Starts(const Foreground& foreground, std::int64_t begin, std::int64_t end, std::int32_t steps) {
    for (std::int64_t row = begin; row < end; ++row) {
      foreground.for_runs(row, [&](const ForegroundRun& run, const float* /*steps*/) {
        for (std::int32_t x = run.begin; x < run.end; ++x) {
          starts_.push_back({static_cast<float>(row), static_cast<float>(x), kUnknown, kUnknown,
                             run.first + static_cast<std::uint32_t>(x - run.begin), steps});
        }
      });
    }
  }
  bool operator()(Walker& walker) const {
    if (next_ == starts_.size()) return false;
    walker = starts_[next_++];
    return true;
  }

 private:
  std::vector<Walker> starts_;
  mutable std::size_t next_ = 0;
};

// One band after the other, each with the pixels that start in it and those that wait for it.
template <bool Interp>
void follow_bands(const Foreground& foreground, const FollowOptions& options, const RunControl& control,
                  FlowEnds* ends) {
  const std::int64_t rows = foreground.shape().height;
  const int threads = base::resolve_threads(control.threads);
  const auto steps = static_cast<std::int32_t>(options.steps);
  std::vector<Walker> waiting;
  for (bool first = true; first || !waiting.empty(); first = false) {
    for (std::int64_t begin = 0; begin < rows; begin += options.band_rows) {
      const std::int64_t end = std::min(begin + options.band_rows, rows);
      const auto other_bands = std::partition(waiting.begin(), waiting.end(), [&](const Walker& walker) {
        const auto row = static_cast<std::int64_t>(walker.y);
        return row < begin || row >= end;
      });
      const std::vector<Walker> here(other_bands, waiting.end());
      waiting.erase(other_bands, waiting.end());
      if (!first && here.empty()) continue;
      const Window window(foreground, std::max<std::int64_t>(begin - options.margin_rows, 0),
                          std::min(end + options.margin_rows, rows), threads);
      Walk<Interp> walk(foreground, window, ends, &waiting);
      const std::int64_t starts = first ? (end - begin + kStartRows - 1) / kStartRows : 0;
      const auto arrived = static_cast<std::int64_t>(here.size());
      const std::int64_t arrivals = (arrived + kWaitingAtOnce - 1) / kWaitingAtOnce;
      base::parallel_for(starts + arrivals, threads, [&](std::int64_t n) {
        base::stop_if_cancelled(control);
        if (n < starts) {
          const std::int64_t row = begin + n * kStartRows;
          walk.follow(Starts(foreground, row, std::min(row + kStartRows, end), steps));
          return;
        }
        std::int64_t next = (n - starts) * kWaitingAtOnce;
        const std::int64_t last = std::min(next + kWaitingAtOnce, arrived);
        walk.follow([&](Walker& walker) {
          if (next == last) return false;
          walker = here[static_cast<std::size_t>(next++)];
          return true;
        });
      });
    }
  }
}

}  // namespace

FlowEnds follow_flows(const Foreground& foreground, const FollowOptions& options, const RunControl& control) {
  FlowEnds ends;
  ends.pixels.resize(static_cast<std::size_t>(foreground.pixels()));
  if (options.positions) ends.positions.resize(2 * ends.pixels.size());
  if (options.interp) {
    follow_bands<true>(foreground, options, control, &ends);
  } else {
    follow_bands<false>(foreground, options, control, &ends);
  }
  return ends;
}

}  // namespace musclemap::decode
