// A picture of a segmentation for a person to judge.
#ifndef MUSCLEMAP_PICTURE_HPP_
#define MUSCLEMAP_PICTURE_HPP_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "musclemap/error.hpp"
#include "musclemap/labels.hpp"
#include "musclemap/tissue.hpp"
#include "musclemap/version.hpp"
#include "musclemap/volume.hpp"

namespace musclemap {

/// What a picture says at its top, and how large it is.
///
/// All text is UTF-8: title, subtitle and the names of labels. Latin, Greek, Cyrillic, Armenian and Georgian
/// letters are drawn, another letter is a box, bytes that are no UTF-8 are U+FFFD, control characters are
/// left out. What is too long ends in an ellipsis. The same arguments give the same picture on every machine.
struct MontageOptions {
  std::string title;                                 ///< such as the image's file name
  std::string subtitle;                              ///< such as the model's name and version
  int width_px = 1800;                               ///< 800 to 8000
  int max_slices = 8;                                ///< qc_montage_png: small pictures of sections, 0 to 64
  int max_groups = 48;                               ///< tissue_montage_png: muscles that are shown, 1 to 200
  SectionAxis section_axis = SectionAxis::superior;  ///< along which sections follow each other
  /// qc_montage_png: told, on the calling thread, where image and labels look exchanged.
  std::function<void(const Warning&)> on_warning = {};
  /// Most that corners of the grids may lie apart, in voxels.
  double geometry_tolerance = kGeometryTolerance;
};

/// The labels over the image as the bytes of a PNG file (8-bit RGB): the section with the largest labelled
/// area, large and with the names of its structures; smaller sections spread evenly over the labelled extent;
/// an overview along the sections where the volume reaches 60 mm or more that way; a table of volumes.
/// Sections are axial unless options.section_axis says another. Axial (seen from the feet) and coronal views
/// have the patient's right on the picture's left, sagittal ones the front; sizes are true to the spacing.
/// Grey values run from the 1st to the 99th percentile of the non-zero voxels; for CT (1st percentile below
/// -500) from -160 to 240; dark images are lifted by a gamma of 0.6 or more.
///
/// Peak memory beside the arguments: about 60 bytes per voxel of a slice and the picture.
/// Errors: `argument` (dtype of the labels, options out of range), `geometry` (grids differ).
/// @param image of any dtype
/// @param labels of an integer dtype on the image's grid; 0 is background
/// @param names of the labels; others are shown as "label N"
/// @param options title and size
/// @return a PNG file
MUSCLEMAP_API std::string qc_montage_png(const Volume& image, const Volume& labels,
                                         const std::vector<Label>& names, const MontageOptions& options = {});

/// The segmented structures as shaded surfaces, seen from the front with the patient upright, as the bytes of
/// a PNG file (8-bit RGB): a picture for each body system that the map holds (bones, muscles, organs, heart
/// and vessels, head and nerves, tissue), all of one scale, with the names below; and one slice of the image
/// with the labels over it, coronal where the labels reach 120 mm or more in height, else axial. The
/// patient's right is on the picture's left. CT (1st percentile below -500) is shown from -115 to 225, other
/// images as in qc_montage_png(). Names decide systems and colours; both sides of a structure, ribs,
/// vertebrae and teeth share a name. Of the options it obeys title, subtitle, width_px, on_warning and
/// geometry_tolerance.
///
/// Peak memory beside the arguments: 2 bytes for each labelled voxel's place, at most 48 MB; about 90 bytes
/// for each voxel of the largest system's surface; 80 bytes a pixel of one picture. Errors: `argument` (dtype
/// of the labels, options out of range), `geometry` (grids differ).
/// @param image of any dtype
/// @param labels of an integer dtype on the image's grid; 0 is background
/// @param names of the labels; others are shown as "label N"
/// @param options title and size
/// @return a PNG file
MUSCLEMAP_API std::string organ_preview_png(const Volume& image, const Volume& labels,
                                            const std::vector<Label>& names,
                                            const MontageOptions& options = {});

/// What the tissue picture shows over and beside the image. `TissueMap` has all of it.
struct TissueOverlay {
  Volume labels;                ///< integer dtype
  Volume tissue;                ///< u8, codes of Tissue, on the labels' grid
  std::vector<TissueFit> fits;  ///< thresholds and status per label; labels without a fit get no threshold
  TissueOptions options;        ///< how the labels were divided, for the legend and for fixed ranges
  /// Muscle, undefined and fat of a label in percent, to be shown as a table has them; labels that are not in
  /// it show the shares of the map's voxels, which may differ by those at a threshold.
  std::map<std::int32_t, std::array<double, 3>> percent = {};
};

/// The tissue classes over the image as the bytes of a PNG file (8-bit RGB), a card per muscle (right and
/// left together): its largest section, muscle red, undefined blue, fat yellow; a table
/// per side of volume, shares of the map's voxels and largest section, or of why a label is not divided; the
/// histogram of its intensities with the thresholds. An overview as in qc_montage_png(). Sides, sizes and
/// grey values are as in qc_montage_png().
///
/// At most 8000 pixels high: groups that find no room, or exceed max_groups, are named below, smallest first
/// to go. Peak memory beside the arguments: about 60 bytes per voxel of a slice, the picture and its PNG
/// file. Errors: `argument` (dtype of labels or tissue, options out of range), `geometry` (grids differ).
/// @param image of any dtype
/// @param overlay on the image's grid
/// @param names of the labels; others are shown as "label N"
/// @param options title and size
/// @return a PNG file
MUSCLEMAP_API std::string tissue_montage_png(const Volume& image, const TissueOverlay& overlay,
                                             const std::vector<Label>& names,
                                             const MontageOptions& options = {});

}  // namespace musclemap

#endif  // MUSCLEMAP_PICTURE_HPP_
