#include "image/pairwise_sum.hpp"

#include <algorithm>

namespace musclemap::image {
namespace {

float leaf_sum(const float* values, std::size_t count) {
  if (count < 8) {
    float sum = 0;
    for (std::size_t n = 0; n < count; ++n) sum += values[n];
    return sum;
  }
  std::array<float, 8> s{};
  std::copy_n(values, 8, s.begin());
  std::size_t n = 8;
  for (; n < count - count % 8; n += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) s[lane] += values[n + lane];
  }
  float sum = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
  for (; n < count; ++n) sum += values[n];
  return sum;
}

}  // namespace

PairwiseSum::PairwiseSum(std::int64_t count) { descend(count); }

void PairwiseSum::add(const float* values, std::int64_t count) {
  while (count > 0) {
    const auto take = std::min(leaf_size_ - filled_, static_cast<std::size_t>(count));
    if (take == 0) return;  // more than were announced
    std::copy_n(values, take, leaf_.begin() + static_cast<std::ptrdiff_t>(filled_));
    filled_ += take;
    values += take;
    count -= static_cast<std::int64_t>(take);
    if (filled_ == leaf_size_) end_leaf();
  }
}

void PairwiseSum::descend(std::int64_t count) {
  while (count > static_cast<std::int64_t>(kLeaf)) {
    const std::int64_t first = count / 2 - count / 2 % 8;
    path_.push_back({count - first});
    count = first;
  }
  leaf_size_ = static_cast<std::size_t>(count);
  filled_ = 0;
}

void PairwiseSum::end_leaf() {
  sum_ = leaf_sum(leaf_.data(), leaf_size_);
  leaf_size_ = filled_ = 0;
  for (; !path_.empty(); path_.pop_back()) {
    Half& half = path_.back();
    if (!half.in_second) {
      half.first = sum_;
      half.in_second = true;
      return descend(half.second);
    }
    sum_ = half.first + sum_;
  }
}

}  // namespace musclemap::image
