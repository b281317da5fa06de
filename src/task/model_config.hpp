// The JSON that describes a published model, as checked values.
#ifndef MUSCLEMAP_TASK_MODEL_CONFIG_HPP_
#define MUSCLEMAP_TASK_MODEL_CONFIG_HPP_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "musclemap/geometry.hpp"
#include "musclemap/labels.hpp"
#include "net/arch/monai_unet.hpp"

namespace musclemap::task {

/// Pixels of a window along an axis.
inline constexpr std::int64_t kLargestWindow = 4096;

struct ModelConfig {
  std::string version;  ///< model.version as it is written; empty when absent
  Index3 window{};      ///< parameters.roi_size and 1
  Spacing target_spacing{};
  int out_channels = 0;
  std::vector<Label> labels;  ///< ascending values
  /// Empty for a TorchScript model whose description leaves the network out.
  std::optional<net::UNetSpec> unet;
};

/// What the weights are decides what the description must say about the network.
enum class NetworkIn { description, program };

/// Checks every key (docs/chains/musclemap.md, section 2); unknown ones are left alone. Error `format` reason
/// `bad_json`, `labels` or `limit`: names the field, the value seen and the values allowed.
ModelConfig parse_model_config(const nlohmann::json& document, NetworkIn network);

/// What becomes of an entry of value 0.
enum class Background { refused, passed_over };

/// `labels` alone: array of {value, region, anatomy, side, snomed}; ascending values.
std::vector<Label> parse_labels(const nlohmann::json& document, Background background);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_MODEL_CONFIG_HPP_
