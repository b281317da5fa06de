#include "quant/integer_labels.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <type_traits>

#include "base/text.hpp"
#include "image/typed_view.hpp"
#include "musclemap/error.hpp"

namespace musclemap::quant {
namespace {

[[noreturn]] void refuse(const Index3& voxel, double value) {
  throw Error(ErrorCode::format, Reason::labels,
              "voxel (" + std::to_string(voxel[0]) + ", " + std::to_string(voxel[1]) + ", " +
                  std::to_string(voxel[2]) + ") is " + base::number_text(value) +
                  "; labels are integers of 32 bits");
}

template <class T>
std::int32_t to_label(T value, const Index3& voxel) {
  if constexpr (std::is_floating_point_v<T>) {
    constexpr double kLeast = std::numeric_limits<std::int32_t>::min();
    constexpr double kMost = std::numeric_limits<std::int32_t>::max();
    const auto wide = static_cast<double>(value);
    // NaN fails the comparisons.
    if (!(wide >= kLeast && wide <= kMost) || wide != std::trunc(wide)) refuse(voxel, wide);
  }
  return static_cast<std::int32_t>(value);
}

}  // namespace

Volume IntegerLabels::read(std::int64_t k_begin, std::int64_t k_count) {
  const Volume from = source_.read(k_begin, k_count);
  Volume to = Volume::zeros(from.geometry(), DType::i32);
  const VoxelView<std::int32_t> out = to.mutable_view<std::int32_t>();
  image::with_view(from, [&](const auto& in) {
    const Index3& n = in.shape;
    for (std::int64_t k = 0; k < n[2]; ++k) {
      for (std::int64_t j = 0; j < n[1]; ++j) {
        const auto* row = &in(0, j, k);
        std::int32_t* out_row = &out(0, j, k);
        for (std::int64_t i = 0; i < n[0]; ++i) {
          out_row[i] = to_label(row[i * in.stride[0]], {i, j, k_begin + k});
        }
      }
    }
  });
  return to;
}

}  // namespace musclemap::quant
