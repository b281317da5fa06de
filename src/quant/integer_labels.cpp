#include "quant/integer_labels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <type_traits>

#include "base/text.hpp"
#include "image/typed_view.hpp"
#include "musclemap/error.hpp"

namespace musclemap::quant {
namespace {

// What resampling and storing by slope and intercept leave of an integer.
constexpr double kRounded = 1e-3;
// Four units in the last place of single precision, of numbers from 1 on.
constexpr double kSinglePrecision = 4 * 5.9604644775390625e-8;

[[noreturn]] void refuse(const Index3& voxel, double value) {
  throw Error(
      ErrorCode::format, Reason::labels,
      "voxel (" + std::to_string(voxel[0]) + ", " + std::to_string(voxel[1]) + ", " +
          std::to_string(voxel[2]) + ") is " + base::number_text(value) +
          "; labels are integers of 32 bits: resample label maps with nearest neighbour, or round them");
}

// Voxels that were rounded in one slab, and one of their values.
struct Rounded {
  std::int64_t count = 0;
  double example = 0;
};

template <class T>
std::int32_t to_label(T value, const Index3& voxel, Rounded* rounded) {
  if constexpr (std::is_floating_point_v<T>) {
    constexpr double kLeast = std::numeric_limits<std::int32_t>::min();
    constexpr double kMost = std::numeric_limits<std::int32_t>::max();
    const auto wide = static_cast<double>(value);
    const double whole = std::nearbyint(wide);
    // NaN fails the comparisons.
    if (!(whole >= kLeast && whole <= kMost)) refuse(voxel, wide);
    if (whole != wide) {
      const double off = std::fabs(wide - whole);
      const bool single = off <= kSinglePrecision * std::max(1.0, std::fabs(whole));
      if (!(off <= kRounded)) refuse(voxel, wide);
      if (!single) {
        ++rounded->count;
        rounded->example = wide;
      }
    }
    return static_cast<std::int32_t>(whole);
  } else {
    return static_cast<std::int32_t>(value);
  }
}

}  // namespace

Volume IntegerLabels::read(std::int64_t k_begin, std::int64_t k_count) {
  const Volume from = source_.read(k_begin, k_count);
  Volume to = Volume::zeros(from.geometry(), DType::i32);
  const VoxelView<std::int32_t> out = to.mutable_view<std::int32_t>();
  Rounded rounded;
  image::with_view(from, [&](const auto& in) {
    const Index3& n = in.shape;
    for (std::int64_t k = 0; k < n[2]; ++k) {
      for (std::int64_t j = 0; j < n[1]; ++j) {
        const auto* row = &in(0, j, k);
        std::int32_t* out_row = &out(0, j, k);
        for (std::int64_t i = 0; i < n[0]; ++i) {
          out_row[i] = to_label(row[i * in.stride[0]], {i, j, k_begin + k}, &rounded);
        }
      }
    }
  });
  if (rounded.count > 0 && rounded_ == 0) example_ = rounded.example;
  rounded_ += rounded.count;
  return to;
}

std::optional<Warning> IntegerLabels::warning() const {
  if (rounded_ == 0) return std::nullopt;
  return Warning{WarningCode::labels_rounded, std::to_string(rounded_) +
                                                  " voxels of the label map are no integers but within " +
                                                  base::number_text(kRounded) + " of one, such as " +
                                                  base::number_text(example_) + "; they were rounded"};
}

}  // namespace musclemap::quant
