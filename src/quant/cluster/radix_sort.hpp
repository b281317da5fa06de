// Sorting of unsigned keys by digits, least significant first.
#ifndef MUSCLEMAP_QUANT_CLUSTER_RADIX_SORT_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_RADIX_SORT_HPP_

#include <array>
#include <cstddef>
#include <vector>

namespace musclemap::quant {

/// Ascending, in place; `spare` is working memory and may be kept for the next call. Digits have 11 bits
/// (2048 counters stay in the first-level cache); a digit that all keys share costs no pass.
template <class Key>
void radix_sort(std::vector<Key>& keys, std::vector<Key>& spare) {
  constexpr unsigned kDigitBits = 11;
  constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
  constexpr std::size_t kPasses = (8 * sizeof(Key) + kDigitBits - 1) / kDigitBits;
  const auto digit = [](Key key, std::size_t pass) {
    return static_cast<std::size_t>(key >> (pass * kDigitBits)) % kDigits;
  };
  if (keys.empty()) return;
  spare.resize(keys.size());
  std::vector<std::array<std::size_t, kDigits>> place(kPasses);  // counts first, then where a digit's keys go
  for (const Key key : keys) {
    for (std::size_t pass = 0; pass < kPasses; ++pass) ++place[pass][digit(key, pass)];
  }
  for (std::size_t pass = 0; pass < kPasses; ++pass) {
    auto& next = place[pass];
    if (next[digit(keys.front(), pass)] == keys.size()) continue;
    std::size_t begin = 0;
    for (std::size_t& entry : next) {
      const std::size_t count = entry;
      entry = begin;
      begin += count;
    }
    for (const Key key : keys) spare[next[digit(key, pass)]++] = key;
    keys.swap(spare);
  }
}

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_RADIX_SORT_HPP_
