#include "infer/score_stream.hpp"

#include <utility>

namespace musclemap::infer {

ScoreStream::ScoreStream(std::unique_ptr<SliceInferer> inferer, ClassTask task)
    : inferer_(std::move(inferer)), task_(std::move(task)) {}

std::shared_ptr<const image::ScoreSlice> ScoreStream::slice(std::int64_t z) {
  if (ready_.count(z) == 0) compute_from(z);
  const auto found = ready_.find(z);
  std::shared_ptr<const image::ScoreSlice> result = std::move(found->second);
  ready_.erase(found);
  return result;
}

// Enough slices at once, in the order of the run, to fill a batch of windows.
void ScoreStream::compute_from(std::int64_t z) {
  std::vector<std::int64_t> order;
  while (static_cast<std::int64_t>(order.size()) < inferer_->slices_at_once() &&
         z >= task_.back.box.begin[2] && z < task_.back.box.end[2]) {
    order.push_back(z);
    z += task_.falling ? -1 : 1;
  }
  std::vector<std::vector<float>> slices;
  std::vector<const float*> images;
  slices.reserve(order.size());
  images.reserve(order.size());
  for (const std::int64_t each : order) slices.push_back(task_.image_of(each));
  for (const std::vector<float>& each : slices) images.push_back(each.data());
  const auto scores = inferer_->run(images);
  for (std::size_t s = 0; s < order.size(); ++s) ready_[order[s]] = scores[s];
}

}  // namespace musclemap::infer
