// Options of reading and writing NIfTI files.
#ifndef MUSCLEMAP_IO_NIFTI_NIFTI_OPTIONS_HPP_
#define MUSCLEMAP_IO_NIFTI_NIFTI_OPTIONS_HPP_

#include "base/option.hpp"
#include "musclemap/nifti.hpp"

namespace musclemap::base {

template <>
struct Words<AffineRule> {
  static constexpr WordList<AffineRule, 2> kList{
      {{AffineRule::nifti, "nifti"}, {AffineRule::monai, "monai"}}};
};

template <>
struct Words<NiftiContent> {
  static constexpr WordList<NiftiContent, 3> kList{{{NiftiContent::as_source, "as_source"},
                                                    {NiftiContent::labels, "labels"},
                                                    {NiftiContent::other, "other"}}};
};

template <>
struct Options<NiftiReadOptions> {
  using O = NiftiReadOptions;
  static constexpr auto kList = std::make_tuple(
      option("limits", &O::limits, "of what a header may claim"),
      option("affine", &O::affine, "which affine is reported: repaired as MONAI does, or not"),
      option("first_volume", &O::first_volume,
             "read the first volume of a file of several, which is refused otherwise"));
};

template <>
struct Options<NiftiLimits> {
  using O = NiftiLimits;
  static constexpr auto kList = std::make_tuple(
      option("max_voxel_bytes", &O::max_voxel_bytes, "most bytes of voxels that a header may declare"),
      option("max_extension_bytes", &O::max_extension_bytes, "most bytes of extensions"));
};

template <>
struct Options<NiftiWriteOptions> {
  using O = NiftiWriteOptions;
  static constexpr auto kList = std::make_tuple(
      option("like", &O::like, "header to keep"), option("content", &O::content, "what the voxels are"),
      option("header_text", &O::header_text,
             "keep extensions and free text of the header, in which names and dates travel"),
      option("slope", &O::slope, "value = voxel * slope + inter"),
      option("inter", &O::inter, "value = voxel * slope + inter"));
};

}  // namespace musclemap::base

#endif  // MUSCLEMAP_IO_NIFTI_NIFTI_OPTIONS_HPP_
