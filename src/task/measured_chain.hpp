// The fields of a chain of steps, one on the other, each made when what it needs to know is measured.
#ifndef MUSCLEMAP_TASK_MEASURED_CHAIN_HPP_
#define MUSCLEMAP_TASK_MEASURED_CHAIN_HPP_

#include <functional>
#include <memory>
#include <vector>

#include "image/steps/step.hpp"
#include "musclemap/run.hpp"

namespace musclemap::task {

/// One thread at a time.
class MeasuredChain {
 public:
  /// `image` is on the grid `from` and must outlive this. Slices are read from the last to the first if
  /// `falling`. Calls `after_pass` after each pass over the whole of a field. Reports Stage::prepare.
  MeasuredChain(const std::vector<image::Step>& steps, image::Field& image, const image::Grid& from,
                bool falling, int threads, const std::function<void()>& after_pass,
                const RunControl& control);

  image::Field& top() { return *top_; }
  /// Of every step.
  const std::vector<image::Measured>& measured() const { return measured_; }

 private:
  image::Field* top_;
  std::vector<std::unique_ptr<image::Field>> fields_;
  std::vector<image::Measured> measured_;
};

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_MEASURED_CHAIN_HPP_
