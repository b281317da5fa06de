#include "io/nifti/nifti_new_header.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <type_traits>

#include "image/grid_check.hpp"
#include "io/files/io_error.hpp"
#include "io/nifti/nifti_affine.hpp"
#include "io/nifti/nifti_clib.hpp"
#include "io/nifti/nifti_repair.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::int64_t kMostVoxelsPerAxisOne = 32767;
// Cosine of the angle between two axes above which a quaternion would move corners of a large image visibly.
constexpr double kRightAngle = 1e-5;
// Two readings of one header differ by rounding alone.
constexpr double kSameVoxels = 1e-3;

bool at_right_angles(const Affine& affine) {
  const Spacing norms = Geometry{{1, 1, 1}, affine}.spacing();
  for (int a = 0; a < 3; ++a) {
    for (int b = a + 1; b < 3; ++b) {
      double dot = 0;
      for (int r = 0; r < 3; ++r) dot += affine(r, a) * affine(r, b);
      if (std::fabs(dot) >
          kRightAngle * norms[static_cast<std::size_t>(a)] * norms[static_cast<std::size_t>(b)]) {
        return false;
      }
    }
  }
  return true;
}

template <class Header>
void set_position(Header& header, const Affine& affine) {
  using Number = std::remove_reference_t<decltype(header.quatern_b)>;
  const Spacing spacing = Geometry{{1, 1, 1}, affine}.spacing();
  header.pixdim[0] = 1;
  for (int axis = 0; axis < 3; ++axis)
    header.pixdim[axis + 1] = static_cast<Number>(spacing[static_cast<std::size_t>(axis)]);
  for (int axis = 4; axis < 8; ++axis) header.pixdim[axis] = 1;
  for (int c = 0; c < 4; ++c) {
    header.srow_x[c] = static_cast<Number>(affine(0, c));
    header.srow_y[c] = static_cast<Number>(affine(1, c));
    header.srow_z[c] = static_cast<Number>(affine(2, c));
  }
  header.sform_code = NIFTI_XFORM_SCANNER_ANAT;
  header.xyzt_units = NIFTI_UNITS_MM;
  if (!at_right_angles(affine)) return;
  const QuaternionForm form = quaternion_form(affine);
  header.qform_code = NIFTI_XFORM_SCANNER_ANAT;
  header.pixdim[0] = static_cast<Number>(form.qfac);
  header.quatern_b = static_cast<Number>(form.b);
  header.quatern_c = static_cast<Number>(form.c);
  header.quatern_d = static_cast<Number>(form.d);
  header.qoffset_x = static_cast<Number>(affine(0, 3));
  header.qoffset_y = static_cast<Number>(affine(1, 3));
  header.qoffset_z = static_cast<Number>(affine(2, 3));
}

// A single slice of a 2-D image stays 2-D; everything else becomes 3-D.
template <class Header>
void set_content(Header& header, const Index3& shape, const NiftiType& type, const NiftiWriteOptions& options,
                 std::size_t offset) {
  using Length = std::remove_reference_t<decltype(header.dim[0])>;
  const bool flat = header.dim[0] == 2 && shape[2] == 1;
  header.dim[0] = flat ? 2 : 3;
  for (int axis = 0; axis < 7; ++axis) {
    header.dim[axis + 1] = axis < 3 ? static_cast<Length>(shape[static_cast<std::size_t>(axis)]) : Length{1};
  }
  header.datatype = static_cast<std::int16_t>(type.code);
  header.bitpix = static_cast<std::int16_t>(type.bytes * 8);
  header.scl_slope = static_cast<std::remove_reference_t<decltype(header.scl_slope)>>(options.slope);
  header.scl_inter = static_cast<std::remove_reference_t<decltype(header.scl_inter)>>(options.inter);
  header.vox_offset = static_cast<std::remove_reference_t<decltype(header.vox_offset)>>(offset);
}

// The source's word on its own values does not hold for others. A header of labels stays one for whole
// numbers.
template <class Header>
void set_meaning(Header& header, const NiftiType& type, const NiftiWriteOptions& options) {
  header.cal_min = header.cal_max = 0;
  const bool whole = type.kind != NumberKind::f32 && type.kind != NumberKind::f64;
  const bool labels_as_before = options.content == NiftiContent::as_source && options.header_text && whole &&
                                header.intent_code == NIFTI_INTENT_LABEL;
  if (!labels_as_before) {
    header.intent_code = options.content == NiftiContent::labels ? NIFTI_INTENT_LABEL : NIFTI_INTENT_NONE;
    header.intent_p1 = header.intent_p2 = header.intent_p3 = 0;
    std::memset(header.intent_name, 0, sizeof header.intent_name);
  }
  if (options.content == NiftiContent::as_source && options.header_text) return;
  std::memset(header.descrip, 0, sizeof header.descrip);
  std::memset(header.aux_file, 0, sizeof header.aux_file);
}

void check_shape(const Index3& shape, bool two, const std::filesystem::path& file) {
  for (const std::int64_t length : shape) {
    if (length < 1) {
      throw Error(ErrorCode::argument, Reason::invalid,
                  "an axis of the volume has length " + std::to_string(length) + ", allowed is 1 or more",
                  file);
    }
    if (!two && length > kMostVoxelsPerAxisOne) {
      throw Error(ErrorCode::unsupported, Reason::unsupported,
                  "an axis of the volume has length " + std::to_string(length) +
                      ", the NIfTI-1 header to be kept allows 32767",
                  file);
    }
  }
}

// A reader may have reported the affine with MONAI's repair or without. A volume whose place nobody stated
// takes that of the header.
void check_grid_of_like(const NiftiHeader& like, const Geometry& geometry,
                        const std::filesystem::path& file) {
  const HeaderFields fields = checked_fields(like, false, {}, file);
  NiftiInfo info;
  info.shape = fields.shape;
  info.sform_code = fields.sform_code;
  info.qform_code = fields.qform_code;
  describe_position(fields, info, file);
  const auto grid = [&](const Affine& affine) {
    Geometry kept{{1, 1, 1}, in_mm(affine, info.unit, file)};
    std::copy_n(fields.shape.begin(), std::min<std::size_t>(fields.shape.size(), 3), kept.shape.begin());
    return kept;
  };
  Geometry given = geometry;
  if (!given.spacing_known) given.to_world = grid(info.affine).to_world;
  const auto is_on = [&](const Geometry& kept) {
    return kept.shape == given.shape && image::corner_distance_voxels(kept, given) < kSameVoxels;
  };
  if (is_on(grid(repaired_affine(fields, info.affine)))) return;
  image::GridMatch match;
  try {
    match =
        image::match_grids({grid(info.affine), "header to be kept"}, {given, "volume"}, kGeometryTolerance);
  } catch (const Error& error) {
    throw error.about(file);
  }
  const image::Orientation as_stored;
  if (match.to_reference.ras_axis == as_stored.ras_axis && match.to_reference.flip == as_stored.flip) return;
  throw Error(
      ErrorCode::geometry, Reason::geometry,
      "the volume is stored along other axes than the header to be kept; write it without that header", file);
}

constexpr bool kBigEndianMachine = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

// Size and code of each extension, as little-endian.
void swap_extension_heads(std::vector<unsigned char>& bytes) {
  std::int32_t size = 0;
  for (std::size_t at = 0; at + 8 <= bytes.size(); at += static_cast<std::size_t>(size)) {
    std::memcpy(&size, bytes.data() + at, sizeof size);
    std::reverse(bytes.data() + at, bytes.data() + at + 4);
    std::reverse(bytes.data() + at + 4, bytes.data() + at + 8);
  }
}

template <class Header>
std::vector<unsigned char> to_bytes(Header header, std::vector<unsigned char> extensions) {
  if (kBigEndianMachine) {
    swap_header(header);
    swap_extension_heads(extensions);
  }
  std::vector<unsigned char> bytes(sizeof header + 4 + extensions.size());
  std::memcpy(bytes.data(), &header, sizeof header);
  bytes[sizeof header] = extensions.empty() ? 0 : 1;
  std::copy(extensions.begin(), extensions.end(), bytes.begin() + sizeof header + 4);
  return bytes;
}

}  // namespace

void drop_other_text(NiftiHeader& header) {
  header.extensions.clear();
  header.extension_count = 0;
  std::memset(header.one.data_type, 0, sizeof header.one.data_type);
  std::memset(header.one.db_name, 0, sizeof header.one.db_name);
}

std::vector<unsigned char> new_header(const Geometry& geometry, DType dtype, const NiftiWriteOptions& options,
                                      const std::filesystem::path& file) {
  const std::int64_t longest = *std::max_element(geometry.shape.begin(), geometry.shape.end());
  const NiftiHeader* like = options.like.get();
  const bool two = like != nullptr ? like->version == 2 : longest > kMostVoxelsPerAxisOne;
  check_shape(geometry.shape, two, file);
  NiftiHeader header;
  if (like != nullptr) {
    check_grid_of_like(*like, geometry, file);
    header = *like;
    if (!options.header_text) drop_other_text(header);
  } else {
    const Affine affine = in_mm(geometry.to_world, "mm", file);
    header.version = two ? 2 : 1;
    header.one.regular = 'r';
    two ? set_position(header.two, affine) : set_position(header.one, affine);
  }
  const NiftiType& type = type_for(dtype);
  const std::size_t offset = least_offset(header.version) + header.extensions.size();
  if (two) {
    set_content(header.two, geometry.shape, type, options, offset);
    set_meaning(header.two, type, options);
    header.two.sizeof_hdr = sizeof header.two;
    std::memcpy(header.two.magic, "n+2\0\r\n\032\n", sizeof header.two.magic);
    return to_bytes(header.two, header.extensions);
  }
  set_content(header.one, geometry.shape, type, options, offset);
  set_meaning(header.one, type, options);
  header.one.sizeof_hdr = sizeof header.one;
  std::memcpy(header.one.magic, "n+1", sizeof header.one.magic);
  return to_bytes(header.one, header.extensions);
}

}  // namespace musclemap::io
