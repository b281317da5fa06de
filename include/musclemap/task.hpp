// What is done to an image, with which networks, until it is a label map.
#ifndef MUSCLEMAP_TASK_HPP_
#define MUSCLEMAP_TASK_HPP_

#include <memory>
#include <string>
#include <vector>

#include "musclemap/export.hpp"
#include "musclemap/labels.hpp"
#include "musclemap/run.hpp"

namespace musclemap {

struct TaskOptions;

/// One network of a task.
struct TaskNetwork {
  std::string file;    ///< below the folder of weights, or beside the task's file
  std::string sha256;  ///< hex; empty: its file has not been read yet
};

/// A task that is ready to be handed to a Segmenter. Cheap shared handle. Immutable.
class MUSCLEMAP_API Task {
 public:
  /// Opens one of: a task of TotalSegmentator by its name ("total"), whose weights are looked for in
  /// weights_search_path(); a folder of a network that nnU-Net has trained, with plans.json; a task's JSON
  /// file with its networks beside it (docs/chains/tasks.md). Plans and descriptions are checked, weights are
  /// not read. Errors: `argument` (an unknown name; options that do not go together or that this kind of task
  /// does not have), `model` (weights that are not there: says where they were looked for, where they come
  /// from and what licence they need), io, format.
  /// @param name_or_path one of these
  /// @return ready to be run
  static Task open(const std::string& name_or_path);
  /// The same with options.
  /// @param name_or_path one of these
  /// @param options of TotalSegmentator's tasks
  /// @param control its cancel is heard
  /// @return ready to be run
  static Task open(const std::string& name_or_path, const TaskOptions& options,
                   const RunControl& control = {});

  /// @return such as "total"
  const std::string& name() const noexcept;
  /// @return of the task; may be empty
  const std::string& version() const noexcept;
  /// @return in ascending order of value; those that a run may give
  const std::vector<Label>& labels() const noexcept;
  /// @return in the order in which they run
  std::vector<TaskNetwork> networks() const;
  /// @return images of one grid that a run takes, the channels of its networks
  int images() const noexcept;
  /// @return the task as JSON, indented (docs/chains/tasks.md)
  std::string json() const;
  /// @return SHA-256 of its canonical JSON, hex
  std::string sha256() const;

  struct State;  ///< inside of the library
  /// @return inside of the library
  const State& state() const noexcept { return *state_; }
  /// Inside of the library.
  /// @param state what the task is
  explicit Task(std::shared_ptr<const State> state) noexcept;

 private:
  std::shared_ptr<const State> state_;
};

}  // namespace musclemap

#endif  // MUSCLEMAP_TASK_HPP_
