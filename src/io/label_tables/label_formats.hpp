// Names of the label tables that viewers read.
#ifndef MUSCLEMAP_IO_LABEL_TABLES_LABEL_FORMATS_HPP_
#define MUSCLEMAP_IO_LABEL_TABLES_LABEL_FORMATS_HPP_

#include "base/words.hpp"
#include "musclemap/labels.hpp"

namespace musclemap::base {

template <>
struct Words<LabelTableFormat> {
  static constexpr WordList<LabelTableFormat, 5> kList{{{LabelTableFormat::itksnap, "itksnap"},
                                                        {LabelTableFormat::slicer, "slicer"},
                                                        {LabelTableFormat::fsleyes, "fsleyes"},
                                                        {LabelTableFormat::freesurfer, "freesurfer"},
                                                        {LabelTableFormat::bids, "bids"}}};
};

}  // namespace musclemap::base

#endif  // MUSCLEMAP_IO_LABEL_TABLES_LABEL_FORMATS_HPP_
