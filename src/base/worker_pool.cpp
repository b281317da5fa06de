#include "base/worker_pool.hpp"

#include <chrono>
#include <system_error>

namespace musclemap::base {
namespace {

using Clock = std::chrono::steady_clock;

// Long enough for the pause between two layers of a network, short enough not to be seen as load.
constexpr std::chrono::microseconds kLookFor{50};
constexpr int kLooksPerClock = 64;

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

// Looks until `done` or the time is over.
template <class Done>
bool look_for(const Done& done) {
  const Clock::time_point end = Clock::now() + kLookFor;
  do {
    for (int i = 0; i < kLooksPerClock; ++i) {
      if (done()) return true;
      pause();
    }
  } while (Clock::now() < end);
  return done();
}

}  // namespace

void WorkerPool::start() {
  const std::uint64_t seen = round_.load();
  for (int worker = 1; worker < threads_; ++worker) {
    try {
      helpers_.emplace_back([this, worker, seen] { serve(worker, seen); });
    } catch (const std::system_error&) {
      break;  // those that started, at least the caller, do all the work
    }
  }
}

void WorkerPool::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  for (std::thread& helper : helpers_) helper.join();
  helpers_.clear();
  stop_ = false;
}

void WorkerPool::take_items(int worker) {
  for (;;) {
    const std::int64_t item = next_.fetch_add(1, std::memory_order_relaxed);
    if (item >= loop_.count) return;
    loop_.call(loop_.body, item, worker);
  }
}

void WorkerPool::run_loop(const Loop& loop) {
  if (loop.count <= 0) return;
  loop_ = loop;
  next_.store(0, std::memory_order_relaxed);
  if (loop.count == 1 || threads_ == 1) return take_items(0);
  if (helpers_.empty()) start();
  busy_.store(static_cast<int>(helpers_.size()), std::memory_order_relaxed);
  bool asleep = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    round_.fetch_add(1, std::memory_order_release);
    asleep = sleeping_ > 0;
  }
  if (asleep) wake_.notify_all();
  take_items(0);
  // What is left are items that have begun: nothing to sleep for.
  while (busy_.load(std::memory_order_acquire) != 0) {
    if (!look_for([this] { return busy_.load(std::memory_order_acquire) == 0; })) std::this_thread::yield();
  }
}

void WorkerPool::serve(int worker, std::uint64_t seen) {
  const auto called = [&] { return round_.load(std::memory_order_acquire) != seen || stop_.load(); };
  for (;;) {
    if (!look_for(called)) {
      std::unique_lock<std::mutex> lock(mutex_);
      ++sleeping_;
      wake_.wait(lock, called);
      --sleeping_;
    }
    if (round_.load(std::memory_order_acquire) == seen) return;  // stop_
    ++seen;
    take_items(worker);
    busy_.fetch_sub(1, std::memory_order_release);
  }
}

}  // namespace musclemap::base
