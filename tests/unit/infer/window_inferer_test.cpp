#include "infer/window_inferer.hpp"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace musclemap::infer {
namespace {

// Answers every window with one value per class, taken from the window's first pixel.
class FirstPixelEngine : public Engine {
 public:
  const std::string& name() const override { return name_; }
  void run(const float* windows, const std::vector<std::int64_t>& shape, std::int64_t out_channels,
           float* logits) override {
    const std::int64_t size = shape[2] * shape[3];
    for (std::int64_t w = 0; w < shape[0]; ++w) {
      for (std::int64_t c = 0; c < out_channels; ++c) {
        for (std::int64_t p = 0; p < size; ++p) {
          logits[(w * out_channels + c) * size + p] = windows[w * size] * static_cast<float>(c + 1);
        }
      }
    }
  }

 private:
  std::string name_ = "first pixel";
};

// [class][x][y]
std::vector<float> planar(const image::ScoreSlice& scores) {
  std::vector<float> values;
  for (std::int64_t c = 0; c < scores.classes(); ++c) {
    for (std::int64_t x = 0; x < scores.nx(); ++x) {
      for (std::int64_t y = 0; y < scores.ny(); ++y) values.push_back(scores.score(c, x, y));
    }
  }
  return values;
}

std::vector<float> ramp(std::int64_t nx, std::int64_t ny) {
  std::vector<float> image;
  for (std::int64_t x = 0; x < nx; ++x) {
    for (std::int64_t y = 0; y < ny; ++y) image.push_back(static_cast<float>(x));
  }
  return image;
}

TEST_CASE("blending: vector of docs/chains/musclemap.md, section 10.2", "[infer]") {
  FirstPixelEngine engine;
  SliceInfererOptions options;
  options.classes = 1;
  WindowInferer inferer(engine, plan_slice({{4, 4, 1}, 0.5}, 6, 4), options);
  const std::vector<float> image = ramp(6, 4);
  const auto scores = inferer.run({image.data()});
  const std::vector<double> edge{0, 0, .25846648, 1.74153352, 2, 2};
  const std::vector<double> inner{0, 0, .03597242, 1.96402752, 2, 2};
  for (std::int64_t x = 0; x < 6; ++x) {
    CHECK(std::fabs(scores[0]->score(0, x, 0) - edge[static_cast<std::size_t>(x)]) < 2e-7);
    CHECK(std::fabs(scores[0]->score(0, x, 1) - inner[static_cast<std::size_t>(x)]) < 2e-7);
  }
}

TEST_CASE("blending: batches, threads and neighbouring slices change no bit", "[infer]") {
  FirstPixelEngine engine;
  std::vector<float> image = ramp(13, 11);
  for (std::size_t i = 0; i < image.size(); ++i) image[i] += 0.37F * static_cast<float>(i % 7);
  const std::vector<float> other(image.rbegin(), image.rend());
  const auto scores = [&](std::int64_t batch, int threads, const std::vector<const float*>& images) {
    SliceInfererOptions options;
    options.classes = 3;
    options.windows_at_once = batch;
    options.threads = threads;
    WindowInferer inferer(engine, plan_slice({{4, 4, 1}, 0.7}, 13, 11), options);
    return planar(*inferer.run(images).back());
  };
  const std::vector<float> reference = scores(1, 1, {image.data()});
  CHECK(scores(3, 2, {image.data()}) == reference);
  CHECK(scores(1000, 5, {other.data(), image.data()}) == reference);
}

TEST_CASE("inferer: pixels of symmetric padding are zero and are cropped away", "[infer]") {
  FirstPixelEngine engine;
  SliceInfererOptions options;
  options.classes = 2;
  WindowInferer inferer(engine, plan_slice({{5, 3, 1}, 0.5}, 2, 3), options);
  const std::vector<float> image(6, 7.0F);
  const auto scores = inferer.run({image.data()});
  // The window's first pixel lies in the padding.
  CHECK(planar(*scores[0]) == std::vector<float>(12, 0.0F));
}

}  // namespace
}  // namespace musclemap::infer
