// From pictures to masks of single cells with a network of Cellpose 3.
#ifndef MUSCLEMAP_CELL_SEGMENTER_HPP_
#define MUSCLEMAP_CELL_SEGMENTER_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "musclemap/cells.hpp"
#include "musclemap/image_stack.hpp"
#include "musclemap/pictures.hpp"
#include "musclemap/run.hpp"
#include "musclemap/version.hpp"

namespace musclemap {

/// How a model of cells is opened.
struct CellModelOptions {
  bool trust = false;  ///< run a TorchScript program whose SHA-256 is on no trust list
};

/// A network of Cellpose 3 with the diameters it was trained on. Immutable; copies share the weights.
class MUSCLEMAP_API CellModel {
 public:
  /// Reads weights as Cellpose saves them (PyTorch's zip and the format before 1.6) or a TorchScript program
  /// of (n, channels, h, w) to (maps, style). Nothing in a file is run, but for a program that may be.
  /// Errors: `io` (with the places that were looked at for a name), `format`, `unsupported`, `model`,
  /// `argument` for neither a file nor a name.
  /// @param model a file, or a name of Cellpose's own models ("cyto3", "nuclei", …), which is looked for in
  ///        CELLPOSE_LOCAL_MODELS_PATH, or in ~/.cellpose/models where that is not set
  /// @param options how
  /// @param control hears Stage::read
  /// @return the model
  static CellModel open(const std::string& model, const CellModelOptions& options = {},
                        const RunControl& control = {});
  /// @return names of Cellpose's own models
  static std::vector<std::string> names();

  /// @return as given to open()
  const std::string& name() const noexcept;
  /// @return the weights file
  const std::filesystem::path& file() const noexcept;
  /// @return of the weights file, hexadecimal
  const std::string& sha256() const noexcept;
  /// @return whether it is one of Cellpose's own models
  bool builtin() const noexcept;
  /// @return pixels that cells are scaled to before the network sees them
  double diam_mean() const noexcept;
  /// @return mean diameter of the cells that the network was trained on, in pixels
  double diam_labels() const noexcept;
  /// @return whether there is a size model beside the weights, which a diameter of 0 needs
  bool estimates_diameter() const noexcept;

  /// What a segmenter takes of it.
  struct State;
  /// @param state kept
  explicit CellModel(std::shared_ptr<const State> state) noexcept;
  /// @return shared
  const State& state() const noexcept { return *state_; }

 private:
  std::shared_ptr<const State> state_;
};

/// How a picture's intensities are normalised: Cellpose's dictionary `normalize`.
struct CellNormalize {
  bool normalize = true;  ///< false: intensities are taken as they are
  bool invert = false;    ///< cells are dark
  /// Intensities that become 0 and 1, and nothing else is done: of all channels, or one pair for each of the
  /// network's; empty: percentiles count.
  std::vector<std::array<double, 2>> lowhigh;
  std::array<double, 2> percentile{1, 99};  ///< become 0 and 1
  /// Pixels; the mean around a pixel is taken away; 0: it is not.
  double sharpen_radius = 0;
  double smooth_radius = 0;  ///< pixels; 0: not smoothed
  /// Pixels of tiles that are normalised by themselves; 0: all at once.
  std::int64_t tile_norm_blocksize = 0;
  double tile_norm_smooth3d = 1;  ///< tiles; how far their percentiles are smoothed
  /// Planes of a stack are normalised together. False: each by itself, but for do_3d.
  bool norm3d = true;
};

/// Settings of a run; names are those of Cellpose's `eval`.
struct CellOptions {
  CellMaskOptions masks;  ///< from flows to masks; `niter` there does not count
  /// Of the cells, in pixels. Unset: that of the model's training; 0: estimated with the size model.
  std::optional<double> diameter;
  /// Channel to segment and nuclear channel, from 1; (0, 0): the mean of all channels, and none.
  std::array<std::int64_t, 2> channels{0, 0};
  CellNormalize normalize;      ///< intensities
  bool resample = true;         ///< flows are followed at the picture's size, not at the network's
  bool augment = false;         ///< tiles overlap by half and every second one is flipped
  std::int64_t batch_size = 8;  ///< tiles in one call of LibTorch; never changes labels by more than rounding
  std::int64_t bsize = 224;     ///< pixels of a tile along y and x; a multiple of 16
  double tile_overlap = 0.1;    ///< part of a tile that its neighbours share; counts as 0.05 to 0.5
  /// Steps along the flows; unset: 200 / rescale where flows are resampled, else 200.
  std::optional<double> niter;
  bool keep_flows = false;  ///< keep what the network says of each pixel: 12 bytes a pixel more
  bool do_3d = false;       ///< cells of a stack are volumes, and the network sees it from three sides
  /// Without do_3d: cells of neighbouring planes whose intersection over union is at least this are one; 0:
  /// planes have nothing to do with each other.
  double stitch_threshold = 0;
  double anisotropy = 1;     ///< with do_3d: distance of planes over size of a pixel
  double flow3d_smooth = 0;  ///< with do_3d: sigma in voxels of a Gaussian over the flows; 0: none
  /// With do_3d: flows and logits are the mean of those from the sides, not their sum as in Cellpose.
  bool flow3d_mean = false;
};

/// Where the network runs.
struct CellEngineOptions {
  EngineChoice engine = EngineChoice::automatic;  ///< what computes it
  Precision precision = Precision::exact;         ///< with which numbers
  Device device;                                  ///< where
  int torch_threads = 0;  ///< LibTorch's own thread count, which the process shares; 0: left alone
};

/// What lies between a picture and its masks: stages (a) to (c) of `docs/chains/cells.md#stages`. Arrays in C
/// order; of a stack there is an axis z in front of y.
struct CellStages {
  std::vector<float> normalized;    ///< (channel, y, x) of the picture
  std::vector<float> rescaled;      ///< (channel, y, x) of the network
  std::vector<float> network;       ///< (map, y, x) of the network: y flow, x flow, logit, merged of tiles
  std::int64_t network_height = 0;  ///< pixels along y of the last two
  std::int64_t network_width = 0;   ///< pixels along x
  std::int64_t network_depth = 1;   ///< planes
  /// Of the flows that were followed; of a stack without do_3d plane by plane.
  CellMaskStages masks;
};

/// What comes of a picture, or of a stack, whose arrays have an axis z in front of y.
struct CellResult {
  /// Labels (y, x) of the picture. Of a stack whose planes are not joined each counts its own from 1, and
  /// masks.count is their sum.
  CellMasks masks;
  /// (2, y, x), y first, five times unit length, as they were followed; empty without `keep_flows`. With
  /// do_3d (3, z, y, x), z first, and each is the sum of two.
  std::vector<float> flows;
  std::vector<float> cellprob;   ///< logits (y, x); empty without `keep_flows`
  std::int64_t flow_height = 0;  ///< pixels along y of the flows that were followed
  std::int64_t flow_width = 0;   ///< pixels along x
  std::int64_t flow_depth = 1;   ///< planes of both
  std::int64_t flow_axes = 2;    ///< components of a flow
  /// Of length 1. Of a stack one a plane, one behind the other; with do_3d one a (z, y) plane that the
  /// network saw, as Cellpose returns them.
  std::vector<float> style;
  std::int64_t styles = 1;       ///< so many of them
  double diameter = 0;           ///< pixels, as used
  double diameter_of_style = 0;  ///< the first estimate; 0 where none was made
  double rescale = 1;            ///< size for the network over size of the picture
  double niter = 0;              ///< steps along the flows, not cut off
};

/// Cellpose's `eval` for pictures and stacks. Move-only; one run at a time, except that the CancelToken works
/// from any thread.
class MUSCLEMAP_API CellSegmenter {
 public:
  /// Loads the engine. Errors: `device`, `model`, `cancelled`.
  /// @param model kept
  /// @param options where the network runs
  /// @param control threads count; hears Stage::prepare
  explicit CellSegmenter(CellModel model, const CellEngineOptions& options = {},
                         const RunControl& control = {});
  ~CellSegmenter();
  /// What was moved from may only be destroyed or assigned to.
  CellSegmenter(CellSegmenter&&) noexcept;
  /// As the constructor that moves.
  /// @return this
  CellSegmenter& operator=(CellSegmenter&&) noexcept;

  /// Segments one picture, a band of rows at a time, or one stack, which is held. The same for any number of
  /// threads. A limit of memory that a picture without cells keeps to is heard of again as cells are found. A
  /// stack of several planes that is neither do_3d nor stitched is as many pictures; a diameter of 0 is then
  /// that of the network, as nothing is estimated. Errors: `argument` for more than one time, do_3d of one
  /// plane, a channel that is not there, an option out of range, a value that is NaN or infinite (reason
  /// `nonfinite`), a diameter of 0 without a size model; `memory`, `cancelled` (within a tile), `model`.
  /// @param picture of one time
  /// @param options settings
  /// @param control progress by tile (Stage::infer) and part of the masks (Stage::filter), cancel, limits
  /// @param stages filled where it is not null
  /// @return masks and what they were made of
  CellResult run(const ImageStack& picture, const CellOptions& options = {}, const RunControl& control = {},
                 CellStages* stages = nullptr);
  /// The same of a picture that need not be in memory; its rows are read more than once. Errors: those of
  /// PictureReader::read_rows() too.
  /// @param picture of one time and depth
  /// @param options settings
  /// @param control as above
  /// @param stages filled where it is not null
  /// @return masks and what they were made of
  CellResult run(PictureReader& picture, const CellOptions& options = {}, const RunControl& control = {},
                 CellStages* stages = nullptr);
  /// @param height pixels along y
  /// @param width pixels along x
  /// @param options settings; a diameter of 0 counts as that of the model
  /// @param control threads count
  /// @return bytes a run takes at its peak beside what the process holds already, the picture in memory and
  ///         stages too, if every pixel belongs to a cell; an upper estimate
  std::size_t peak_bytes(std::int64_t height, std::int64_t width, const CellOptions& options = {},
                         const RunControl& control = {}) const;
  /// The same of a stack.
  /// @param shape planes, pixels along y and along x
  /// @param options settings
  /// @param control threads count
  /// @return bytes
  std::size_t stack_peak_bytes(const std::array<std::int64_t, 3>& shape, const CellOptions& options = {},
                               const RunControl& control = {}) const;
  /// @return the model
  const CellModel& model() const noexcept;
  /// @return "native avx2", "torch 2.11.0"
  const std::string& engine() const noexcept;
  /// @return why it is not the native one where the choice was left open; else empty
  const std::string& engine_reason() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace musclemap

#endif  // MUSCLEMAP_CELL_SEGMENTER_HPP_
