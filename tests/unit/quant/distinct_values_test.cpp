#include "quant/cluster/distinct_values.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "quant/cluster/radix_sort.hpp"
#include "quant/cluster/value_keys.hpp"
#include "support/catch.hpp"

namespace musclemap::quant {
namespace {

template <class T>
void same_as_map(const std::vector<T>& values, std::int64_t stride) {
  std::map<double, std::int64_t> expected;
  std::int64_t nonfinite = 0;
  for (std::size_t i = 0; i < values.size(); i += static_cast<std::size_t>(stride)) {
    const auto value = static_cast<double>(values[i]);
    if (std::isfinite(value)) {
      ++expected[value];
    } else {
      ++nonfinite;
    }
  }
  DistinctValuesBuilder builder;
  // In two parts, the second of which begins where the first one's stride ends.
  const auto all = (static_cast<std::int64_t>(values.size()) + stride - 1) / stride;
  const std::int64_t part = all / 3;
  builder.add(values.data(), part, stride);
  builder.add(values.data() + part * stride, all - part, stride);
  CHECK(builder.nonfinite() == nonfinite);
  const DistinctValues result = builder.take();
  REQUIRE(result.size() == expected.size());
  CHECK(result.count.size() == expected.size());
  CHECK(result.total() == all - nonfinite);
  bool same = true;
  std::size_t i = 0;
  for (const auto& [value, count] : expected) {
    same = same && result.value[i] == value && !std::signbit(result.value[i] == 0 ? result.value[i] : 1.0) &&
           result.count[i] == count;
    ++i;
  }
  CHECK(same);
  CHECK(builder.take().size() == 0);
  CHECK(builder.nonfinite() == 0);
}

template <class T>
std::vector<T> random_integers(std::size_t count, double low, double high) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> between(low, high);
  std::vector<T> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(static_cast<T>(std::floor(between(random))));
  return values;
}

template <class T>
void integers_like_map() {
  using Limits = std::numeric_limits<T>;
  same_as_map<T>({}, 1);
  same_as_map<T>({Limits::max()}, 1);
  same_as_map<T>({Limits::max(), Limits::min(), 0, Limits::min(), 1, Limits::max()}, 1);
  same_as_map(random_integers<T>(100000, 20, 120), 1);
  same_as_map(random_integers<T>(100001, Limits::min(), Limits::max()), 3);
}

template <class T>
void floats_like_map() {
  using Limits = std::numeric_limits<T>;
  same_as_map<T>({}, 1);
  same_as_map<T>({T{-0.0}, T{0}, T{-1}, Limits::denorm_min(), -Limits::denorm_min()}, 1);
  same_as_map<T>(
      {Limits::max(), Limits::lowest(), Limits::quiet_NaN(), 3, Limits::infinity(), -Limits::infinity(), 3},
      1);
  std::mt19937_64 random(8);
  std::normal_distribution<T> normal(0, 100);
  std::vector<T> values(200001);
  for (T& value : values) value = normal(random);
  same_as_map(values, 1);
  same_as_map(values, 2);
  for (T& value : values) value = std::round(value) * static_cast<T>(0.37);
  same_as_map(values, 1);
}

template <class Key>
void sorts_like_std() {
  std::mt19937_64 random(9);
  std::vector<Key> spare;
  for (const unsigned bits : {1U, 11U, 12U, 22U, 31U, static_cast<unsigned>(8 * sizeof(Key))}) {
    for (const std::size_t count : {0U, 1U, 2U, 5000U}) {
      std::vector<Key> keys(count);
      for (Key& key : keys) key = static_cast<Key>(random() >> (64 - bits));
      std::vector<Key> expected = keys;
      std::sort(expected.begin(), expected.end());
      radix_sort(keys, spare);
      CHECK(keys == expected);
    }
  }
}

template <class T>
void keys_keep_order(const std::vector<T>& ascending) {
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    CHECK(value_of<T>(key_of(ascending[i])) == ascending[i]);
    if (i > 0) CHECK(key_of(ascending[i - 1]) < key_of(ascending[i]));
  }
}

}  // namespace

TEST_CASE("radix sort agrees with std::sort", "[quant]") {
  sorts_like_std<std::uint32_t>();
  sorts_like_std<std::uint64_t>();
}

TEST_CASE("keys have the order of their values", "[quant]") {
  keys_keep_order<std::int32_t>({INT32_MIN, -1, 0, 1, INT32_MAX});
  keys_keep_order<float>({-3e38F, -1, -1e-45F, 0, 1e-45F, 1, 3e38F});
  keys_keep_order<double>({-1e308, -1, -5e-324, 0, 5e-324, 1, 1e308});
  CHECK(key_of(-0.0) == key_of(0.0));
  CHECK(key_of(-0.0F) == key_of(0.0F));
}

TEST_CASE("distinct values agree with a map", "[quant]") {
  integers_like_map<std::uint8_t>();
  integers_like_map<std::int16_t>();
  integers_like_map<std::uint16_t>();
  integers_like_map<std::int32_t>();
  integers_like_map<std::uint32_t>();
  floats_like_map<float>();
  floats_like_map<double>();
}

}  // namespace musclemap::quant
