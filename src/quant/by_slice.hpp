// What is counted of a label in each slice that holds it.
#ifndef MUSCLEMAP_QUANT_BY_SLICE_HPP_
#define MUSCLEMAP_QUANT_BY_SLICE_HPP_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace musclemap::quant {

/// Slices without the label take no memory, whatever the number of labels. The slice of the call before and
/// the one that follows it are found at once.
template <class Value>
class BySlice {
 public:
  struct Entry {
    std::int64_t slice;
    Value value;
  };

  /// Value{} for a slice that is new. Valid until the next call.
  Value& at(std::int64_t slice) {
    for (const std::size_t near : {last_, last_ + 1}) {
      if (near >= entries_.size() || entries_[near].slice != slice) continue;
      last_ = near;
      return entries_[near].value;
    }
    auto place =
        std::lower_bound(entries_.begin(), entries_.end(), slice,
                         [](const Entry& entry, std::int64_t wanted) { return entry.slice < wanted; });
    if (place == entries_.end() || place->slice != slice) place = entries_.insert(place, {slice, Value{}});
    last_ = static_cast<std::size_t>(place - entries_.begin());
    return place->value;
  }

  /// Ascending by slice.
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
  std::size_t last_ = 0;
};

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_BY_SLICE_HPP_
