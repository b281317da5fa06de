// Step: intensities as nnU-Net normalises them (docs/chains/totalsegmentator.md, section 7.2).
#ifndef MUSCLEMAP_IMAGE_STEPS_NORMALISE_NNUNET_HPP_
#define MUSCLEMAP_IMAGE_STEPS_NORMALISE_NNUNET_HPP_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/words.hpp"
#include "image/steps/parts.hpp"

namespace musclemap::image {

/// nnU-Net's normalisation_schemes by what they are called in plans.
enum class Scheme : std::uint8_t { ct, z_score, none, rescale_to_01, rgb_to_01 };

/// How one channel is normalised. The numbers are those of the plan's
/// `foreground_intensity_properties_per_channel`; only `ct` needs them.
struct ChannelNormalisation {
  template <class Self, class Visit>
  static void fields(Self& self, const Visit& visit) {
    visit("scheme", self.scheme);
    visit("percentile_00_5", self.percentile_00_5);
    visit("percentile_99_5", self.percentile_99_5);
    visit("mean", self.mean);
    visit("std", self.deviation);
    visit("over_mask", self.over_mask);
  }
  Scheme scheme = Scheme::none;
  double percentile_00_5 = 0;
  double percentile_99_5 = 0;
  double mean = 0;
  double deviation = 1;
  /// `z_score` alone: of the voxels that are not 0 in any channel, and of the holes between them; the others
  /// keep their values.
  bool over_mask = false;
};

/// All in single precision. `ct`: cut to the percentiles, less mean, by deviation. `z_score`: mean and
/// population deviation of the field below, summed as NumPy sums a contiguous array [z][y][x] (pairwise), to
/// the last bit; a field is measured in slices of rising z. `rescale_to_01`: less the least value, by the
/// most that is left. `rgb_to_01`: by 255; error `argument` where a value is not in 0 to 255. No divisor is
/// below 1e-8.
struct NormaliseNnunet {
  static constexpr const char* kKind = "normalise";
  static constexpr std::array<Word, 1> kWords{{{"by", "nnunet"}}};
  template <class Self, class Visit>
  static void fields(Self& self, const Visit& visit) {
    visit("channels", self.channels);
  }
  std::vector<ChannelNormalisation> channels;  ///< as many as the field below has
};

std::unique_ptr<Meter> meter(const NormaliseNnunet& step, const Index3& shape, int channels);
/// Error `argument` where the field below has another number of channels.
std::unique_ptr<Field> apply(const NormaliseNnunet& step, Field& below, const Grid& from,
                             const Measured& measured, int threads);
std::size_t held_bytes(const NormaliseNnunet& step, const Grid& from, int channels);

}  // namespace musclemap::image

namespace musclemap::base {

template <>
struct Words<image::Scheme> {
  static constexpr WordList<image::Scheme, 5> kList{
      {{image::Scheme::ct, "CTNormalization"},
       {image::Scheme::z_score, "ZScoreNormalization"},
       {image::Scheme::none, "NoNormalization"},
       {image::Scheme::rescale_to_01, "RescaleTo01Normalization"},
       {image::Scheme::rgb_to_01, "RGBTo01Normalization"}}};
};

}  // namespace musclemap::base

#endif  // MUSCLEMAP_IMAGE_STEPS_NORMALISE_NNUNET_HPP_
