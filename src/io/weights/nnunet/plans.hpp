// `plans.json` of nnU-Net v2: what one configuration does to an image, and its network.
#ifndef MUSCLEMAP_IO_WEIGHTS_NNUNET_PLANS_HPP_
#define MUSCLEMAP_IO_WEIGHTS_NNUNET_PLANS_HPP_

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "net/arch/nnunet_spec.hpp"

namespace musclemap::io {

/// How one channel is normalised: nnU-Net's classes of nnunetv2/preprocessing/normalization.
enum class NnunetScheme : std::uint8_t {
  ct,             ///< CTNormalization: clipped to [low, high], less `mean`, divided by max(`sd`, 1e-8)
  z_score,        ///< ZScoreNormalization: mean and deviation of the image, over its mask if `over_mask`
  none,           ///< NoNormalization
  rescale_to_01,  ///< RescaleTo01Normalization: least value to 0, then divided by max(greatest, 1e-8)
  rgb_to_01,      ///< RGBTo01Normalization: divided by 255
};

struct NnunetNormalisation {
  NnunetScheme scheme = NnunetScheme::z_score;
  bool over_mask = false;  ///< use_mask_for_norm
  double low = 0;          ///< percentile_00_5; this and the next three are 0, 0, 0, 1 unless stated
  double high = 0;         ///< percentile_99_5
  double mean = 0;
  double sd = 1;
};

/// nnU-Net's resample_data_or_seg_to_shape, half-pixel; or nothing, where both grids must be equal.
struct NnunetResampling {
  bool resamples = true;              ///< false: no_resampling_data_or_seg_to_shape
  int order = 3;                      ///< of the splines, 0 to 5
  int order_z = 0;                    ///< along an axis that is treated apart
  std::optional<bool> separate_axis;  ///< none: where spacings differ by more than the next number
  double separate_above = 3;          ///< ANISO_THRESHOLD
};

enum class NnunetArchitecture : std::uint8_t { plain, residual };

/// One entry of `configurations`, with what it inherits. Axes are the network's, slowest first: those of the
/// array z, y, x after NnunetPlans::transpose_forward.
struct NnunetConfiguration {
  std::string name;                           ///< "3d_fullres"
  std::vector<int> patch_size;                ///< voxels; 2 or 3 axes
  std::vector<double> spacing;                ///< mm, as many; in 2-D the slices keep their distance
  std::vector<NnunetNormalisation> channels;  ///< of the image
  NnunetResampling data;
  NnunetResampling scores;     ///< resampling_fn_probabilities
  NnunetResampling labels;     ///< resampling_fn_seg, of a cascade alone
  std::string previous_stage;  ///< of a cascade: its labels are further channels; empty: none
  NnunetArchitecture architecture = NnunetArchitecture::plain;
  net::NnUNetSpec network;  ///< in_channels and out_channels are for the data set to say
};

struct NnunetPlans {
  std::string dataset_name;
  std::string plans_name;
  std::string reader;  ///< image_reader_writer: "SimpleITKIO"; empty: not stated
  /// Network axis i is axis transpose_forward[i] of the array z, y, x. A permutation of 0, 1, 2.
  std::vector<int> transpose_forward;
  std::vector<std::string> configurations;  ///< names, sorted
};

/// The old form (UNet_class_name, …) and the new (architecture). Errors: `format` for fields of the wrong
/// type or range, `unsupported` for other networks, layers, normalisations and resamplings, by name.
NnunetPlans parse_nnunet_plans(const nlohmann::json& plans);

/// `channels` of the image, as the data set has them. Error `argument` for a name that is not there. Errors
/// else: as parse_nnunet_plans().
NnunetConfiguration parse_nnunet_configuration(const nlohmann::json& plans, const std::string& name,
                                               std::size_t channels);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_NNUNET_PLANS_HPP_
