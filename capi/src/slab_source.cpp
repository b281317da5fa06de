#include "slab_source.hpp"

#include <string>

#include "convert.hpp"
#include "structs.hpp"

namespace musclemap::capi {
namespace {

std::string slices(std::int64_t k_begin, std::int64_t k_count) {
  return "slices " + std::to_string(k_begin) + " to " + std::to_string(k_begin + k_count - 1);
}

[[noreturn]] void refuse(std::int32_t answer, const mm_slab_request& request) {
  std::string message = "the source does not give " + slices(request.k_begin, request.k_count);
  const bool known = answer >= MM_E_ARGUMENT && answer <= MM_E_INTERNAL;
  if (!known) message += ", answer " + std::to_string(answer);
  if (request.message != nullptr) message += std::string(": ") + request.message;
  throw Error(known ? static_cast<ErrorCode>(answer) : ErrorCode::io, message);
}

}  // namespace

CallerSlabs::CallerSlabs(const mm_slab_source* source) {
  const mm_slab_source own = taken(source, "source");
  geometry_ = geometry_of(own);
  check_shape(geometry_.shape, "source.shape");
  dtype_ = checked_enum(own.dtype, DType::u8, DType::f64, "source.dtype");
  read_ = required(own.read, "source.read");
  user_data_ = own.user_data;
}

Volume CallerSlabs::read(std::int64_t k_begin, std::int64_t k_count) {
  if (k_begin < 0 || k_count < 1 || k_count > geometry_.shape[2] - k_begin) {
    throw Error(ErrorCode::argument,
                slices(k_begin, k_count) + " are asked for; there are " + std::to_string(geometry_.shape[2]));
  }
  Geometry place = geometry_;
  place.shape[2] = k_count;
  for (int row = 0; row < 3; ++row)
    place.to_world(row, 3) += place.to_world(row, 2) * static_cast<double>(k_begin);
  Volume slab = Volume::zeros(place, dtype_);
  mm_slab_request request{};
  request.struct_size = sizeof request;
  request.k_begin = k_begin;
  request.k_count = k_count;
  request.voxels = first_voxel(slab);
  request.byte_count =
      static_cast<std::uint64_t>(place.shape[0] * place.shape[1] * k_count) * dtype_size(dtype_);
  const std::int32_t answer = read_(&request, user_data_);
  if (answer != MM_OK) refuse(answer, request);
  return slab;
}

}  // namespace musclemap::capi
