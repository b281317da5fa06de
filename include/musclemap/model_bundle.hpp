// Weights with everything that is needed to use them.
#ifndef MUSCLEMAP_MODEL_BUNDLE_HPP_
#define MUSCLEMAP_MODEL_BUNDLE_HPP_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "musclemap/geometry.hpp"
#include "musclemap/labels.hpp"
#include "musclemap/run.hpp"
#include "musclemap/version.hpp"

namespace musclemap {

/// How the weights are stored.
enum class WeightsFormat : std::int32_t {
  state_dict,   ///< a .pth of named tensors; the network is built from its description
  torchscript,  ///< a program with its weights: code, run only when trusted; numbers where it is recognised
};

/// How a model is opened.
struct ModelOpenOptions {
  /// LibTorch may run this TorchScript file although its SHA-256 is registered nowhere.
  bool trust = false;
  /// Open a TorchScript file that has no description, to look at it; it has no labels and problem() says so.
  bool allow_missing_description = false;
};

/// A model that is ready to be handed to a Segmenter. Cheap shared handle. Immutable.
class MUSCLEMAP_API ModelBundle {
 public:
  /// Opens one of: a .pth file with its .json beside it; a TorchScript file (.pt, .ts) with `musclemap.json`
  /// inside or a .json beside it; a folder with `manifest.json`. Reads and checks everything, runs nothing.
  /// Errors: io, format (bad JSON, bad weights file), model (description and weights disagree), cancelled.
  /// @param path one of these
  /// @param options trust
  /// @param control hears Stage::read, in megabytes of weights; its cancel and a throw of its on_progress end
  ///        the opening
  /// @return ready, unless problem() says why not
  static ModelBundle open(const std::filesystem::path& path, const ModelOpenOptions& options = {},
                          const RunControl& control = {});

  /// @return such as "thigh"
  const std::string& name() const noexcept;
  /// @return such as "1.4"
  const std::string& version() const noexcept;
  /// @return where the weights are
  const std::filesystem::path& weights_file() const noexcept;
  /// @return SHA-256 of the weights file, hex
  const std::string& sha256() const noexcept;
  /// @return how the weights are stored
  WeightsFormat format() const noexcept;
  /// @return false for TorchScript whose hash stands in no manifest or trust list and that the caller does
  /// not
  ///         trust
  bool trusted() const noexcept;
  /// @return in ascending order of value; channel k of the network is labels()[k - 1], channel 0 the
  ///         background
  const std::vector<Label>& labels() const noexcept;
  /// @return mm along x, y, z after orientation to RAS; <= 0 keeps that axis
  const Spacing& target_spacing() const noexcept;
  /// @return window in voxels after resampling; 1 along z for a network that sees slices
  const Index3& window() const noexcept;
  /// @return labels and the background
  int out_channels() const noexcept;
  /// @return numbers in the weights; for TorchScript that is not recognised and whose description leaves the
  ///         network out: bytes of its tensors / 4
  std::int64_t parameter_count() const noexcept;
  /// @return TorchScript operators in use, sorted; empty for a state_dict
  const std::vector<std::string>& operators() const noexcept;
  /// @return what of a TorchScript program is outside of the allow-list, sorted; LibTorch never runs such a
  ///         program, trusted or not
  const std::vector<std::string>& refused_operators() const noexcept;
  /// @return why no engine may run the model: a program that is not recognised and not trusted or has refused
  ///         operators, no description. Empty when one may
  const std::string& problem() const noexcept;
  /// @return one line about the network: kind, channels, strides, units
  const std::string& network() const noexcept;

  struct State;  ///< inside of the library
  /// @return inside of the library
  const State& state() const noexcept { return *state_; }

 private:
  explicit ModelBundle(std::shared_ptr<const State> state) noexcept;
  std::shared_ptr<const State> state_;
};

/// Finds the weights file of a published model:
/// `<folder>/<region>/v<version>/contrast_agnostic_<region>_model.pth` under each folder of
/// model_search_path(). Errors: `model` lists where it looked
/// and what to fetch; `argument` for a region that is neither published nor in any of the folders.
/// @param region such as "thigh"
/// @param version such as "1.4"; "latest": the highest by number
/// @return the .pth
MUSCLEMAP_API std::filesystem::path find_model(const std::string& region,
                                               const std::string& version = "latest");

/// @return MUSCLEMAP_MODEL_PATH (colon-separated), then the data folders of the user, of the installed tree
/// that this code lies in (`<prefix>/share/musclemap/models`) and of the system.
MUSCLEMAP_API std::vector<std::filesystem::path> model_search_path();

/// @return regions of published models: "wholebody", "abdomen", …
MUSCLEMAP_API const std::vector<std::string>& known_regions();

}  // namespace musclemap

#endif  // MUSCLEMAP_MODEL_BUNDLE_HPP_
