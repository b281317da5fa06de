// Classes from the scores that an engine hands over slice by slice.
#ifndef MUSCLEMAP_TASK_STREAMED_CLASSES_HPP_
#define MUSCLEMAP_TASK_STREAMED_CLASSES_HPP_

#include <memory>

#include "decode/best_classes.hpp"
#include "infer/class_inferer.hpp"
#include "infer/score_stream.hpp"

namespace musclemap::task {

class StreamedClasses : public infer::ClassInferer {
 public:
  StreamedClasses(std::unique_ptr<infer::SliceInferer> inferer, const infer::ClassTask& task,
                  std::int64_t classes, int threads)
      : stream_(std::move(inferer), task),
        best_(
            classes, task.back, [this](std::int64_t z) { return stream_.slice(z); }, threads, task.falling) {}
  // The classes ask this very object for scores.
  StreamedClasses(const StreamedClasses&) = delete;
  StreamedClasses& operator=(const StreamedClasses&) = delete;

  const std::vector<std::int16_t>& slice(std::int64_t k) override { return best_.slice(k); }
  std::int64_t windows_done() const override { return stream_.windows_done(); }

 private:
  infer::ScoreStream stream_;
  decode::BestClasses best_;
};

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_STREAMED_CLASSES_HPP_
