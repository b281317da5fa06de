// A task as data: what is done to an image, with which network, on which grids, until it is a label map
// (docs/chains/tasks.md).
#ifndef MUSCLEMAP_TASK_TASK_SPEC_HPP_
#define MUSCLEMAP_TASK_TASK_SPEC_HPP_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "image/polish/components.hpp"
#include "image/polish/grow.hpp"
#include "image/polish/keep_within.hpp"
#include "image/polish/relabel.hpp"
#include "image/steps/step.hpp"
#include "infer/window_plan.hpp"
#include "musclemap/labels.hpp"
#include "task/polish/keep_largest.hpp"

namespace musclemap::task {

/// The image as it is; or so many slices of the last stored axis at a time as if they were an image of their
/// own, stored in its type and read back (docs/chains/musclemap.md, section 6.1). 0: the image.
struct Each {
  std::int64_t chunk_slices = 0;
};

/// Whether the task's grid is cut into three slabs along z, each run by itself
/// (docs/chains/totalsegmentator.md, section 6).
enum class Slabs : std::uint8_t {
  never,
  when_large,  ///< more than 512 x 512 x 900 voxels and 200 slices
  always,
};

/// The weights of a network.
struct NetworkRef {
  std::string file;  ///< beside the task's file, or below a folder of weights: "Dataset297_x/y/fold_0/z.pth"
  std::string sha256;  ///< hex; empty: not known
};

/// The class of the highest score, the lowest class on ties; class 0 where no scores are.
struct ArgMax {
  static constexpr const char* kKind = "arg_max";
  static constexpr std::array<image::Word, 0> kWords{};
  template <class Self, class Visit>
  static void fields(Self& /*self*/, const Visit& /*visit*/) {}
};

/// Every channel is a region with a label of its own, where its probability (sigmoid of the score) exceeds
/// 0.5; a later one overwrites an earlier one.
struct Regions {
  static constexpr const char* kKind = "regions";
  static constexpr std::array<image::Word, 0> kWords{};
  template <class Self, class Visit>
  static void fields(Self& /*self*/, const Visit& /*visit*/) {}
};

/// ArgMax, but where scores go back to another grid each class is looked at near the voxels that it leads on
/// the network's grid alone (docs/chains/totalsegmentator.md, section 7.6).
struct ArgMaxNear {
  static constexpr const char* kKind = "arg_max_near";
  static constexpr std::array<image::Word, 0> kWords{};
  template <class Self, class Visit>
  static void fields(Self& /*self*/, const Visit& /*visit*/) {}
};
using Decode = std::variant<ArgMax, Regions, ArgMaxNear>;

/// A new rule is a file beside these and a line here.
using Polish = std::variant<KeepLargest,               //
                            image::KeepLargestOf,      //
                            image::DropSmall,          //
                            image::SeparateVertebrae,  //
                            image::DilateLabels,       //
                            image::KeepWithin,         //
                            image::DropLabels,         //
                            image::KeepOnly,           //
                            image::Relabel>;

/// Networks with the steps to their grid and back.
struct StageSpec {
  std::string name;                  ///< for progress and messages: "organs"; may be empty
  std::vector<NetworkRef> networks;  ///< folds of one network: the mean of their scores, in this order
  std::vector<image::Step> steps;    ///< from the task's grid to the network's
  infer::WindowSpec windows;
  /// Network axes (0 is the slowest) along which windows are mirrored as well, all combinations; ascending.
  std::vector<int> mirror;
  /// So many of the steps, the last ones, are undone on scores; the others on labels.
  std::int64_t scores_back = 0;
  Decode decode;
  /// Value of the label that channel k + 1 (of regions: channel k) becomes; 0: background. Empty: the task's
  /// labels in their order.
  std::vector<std::int64_t> to_label;
};

/// Whether the scores of a stage's windows are summed in half precision: its network sees the volume through
/// windows of two or three axes, and the grid's z, y and x are its axes, the slowest first.
bool sums_in_half(const StageSpec& stage);

struct TaskSpec;

/// A task that runs first, on the whole image, and gives the box that this one sees of it
/// (docs/chains/totalsegmentator.md, section 4).
struct Rough {
  std::shared_ptr<const TaskSpec> task;
  std::vector<std::int64_t> labels;  ///< whose box it is; empty: all
  double margin_mm = 0;              ///< around it: so many whole voxels as fit
};

/// The first task of a cascade, which runs on the same images before this one.
struct Previous {
  std::shared_ptr<const TaskSpec> task;  ///< with the same steps
  /// Of its labels: networks see a channel for each behind the images, 1 where it is; ascending.
  std::vector<std::int64_t> labels;
};

/// Plain value.
/// How labels of a task that sees volumes come back from its grid.
enum class LabelsReturn : std::uint8_t {
  nearest,         ///< to the image's grid, to the nearest voxel
  class_by_class,  ///< the last step, a resampling, with smooth borders (image/labels/smooth_back.hpp)
  none,            ///< they stay on the task's grid, along the axes of the image
};

struct TaskSpec {
  std::string name;
  std::string version;  ///< as its author writes it; may be empty
  Each each;
  std::int64_t images = 1;  ///< on one grid, the channels that networks see
  std::optional<Rough> rough;
  std::optional<Previous> previous;
  /// A task on the whole image whose labels the polish compares with; null: it compares with the rough one's.
  std::shared_ptr<const TaskSpec> beside;
  std::vector<image::Step> steps;  ///< from the stored grid to the task's; undone on labels
  LabelsReturn labels_back = LabelsReturn::nearest;
  /// So many of the steps, the last ones, are what nnU-Net's own reader of images does.
  std::int64_t steps_of_reader = 0;
  bool keeps_probabilities = false;  ///< of its stages, so that a run needs memory for them
  Slabs slabs = Slabs::never;
  std::vector<StageSpec> stages;  ///< at least one; where a later one finds a label, that counts
  std::vector<Polish> polish;     ///< of the whole label map, in this order
  std::vector<Label> labels;      ///< ascending values

  /// Labels and the background.
  std::int64_t classes() const { return static_cast<std::int64_t>(labels.size()) + 1; }
  /// Channels of a stage's scores.
  std::int64_t channels(const StageSpec& stage) const;
};

/// Of the rough task, of the cascade's first, of the one beside and its own, in the order in which they run.
std::vector<NetworkRef> networks_of(const TaskSpec& task);

/// Whether the steps fit together: empty, or the field of the task's file and what is allowed there,
/// "steps[1]: reorient comes first".
std::string why_not(const TaskSpec& task);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_TASK_SPEC_HPP_
