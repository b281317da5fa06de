#include "quant/cluster/distinct_values.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <type_traits>
#include <utility>

#include "quant/cluster/value_keys.hpp"

namespace musclemap::quant {
namespace {

template <class T>
DistinctValues taken(KeyRuns<KeyOf<T>>& runs) {
  DistinctValues result;
  result.value.reserve(runs.keys().size());
  for (const auto key : runs.keys()) result.value.push_back(static_cast<double>(value_of<T>(key)));
  result.count = std::move(runs.counts());
  return result;
}

}  // namespace

std::int64_t DistinctValues::total() const {
  return std::accumulate(count.begin(), count.end(), std::int64_t{0});
}

// In steps of 256 values: a noisy label grows its table a few times, not with each new extreme.
void DistinctValuesBuilder::grow_table(std::int32_t value) {
  constexpr std::int32_t kStep = 256;
  const std::int32_t begin = value - ((value % kStep) + kStep) % kStep;
  if (table_.empty()) table_begin_ = begin;
  if (begin < table_begin_) {
    table_.insert(table_.begin(), static_cast<std::size_t>(table_begin_ - begin), 0);
    table_begin_ = begin;
  }
  const auto needed = static_cast<std::size_t>(begin + kStep - table_begin_);
  if (needed > table_.size()) table_.resize(needed, 0);
}

template <class T>
void DistinctValuesBuilder::count_in_table(const T* values, std::int64_t count, std::int64_t stride) {
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int32_t value = values[i * stride];
    // A value below the table wraps to a large index.
    auto index = static_cast<std::uint32_t>(value - table_begin_);
    if (index >= table_.size()) {
      grow_table(value);
      index = static_cast<std::uint32_t>(value - table_begin_);
    }
    ++table_[index];
  }
}

template <class T>
void DistinctValuesBuilder::add(const T* values, std::int64_t count, std::int64_t stride) {
  if constexpr (std::is_integral_v<T> && sizeof(T) <= 2) {
    count_in_table(values, count, stride);
    return;
  }
  // Numbers above 2^31 are no keys of signed ones.
  using Kept = std::conditional_t<std::is_same_v<T, std::uint32_t>, double, T>;
  if constexpr (sizeof(Kept) == 4) narrow_is_float_ = std::is_floating_point_v<Kept>;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto value = static_cast<Kept>(values[i * stride]);
    if constexpr (std::is_floating_point_v<Kept>) {
      if (!std::isfinite(value)) {
        ++nonfinite_;
        continue;
      }
    }
    if constexpr (sizeof(Kept) == 4) narrow_.add(key_of(value));
    if constexpr (sizeof(Kept) == 8) wide_.add(key_of(value));
  }
}

template void DistinctValuesBuilder::add(const std::uint8_t*, std::int64_t, std::int64_t);
template void DistinctValuesBuilder::add(const std::int16_t*, std::int64_t, std::int64_t);
template void DistinctValuesBuilder::add(const std::uint16_t*, std::int64_t, std::int64_t);
template void DistinctValuesBuilder::add(const std::int32_t*, std::int64_t, std::int64_t);
template void DistinctValuesBuilder::add(const std::uint32_t*, std::int64_t, std::int64_t);
template void DistinctValuesBuilder::add(const float*, std::int64_t, std::int64_t);
template void DistinctValuesBuilder::add(const double*, std::int64_t, std::int64_t);

DistinctValues DistinctValuesBuilder::take_table() const {
  DistinctValues result;
  for (std::size_t i = 0; i < table_.size(); ++i) {
    if (table_[i] == 0) continue;
    result.value.push_back(static_cast<double>(table_begin_ + static_cast<std::int64_t>(i)));
    result.count.push_back(table_[i]);
  }
  return result;
}

DistinctValues DistinctValuesBuilder::take() {
  narrow_.merge();
  wide_.merge();
  DistinctValues result;
  if (!wide_.keys().empty()) {
    result = taken<double>(wide_);
  } else if (!narrow_.keys().empty()) {
    result = narrow_is_float_ ? taken<float>(narrow_) : taken<std::int32_t>(narrow_);
  } else {
    result = take_table();
  }
  *this = DistinctValuesBuilder();
  return result;
}

}  // namespace musclemap::quant
