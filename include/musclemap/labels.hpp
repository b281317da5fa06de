// Names of the values of a label map.
#ifndef MUSCLEMAP_LABELS_HPP_
#define MUSCLEMAP_LABELS_HPP_

#include <array>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "musclemap/export.hpp"

namespace musclemap {

/// One structure of a label map; value 0 is the background and is never listed.
struct Label {
  std::int32_t value = 0;
  std::string region;   ///< body region, such as "thigh"; may be empty
  std::string anatomy;  ///< structure, such as "vastus lateralis"; may be empty
  std::string side;     ///< "left", "right", "no side" or empty
};

/// "anatomy, side" with what is known of both; "label N" when nothing is.
MUSCLEMAP_API std::string display_name(const Label& label);

/// A display colour (red, green, blue) that depends on the label's value alone.
MUSCLEMAP_API std::array<std::uint8_t, 3> label_colour(std::int32_t value) noexcept;

/// Labels of a model (its .json, its weights file or its folder) or of a segmentation (the .json beside a
/// label map), in ascending order of value. Errors: `io`, `format` (names the field), and those of
/// ModelBundle::open.
MUSCLEMAP_API std::vector<Label> read_labels(const std::filesystem::path& file);

/// Label tables that viewers read.
enum class LabelTableFormat : std::int32_t { itksnap = 1, slicer, fsleyes, freesurfer, bids };

/// Writes the table in the viewer's own format, the same bytes in every locale. Names lose what the format
/// cannot hold (line ends, quotes, blanks for slicer and freesurfer); equal names get their value appended.
MUSCLEMAP_API void write_label_table(const std::vector<Label>& labels, LabelTableFormat format,
                                     std::ostream& out);

}  // namespace musclemap

#endif  // MUSCLEMAP_LABELS_HPP_
