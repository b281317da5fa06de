// Options of OME-TIFF files that are written.
#ifndef MUSCLEMAP_IO_PICTURES_OME_TIFF_OPTIONS_HPP_
#define MUSCLEMAP_IO_PICTURES_OME_TIFF_OPTIONS_HPP_

#include "base/option.hpp"
#include "musclemap/pictures.hpp"

namespace musclemap::base {

template <>
struct Words<TiffCompression> {
  static constexpr WordList<TiffCompression, 2> kList{
      {{TiffCompression::deflate, "deflate"}, {TiffCompression::none, "none"}}};
};

template <>
struct Options<OmeTiffOptions> {
  using O = OmeTiffOptions;
  static constexpr auto kList =
      std::make_tuple(option("compression", &O::compression, "how pixels are packed; nothing is lost"),
                      option("comments", &O::comments, "texts of VLabApp's namespace, in their order"));
};

}  // namespace musclemap::base

#endif  // MUSCLEMAP_IO_PICTURES_OME_TIFF_OPTIONS_HPP_
