#include "io/nifti/nifti_affine.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "io/files/io_error.hpp"

namespace musclemap::io {
namespace {

[[noreturn]] void throw_geometry(const std::string& message, const std::filesystem::path& file) {
  throw Error(ErrorCode::geometry, Reason::geometry, message, file);
}

// An axis that the image does not have may have any spacing; 1 stands in for one that is no length.
double spacing_along(const HeaderFields& fields, int axis) {
  const double stored = fields.pixdim[axis];
  const bool exists = static_cast<std::size_t>(axis) <= fields.shape.size();
  return exists || (std::isfinite(stored) && stored > 0) ? stored : 1.0;
}

// Empty if all three spacings are usable.
std::string odd_spacing(const HeaderFields& fields) {
  for (int axis = 1; axis <= 3; ++axis) {
    const double spacing = spacing_along(fields, axis);
    if (!std::isfinite(spacing) || spacing <= 0) {
      return "pixdim[" + std::to_string(axis) + "] is " + base::number_text(spacing) +
             ", allowed are finite numbers above 0";
    }
  }
  return {};
}

double determinant(const Affine& a) {
  return a(0, 0) * (a(1, 1) * a(2, 2) - a(1, 2) * a(2, 1)) -
         a(0, 1) * (a(1, 0) * a(2, 2) - a(1, 2) * a(2, 0)) +
         a(0, 2) * (a(1, 0) * a(2, 1) - a(1, 1) * a(2, 0));
}

// Only spacing is known. The centre lies at the origin and x is flipped, as readers of ANALYZE assume.
Affine centred_matrix(const HeaderFields& fields, const std::filesystem::path& file) {
  const std::string odd = odd_spacing(fields);
  if (!odd.empty()) throw_geometry(odd, file);
  Affine affine;
  for (int axis = 0; axis < 3; ++axis) {
    const double spacing = spacing_along(fields, axis + 1);
    const auto index = static_cast<std::size_t>(axis);
    const std::int64_t length = index < fields.shape.size() ? fields.shape[index] : 1;
    const double middle = static_cast<double>(length - 1) / 2.0;
    affine(axis, axis) = axis == 0 ? -spacing : spacing;
    affine(axis, 3) = axis == 0 ? middle * spacing : 0.0 - middle * spacing;
  }
  return affine;
}

void warn_of_spacing(const HeaderFields& fields, NiftiInfo& info) {
  const Spacing norms = Geometry{{1, 1, 1}, info.affine}.spacing();
  const int axes = static_cast<int>(std::min<std::size_t>(3, fields.shape.size()));
  for (int axis = 0; axis < axes; ++axis) {
    const double norm = norms[static_cast<std::size_t>(axis)];
    const double stored = fields.pixdim[axis + 1];
    const std::string name = "pixdim[" + std::to_string(axis + 1) + "] is " + base::number_text(stored);
    if (stored < 0)
      info.warnings.push_back({WarningCode::voxel_size, name + "; a spacing cannot be negative, the " +
                                                            info.affine_source + " is used"});
    if (!(std::fabs(std::fabs(stored) - norm) <= 1e-3 * norm)) {
      info.warnings.push_back({WarningCode::voxel_size,
                               name + " but the " + info.affine_source + " has " + base::number_text(norm) +
                                   " along that axis; the " + info.affine_source + " is used"});
    }
  }
  double worst = 0;
  for (int a = 0; a < 3; ++a) {
    for (int b = a + 1; b < 3; ++b) {
      double dot = 0;
      for (int r = 0; r < 3; ++r) dot += info.affine(r, a) * info.affine(r, b);
      worst = std::max(
          worst, std::fabs(dot) / (norms[static_cast<std::size_t>(a)] * norms[static_cast<std::size_t>(b)]));
    }
  }
  if (worst > 1e-3)
    info.warnings.push_back({WarningCode::shear, "the voxel axes are not at right angles (shear)"});
}

void warn_of_disagreement(NiftiInfo& info) {
  Geometry s{{1, 1, 1}, info.sform};
  Geometry q{{1, 1, 1}, info.qform};
  for (std::size_t axis = 0; axis < 3 && axis < info.shape.size(); ++axis) s.shape[axis] = info.shape[axis];
  q.shape = s.shape;
  const Spacing norms = s.spacing();
  double reach = 0;
  for (int r = 0; r < 3; ++r) reach = std::max(reach, std::fabs(info.sform(r, 3)));
  // Single precision limits how well two equal positions agree.
  const double tolerance = 0.05 * std::min({norms[0], norms[1], norms[2]}) + 1e-6 * reach;
  if (same_grid(s, q, tolerance)) return;
  const bool mirrored = (determinant(info.sform) < 0) != (determinant(info.qform) < 0);
  info.warnings.push_back(
      {WarningCode::orientation, mirrored ? "sform and qform disagree on left and right; the sform is used"
                                          : "sform and qform disagree; the sform is used"});
}

void describe_unit(const HeaderFields& fields, NiftiInfo& info) {
  switch (fields.unit_code) {
    case 1:
      info.unit = "metre";
      break;
    case 2:
      info.unit = "mm";
      return;
    case 3:
      info.unit = "micron";
      break;
    default:
      info.unit = "unknown";
      info.warnings.push_back({WarningCode::unit, "the unit of space is unknown (code " +
                                                      std::to_string(fields.unit_code) +
                                                      "); millimetres are assumed"});
      return;
  }
  info.warnings.push_back({WarningCode::unit, "the unit of space is the " + info.unit +
                                                  "; positions are converted to millimetres"});
}

}  // namespace

Affine sform_matrix(const HeaderFields& fields) {
  Affine affine;
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 4; ++c) affine(r, c) = fields.srow[r][c];
  }
  return affine;
}

std::optional<Affine> qform_matrix(const HeaderFields& fields, std::string& why_not) {
  why_not = odd_spacing(fields);
  if (!why_not.empty()) return std::nullopt;
  const double qfac = fields.pixdim[0];
  if (!std::isfinite(qfac) || (qfac < 0 && qfac != -1)) {
    why_not = "pixdim[0] is " + base::number_text(qfac) + ", allowed are 1, -1 and 0, which stands for 1";
    return std::nullopt;
  }
  for (int i = 0; i < 3; ++i) {
    if (std::isfinite(fields.quatern[i]) && std::isfinite(fields.qoffset[i])) continue;
    why_not = "the qform holds numbers that are not finite";
    return std::nullopt;
  }
  // Extended precision, rounded once at the end: the columns come out at right angles to the last bit.
  const long double b = fields.quatern[0], c = fields.quatern[1], d = fields.quatern[2];
  const long double rest = 1.0L - (b * b + c * c + d * d);
  // Below the precision of the stored numbers the first component counts as zero.
  const long double precision = 3.0L * (fields.version == 2 ? std::numeric_limits<double>::epsilon()
                                                            : std::numeric_limits<float>::epsilon());
  if (rest < -1e-3L) {
    why_not = "the quaternion's squares sum to " + base::number_text(static_cast<double>(1.0L - rest)) +
              ", allowed is at most 1";
    return std::nullopt;
  }
  const long double a = rest < precision ? 0.0L : std::sqrt(rest);
  const long double s = 2.0L / (a * a + b * b + c * c + d * d);
  const long double bs = b * s, cs = c * s, ds = d * s;
  const long double ab = a * bs, ac = a * cs, ad = a * ds;
  const long double bb = b * bs, bc = b * cs, bd = b * ds;
  const long double cc = c * cs, cd = c * ds, dd = d * ds;
  const long double rotation[3][3] = {{1.0L - (cc + dd), bc - ad, bd + ac},
                                      {bc + ad, 1.0L - (bb + dd), cd - ab},
                                      {bd - ac, cd + ab, 1.0L - (bb + cc)}};
  Affine affine;
  for (int axis = 0; axis < 3; ++axis) {
    const double spacing = spacing_along(fields, axis + 1) * (axis == 2 && qfac < 0 ? -1.0 : 1.0);
    for (int r = 0; r < 3; ++r) affine(r, axis) = static_cast<double>(rotation[r][axis] * spacing + 0.0L);
    affine(axis, 3) = fields.qoffset[axis];
  }
  return affine;
}

Affine in_mm(const Affine& affine, const std::string& unit, const std::filesystem::path& file) {
  try {
    return geometry_in_mm({1, 1, 1}, affine, unit).to_world;
  } catch (const Error& error) {
    throw error.about(file);
  }
}

void describe_position(const HeaderFields& fields, NiftiInfo& info, const std::filesystem::path& file) {
  describe_unit(fields, info);
  std::string why_not;
  std::optional<Affine> qform;
  if (info.sform_code > 0) info.sform = sform_matrix(fields);
  if (info.qform_code > 0) qform = qform_matrix(fields, why_not);
  if (qform) info.qform = *qform;
  if (info.sform_code > 0) {
    info.affine_source = "sform";
    info.affine = info.sform;
  } else if (info.qform_code > 0) {
    if (!qform) throw_geometry(why_not, file);
    info.affine_source = "qform";
    info.affine = info.qform;
  } else {
    info.affine_source = "none";
    info.affine = centred_matrix(fields, file);
    info.warnings.push_back(
        {WarningCode::orientation,
         "the header has no position or orientation (sform_code and qform_code are 0): left and right are "
         "unknown"});
  }
  in_mm(info.affine, info.unit, file);
  if (info.affine_source == "none") return;
  warn_of_spacing(fields, info);
  if (info.sform_code > 0 && info.qform_code > 0) {
    if (qform) {
      warn_of_disagreement(info);
    } else {
      info.warnings.push_back(
          {WarningCode::orientation, "the qform cannot be used (" + why_not + "); the sform is used"});
    }
  }
}

}  // namespace musclemap::io
