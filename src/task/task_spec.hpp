// A task as data: what is done to an image, with which network, on which grids, until it is a label map
// (docs/chains/tasks.md).
#ifndef MUSCLEMAP_TASK_TASK_SPEC_HPP_
#define MUSCLEMAP_TASK_TASK_SPEC_HPP_

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "image/steps/step.hpp"
#include "infer/window_plan.hpp"
#include "musclemap/labels.hpp"

namespace musclemap::task {

/// The image as it is; or so many slices of the last stored axis at a time as if they were an image of their
/// own, stored in its type and read back (docs/chains/musclemap.md, section 6.1). 0: the image.
struct Each {
  std::int64_t chunk_slices = 0;
};

/// The weights of a network.
struct NetworkRef {
  std::string file;    ///< name without folders
  std::string sha256;  ///< hex; empty: not known
};

/// The class of the highest score, the lowest class on ties; class 0 where no scores are.
struct ArgMax {
  static constexpr const char* kKind = "arg_max";
  static constexpr std::array<image::Word, 0> kWords{};
  template <class Self, class Visit>
  static void fields(Self& /*self*/, const Visit& /*visit*/) {}
};
using Decode = std::variant<ArgMax>;

/// All but the largest 6-connected component of every label becomes 0.
struct KeepLargest {
  static constexpr const char* kKind = "keep_largest";
  static constexpr std::array<image::Word, 1> kWords{{{"at", "image"}}};
  template <class Self, class Visit>
  static void fields(Self& /*self*/, const Visit& /*visit*/) {}
};
using Polish = std::variant<KeepLargest>;

/// A network with the steps to its grid and back. Channel 0 is the background, the others are the task's
/// labels in their order.
struct StageSpec {
  NetworkRef network;
  std::vector<image::Step> steps;  ///< from the task's grid to the network's
  infer::WindowSpec windows;
  /// So many of the steps, the last ones, are undone on scores; the others on labels.
  std::int64_t scores_back = 0;
  Decode decode;
};

/// Plain value.
struct TaskSpec {
  std::string name;
  std::string version;  ///< as its author writes it; may be empty
  Each each;
  std::vector<image::Step> steps;  ///< from the stored grid to the task's; undone on labels
  StageSpec stage;
  std::vector<Polish> polish;  ///< of the whole label map, in this order
  std::vector<Label> labels;   ///< ascending values

  std::int64_t classes() const { return static_cast<std::int64_t>(labels.size()) + 1; }
};

/// Whether the steps fit together: empty, or the field of the task's file and what is allowed there,
/// "steps[1]: reorient comes first".
std::string why_not(const TaskSpec& task);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_TASK_SPEC_HPP_
