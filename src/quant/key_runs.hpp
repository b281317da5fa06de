// Keys in any order, kept as sorted runs of equal ones.
#ifndef MUSCLEMAP_QUANT_KEY_RUNS_HPP_
#define MUSCLEMAP_QUANT_KEY_RUNS_HPP_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "quant/radix_sort.hpp"

namespace musclemap::quant {

/// New keys wait in a buffer, which is sorted and merged into the runs when it has grown as long as they are:
/// every key is sorted once, and merging costs two steps a key. Memory follows the distinct keys. One thread
/// at a time.
template <class Key>
class KeyRuns {
 public:
  void add(Key key) {
    if (buffer_.size() >= std::max(kSmallestBuffer, keys_.size())) merge();
    buffer_.push_back(key);
  }

  /// Takes the buffer into the runs.
  void merge() {
    std::vector<Key> keys;
    std::vector<std::int64_t> counts;
    radix_sort(buffer_, keys);
    keys.clear();
    const auto push = [&](Key key, std::int64_t count) {
      if (keys.empty() || keys.back() != key) {
        keys.push_back(key);
        counts.push_back(count);
      } else {
        counts.back() += count;
      }
    };
    std::size_t run = 0;
    for (const Key key : buffer_) {
      for (; run < keys_.size() && keys_[run] <= key; ++run) push(keys_[run], counts_[run]);
      push(key, 1);
    }
    for (; run < keys_.size(); ++run) push(keys_[run], counts_[run]);
    keys_ = std::move(keys);
    counts_ = std::move(counts);
    buffer_.clear();
  }

  /// Ascending, each once; what was added since the last merge() is not among them.
  const std::vector<Key>& keys() const { return keys_; }
  std::vector<std::int64_t>& counts() { return counts_; }

 private:
  static constexpr std::size_t kSmallestBuffer = 1 << 14;
  std::vector<Key> buffer_;
  std::vector<Key> keys_;
  std::vector<std::int64_t> counts_;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_KEY_RUNS_HPP_
