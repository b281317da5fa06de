// How a long call reports, is stopped and is bounded.
#ifndef MUSCLEMAP_RUN_HPP_
#define MUSCLEMAP_RUN_HPP_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "musclemap/export.hpp"

namespace musclemap {

/// What a run is doing.
enum class Stage : std::int32_t { read, prepare, infer, restore, write, classify, measure };

/// "read", "prepare", … ; "unknown" for a number outside the list.
MUSCLEMAP_API const char* stage_name(Stage stage) noexcept;

struct Progress {
  Stage stage;
  std::int64_t done;   ///< units of this stage that are finished
  std::int64_t total;  ///< units of this stage
};

/// Copies share one flag. Thread-safe; cancel() is safe in a signal handler.
class MUSCLEMAP_API CancelToken {
 public:
  CancelToken();
  void cancel() noexcept;
  bool cancelled() const noexcept;

 private:
  std::shared_ptr<std::atomic<bool>> flag_;
};

struct RunControl {
  /// Called on the calling thread only. A throw here ends the run and is rethrown to the caller.
  std::function<void(const Progress&)> on_progress;
  /// Takes effect within one batch of windows; the run then throws Error `cancelled`.
  CancelToken cancel;
  /// Most threads the library's own loops use; 0: as many as the process may use. Never changes a result.
  int threads = 0;
  /// Bytes the run may take; 0: what the machine has at hand. A run that cannot fit is refused before it
  /// starts; otherwise it never changes a result.
  std::size_t memory_budget = 0;
  /// One-line remarks about the input that do not stop the run, such as replaced NaNs.
  std::function<void(const std::string&)> on_warning;
};

/// Threads this process may use (its CPU affinity), at least 1.
MUSCLEMAP_API int available_threads();

/// Where networks run.
struct Device {
  enum Kind : std::int32_t { cpu, cuda } kind = cpu;
  int index = 0;
};

}  // namespace musclemap

#endif  // MUSCLEMAP_RUN_HPP_
