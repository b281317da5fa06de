// Names of the values of a label map.
#ifndef MUSCLEMAP_LABELS_HPP_
#define MUSCLEMAP_LABELS_HPP_

#include <array>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "musclemap/run.hpp"
#include "musclemap/version.hpp"

namespace musclemap {

/// One structure of a label map; value 0 is the background and is never listed.
struct Label {
  std::int32_t value = 0;   ///< in the label map, not 0
  std::string region;       ///< body region, such as "thigh"; may be empty
  std::string anatomy;      ///< structure, such as "vastus lateralis"; may be empty
  std::string side;         ///< "left", "right", "no side" or empty
  std::string snomed = {};  ///< SNOMED CT code where the table has one; may be empty
  std::string kind = {};    ///< "muscle", "bone", "organ", "fat", "other"; may be empty
};

/// What a label is: its own kind in lower case; where it has none "bone" for an anatomy that names one by a
/// word of a short list (docs/metrics.md), else empty.
/// @param label any
/// @return "muscle", "bone", …; may be empty
MUSCLEMAP_API std::string label_kind(const Label& label);

/// @param label to be named
/// @return "anatomy, side" with what is known of both; "label N" when nothing is
MUSCLEMAP_API std::string display_name(const Label& label);

/// @param value of a label
/// @return a display colour (red, green, blue) that depends on the value alone
MUSCLEMAP_API std::array<std::uint8_t, 3> label_colour(std::int32_t value) noexcept;

/// Labels in ascending order of value, from one of
///   * a model (its .json, its weights file or its folder) or a segmentation (the .json beside a label map);
///   * JSON {"labels": {"1": "psoas", "7701": "soleus"}}: value and anatomy;
///   * a table separated by commas, semicolons or tabs (RFC 4180) whose heading names value (or index,
///     LabelValue) and anatomy (or name), in any order; region, side, snomed and kind are read too. BIDS
///     dseg.tsv and Slicer's .csv are such;
///   * label descriptions of ITK-SNAP, colour tables of Slicer (.ctbl), FreeSurfer and FSLeyes (.lut).
/// The content decides, not the file's name. UTF-8, or UTF-16 with a byte order mark. Names are kept byte for
/// byte, but that ", left" or ", right" at the end of a viewer's name becomes the side. Blank rows and rows
/// of value 0 are passed over. Values are unique: 1 to 32767 in models, any int32 but 0 elsewhere. Errors:
/// `io`, `format` (names line and field), and those of ModelBundle::open.
/// @param file one of the above
/// @return ascending by value
MUSCLEMAP_API std::vector<Label> read_labels(const std::filesystem::path& file);

/// Those of the .json that segment_file() writes beside a label map. A .json that holds no names is not what
/// was looked for: it is passed over with the warning `names_ignored`.
/// @param label_map the NIfTI file; its .json need not exist
/// @param control hears the warning
/// @return ascending by value; empty where there is no .json with names
MUSCLEMAP_API std::vector<Label> labels_beside(const std::filesystem::path& label_map,
                                               const RunControl& control = {});

/// The labels of one version of MuscleMap's models.
struct LabelTable {
  std::string region;         ///< of the model, such as "thigh"; a label's own region may differ
  std::string version;        ///< such as "1.4"
  std::vector<Label> labels;  ///< ascending values
};

/// The tables that the library holds, by region and version, in ascending order. The meaning of a value
/// depends on the version: where the model is at hand, its own labels are the right ones.
/// @return lives for ever
MUSCLEMAP_API const std::vector<LabelTable>& builtin_label_tables();

/// Error `argument`, which lists what there is.
/// @param region any case
/// @param version such as "1.4"; "latest": the highest by number
/// @return lives for ever
MUSCLEMAP_API const LabelTable& builtin_label_table(const std::string& region,
                                                    const std::string& version = "latest");

/// Label tables that viewers read.
enum class LabelTableFormat : std::int32_t { itksnap = 1, slicer, fsleyes, freesurfer, bids };

/// Writes the table in the viewer's own format, the same bytes in every locale. Names lose what the format
/// cannot hold (line ends, quotes, blanks for slicer, freesurfer); equal ones get their value appended until
/// none are. BIDS gets SNOMED CT codes if any. Error `argument`: a value twice or out of the viewer's range.
/// @param labels in the order to write; 1 to 65535 for itksnap, to 1000000 for slicer, else any positive
/// @param format of the viewer
/// @param out gets the table
MUSCLEMAP_API void write_label_table(const std::vector<Label>& labels, LabelTableFormat format,
                                     std::ostream& out);

}  // namespace musclemap

#endif  // MUSCLEMAP_LABELS_HPP_
