#include "image/value_survey.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "image/typed_view.hpp"

namespace musclemap::image {
namespace {

constexpr std::int32_t kLeastInteger = -32768;
constexpr std::int32_t kMostInteger = 32767;

}  // namespace

void ValueSurvey::collect(double value) {
  if (!(value >= kLeastInteger && value <= kMostInteger) || value != std::trunc(value)) {
    many_ = true;
    return;
  }
  const auto place = static_cast<std::size_t>(value - kLeastInteger);
  if (seen_[place]) return;
  seen_[place] = true;
  many_ = ++distinct_ > kFew;
}

template <class T>
void ValueSurvey::add_row(const T* row, std::int64_t count, std::int64_t stride) {
  constexpr T kLowest = std::numeric_limits<T>::lowest();
  constexpr T kHighest = std::numeric_limits<T>::max();
  T least = kHighest;
  T most = kLowest;
  std::int64_t finite = 0;
  std::int64_t nonzero = 0;
  std::int64_t below_air = 0;
  std::int64_t below_fat = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const T x = row[i * stride];
    if constexpr (std::is_floating_point_v<T>) {
      if (!(x >= kLowest && x <= kHighest)) continue;
    }
    least = std::min(least, x);
    most = std::max(most, x);
    ++finite;
    nonzero += x != 0 ? 1 : 0;
    if constexpr (std::is_signed_v<T>) {
      below_air += x < static_cast<T>(kAirHu) ? 1 : 0;
      below_fat += x < static_cast<T>(kFatHu) ? 1 : 0;
    }
  }
  voxels_ += count;
  finite_ += finite;
  nonzero_ += nonzero;
  below_air_ += below_air;
  below_fat_ += below_fat;
  if (finite > 0) {
    least_ = std::min(least_, static_cast<double>(least));
    most_ = std::max(most_, static_cast<double>(most));
  }
  for (std::int64_t i = 0; i < count && !many_; ++i) {
    const T x = row[i * stride];
    if (i == 0 || x != row[(i - 1) * stride]) collect(static_cast<double>(x));
  }
}

void ValueSurvey::add(const Volume& volume) {
  if (seen_.empty()) seen_.resize(static_cast<std::size_t>(kMostInteger - kLeastInteger) + 1);
  with_view(volume, [&](const auto& view) {
    for (std::int64_t k = 0; k < view.shape[2]; ++k) {
      for (std::int64_t j = 0; j < view.shape[1]; ++j) add_row(&view(0, j, k), view.shape[0], view.stride[0]);
    }
  });
}

std::optional<double> ValueSurvey::only_value() const {
  if (voxels_ < 2 || finite_ != voxels_ || least_ != most_) return std::nullopt;
  return least_;
}

std::optional<std::size_t> ValueSurvey::few_integers() const {
  if (many_ || finite_ == 0) return std::nullopt;
  return distinct_;
}

}  // namespace musclemap::image
