#include "io/nifti/nifti_repair.hpp"

#include <cmath>
#include <optional>
#include <string>

#include "io/nifti/nifti_affine.hpp"
#include "io/nifti/nifti_clib.hpp"

namespace musclemap::io {
namespace {

// Does the length of each of the first `rank` columns, over as many rows, equal pixdim? With rank 4 the
// fourth column is the translation, so that a 4-D image hardly ever agrees; the rule is the reference's.
bool agrees(const Affine& affine, const HeaderFields& fields) {
  const int rank = static_cast<int>(fields.shape.size());
  for (int c = 0; c < rank; ++c) {
    double squares = 0;
    for (int r = 0; r < rank; ++r) squares += affine(r, c) * affine(r, c);
    const double norm = squares == 0 ? 1.0 : std::sqrt(squares);
    // The reference's header check has made a negative spacing positive and a zero one 1; axis 4 is left
    // alone.
    double spacing = fields.pixdim[c + 1];
    if (c < 3) spacing = spacing == 0 ? 1.0 : std::fabs(spacing);
    if (!(std::fabs(spacing - norm) <= 1e-8 + 1e-5 * norm)) return false;
  }
  return true;
}

// A matrix as the header stores it.
Affine stored(const Affine& affine, int version) {
  if (version == 2) return affine;
  Affine result = affine;
  for (double& number : result.m) number = static_cast<double>(static_cast<float>(number));
  return result;
}

// The quaternion fields of `affine` as the header stores them, and their matrix.
std::optional<Affine> through_quaternion(const Affine& affine, const HeaderFields& fields) {
  const QuaternionForm form = quaternion_form(affine);
  const auto keep = [&](double number) {
    return fields.version == 2 ? number : static_cast<double>(static_cast<float>(number));
  };
  HeaderFields changed = fields;
  changed.pixdim[0] = form.qfac;
  const double quaternion[3] = {form.b, form.c, form.d};
  const Spacing spacing = Geometry{{1, 1, 1}, affine}.spacing();
  for (int i = 0; i < 3; ++i) {
    changed.pixdim[i + 1] = keep(spacing[static_cast<std::size_t>(i)]);
    changed.quatern[i] = keep(quaternion[i]);
    changed.qoffset[i] = keep(affine(i, 3));
  }
  std::string ignored;
  return qform_matrix(changed, ignored);
}

}  // namespace

Affine repaired_affine(const HeaderFields& fields, const Affine& chosen) {
  if (fields.shape.size() >= 5 || agrees(chosen, fields)) return chosen;
  const Affine sform = sform_matrix(fields);
  std::string ignored;
  const std::optional<Affine> qform = qform_matrix(fields, ignored);
  const bool sform_agrees = agrees(sform, fields);
  const bool qform_agrees = qform && agrees(*qform, fields);
  if (fields.sform_code > 0) {
    if (sform_agrees) return chosen;
    if (qform_agrees) return stored(*qform, fields.version);
  }
  if (fields.qform_code > 0 && !qform_agrees && sform_agrees) {
    // Only the qform changes, so an image whose sform has a code keeps that.
    if (const auto replaced = through_quaternion(sform, fields); replaced && fields.sform_code <= 0)
      return *replaced;
  }
  return chosen;
}

}  // namespace musclemap::io
