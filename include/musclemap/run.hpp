// How a long call reports, is stopped and is bounded, and what computes it.
#ifndef MUSCLEMAP_RUN_HPP_
#define MUSCLEMAP_RUN_HPP_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "musclemap/error.hpp"
#include "musclemap/version.hpp"

namespace musclemap {

/// What a run is doing.
enum class Stage : std::int32_t { read, prepare, infer, filter, write, classify, measure };

/// @param stage any number
/// @return "read", "prepare", …; "unknown" for a number outside the list
MUSCLEMAP_API const char* stage_name(Stage stage) noexcept;

/// How far a call is. A stage may come more than once in a call, each time from the start; docs/embedding.md
/// has the order of the stages of each call and their weights.
struct Progress {
  Stage stage;         ///< what is being done
  std::int64_t done;   ///< units of this stage that are finished
  std::int64_t total;  ///< units of this stage
  double fraction;     ///< of the whole call, 0 to 1: never falls, and the last report has 1
};

/// Copies share one flag. Thread-safe; cancel() is safe in a signal handler.
class MUSCLEMAP_API CancelToken {
 public:
  /// Not cancelled.
  CancelToken();
  /// Ends the runs that hold a copy, and all later ones.
  void cancel() noexcept;
  /// @return whether one of the copies was cancelled
  bool cancelled() const noexcept;

 private:
  std::shared_ptr<std::atomic<bool>> flag_;
};

/// How one call is run; the defaults are good.
struct RunControl {
  /// Called on the calling thread only. A throw here ends the run and is rethrown to the caller.
  std::function<void(const Progress&)> on_progress;
  /// Takes effect within one batch of windows; the run then throws Error `cancelled`.
  CancelToken cancel;
  /// Most threads the library's own loops use; 0: as many as the process may use. Never changes a result.
  /// Error `argument` where it is negative; more than 1024 count as 1024.
  int threads = 0;
  /// Bytes the run may take; 0: what the machine has at hand. A run that cannot fit is refused before it
  /// starts; otherwise it never changes a result.
  std::size_t memory_budget = 0;
  /// Remarks about the input that do not stop the run, each told once; called on the calling thread only.
  std::function<void(const Warning&)> on_warning;
};

/// @return threads this process may use (its CPU affinity), at least 1
MUSCLEMAP_API int available_threads();

/// Where networks run.
struct Device {
  /// Processor, or a GPU by CUDA.
  enum Kind : std::int32_t { cpu, cuda };
  Kind kind = cpu;  ///< where
  int index = 0;    ///< of the GPU, from 0
};

/// With which numbers the network is computed.
enum class Precision : std::int32_t {
  exact,  ///< 32-bit floats
  fast,   ///< 16-bit floats where an engine has kernels for them (AMX; LibTorch on a GPU), else exact
};

/// What computes the network.
enum class EngineChoice : std::int32_t {
  automatic,  ///< the native engine where it can run the network on the device, else LibTorch
  torch,      ///< LibTorch, or an error
  native,     ///< this library's own kernels on the CPU, or an error
};

}  // namespace musclemap

#endif  // MUSCLEMAP_RUN_HPP_
