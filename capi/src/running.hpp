// The run of a segmenter that is under way.
#ifndef MUSCLEMAP_CAPI_RUNNING_HPP_
#define MUSCLEMAP_CAPI_RUNNING_HPP_

#include <mutex>

#include "handles.hpp"

namespace musclemap::capi {

/// What mm_segmenter_cancel() cancels while it lives.
class Running {
 public:
  Running(mm_segmenter& segmenter, const CancelToken& token) : segmenter_(segmenter) {
    const std::lock_guard<std::mutex> lock(segmenter_.mutex);
    segmenter_.running = token;
  }
  ~Running() {
    const std::lock_guard<std::mutex> lock(segmenter_.mutex);
    segmenter_.running.reset();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  mm_segmenter& segmenter_;
};

}  // namespace musclemap::capi

#endif  // MUSCLEMAP_CAPI_RUNNING_HPP_
