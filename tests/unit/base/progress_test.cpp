#include "base/progress.hpp"

#include <algorithm>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap::base {
namespace {

using test::error_of;

TEST_CASE("steps: each takes its share of the call, inner ones of their step", "[base]") {
  std::vector<double> told;
  RunControl control;
  control.on_progress = [&](const Progress& progress) { told.push_back(progress.fraction); };
  const Steps call(control, {1, 2, 0, 1});
  report(call.step(0), Stage::read, 1, 2);
  report(call.step(0), Stage::read, 2, 2);
  const RunControl second = call.step(1);
  const Steps inner(second, {3, 1});
  report(inner.step(0), Stage::infer, 2, 3);
  report(inner.step(1), Stage::infer, 1, 1);
  report(call.step(2), Stage::write, 0, 5);
  report(call.step(3), Stage::write, 1, 4);
  report(call.step(3), Stage::write, 0, 0);
  CHECK(told == std::vector<double>{0.125, 0.25, 0.5, 0.75, 0.75, 0.8125, 1});
}

TEST_CASE("steps: the end of the last one is 1, whatever the weights", "[base]") {
  double last = 0;
  RunControl control;
  control.on_progress = [&](const Progress& progress) { last = progress.fraction; };
  for (const double weight : {0.1, 1.0 / 3, 7.0, 1e-9, 1e12}) {
    const Steps call(control, {weight, 3, weight});
    report(call.step(2), Stage::write, 3, 3);
    CHECK(last == 1);
  }
}

TEST_CASE("steps: token, threads and warnings are those of the call", "[base]") {
  RunControl control;
  control.threads = 3;
  int warnings = 0;
  control.on_warning = [&](const Warning&) { ++warnings; };
  const Steps call(control, {1});
  RunControl step = call.step(0);
  CHECK(step.threads == 3);
  CHECK_FALSE(step.on_progress);
  step.on_warning({WarningCode::unit, "a"});
  CHECK(warnings == 1);
  control.cancel.cancel();
  CHECK(error_of([&] { report(step, Stage::read, 1, 1); }) == "cancelled/cancelled: the run was cancelled");
}

TEST_CASE("reported loop: items that are finished, told on the calling thread, all at the end", "[base]") {
  for (const int threads : {1, 2, 5}) {
    RunControl control;
    control.threads = threads;
    std::vector<std::int64_t> told;
    const std::thread::id caller = std::this_thread::get_id();
    control.on_progress = [&](const Progress& progress) {
      CHECK(std::this_thread::get_id() == caller);
      told.push_back(progress.done);
    };
    parallel_for_reported(40, control, Stage::classify, [](std::int64_t) {});
    REQUIRE_FALSE(told.empty());
    CHECK(std::is_sorted(told.begin(), told.end()));
    CHECK(std::adjacent_find(told.begin(), told.end()) == told.end());
    CHECK(told.back() == 40);
    parallel_for_reported(0, control, Stage::classify, [](std::int64_t) {});
    CHECK(told.back() == 40);
  }
}

TEST_CASE("reported loop: cancelling from an item leaves the others", "[base]") {
  RunControl control;
  control.threads = 1;
  int calls = 0;
  const auto cancel_third = [&](std::int64_t item) {
    ++calls;
    if (item == 2) control.cancel.cancel();
  };
  CHECK(error_of([&] { parallel_for_reported(9, control, Stage::measure, cancel_third); }) ==
        "cancelled/cancelled: the run was cancelled");
  CHECK(calls == 3);
}

}  // namespace
}  // namespace musclemap::base
