#include "io/nifti/nifti_header.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string_view>

#include "base/text.hpp"
#include "io/files/foreign_format.hpp"
#include "io/files/io_error.hpp"
#include "io/nifti/nifti_clib.hpp"

namespace musclemap::io {
namespace {

static_assert(sizeof(nifti_1_header) == 348 && sizeof(nifti_2_header) == 540);

constexpr std::size_t kMagicOffsetOne = 344;
constexpr std::size_t kMagicOffsetTwo = 4;
using Bytes = std::array<char, 540>;

std::string_view magic_at(const Bytes& bytes, std::size_t offset) { return {bytes.data() + offset, 4}; }

bool is_magic_one(std::string_view magic) {
  return magic == std::string_view("n+1\0", 4) || magic == std::string_view("ni1\0", 4);
}

bool is_magic_two(std::string_view magic) {
  return magic == std::string_view("n+2\0", 4) || magic == std::string_view("ni2\0", 4);
}

[[noreturn]] void throw_no_header(const Bytes& bytes, std::size_t count, std::int32_t size,
                                  const ByteSource& source) {
  const std::filesystem::path& file = source.path();
  const bool whole = count >= sizeof(nifti_1_header);
  const std::string seen =
      "no NIfTI header: sizeof_hdr is " + std::to_string(size) + ", allowed are 348 and 540";
  if (whole &&
      (is_magic_one(magic_at(bytes, kMagicOffsetOne)) || is_magic_two(magic_at(bytes, kMagicOffsetTwo)))) {
    throw_format(Reason::bad_header, seen, file);
  }
  ForeignFormat format = foreign_format({bytes.data(), count});
  if (!format.name.empty()) {
    if (source.compressed()) format.name += ", gzipped";
    throw_format(Reason::not_nifti, "not NIfTI but " + format.with_cure(), file);
  }
  if (whole) throw_format(Reason::not_nifti, seen, file);
  throw_format(Reason::not_nifti,
               "the file holds " + std::to_string(count) + " bytes, a NIfTI header has 348 or 540", file);
}

void check_magic_one(const Bytes& bytes, const std::filesystem::path& file) {
  const std::string_view magic = magic_at(bytes, kMagicOffsetOne);
  if (is_magic_one(magic)) return;
  if (magic[0] != 'n') {
    throw Error(ErrorCode::unsupported, Reason::unsupported,
                "an ANALYZE 7.5 header, which does not say left from right; NIfTI is needed", file);
  }
  throw_format(Reason::not_nifti, "magic is '" + base::printable(magic) + "', allowed are 'n+1' and 'ni1'",
               file);
}

void check_magic_two(const Bytes& bytes, const std::filesystem::path& file) {
  const std::string_view magic = magic_at(bytes, kMagicOffsetTwo);
  if (!is_magic_two(magic)) {
    throw_format(
        Reason::bad_header,
        "magic is '" + base::printable(magic) + "' where sizeof_hdr is 540, allowed are 'n+2' and 'ni2'",
        file);
  }
  // The rest of the magic shows whether a transfer has changed line ends.
  if (std::memcmp(bytes.data() + kMagicOffsetTwo + 4, "\r\n\032\n", 4) != 0) {
    throw_format(Reason::corrupt,
                 "the line-end bytes of the magic are changed: the file went through a text transfer", file);
  }
}

template <class Header>
void widen(const Header& from, HeaderFields& to) {
  for (int axis = 0; axis < 8; ++axis) to.pixdim[axis] = from.pixdim[axis];
  to.slope = from.scl_slope;
  to.inter = from.scl_inter;
  to.sform_code = from.sform_code;
  to.qform_code = from.qform_code;
  for (int c = 0; c < 4; ++c) {
    to.srow[0][c] = from.srow_x[c];
    to.srow[1][c] = from.srow_y[c];
    to.srow[2][c] = from.srow_z[c];
  }
  to.quatern[0] = from.quatern_b;
  to.quatern[1] = from.quatern_c;
  to.quatern[2] = from.quatern_d;
  to.qoffset[0] = from.qoffset_x;
  to.qoffset[1] = from.qoffset_y;
  to.qoffset[2] = from.qoffset_z;
  to.unit_code = from.xyzt_units & 7;
  to.bits_per_voxel = from.bitpix;
  to.description.assign(from.descrip, strnlen(from.descrip, sizeof from.descrip));
}

std::uint64_t checked_offset(double offset, const HeaderFields& fields, const std::filesystem::path& file) {
  const double least = fields.pair_magic ? 0.0 : static_cast<double>(least_offset(fields.version));
  // A whole number below 2^63; the comparison also turns NaN away.
  if (!(offset >= least && offset < 9.2e18) || offset != std::floor(offset)) {
    throw_format(Reason::bad_header,
                 "vox_offset is " + base::number_text(offset) + ", allowed are whole numbers from " +
                     base::number_text(least),
                 file);
  }
  return static_cast<std::uint64_t>(offset);
}

void check_shape(const std::array<std::int64_t, 8>& dim, HeaderFields& fields, const NiftiLimits& limits,
                 const std::filesystem::path& file) {
  const std::int64_t rank = dim[0];
  if (rank < 1 || rank > 7) {
    throw_format(Reason::bad_header, "dim[0] is " + std::to_string(rank) + ", allowed are 1 to 7", file);
  }
  auto bytes = static_cast<std::int64_t>(fields.type->bytes);
  fields.voxels = 1;
  bool fits = true;
  for (std::int64_t axis = 1; axis <= rank; ++axis) {
    const std::int64_t length = dim[static_cast<std::size_t>(axis)];
    if (length < 1) {
      throw_format(
          Reason::bad_header,
          "dim[" + std::to_string(axis) + "] is " + std::to_string(length) + ", allowed is 1 or more", file);
    }
    fields.shape.push_back(length);
    fits = fits && !__builtin_mul_overflow(bytes, length, &bytes);
    fields.voxels = fits ? fields.voxels * length : 0;
  }
  fields.voxel_bytes = fits ? static_cast<std::uint64_t>(bytes) : 0;
  if (!fits || fields.voxel_bytes > limits.max_voxel_bytes) {
    throw_format(Reason::limit,
                 "the header declares " + (fits ? std::to_string(bytes) : std::string("more than 2^63")) +
                     " bytes of voxels, allowed are " + std::to_string(limits.max_voxel_bytes),
                 file);
  }
}

void check_scaling(HeaderFields& fields, const std::filesystem::path& file) {
  if (!std::isfinite(fields.slope) || fields.slope == 0) {
    fields.slope = 1;
    fields.inter = 0;
  } else if (!std::isfinite(fields.inter)) {
    throw_format(Reason::bad_header,
                 "scl_inter is " + base::number_text(fields.inter) + " with scl_slope " +
                     base::number_text(fields.slope) + ", allowed are finite numbers",
                 file);
  }
}

}  // namespace

std::shared_ptr<NiftiHeader> read_fixed_header(ByteSource& source, bool& swapped) {
  Bytes bytes{};
  std::size_t count = source.read(bytes.data(), sizeof(nifti_1_header));
  std::int32_t size = 0;
  if (count >= sizeof size) std::memcpy(&size, bytes.data(), sizeof size);
  const auto other_order = static_cast<std::int32_t>(__builtin_bswap32(static_cast<std::uint32_t>(size)));
  swapped = other_order == 348 || other_order == 540;
  const std::int32_t real_size = swapped ? other_order : size;
  const std::filesystem::path& file = source.path();
  if (real_size != 348 && real_size != 540) throw_no_header(bytes, count, size, source);
  const auto needed = static_cast<std::size_t>(real_size);
  if (count < sizeof(nifti_1_header) ||
      (count += source.read(bytes.data() + count, needed - count)) < needed) {
    throw_format(
        Reason::truncated,
        "the file holds " + std::to_string(count) + " bytes of a header of " + std::to_string(needed), file);
  }
  auto header = std::make_shared<NiftiHeader>();
  if (real_size == 348) {
    check_magic_one(bytes, file);
    std::memcpy(&header->one, bytes.data(), sizeof header->one);
    if (swapped) swap_header(header->one);
  } else {
    check_magic_two(bytes, file);
    header->version = 2;
    std::memcpy(&header->two, bytes.data(), sizeof header->two);
    if (swapped) swap_header(header->two);
  }
  return header;
}

HeaderFields checked_fields(const NiftiHeader& header, bool swapped, const NiftiLimits& limits,
                            const std::filesystem::path& file) {
  HeaderFields fields;
  fields.swapped = swapped;
  fields.version = header.version;
  const bool two = header.version == 2;
  fields.pair_magic = two ? header.two.magic[1] == 'i' : header.one.magic[1] == 'i';
  two ? widen(header.two, fields) : widen(header.one, fields);
  const int type_code = two ? header.two.datatype : header.one.datatype;
  fields.type = find_type(type_code);
  if (fields.type == nullptr) {
    throw Error(ErrorCode::unsupported, Reason::unsupported,
                "datatype is " + std::to_string(type_code) + ", which is not a voxel type of NIfTI", file);
  }
  std::array<std::int64_t, 8> dim{};
  for (std::size_t axis = 0; axis < 8; ++axis) dim[axis] = two ? header.two.dim[axis] : header.one.dim[axis];
  check_shape(dim, fields, limits, file);
  fields.voxel_offset = checked_offset(
      two ? static_cast<double>(header.two.vox_offset) : static_cast<double>(header.one.vox_offset), fields,
      file);
  // A double has no room for every 64-bit offset.
  if (two) fields.voxel_offset = static_cast<std::uint64_t>(static_cast<std::int64_t>(header.two.vox_offset));
  check_scaling(fields, file);
  return fields;
}

}  // namespace musclemap::io
