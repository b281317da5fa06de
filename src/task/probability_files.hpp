// Files of probabilities, as nnU-Net's predictor writes them with save_probabilities.
#ifndef MUSCLEMAP_TASK_PROBABILITY_FILES_HPP_
#define MUSCLEMAP_TASK_PROBABILITY_FILES_HPP_

#include <filesystem>
#include <memory>
#include <vector>

#include "io/arrays/npz_file.hpp"
#include "io/files/atomic_file.hpp"
#include "musclemap/segmenter.hpp"
#include "task/task_spec.hpp"

namespace musclemap::task {

/// Files that a run of the task writes when `file` is asked for: each network's .npz, with its part's name
/// where there are several, and the .pkl of each. Error `argument` where `file` is called .pkl itself.
std::vector<std::filesystem::path> probability_files(const TaskSpec& task, const std::filesystem::path& file);

/// On their way; without commit() nothing is left behind. An .npz has one array, "probabilities"
/// (float32, [class][z][y][x]), a .pkl what nnU-Net needs to make a label map of it: spacing, shapes and box
/// of the crop, and the geometry as SimpleITK and as nibabel state it, as plain values
/// (docs/chains/totalsegmentator.md, section 7.8). One thread at a time.
class ProbabilityFiles {
 public:
  /// Error as probability_files().
  ProbabilityFiles(const TaskSpec& task, std::filesystem::path file);

  /// Error `io`.
  void take(const NetworkProbabilities& found);
  /// Gives all their names. Error `io`.
  void commit();
  /// Those that were taken.
  const std::vector<std::filesystem::path>& files() const { return files_; }

 private:
  std::filesystem::path file_;
  bool several_;
  std::vector<std::unique_ptr<io::NpzWriter>> arrays_;
  std::vector<std::unique_ptr<io::AtomicFile>> facts_;
  std::vector<std::filesystem::path> files_;
};

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_PROBABILITY_FILES_HPP_
