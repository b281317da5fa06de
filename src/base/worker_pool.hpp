// Threads that stay, for many short loops one after the other.
#ifndef MUSCLEMAP_BASE_WORKER_POOL_HPP_
#define MUSCLEMAP_BASE_WORKER_POOL_HPP_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace musclemap::base {

/// Runs loops over independent items. One calling thread at a time; it works too. Between loops the workers
/// look for the next one for some microseconds before they sleep. They start with the first loop.
class WorkerPool {
 public:
  /// `threads` >= 1, the calling one included; fewer work where the system gives no more.
  explicit WorkerPool(int threads) : threads_(threads) {}
  ~WorkerPool() { stop(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  int threads() const { return threads_; }
  /// Ends the workers until the next loop, for pools that outlive a call of the library.
  void stop();

  /// Calls body(item, worker) for every item in [0, count), each once; `worker` in [0, threads()) names the
  /// thread, so that it can have scratch of its own. Which worker takes which item is not defined. `body`
  /// must not throw.
  template <class Body>
  void run(std::int64_t count, const Body& body) {
    const Loop loop{count, &body, [](const void* erased, std::int64_t item, int worker) {
                      (*static_cast<const Body*>(erased))(item, worker);
                    }};
    run_loop(loop);
  }

 private:
  struct Loop {
    std::int64_t count = 0;
    const void* body = nullptr;
    void (*call)(const void* body, std::int64_t item, int worker) = nullptr;
  };

  void start();
  void run_loop(const Loop& loop);
  void take_items(int worker);
  void serve(int worker, std::uint64_t seen);

  int threads_;
  Loop loop_;
  std::atomic<std::int64_t> next_{0};
  std::atomic<std::uint64_t> round_{0};  // of the loop that is run, or was run last
  std::atomic<int> busy_{0};             // helpers that have not finished the round
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  int sleeping_ = 0;
  std::vector<std::thread> helpers_;
};

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_WORKER_POOL_HPP_
