#include "io/nifti/result_header.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "io/nifti/nifti_header.hpp"
#include "io/nifti/nifti_new_header.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::int64_t kLongestAxis = 32767;

}  // namespace

std::shared_ptr<const NiftiHeader> plain_header(const Geometry& geometry, int units) {
  auto header = std::make_shared<NiftiHeader>();
  nifti_1_header& one = header->one;
  one.sizeof_hdr = sizeof one;
  one.regular = 'r';
  std::memcpy(one.magic, "n+1", sizeof one.magic);
  one.vox_offset = static_cast<float>(least_offset(1));
  one.datatype = NIFTI_TYPE_UINT8;
  one.bitpix = 8;
  one.dim[0] = 3;
  std::fill(one.dim + 1, one.dim + 8, std::int16_t{1});
  std::fill(one.pixdim, one.pixdim + 8, 1.0F);
  const Spacing spacing = geometry.spacing();
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (geometry.shape[axis] > kLongestAxis) {
      throw Error(ErrorCode::unsupported, Reason::unsupported,
                  "an axis of the volume has length " + std::to_string(geometry.shape[axis]) +
                      ", a NIfTI-1 header allows 32767");
    }
    one.dim[axis + 1] = static_cast<std::int16_t>(geometry.shape[axis]);
    one.pixdim[axis + 1] = static_cast<float>(spacing[axis]);
  }
  for (int column = 0; column < 4; ++column) {
    one.srow_x[column] = static_cast<float>(geometry.to_world(0, column));
    one.srow_y[column] = static_cast<float>(geometry.to_world(1, column));
    one.srow_z[column] = static_cast<float>(geometry.to_world(2, column));
  }
  one.sform_code = NIFTI_XFORM_ALIGNED_ANAT;
  one.xyzt_units = static_cast<char>(units);
  return header;
}

std::shared_ptr<const NiftiHeader> with_extension(const NiftiHeader& header, int code,
                                                  std::string_view content) {
  constexpr std::size_t kHead = 8;  // size and code
  constexpr std::size_t kMultiple = 16;
  auto named = std::make_shared<NiftiHeader>(header);
  const std::size_t bytes = (kHead + content.size() + kMultiple - 1) / kMultiple * kMultiple;
  std::vector<unsigned char> extension(bytes);
  const std::array<std::int32_t, 2> head{static_cast<std::int32_t>(bytes), code};
  std::memcpy(extension.data(), head.data(), kHead);
  std::memcpy(extension.data() + kHead, content.data(), content.size());
  named->extensions.insert(named->extensions.begin(), extension.begin(), extension.end());
  ++named->extension_count;
  return named;
}

std::shared_ptr<const NiftiHeader> without_text(const NiftiHeader& header) {
  auto bare = std::make_shared<NiftiHeader>(header);
  drop_other_text(*bare);
  return bare;
}

}  // namespace musclemap::io
