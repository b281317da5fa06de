// Muscle and fat inside labels: clustering of intensities, fixed windows, Dixon fat fraction.
#ifndef MUSCLEMAP_TISSUE_HPP_
#define MUSCLEMAP_TISSUE_HPP_

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "musclemap/run.hpp"
#include "musclemap/version.hpp"
#include "musclemap/volume.hpp"

namespace musclemap {

/// Tissue of a voxel; the numbers are those of MuscleMap's combined maps.
enum class Tissue : std::uint8_t { none = 0, muscle = 1, fat = 4, undefined = 7 };

/// @param tissue any number
/// @return "none", "muscle", "fat", "undefined"; "unknown" for a number outside the list
MUSCLEMAP_API const char* tissue_name(Tissue tissue) noexcept;

/// How a label's voxels become tissues.
enum class TissueMethod : std::int32_t {
  kmeans = 1,  ///< exact one-dimensional k-means on the intensities
  gmm,         ///< Gaussian mixture, deterministic starts
  hu,          ///< fixed windows of CT numbers, the same for every label
};

/// How the voxels at a threshold are counted (docs/chains/metrics.md, section 7.1).
enum class TissueOperators : std::int32_t {
  upstream = 1,  ///< as MuscleMap does: tables and maps differ by the voxels that equal muscle_max
  consistent,    ///< x <= muscle_max is muscle, x >= fat_min (two components: the rest) is fat, everywhere
};

/// When the mixture's EM stops.
enum class MixtureStop : std::int32_t {
  compat = 1,  ///< change of the bound below 1e-3: comparable with published MuscleMap figures
  converged,   ///< below 1e-9, at most 5000 iterations: the maximum likelihood, another measurement
};

/// Intensities from `low` to `high`, both included.
struct IntensityRange {
  double low;   ///< smallest
  double high;  ///< largest
};

/// How labels are divided.
struct TissueOptions {
  TissueMethod method = TissueMethod::gmm;  ///< clustering or fixed windows
  int components = 2;  ///< 2: muscle, fat; 3: muscle, undefined, fat. Not used by hu, which has three
  TissueOperators operators = TissueOperators::upstream;  ///< how voxels at a threshold are counted
  MixtureStop stop = MixtureStop::compat;                 ///< gmm: when EM stops
  /// Passes over mixtures of which a component has shrunk onto one grey value or has no voxel, while there
  /// are others; off: as MuscleMap does.
  bool collapse_guard = true;
  IntensityRange muscle_range{-29, 150};  ///< hu: Hounsfield units
  IntensityRange fat_range{-190, -30};    ///< hu: Hounsfield units; wins where both ranges hold a value
  /// Whether bones (label_kind()) have muscle and fat in tables and pictures, or volumes alone. Unset:
  /// volumes alone, except in extract_metrics() of MuscleMap's own columns, which has MuscleMap's rows and
  /// maps.
  std::optional<bool> divide_bones = {};
  /// Most that the corners of image, labels and masks may lie apart, in voxels; above 1e-3 with a warning.
  double geometry_tolerance = kGeometryTolerance;
};

/// What became of a label.
enum class LabelStatus : std::int32_t {
  ok = 0,
  too_few_voxels,  ///< fewer voxels than components
  not_separable,   ///< fewer distinct values than components, or a component without a voxel
  nonfinite,       ///< NaN or infinity inside the label
  collapsed,       ///< every mixture has a component on one grey value; the figures are those of the best
  implausible,     ///< divided, but a threshold lies beyond the mean of a class that it should bound
  overlapping,     ///< divided, but the classes lie over each other
  bone,            ///< a bone, which is not divided unless TissueOptions::divide_bones says so
};

/// @param status any number
/// @return "ok", "too_few_voxels", …; "unknown" for a number outside the list
MUSCLEMAP_API const char* status_name(LabelStatus status) noexcept;

/// One Gaussian; for k-means and hu its share, mean and variance (divided by N) of the voxels.
struct TissueComponent {
  double weight = 0;    ///< 0 to 1
  double mean = 0;      ///< of the intensities
  double variance = 0;  ///< of the intensities
};

/// How one label is divided. Intensities are those of the image.
struct TissueFit {
  /// Stands for a number that there is not.
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  std::int32_t label = 0;                ///< value in the label map
  std::int64_t voxels = 0;               ///< of the label
  LabelStatus status = LabelStatus::ok;  ///< see divided()
  double muscle_max = kNone;             ///< largest intensity of the muscle cluster
  double fat_min = kNone;                ///< smallest one of the fat cluster; NaN with two components
  /// In the order muscle, fat or muscle, undefined, fat. Empty for a label that is not divided.
  std::vector<TissueComponent> components;
  /// gmm: mean log-likelihood per voxel before the last M-step (docs/chains/metrics.md, section 11.2).
  /// kmeans: within-cluster sum of squares.
  double objective = kNone;
  int iterations = 0;  ///< gmm: EM steps of the start that won
  int starts = 0;      ///< gmm: starts that were tried
  bool stable = true;  ///< gmm: no other start within 1e-3 of the bound moves muscle or fat by over 2 points
  /// @return whether there are thresholds and components
  bool divided() const noexcept {
    return status == LabelStatus::ok || status == LabelStatus::collapsed ||
           status == LabelStatus::implausible || status == LabelStatus::overlapping;
  }
};

/// weight * Gaussian(x) of each component, divided by the sum of all. Needs a gmm fit.
/// @param fit of one label
/// @param x intensity
/// @return probability of each component, 0 to 1, in the order of fit.components
MUSCLEMAP_API std::vector<double> posterior(const TissueFit& fit, double x);

/// The image divided inside its labels, with what a viewer needs to correct it: thresholds can be moved and
/// voxels taken out without clustering again. Holds handles to image and labels, which must not change while
/// it is used. One thread at a time.
class MUSCLEMAP_API TissueMap {
 public:
  ~TissueMap();
  /// What was moved from may only be destroyed or assigned to.
  TissueMap(TissueMap&&) noexcept;
  /// As the constructor that moves.
  /// @return this
  TissueMap& operator=(TissueMap&&) noexcept;

  /// @return as given to the classifier
  const TissueOptions& options() const noexcept;
  /// @return ascending by label
  const std::vector<TissueFit>& fits() const noexcept;
  /// @return as given to the classifier
  const Volume& image() const noexcept;
  /// @return as given to the classifier
  const Volume& labels() const noexcept;
  /// @return taken-out voxels; null until set_exclusion_mask()
  const Volume* excluded() const noexcept;

  /// @return u8, codes of Tissue, on the labels' grid
  const Volume& tissue() const noexcept;
  /// With upstream operators muscle and fat may overlap in a gmm.
  /// @param tissue muscle, fat or undefined
  /// @return u8, 1 where the voxel is of that tissue
  Volume mask(Tissue tissue) const;
  /// Error `argument` unless the method is gmm and has that component.
  /// @param tissue muscle, fat or undefined
  /// @return f32, probability of that tissue, 0 outside the labels
  Volume posterior_map(Tissue tissue) const;

  /// Moves one label's thresholds; takes effect with recompute(). Error `argument` for a label that is not
  /// divided, and for hu.
  /// @param label whose thresholds move
  /// @param muscle_max largest intensity of muscle
  /// @param fat_min smallest intensity of fat; not used with two components
  void set_thresholds(std::int32_t label, double muscle_max, double fat_min = TissueFit::kNone);
  /// Takes effect with recompute(). Errors: `argument` (dtype), `geometry`.
  /// @param mask u8 on the labels' grid, stored along any axes: voxels that are not 0 leave every count and
  /// map
  void set_exclusion_mask(const Volume& mask);
  /// Divides the voxels anew by the thresholds and the mask that are set. Error `cancelled`.
  /// @param control progress, cancelling, limits
  void recompute(const RunControl& control = {});

 private:
  friend class TissueClassifier;
  struct State;
  explicit TissueMap(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

/// Divides each label of an image. Immutable; thread-safe.
class MUSCLEMAP_API TissueClassifier {
 public:
  /// Error `argument` for components other than 2 and 3, numbers outside of a list, and for empty ranges.
  /// @param options how labels are divided
  explicit TissueClassifier(TissueOptions options = {});
  /// @return as given
  const TissueOptions& options() const noexcept { return options_; }

  /// Threads share the labels; the result does not depend on their number. A label map that is stored along
  /// other axes than the image is reordered, with a warning; the map's volumes lie on its own grid. Errors:
  /// `geometry` (grids differ), `format` reason `labels` (fractional labels, or none at all), `cancelled`.
  /// @param image of any dtype
  /// @param labels on the image's grid, stored along any axes; any dtype whose values are integers; 0 is
  /// background
  /// @param control progress, cancelling, limits
  /// @return holds image and labels
  TissueMap classify(const Volume& image, const Volume& labels, const RunControl& control = {}) const;
  /// The division alone, from streams of slabs: one pass, no volume is held. Memory: the distinct
  /// intensities of the labelled voxels. Errors as those of classify().
  /// @param image of any dtype
  /// @param labels on the image's grid, stored along any axes; any dtype whose values are integers; 0 is
  /// background
  /// @param control progress, cancelling, limits
  /// @return ascending by label
  std::vector<TissueFit> fit(SlabReader& image, SlabReader& labels, const RunControl& control = {}) const;

 private:
  TissueOptions options_;
};

/// Dixon fat fraction F / (F + W), not clipped. Errors: `geometry` where the grids differ, `cancelled`.
/// @param fat of any dtype
/// @param water of any dtype on the same grid
/// @param control progress, cancelling, limits
/// @param geometry_tolerance most that corners of the grids may lie apart, in voxels; above 1e-3 with a
/// warning
/// @return f32 on the grid of `fat`, 0 where F + W is 0
MUSCLEMAP_API Volume fat_fraction(const Volume& fat, const Volume& water, const RunControl& control = {},
                                  double geometry_tolerance = kGeometryTolerance);

}  // namespace musclemap

#endif  // MUSCLEMAP_TISSUE_HPP_
