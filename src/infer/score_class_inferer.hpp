// Classes from scores that an engine hands over.
#ifndef MUSCLEMAP_INFER_SCORE_CLASS_INFERER_HPP_
#define MUSCLEMAP_INFER_SCORE_CLASS_INFERER_HPP_

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "image/logit_slices.hpp"
#include "infer/class_inferer.hpp"
#include "infer/slice_inferer.hpp"

namespace musclemap::infer {

class ScoreClassInferer : public ClassInferer {
 public:
  ScoreClassInferer(std::unique_ptr<SliceInferer> inferer, ClassTask task, int threads);
  // The sampler asks this very object for scores.
  ScoreClassInferer(const ScoreClassInferer&) = delete;
  ScoreClassInferer& operator=(const ScoreClassInferer&) = delete;

  const std::vector<std::int16_t>& slice(std::int64_t k) override { return sampler_.slice(k); }
  std::int64_t windows_done() const override { return inferer_->windows_done(); }

 private:
  image::LogitSlice scores(std::int64_t z);
  void compute_from(std::int64_t z);

  std::unique_ptr<SliceInferer> inferer_;
  ClassTask task_;
  std::map<std::int64_t, image::LogitSlice> ready_;
  image::ClassSampler sampler_;
};

}  // namespace musclemap::infer

#endif  // MUSCLEMAP_INFER_SCORE_CLASS_INFERER_HPP_
