// What must hold of every table, on random images and label maps.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "musclemap/metrics.hpp"
#include "support/catch.hpp"
#include "support/volumes.hpp"

namespace musclemap {
namespace {

using test::csv_of;

struct Pair {
  Volume image;
  Volume labels;
};

Pair random_pair(std::mt19937& engine, const Index3& n, const Spacing& spacing) {
  const auto random = [&] { return static_cast<unsigned>(engine()); };
  std::vector<std::int16_t> values(test::count_of(n));
  std::vector<std::uint8_t> labels(values.size());
  for (std::size_t v = 0; v < values.size(); ++v) {
    labels[v] = static_cast<std::uint8_t>(random() % 4);
    const unsigned fat = random() % 3 == 0 ? 150 : 0;
    values[v] = static_cast<std::int16_t>(60 + fat + random() % 60);
  }
  const Geometry geometry = test::grid(n, spacing);
  return {test::volume_of(geometry, values), test::volume_of(geometry, labels)};
}

Index3 random_shape(std::mt19937& engine) {
  const auto size = [&] { return static_cast<std::int64_t>(4 + static_cast<unsigned>(engine()) % 5); };
  return {size(), size(), size()};
}

TissueOptions options_of(TissueMethod method, int components) {
  TissueOptions options;
  options.method = method;
  options.components = components;
  return options;
}

// The same world with the axes in another order and some of them reversed.
template <class T>
Volume reoriented(const Volume& volume, const std::array<std::size_t, 3>& order,
                  const std::array<bool, 3>& flip) {
  const Geometry& from = volume.geometry();
  Geometry to;
  for (std::size_t axis = 0; axis < 3; ++axis) to.shape[axis] = from.shape[order[axis]];
  const auto source = [&](const Index3& at) {
    Index3 result{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      result[order[axis]] = flip[axis] ? to.shape[axis] - 1 - at[axis] : at[axis];
    }
    return result;
  };
  const Index3 origin = source({0, 0, 0});
  for (int r = 0; r < 3; ++r) {
    to.to_world(r, 3) = from.to_world(r, 3);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double step = from.to_world(r, static_cast<int>(order[axis]));
      to.to_world(r, static_cast<int>(axis)) = flip[axis] ? -step : step;
      to.to_world(r, 3) += step * static_cast<double>(origin[order[axis]]);
    }
  }
  Volume result = Volume::zeros(to, volume.dtype());
  const VoxelView<const T> in = volume.view<T>();
  const VoxelView<T> out = result.mutable_view<T>();
  for (std::int64_t k = 0; k < to.shape[2]; ++k) {
    for (std::int64_t j = 0; j < to.shape[1]; ++j) {
      for (std::int64_t i = 0; i < to.shape[0]; ++i) {
        const Index3 at = source({i, j, k});
        out(i, j, k) = in(at[0], at[1], at[2]);
      }
    }
  }
  return result;
}

TEST_CASE("tables survive another order and direction of the axes", "[quant][property]") {
  std::mt19937 engine(1);
  const auto random = [&] { return static_cast<unsigned>(engine()); };
  for (int round = 0; round < 40; ++round) {
    // Products of these are exact. The largest spacing is one alone, so that slices lie along it.
    const Pair pair = random_pair(engine, random_shape(engine), {0.5, 1.25, 4});
    std::array<std::size_t, 3> order{0, 1, 2};
    std::shuffle(order.begin(), order.end(), engine);
    const std::array<bool, 3> flip{random() % 2 == 0, random() % 2 == 0, random() % 2 == 0};
    const Volume image = reoriented<std::int16_t>(pair.image, order, flip);
    const Volume labels = reoriented<std::uint8_t>(pair.labels, order, flip);
    for (const TissueMethod method : {TissueMethod::kmeans, TissueMethod::gmm}) {
      const TissueClassifier classifier(options_of(method, 3));
      const Metrics a = measure(classifier.classify(pair.image, pair.labels), {});
      const Metrics b = measure(classifier.classify(image, labels), {});
      CHECK(csv_of(a.labels) == csv_of(b.labels));
      for (const char* name : {"voxels", "affine_volume_ml", "largest_area_mm2", "mean_area_mm2", "parts",
                               "touches_border", "total_volume_ml"}) {
        CHECK(a.labels.column(name).values == b.labels.column(name).values);
      }
    }
    const Metrics a = measure_mean(pair.labels, pair.image, ValueKind::intensity, {});
    CHECK(csv_of(a.labels) == csv_of(measure_mean(labels, image, ValueKind::intensity, {}).labels));
  }
}

TEST_CASE("columns of a table add up to the voxels", "[quant][property]") {
  std::mt19937 engine(2);
  for (int round = 0; round < 40; ++round) {
    const Pair pair = random_pair(engine, random_shape(engine), {10, 10, 10});
    std::vector<double> counted(4, 0);
    for (const std::uint8_t label : test::voxels_of<std::uint8_t>(pair.labels)) ++counted[label];
    for (const int components : {2, 3}) {
      const TissueMap map =
          TissueClassifier(options_of(TissueMethod::kmeans, components)).classify(pair.image, pair.labels);
      const Metrics metrics = measure(map, {});
      REQUIRE(metrics.labels.row_count() == 3);
      const auto figure = [&](const char* name, std::size_t r) {
        return metrics.labels.column(name).values[r];
      };
      for (std::size_t r = 0; r < 3; ++r) {
        const double voxels = figure("voxels", r);
        CHECK(voxels == counted[r + 1]);
        CHECK(figure("total_volume_ml", r) == voxels);
        double volume = figure("muscle_volume_ml", r) + figure("fat_volume_ml", r);
        double percent = figure("muscle_percent", r) + figure("fat_percent", r);
        if (components == 3) volume += figure("undefined_volume_ml", r);
        if (components == 3) percent += figure("undefined_percent", r);
        CHECK(volume == voxels);
        CHECK(std::fabs(percent - 100) <= 1e-13);
      }
      const auto& slice_labels = metrics.slices.column("label").values;
      std::vector<double> of_slices(4, 0);
      for (std::size_t s = 0; s < slice_labels.size(); ++s) {
        of_slices[static_cast<std::size_t>(slice_labels[s])] += metrics.slices.column("voxels").values[s];
      }
      CHECK(std::equal(of_slices.begin() + 1, of_slices.end(), counted.begin() + 1));
      const auto codes = test::voxels_of<std::uint8_t>(map.tissue());
      const auto background = std::count(codes.begin(), codes.end(), std::uint8_t{0});
      CHECK(static_cast<double>(background) == counted[0]);
    }
  }
}

TEST_CASE("threads do not change a table", "[quant][property]") {
  // Slabs of two slices.
  std::mt19937 engine(3);
  const Pair pair = random_pair(engine, {1024, 512, 5}, {1, 1, 3});
  for (const TissueMethod method : {TissueMethod::kmeans, TissueMethod::gmm, TissueMethod::hu}) {
    std::vector<std::string> tables;
    for (const int threads : {1, 2, 3}) {
      MeasureOptions options;
      options.control.threads = threads;
      const TissueMap map =
          TissueClassifier(options_of(method, 3)).classify(pair.image, pair.labels, options.control);
      const Metrics metrics = measure(map, {}, options);
      tables.push_back(csv_of(metrics.labels, true) + csv_of(metrics.slices, true));
    }
    CHECK(tables[1] == tables[0]);
    CHECK(tables[2] == tables[0]);
  }
  std::vector<std::string> tables;
  for (const int threads : {1, 2, 3}) {
    MeasureOptions options;
    options.control.threads = threads;
    tables.push_back(
        csv_of(measure_mean(pair.labels, pair.image, ValueKind::intensity, {}, options).slices, true));
  }
  CHECK(tables[1] == tables[0]);
  CHECK(tables[2] == tables[0]);
}

TEST_CASE("more background changes only border flags and slice numbers", "[quant][property]") {
  std::mt19937 engine(5);
  const Index3 n{6, 5, 4};
  constexpr std::int64_t kBefore = 2;
  const Index3 larger{n[0], n[1], n[2] + kBefore + 1};
  const Spacing spacing{1, 1, 3};
  for (int round = 0; round < 20; ++round) {
    const Pair pair = random_pair(engine, n, spacing);
    const auto extended = [&](const auto& voxels, auto fill) {
      std::decay_t<decltype(voxels)> result(test::count_of(larger), fill);
      std::copy(voxels.begin(), voxels.end(), result.begin() + kBefore * n[0] * n[1]);
      return test::volume_of(test::grid(larger, spacing), result);
    };
    const Volume image = extended(test::voxels_of<std::int16_t>(pair.image), std::int16_t{999});
    const Volume labels = extended(test::voxels_of<std::uint8_t>(pair.labels), std::uint8_t{0});
    const TissueClassifier classifier(options_of(TissueMethod::gmm, 2));
    const Metrics a = measure(classifier.classify(pair.image, pair.labels), {});
    const Metrics b = measure(classifier.classify(image, labels), {});
    for (const MetricsTable::Column& column : a.labels.columns()) {
      if (column.kind == MetricsTable::Kind::text || column.name == "touches_border") continue;
      std::vector<double> values = column.values;
      if (column.name == "largest_area_slice") {
        for (double& slice : values) slice += kBefore;
      }
      for (std::size_t r = 0; r < values.size(); ++r) {
        const double other = b.labels.column(column.name).values[r];
        INFO(column.name);
        CHECK((other == values[r] || (std::isnan(other) && std::isnan(values[r]))));
      }
    }
    for (const char* name : {"label", "voxels", "area_mm2", "fat_percent"}) {
      CHECK(a.slices.column(name).values == b.slices.column(name).values);
    }
  }
}

}  // namespace
}  // namespace musclemap
