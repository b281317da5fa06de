#include "image/steps/project_z.hpp"

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "io/arrays/npy_file.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/shared_data.hpp"

namespace musclemap::image {
namespace {

using test::contains;
using test::error_of;

std::pair<std::int64_t, std::int64_t> sections(const ZProjection& projection, std::int64_t best,
                                               std::int64_t depth) {
  const Sections found = sections_of(projection, best, depth);
  return {found.first, found.first + found.count - 1};
}

template <class T>
T of_pixel(const std::vector<T>& values, ProjectionType type) {
  std::vector<const T*> planes;
  for (const T& value : values) planes.push_back(&value);
  T result{};
  project(planes, 1, type, 1, &result);
  return result;
}

TEST_CASE("project z: the reference's projections, pixel by pixel", "[image]") {
  const auto shared = test::shared_data();
  if (shared.empty()) return;
  const auto folder = shared / "cellpose";
  std::ifstream manifest(folder / "manifest.json");
  const auto expected = nlohmann::json::parse(manifest).at("cases").at("zproj").at("sharpness_tcz");
  const io::Array stack = io::read_npy(folder / "zproj.stack_tczyx.npy");
  const auto channels = static_cast<std::size_t>(stack.shape[1]);
  const auto depth = static_cast<std::size_t>(stack.shape[2]);
  const std::int64_t pixels = stack.shape[3] * stack.shape[4];
  const auto* values = stack.values<std::uint16_t>();

  struct Case {
    const char* name;
    ZProjection projection;
  };
  using Type = ProjectionType;
  using Range = ProjectionRange;
  const std::vector<Case> cases = {{"max_all", {Type::max, Range::all}},
                                   {"max_around2", {Type::max, Range::around, 2}},
                                   {"mean_all", {Type::mean, Range::all}},
                                   {"mean_around2", {Type::mean, Range::around, 2}},
                                   {"mean_best", {Type::mean, Range::best}},
                                   {"mean_fixed1_3", {Type::mean, Range::fixed, 0, 1, 3}},
                                   {"mean_fixed5_99", {Type::mean, Range::fixed, 0, 5, 99}},
                                   {"median_all", {Type::median, Range::all}},
                                   {"median_around2", {Type::median, Range::around, 2}},
                                   {"min_all", {Type::min, Range::all}},
                                   {"min_around2", {Type::min, Range::around, 2}},
                                   {"std_all", {Type::std, Range::all}},
                                   {"std_around2", {Type::std, Range::around, 2}}};
  for (std::size_t tc = 0; tc < static_cast<std::size_t>(stack.shape[0]) * channels; ++tc) {
    std::vector<const std::uint16_t*> planes;
    std::vector<double> sharp;
    for (std::size_t z = 0; z < depth; ++z) {
      planes.push_back(values + (tc * depth + z) * static_cast<std::size_t>(pixels));
      sharp.push_back(sharpness(planes.back(), stack.shape[3], stack.shape[4]));
      const double wanted = expected.at(tc / channels).at(tc % channels).at(z);
      CHECK(std::fabs(sharp.back() - wanted) <= 1e-9 * wanted);
    }
    const std::int64_t best = best_focus(sharp);
    for (const Case& each : cases) {
      CAPTURE(tc, each.name, best);
      const Sections used = sections_of(each.projection, best, static_cast<std::int64_t>(depth));
      const auto begin = planes.begin() + used.first;
      for (const int threads : {1, 2}) {
        std::vector<std::uint16_t> result(static_cast<std::size_t>(pixels));
        project({begin, begin + used.count}, pixels, each.projection.type, threads, result.data());
        const io::Array wanted = io::read_npy(folder / (std::string("zproj.") + each.name + ".npy"));
        const auto* plane = wanted.values<std::uint16_t>() + tc * static_cast<std::size_t>(pixels);
        CHECK(result == std::vector<std::uint16_t>(plane, plane + pixels));
      }
    }
  }
}

TEST_CASE("project z: sections around the best one stay in the stack", "[image]") {
  using Pair = std::pair<std::int64_t, std::int64_t>;
  ZProjection around{ProjectionType::mean, ProjectionRange::around, 2};
  CHECK(sections(around, 4, 9) == Pair{2, 6});
  CHECK(sections(around, 0, 9) == Pair{0, 4});
  CHECK(sections(around, 8, 9) == Pair{4, 8});
  CHECK(sections(around, 1, 4) == Pair{0, 3});
  around.around = 99;
  for (const std::int64_t depth : {1, 2, 5}) CHECK(sections(around, depth - 1, depth) == Pair{0, depth - 1});
  around.around = -1;
  CHECK(contains(error_of([&] { sections_of(around, 0, 5); }), "sections on either side is -1"));
  const ZProjection fixed{ProjectionType::mean, ProjectionRange::fixed, 0, 4, 6};
  CHECK(sections(fixed, 0, 9) == Pair{4, 6});
  CHECK(sections(fixed, 0, 5) == Pair{4, 4});
  CHECK(
      contains(error_of([&] { sections_of(fixed, 0, 4); }), " 6 are to be projected; the stack has 0 to 3"));
  const ZProjection backwards{ProjectionType::mean, ProjectionRange::fixed, 0, 3, 2};
  CHECK(contains(error_of([&] { sections_of(backwards, 0, 9); }), "argument"));
}

TEST_CASE("project z: focus is the first of the largest means of neighbours", "[image]") {
  CHECK(best_focus({0, 0, 0}) == 0);
  CHECK(best_focus({0, 1, 5, 1, 1, 5, 1}) == 2);
  CHECK(best_focus({9, 1, 4, 6, 4}) == 0);  // the end counts twice
  CHECK(best_focus({3}) == 0);
}

TEST_CASE("project z: integers are cut off, one section is copied", "[image]") {
  using Type = ProjectionType;
  CHECK(of_pixel<std::uint8_t>({1, 2, 2}, Type::mean) == 1);
  CHECK(of_pixel<std::int16_t>({-1, -2, -2}, Type::mean) == -1);
  CHECK(of_pixel<std::uint8_t>({1, 4, 2, 9}, Type::median) == 3);
  CHECK(of_pixel<std::uint8_t>({0, 1}, Type::median) == 0);
  CHECK(of_pixel<std::uint8_t>({0, 255}, Type::std) == 180);
  CHECK(of_pixel<std::uint16_t>({65535, 65535}, Type::mean) == 65535);
  CHECK(of_pixel<std::uint8_t>({7}, Type::std) == 7);
  CHECK(of_pixel<float>({1, 2, 2}, Type::mean) == 5.0F / 3.0F);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const Type type : {Type::mean, Type::max, Type::min, Type::median, Type::std})
    CHECK(std::isnan(of_pixel<float>({1, nan, 2}, type)));
}

TEST_CASE("project z: planes of one row, column or pixel have a sharpness", "[image]") {
  const std::vector<std::uint8_t> values = {0, 10, 0, 0};
  CHECK(sharpness(values.data(), 1, 1) == 0);
  // Mirrored at both ends: beside the 10 alone there is a gradient, four times 10.
  const double along = sharpness(values.data(), 1, 4);
  CHECK(along == sharpness(values.data(), 4, 1));
  CHECK(along == 300);
}

}  // namespace
}  // namespace musclemap::image
