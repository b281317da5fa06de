#include "infer/volume_scores.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "base/half.hpp"
#include "infer/volume_windows.hpp"
#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap::infer {
namespace {

using base::float_to_half;
using base::half_to_float;

// Scores of a window that depend on its first voxel, on the voxel's place in it and on the class.
class PlaceEngine : public Engine {
 public:
  explicit PlaceEngine(float factor) : factor_(factor) {}

  const std::string& name() const override { return name_; }
  void run(const float* windows, const std::vector<std::int64_t>& shape, std::int64_t out_channels,
           float* logits) override {
    std::int64_t voxels = 1;
    for (std::size_t axis = 2; axis < shape.size(); ++axis) voxels *= shape[axis];
    shape_ = shape;
    for (std::int64_t c = 0; c < out_channels; ++c) {
      for (std::int64_t i = 0; i < voxels; ++i) {
        float sum = 0;
        for (std::int64_t channel = 0; channel < shape[1]; ++channel) sum += windows[channel * voxels + i];
        logits[c * voxels + i] =
            factor_ * sum * static_cast<float>(c + 1) + windows[0] + std::sin(static_cast<float>(i + 7 * c));
      }
    }
  }
  const std::vector<std::int64_t>& shape() const { return shape_; }

 private:
  std::string name_ = "place";
  float factor_;
  std::vector<std::int64_t> shape_;
};

/// Notes the slices that are read.
class ArrayField : public image::Field {
 public:
  ArrayField(const Index3& shape, std::int64_t channels, unsigned seed)
      : shape_(shape),
        channels_(channels),
        values_(static_cast<std::size_t>(channels * shape[0] * shape[1] * shape[2])) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> any(-2, 2);
    for (float& value : values_) value = any(random);
  }

  float at(std::int64_t c, std::int64_t x, std::int64_t y, std::int64_t z) const {
    return values_[static_cast<std::size_t>(((c * shape_[2] + z) * shape_[1] + y) * shape_[0] + x)];
  }
  void read(const image::Block& block, float* out) override {
    REQUIRE(block.end[2] == block.begin[2] + 1);
    slices.push_back(block.begin[2]);
    for (std::int64_t c = 0; c < channels_; ++c) {
      for (std::int64_t x = 0; x < shape_[0]; ++x) {
        for (std::int64_t y = 0; y < shape_[1]; ++y) *out++ = at(c, x, y, block.begin[2]);
      }
    }
  }

  std::vector<std::int64_t> slices;

 private:
  Index3 shape_;
  std::int64_t channels_;
  std::vector<float> values_;
};

struct Case {
  Index3 image{};
  std::vector<std::int64_t> patch;
  double step = 0.5;
  std::int64_t channels = 1;
  std::int64_t classes = 2;
  std::vector<float> folds;  // factors of the engines
  std::vector<int> mirror;
};

// Everything held at once, one number after the other: [z][class][y][x].
std::vector<std::uint16_t> plain_scores(const Case& of, const ArrayField& field) {
  const VolumeWindows plan = plan_volume(of.patch, of.step, of.image);
  const auto [nx, ny, nz] = of.image;
  const auto at = [&, nx = nx, ny = ny](std::int64_t c, std::int64_t x, std::int64_t y, std::int64_t z) {
    return static_cast<std::size_t>(((z * of.classes + c) * ny + y) * nx + x);
  };
  const auto count = static_cast<std::size_t>(of.classes * nx * ny * nz);
  std::vector<std::uint16_t> mean;
  for (const float factor : of.folds) {
    PlaceEngine engine(factor);
    std::vector<std::uint16_t> sums(count);
    std::vector<std::uint16_t> weights(count);
    for (const std::int64_t z : plan.z.starts) {
      for (const std::int64_t y : plan.y.starts) {
        for (const std::int64_t x : plan.x.starts) {
          const Index3 first{x - plan.x.pad_low, y - plan.y.pad_low, z - plan.z.pad_low};
          const Index3 size{plan.x.window, plan.y.window, plan.z.window};
          // Voxels of the window, each of its axes mirrored or not.
          const auto visit = [&](const std::vector<bool>& flip, const auto& call) {
            std::size_t i = 0;
            for (std::int64_t k = 0; k < size[2]; ++k) {
              for (std::int64_t j = 0; j < size[1]; ++j) {
                for (std::int64_t h = 0; h < size[0]; ++h) {
                  call(i++, flip[2] ? size[0] - 1 - h : h, flip[1] ? size[1] - 1 - j : j,
                       flip[0] ? size[2] - 1 - k : k);
                }
              }
            }
          };
          const auto voxels = static_cast<std::size_t>(plan.voxels());
          std::vector<float> scores(voxels * static_cast<std::size_t>(of.classes));
          const auto add_run = [&](const std::vector<int>& axes) {
            std::vector<bool> flip(3);
            for (const int axis : axes) flip[static_cast<std::size_t>(axis + 3 - plan.axes)] = true;
            std::vector<float> window(voxels * static_cast<std::size_t>(of.channels));
            visit(flip, [&](std::size_t i, std::int64_t h, std::int64_t j, std::int64_t k) {
              const Index3 p{first[0] + h, first[1] + j, first[2] + k};
              for (std::size_t axis = 0; axis < 3; ++axis) {
                if (p[axis] < 0 || p[axis] >= of.image[axis]) return;
              }
              for (std::int64_t c = 0; c < of.channels; ++c) {
                window[static_cast<std::size_t>(c) * voxels + i] = field.at(c, p[0], p[1], p[2]);
              }
            });
            std::vector<float> run(scores.size());
            engine.run(window.data(), plan.shape(of.channels), of.classes, run.data());
            visit(flip, [&](std::size_t i, std::int64_t h, std::int64_t j, std::int64_t k) {
              for (std::size_t c = 0; c < static_cast<std::size_t>(of.classes); ++c) {
                scores[c * voxels + static_cast<std::size_t>((k * size[1] + j) * size[0] + h)] +=
                    run[c * voxels + i];
              }
            });
          };
          add_run({});
          std::vector<std::vector<int>> combinations;
          for (const int a : of.mirror) combinations.push_back({a});
          for (const int a : of.mirror) {
            for (const int b : of.mirror) {
              if (a < b) combinations.push_back({a, b});
            }
          }
          if (of.mirror.size() == 3) combinations.push_back(of.mirror);
          for (const auto& axes : combinations) add_run(axes);
          for (float& score : scores) score /= static_cast<float>(combinations.size() + 1);
          visit({false, false, false}, [&](std::size_t i, std::int64_t h, std::int64_t j, std::int64_t k) {
            const Index3 p{first[0] + h, first[1] + j, first[2] + k};
            for (std::size_t axis = 0; axis < 3; ++axis) {
              if (p[axis] < 0 || p[axis] >= of.image[axis]) return;
            }
            for (std::int64_t c = 0; c < of.classes; ++c) {
              std::uint16_t& sum = sums[at(c, p[0], p[1], p[2])];
              std::uint16_t& weight = weights[at(c, p[0], p[1], p[2])];
              const float product = scores[static_cast<std::size_t>(c) * voxels + i] * plan.weights[i];
              sum = float_to_half(half_to_float(sum) + product);
              weight = float_to_half(half_to_float(weight) + plan.weights[i]);
            }
          });
        }
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      sums[i] = float_to_half(half_to_float(sums[i]) / half_to_float(weights[i]));
    }
    if (mean.empty()) {
      mean = sums;
      continue;
    }
    for (std::size_t i = 0; i < count; ++i) {
      mean[i] = float_to_half(half_to_float(mean[i]) + half_to_float(sums[i]));
    }
  }
  if (of.folds.size() > 1) {
    for (std::uint16_t& each : mean) {
      each = float_to_half(half_to_float(each) / static_cast<float>(of.folds.size()));
    }
  }
  return mean;
}

std::vector<std::uint16_t> streamed_scores(const Case& of, ArrayField* field, int threads) {
  std::vector<PlaceEngine> engines(of.folds.begin(), of.folds.end());
  std::vector<Engine*> folds;
  for (PlaceEngine& engine : engines) folds.push_back(&engine);
  const VolumeWindows plan = plan_volume(of.patch, of.step, of.image);
  VolumeScoreOptions options;
  options.channels = of.channels;
  options.classes = of.classes;
  options.mirror_axes = of.mirror;
  options.threads = threads;
  std::int64_t windows = 0;
  options.before_window = [&](std::int64_t n, std::int64_t count) {
    REQUIRE(n == windows++);
    REQUIRE(count == plan.windows());
  };
  std::vector<std::uint16_t> all;
  std::int64_t next = 0;
  volume_scores(*field, plan, folds, options, [&](std::int64_t z, const image::HalfSlice& scores) {
    REQUIRE(z == next++);
    REQUIRE(scores.classes == of.classes);
    all.insert(all.end(), scores.values.begin(), scores.values.end());
  });
  CHECK(windows == plan.windows());
  CHECK(next == of.image[2]);
  CHECK(engines[0].shape() == plan.shape(of.channels));
  std::vector<std::int64_t> rising(static_cast<std::size_t>(of.image[2]));
  for (std::size_t z = 0; z < rising.size(); ++z) rising[z] = static_cast<std::int64_t>(z);
  CHECK(field->slices == rising);
  return all;
}

void check(const Case& of, unsigned seed) {
  ArrayField field(of.image, of.channels, seed);
  const std::vector<std::uint16_t> expected = plain_scores(of, field);
  for (const int threads : {1, 2, 3, 4, 8}) {
    ArrayField read(of.image, of.channels, seed);
    CHECK(streamed_scores(of, &read, threads) == expected);
  }
}

TEST_CASE("volume scores: windows of three axes, streamed, are the sums of all held at once", "[infer]") {
  check({{19, 23, 17}, {8, 12, 10}, 0.5, 1, 3, {1.0F}, {}}, 1);
  check({{19, 23, 17}, {8, 12, 10}, 0.8, 2, 2, {0.3F, 1.7F, -2.0F}, {}}, 2);
  // Smaller than the patch along z, x, or everywhere.
  check({{9, 23, 5}, {8, 12, 14}, 0.5, 1, 2, {1.0F}, {}}, 3);
  check({{3, 1, 2}, {8, 12, 14}, 0.5, 3, 2, {1.0F, 2.0F}, {}}, 4);
}

TEST_CASE("volume scores: a network of two axes sees every slice", "[infer]") {
  check({{19, 23, 4}, {12, 10}, 0.5, 2, 3, {1.0F}, {}}, 5);
  check({{9, 10, 3}, {12, 10}, 0.5, 1, 2, {1.0F, 0.5F}, {0, 1}}, 6);
}

TEST_CASE("volume scores: mirrored windows", "[infer]") {
  check({{11, 9, 13}, {6, 5, 8}, 0.5, 1, 2, {1.0F}, {0, 1, 2}}, 7);
  check({{11, 9, 13}, {6, 5, 8}, 0.7, 2, 2, {1.0F, -0.4F}, {0, 2}}, 8);
}

TEST_CASE("volume scores: random shapes, patches and steps", "[infer]") {
  std::mt19937 random(9);
  const auto up_to = [&](std::int64_t most) { return 1 + static_cast<std::int64_t>(random() % most); };
  for (unsigned round = 0; round < 12; ++round) {
    Case of;
    of.image = {up_to(20), up_to(20), up_to(20)};
    of.patch = {3 + up_to(10), 3 + up_to(10), 3 + up_to(10)};
    if (round % 4 == 3) of.patch.pop_back();
    of.step = 0.4 + 0.1 * static_cast<double>(up_to(6));
    of.channels = up_to(2);
    of.classes = up_to(4);
    of.folds.assign(static_cast<std::size_t>(up_to(3)), 0.7F);
    check(of, 100 + round);
  }
}

TEST_CASE("volume scores: an infinite score is an error of the model", "[infer]") {
  ArrayField field({6, 6, 6}, 1, 1);
  PlaceEngine engine(1e6F);
  VolumeScoreOptions options;
  options.classes = 1;
  const VolumeWindows plan = plan_volume({4, 4, 4}, 0.5, {6, 6, 6});
  const std::string error = test::error_of(
      [&] { volume_scores(field, plan, {&engine}, options, [](std::int64_t, const image::HalfSlice&) {}); });
  CHECK(test::contains(error, "model/"));
  CHECK(test::contains(error, "65504"));
}

TEST_CASE("volume scores: what the callback throws ends the run before that window", "[infer]") {
  ArrayField field({6, 6, 6}, 1, 1);
  PlaceEngine engine(1);
  VolumeScoreOptions options;
  options.classes = 1;
  options.before_window = [](std::int64_t n, std::int64_t) {
    if (n == 3) throw Error(ErrorCode::cancelled, "stop");
  };
  const VolumeWindows plan = plan_volume({4, 4, 4}, 0.5, {6, 6, 6});
  std::int64_t slices = 0;
  const auto sink = [&](std::int64_t, const image::HalfSlice&) { ++slices; };
  CHECK(
      test::contains(test::error_of([&] { volume_scores(field, plan, {&engine}, options, sink); }), "stop"));
  CHECK(slices == 0);
}

// Notes how many slices were given away when it came to each plane.
class PlaneByPlane : public PlaceEngine {
 public:
  explicit PlaneByPlane(const std::int64_t& given) : PlaceEngine(1), given_(given) {}

  void stream(const float* window, const std::vector<std::int64_t>& shape, std::int64_t out_channels,
              int threads, const ScoreTaker& taker) override {
    const auto plane = [&](std::int64_t z) {
      taker.plane(z);
      given_at_planes.push_back(given_);
    };
    PlaceEngine::stream(window, shape, out_channels, threads, {plane, taker.piece});
  }

  std::vector<std::int64_t> given_at_planes;

 private:
  const std::int64_t& given_;
};

TEST_CASE("volume scores: slices are given away as soon as no window is left that sees them", "[infer]") {
  const auto given_with = [](const Index3& image, std::size_t folds) {
    ArrayField field(image, 1, 1);
    std::int64_t given = 0;
    PlaneByPlane engine(given);
    VolumeScoreOptions options;
    options.classes = 2;
    const std::vector<Engine*> engines(folds, &engine);
    volume_scores(field, plan_volume({4, 6, 6}, 0.5, image), engines, options,
                  [&](std::int64_t, const image::HalfSlice&) { ++given; });
    CHECK(given == image[2]);
    return engine.given_at_planes;
  };
  using Counts = std::vector<std::int64_t>;
  CHECK(given_with({6, 6, 4}, 1) == Counts{0, 1, 2, 3});
  CHECK(given_with({5, 6, 2}, 1) == Counts{0, 0, 1, 1});  // the first plane and the last one are padding
  CHECK(given_with({6, 6, 6}, 1) == Counts{0, 1, 2, 2, 2, 3, 4, 5});
  CHECK(given_with({6, 6, 4}, 2) == Counts{0, 0, 0, 0, 0, 1, 2, 3});
  CHECK(given_with({9, 6, 4}, 1) == Counts{0, 0, 0, 0, 0, 1, 2, 3});
  // What plans count: two slices with their sums and weights instead of all of them.
  const VolumeWindows one = plan_volume({4, 6, 6}, 0.5, {6, 6, 4});
  const std::size_t slice = 6 * 6 * (2 + 1) * sizeof(std::uint16_t);
  CHECK(volume_score_bytes(one, 2, 2, 1, false, 0) - volume_score_bytes(one, 2, 1, 1, false, 0) ==
        5 * 6 * 6 * (2 * 2 + 1) * sizeof(std::uint16_t) - 2 * slice);
}

TEST_CASE("volume windows: a window has two or three axes", "[infer]") {
  CHECK(plan_volume({4, 5, 6}, 0.5, {6, 5, 4}).shape(2) == std::vector<std::int64_t>{1, 2, 4, 5, 6});
  CHECK(plan_volume({5, 6}, 0.5, {6, 5, 4}).shape(2) == std::vector<std::int64_t>{1, 2, 5, 6});
  CHECK(plan_volume({5, 6}, 0.5, {6, 5, 4}).windows() == 4);
  CHECK(test::contains(test::error_of([] { plan_volume({5}, 0.5, {6, 5, 4}); }), "argument/"));
}

}  // namespace
}  // namespace musclemap::infer
