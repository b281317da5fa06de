// Keys in any order, kept as sorted runs of equal ones.
#ifndef MUSCLEMAP_QUANT_CLUSTER_KEY_RUNS_HPP_
#define MUSCLEMAP_QUANT_CLUSTER_KEY_RUNS_HPP_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "quant/cluster/radix_sort.hpp"

namespace musclemap::quant {

/// New keys wait in a buffer, which is sorted and merged into the runs when it has grown to four times their
/// number: every key is sorted once, and merging costs less than two steps a key. Memory follows the distinct
/// keys. One thread at a time.
template <class Key>
class KeyRuns {
 public:
  void add(Key key) {
    if (buffer_.size() >= std::max(kSmallestBuffer, 4 * keys_.size())) merge();
    buffer_.push_back(key);
  }

  /// Takes the buffer into the runs.
  void merge() {
    std::vector<Key> spare;
    radix_sort(buffer_, spare);
    spare = {};
    std::vector<Key> keys;
    std::vector<std::int64_t> counts;
    const std::size_t most = keys_.size() + distinct_in_buffer();
    keys.reserve(most);
    counts.reserve(most);
    std::size_t run = 0;
    for (std::size_t begin = 0, end = 0; begin < buffer_.size(); begin = end) {
      const Key key = buffer_[begin];
      while (end < buffer_.size() && buffer_[end] == key) ++end;
      for (; run < keys_.size() && keys_[run] < key; ++run) {
        keys.push_back(keys_[run]);
        counts.push_back(counts_[run]);
      }
      keys.push_back(key);
      counts.push_back(static_cast<std::int64_t>(end - begin));
      if (run < keys_.size() && keys_[run] == key) counts.back() += counts_[run++];
    }
    keys.insert(keys.end(), keys_.begin() + static_cast<std::ptrdiff_t>(run), keys_.end());
    counts.insert(counts.end(), counts_.begin() + static_cast<std::ptrdiff_t>(run), counts_.end());
    keys_ = std::move(keys);
    counts_ = std::move(counts);
    buffer_.clear();
  }

  /// Ascending, each once; what was added since the last merge() is not among them.
  const std::vector<Key>& keys() const { return keys_; }
  std::vector<std::int64_t>& counts() { return counts_; }

 private:
  static constexpr std::size_t kSmallestBuffer = 1 << 14;

  // The buffer is sorted.
  std::size_t distinct_in_buffer() const {
    std::size_t count = buffer_.empty() ? 0 : 1;
    for (std::size_t i = 1; i < buffer_.size(); ++i) count += buffer_[i] != buffer_[i - 1] ? 1 : 0;
    return count;
  }

  std::vector<Key> buffer_;
  std::vector<Key> keys_;
  std::vector<std::int64_t> counts_;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_CLUSTER_KEY_RUNS_HPP_
