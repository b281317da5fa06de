#include "image/slice_source.hpp"

#include <utility>

#include "base/parallel.hpp"

namespace musclemap::image {

ResampledSlices::ResampledSlices(SliceSource& source, Resampler resampler, int threads)
    : source_(source), resampler_(std::move(resampler)), threads_(threads) {}

Slice ResampledSlices::slice(std::int64_t z) {
  const SliceRange range = resampler_.source_slices(z);
  std::map<std::int64_t, Slice> needed;
  for (std::int64_t s = range.begin; s < range.end; ++s) {
    const auto held = held_.find(s);
    needed[s] = held != held_.end() ? held->second : source_.slice(s);
  }
  held_ = std::move(needed);

  const auto nx = resampler_.target_shape()[0];
  const auto ny = static_cast<std::size_t>(resampler_.target_shape()[1]);
  auto result = std::make_shared<std::vector<float>>(static_cast<std::size_t>(nx) * ny);
  const auto slice_of = [&](std::int64_t s) { return held_.find(s)->second->data(); };
  base::parallel_for(nx, threads_, [&](std::int64_t x) {
    thread_local SampleRow row;
    resampler_.row(x, z, &row);
    float* out = result->data() + static_cast<std::size_t>(x) * ny;
    for (std::size_t y = 0; y < ny; ++y) out[y] = sample(resampler_, row, y, slice_of);
  });
  return result;
}

}  // namespace musclemap::image
