// From pictures to masks of single cells with Segment Anything for Microscopy (micro-sam).
#ifndef MUSCLEMAP_MICRO_SAM_HPP_
#define MUSCLEMAP_MICRO_SAM_HPP_

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "musclemap/cells.hpp"
#include "musclemap/image_stack.hpp"
#include "musclemap/run.hpp"
#include "musclemap/version.hpp"

namespace musclemap {

/// How micro-sam finds all cells of a picture.
enum class SamMethod : std::int32_t {
  ais,  ///< automatic instance segmentation: a decoder of its own, then a watershed
  amg,  ///< automatic mask generation: masks for a grid of points
};

/// Which version's rules make 8 bits of a picture.
enum class SamCompat : std::int32_t {
  current,  ///< from 1.7 on: the range of each channel
  v1_6_1,   ///< until 1.6.1: 8-bit pictures as they are, of others the range of all channels together
};

/// How a model of micro-sam is opened.
struct SamModelOptions {
  bool trust = false;  ///< run TorchScript programs whose SHA-256 is on no trust list
  /// Of AIS, a checkpoint; empty: that of the model, or the one beside it.
  std::filesystem::path decoder;
};

/// The networks of micro-sam. Immutable; copies share the weights.
class MUSCLEMAP_API SamModel {
 public:
  /// Opens the networks that `docs/chains/cells.md#networks-of-micro-sam` lists. Nothing in a file is run,
  /// but for programs that may be. Errors, which name the file: `io`, `format`, `unsupported`, `model`,
  /// `argument` for a folder without networks.
  /// @param model a checkpoint of segment-anything or micro-sam; one of names(), which is looked for in
  ///        micro-sam's cache; or a folder with encoder.pt, and ais_decoder.pt or mask_decoder.pt or both, as
  ///        TorchScript
  /// @param options how
  /// @param control hears Stage::read
  /// @return the model
  static SamModel open(const std::filesystem::path& model, const SamModelOptions& options = {},
                       const RunControl& control = {});
  /// @return names of published models
  static std::vector<std::string> names();

  /// @return of the folder or file, such as "vit_b_lm"
  const std::string& name() const noexcept;
  /// @return what was opened
  const std::filesystem::path& file() const noexcept;
  /// @return of the encoder's file, hexadecimal
  const std::string& sha256() const noexcept;
  /// @param method of finding cells
  /// @return whether the model has the networks for it
  bool has(SamMethod method) const noexcept;

  /// What a segmenter takes of it.
  struct State;
  /// @param state kept
  explicit SamModel(std::shared_ptr<const State> state) noexcept;
  /// @return shared
  const State& state() const noexcept { return *state_; }

 private:
  std::shared_ptr<const State> state_;
};

/// What makes cells of the three maps of AIS: the arguments of micro-sam's `generate`, with its defaults.
struct SamAisOptions {
  double center_distance_threshold = 0.5;    ///< seeds lie below, and
  double boundary_distance_threshold = 0.5;  ///< below
  double foreground_threshold = 0.5;         ///< cells lie above
  double foreground_smoothing = 1.0;         ///< sigma of a Gaussian in pixels; 0: none
  double distance_smoothing = 1.6;           ///< the same of both distances
  std::int64_t min_size = 0;                 ///< pixels; smaller cells go
};

/// Which masks of AMG are kept: the arguments of micro-sam's `generate`, with its defaults.
struct SamAmgOptions {
  double pred_iou_thresh = 0.88;         ///< masks have a higher predicted IoU
  double stability_score_thresh = 0.95;  ///< and this stability or more
  double box_nms_thresh = 0.7;  ///< of two whose boxes overlap more (IoU), that with the lower IoU goes
  bool drop_largest = false;    ///< as micro-sam does: the largest region goes, even if it is a cell
};

/// Settings of a run.
struct SamOptions {
  SamAisOptions ais;  ///< count for AIS
  SamAmgOptions amg;  ///< count for AMG
  /// Pixels of a tile of AIS, y and x; 0, 0: the whole picture.
  std::array<std::int64_t, 2> tile_shape{0, 0};
  /// Pixels that a tile is seen with beyond its border.
  std::array<std::int64_t, 2> halo{0, 0};
  SamCompat compat = SamCompat::current;  ///< how pictures become 8 bits
};

/// Where the networks run.
struct SamEngineOptions {
  Device device;          ///< where
  int torch_threads = 0;  ///< LibTorch's own thread count, which the process shares; 0: left alone
};

/// micro-sam's `automatic_instance_segmentation` for pictures. Move-only; one run at a time, except that the
/// CancelToken works from any thread.
class MUSCLEMAP_API SamSegmenter {
 public:
  /// Loads the networks into LibTorch. Errors: `argument` for a method that the model has no networks for,
  /// `device`, `model`.
  /// @param model kept
  /// @param method of finding cells
  /// @param options where the networks run
  SamSegmenter(SamModel model, SamMethod method, const SamEngineOptions& options = {});
  ~SamSegmenter();
  /// What was moved from may only be destroyed or assigned to.
  SamSegmenter(SamSegmenter&&) noexcept;
  /// As the constructor that moves.
  /// @return this
  SamSegmenter& operator=(SamSegmenter&&) noexcept;

  /// Segments one picture; a picture of one value has no cells. Masks do not depend on control.threads.
  /// Errors: `argument` for more than one plane, an option out of range, a value that is NaN or infinite
  /// (reason `nonfinite`), tiles with AMG; `cancelled` (between tiles and batches of points), `model`.
  /// @param picture of one time and depth; one channel, or up to three as colours
  /// @param options settings
  /// @param control progress by tile or points (Stage::infer), cancel, threads
  /// @return masks; their times are not taken
  CellMasks run(const ImageStack& picture, const SamOptions& options = {}, const RunControl& control = {});
  /// @return the model
  const SamModel& model() const noexcept;
  /// @return as given
  SamMethod method() const noexcept;
  /// @return "torch 2.11.0"
  const std::string& engine() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace musclemap

#endif  // MUSCLEMAP_MICRO_SAM_HPP_
