#include "quant/label_sweep.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/volumes.hpp"

namespace musclemap::quant {
namespace {

using test::error_of;

// A slab has two of these slices.
constexpr Index3 kShape{1024, 512, 5};

// Slices filled with their own number plus an offset; from slice `broken` on it throws.
class Numbered : public SlabReader {
 public:
  explicit Numbered(int offset, std::int64_t broken = 100) : offset_(offset), broken_(broken) {}
  Geometry geometry() const override { return test::grid(kShape); }
  DType dtype() const override { return DType::i16; }
  Volume read(std::int64_t k_begin, std::int64_t k_count) override {
    asked.emplace_back(k_begin, k_count);
    if (k_begin + k_count > broken_) throw Error(ErrorCode::format, Reason::truncated, "slices are missing");
    Volume slab = Volume::zeros(test::grid({kShape[0], kShape[1], k_count}), DType::i16);
    const VoxelView<std::int16_t> view = slab.mutable_view<std::int16_t>();
    for (std::int64_t k = 0; k < k_count; ++k) {
      std::fill_n(&view(0, 0, k), kShape[0] * kShape[1], static_cast<std::int16_t>(offset_ + k_begin + k));
    }
    return slab;
  }
  std::vector<std::pair<std::int64_t, std::int64_t>> asked;

 private:
  int offset_;
  std::int64_t broken_;
};

RunControl with_threads(int threads) {
  RunControl control;
  control.threads = threads;
  return control;
}

using Slabs = std::vector<std::pair<std::int64_t, std::int64_t>>;
const Slabs kSlabs{{0, 2}, {2, 2}, {4, 1}};

TEST_CASE("label sweep: every slice comes once, in order, with the values of its place", "[quant]") {
  for (const int threads : {1, 2, 3, 8}) {
    Numbered labels(10);
    Numbered first(20);
    Numbered second(30);
    Slabs slabs;
    std::atomic<int> inside{0};
    LabelSweep(labels, {&first, &second}).run(Stage::read, with_threads(threads), [&](const SweepSlab& slab) {
      CHECK(++inside == 1);
      const std::int64_t count = slab.labels.geometry().shape[2];
      slabs.emplace_back(slab.k_begin, count);
      REQUIRE(slab.values.size() == 2);
      for (std::int64_t k = 0; k < count; ++k) {
        const auto number = static_cast<int>(slab.k_begin + k);
        CHECK(slab.labels.view<std::int32_t>()(5, 7, k) == 10 + number);
        CHECK(slab.values[0].view<std::int16_t>()(5, 7, k) == 20 + number);
        CHECK(slab.values[1].view<std::int16_t>()(1023, 511, k) == 30 + number);
      }
      --inside;
      return SweepTasks{};
    });
    CHECK(slabs == kSlabs);
    CHECK(labels.asked == kSlabs);
    CHECK(first.asked == kSlabs);
    CHECK(second.asked == kSlabs);
  }
}

TEST_CASE("label sweep: the tasks of a slab are done before those of the next", "[quant]") {
  for (const int threads : {1, 2, 4}) {
    Numbered labels(0);
    std::mutex mutex;
    std::vector<std::int64_t> done;
    LabelSweep(labels, {}).run(Stage::read, with_threads(threads), [&](const SweepSlab& slab) {
      SweepTasks tasks;
      for (int n = 0; n < 3; ++n) {
        tasks.emplace_back([&done, &mutex, begin = slab.k_begin] {
          const std::lock_guard lock(mutex);
          done.push_back(begin);
        });
      }
      return tasks;
    });
    CHECK(done == std::vector<std::int64_t>{0, 0, 0, 2, 2, 2, 4, 4, 4});
  }
}

TEST_CASE("label sweep: progress counts slices on the calling thread", "[quant]") {
  Numbered labels(0);
  RunControl control = with_threads(2);
  std::vector<std::int64_t> done;
  const std::thread::id caller = std::this_thread::get_id();
  control.on_progress = [&](const Progress& progress) {
    CHECK(progress.stage == Stage::measure);
    CHECK(progress.total == 5);
    CHECK(std::this_thread::get_id() == caller);
    done.push_back(progress.done);
  };
  LabelSweep(labels, {}).run(Stage::measure, control, [](const SweepSlab&) { return SweepTasks{}; });
  REQUIRE_FALSE(done.empty());
  CHECK(std::is_sorted(done.begin(), done.end()));
  CHECK(done.back() == 5);
}

TEST_CASE("label sweep: what fails ends it and is rethrown", "[quant]") {
  for (const int threads : {1, 2, 4}) {
    Numbered labels(0);
    int calls = 0;
    const auto stop_at_two = [&](const SweepSlab& slab) -> SweepTasks {
      ++calls;
      if (slab.k_begin == 2) throw Error(ErrorCode::format, Reason::labels, "no more");
      return {};
    };
    CHECK(error_of([&] { LabelSweep(labels, {}).run(Stage::read, with_threads(threads), stop_at_two); }) ==
          "format/labels: no more");
    CHECK(calls == 2);

    const auto count = [&](const SweepSlab&) {
      ++calls;
      return SweepTasks{};
    };
    Numbered values(0, 3);
    calls = 0;
    CHECK(error_of([&] { LabelSweep(labels, {&values}).run(Stage::read, with_threads(threads), count); }) ==
          "format/truncated: slices are missing");
    CHECK(calls <= 1);

    calls = 0;
    const auto task_fails = [&](const SweepSlab&) {
      ++calls;
      return SweepTasks{[] { throw std::runtime_error("the disk is full"); }};
    };
    CHECK_THROWS_AS(LabelSweep(labels, {}).run(Stage::read, with_threads(threads), task_fails),
                    std::runtime_error);
    CHECK(calls <= 2);
  }
}

TEST_CASE("label sweep: a throw of the progress ends it", "[quant]") {
  Numbered labels(0);
  RunControl control = with_threads(2);
  control.on_progress = [](const Progress&) { throw std::runtime_error("enough"); };
  CHECK_THROWS_AS(
      LabelSweep(labels, {}).run(Stage::read, control, [](const SweepSlab&) { return SweepTasks{}; }),
      std::runtime_error);
}

TEST_CASE("label sweep: cancelling takes effect at the next slab", "[quant]") {
  for (const int threads : {1, 2}) {
    Numbered labels(0);
    RunControl control = with_threads(threads);
    int calls = 0;
    const auto work = [&](const SweepSlab&) {
      ++calls;
      control.cancel.cancel();
      return SweepTasks{};
    };
    CHECK(error_of([&] { LabelSweep(labels, {}).run(Stage::read, control, work); }).find("cancelled/") == 0);
    CHECK(calls == 1);
    CHECK(error_of([&] { LabelSweep(labels, {}).run(Stage::read, control, work); }).find("cancelled/") == 0);
    CHECK(calls == 1);
  }
}

TEST_CASE("label sweep: stretches are runs, or voxels where slices lie along the first axis", "[quant]") {
  const Geometry geometry = test::grid({4, 2, 2});
  const SweepSlab slab{
      3, test::volume_of<std::int32_t>(geometry, {1, 1, 0, 2, 0, 0, 0, 0, 5, 5, 5, 5, 0, 7, 7, 0}), {}};
  const auto slices_along = [&](int axis) {
    std::vector<std::vector<std::int64_t>> seen;
    for_each_stretch(slab, axis, [&](const Stretch& s) {
      seen.push_back({s.label, s.slice, s.begin, s.end, s.j, s.k});
    });
    return seen;
  };
  using Seen = std::vector<std::vector<std::int64_t>>;
  CHECK(slices_along(2) ==
        Seen{{1, 3, 0, 2, 0, 0}, {2, 3, 3, 4, 0, 0}, {5, 4, 0, 4, 0, 1}, {7, 4, 1, 3, 1, 1}});
  CHECK(slices_along(1) ==
        Seen{{1, 0, 0, 2, 0, 0}, {2, 0, 3, 4, 0, 0}, {5, 0, 0, 4, 0, 1}, {7, 1, 1, 3, 1, 1}});
  CHECK(slices_along(0) == Seen{{1, 0, 0, 1, 0, 0},
                                {1, 1, 1, 2, 0, 0},
                                {2, 3, 3, 4, 0, 0},
                                {5, 0, 0, 1, 0, 1},
                                {5, 1, 1, 2, 0, 1},
                                {5, 2, 2, 3, 0, 1},
                                {5, 3, 3, 4, 0, 1},
                                {7, 1, 1, 2, 1, 1},
                                {7, 2, 2, 3, 1, 1}});
}

}  // namespace
}  // namespace musclemap::quant
