// What the options make of one of TotalSegmentator's tasks (docs/chains/totalsegmentator.md, sections 4
// and 13).
#ifndef MUSCLEMAP_TASK_TOTALSEGMENTATOR_TASK_CHOICE_HPP_
#define MUSCLEMAP_TASK_TOTALSEGMENTATOR_TASK_CHOICE_HPP_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "musclemap/task.hpp"
#include "task/task_spec.hpp"
#include "task/totalsegmentator/known_tasks.hpp"

namespace musclemap::task {

struct TaskChoice;

/// Which task is run before, and whose box is taken of it.
struct RoughChoice {
  std::shared_ptr<const TaskChoice> task;
  std::vector<std::string> classes;  ///< empty: all
  double margin_mm = 0;
};

struct TaskChoice {
  const KnownTask* task = nullptr;
  const KnownVariant* variant = nullptr;
  std::vector<KnownNetwork> networks;  ///< of the variant, those that are run
  std::string plans;                   ///< "nnUNetPlans"
  std::optional<RoughChoice> rough;
  std::shared_ptr<const TaskChoice> beside;  ///< a task on the whole image that corrects this one; or null
  std::optional<Spacing> spacing_mm;         ///< of the task's grid
  int resampling_order = 1;
  double step = 0.5;         ///< from window to window
  bool near_scores = false;  ///< scores go back to the image's grid, each class near its own voxels
  LabelsReturn labels_back = LabelsReturn::nearest;
  Slabs slabs = Slabs::never;
  std::vector<KnownPolish> polish;
  double small_blobs_mm3 = 0;        ///< 0: none are dropped
  std::vector<std::string> subset;   ///< classes that are kept; empty: all
  bool v1_order = false;             ///< of what is kept
  std::vector<std::string> ignored;  ///< "fast has no effect: …", for who asked for it
};

/// Error `argument` for a name that is no task's, options out of their range or that do not go together, and
/// a class that is not there.
TaskChoice choose_task(const std::string& name, const TaskOptions& options);

/// The networks of the choice, of its rough tasks and of the one beside, as folders below a folder of
/// results; each once.
struct WantedNetwork {
  const TaskChoice* of = nullptr;
  const KnownNetwork* network = nullptr;
  std::filesystem::path folder;
};
std::vector<WantedNetwork> wanted_networks(const TaskChoice& choice);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_TOTALSEGMENTATOR_TASK_CHOICE_HPP_
