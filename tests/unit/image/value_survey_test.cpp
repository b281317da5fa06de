#include "image/value_survey.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "image/swapped_inputs.hpp"
#include "support/catch.hpp"
#include "support/volumes.hpp"

namespace musclemap::image {
namespace {

template <class T>
ValueSurvey survey_of(const std::vector<T>& values) {
  ValueSurvey survey;
  survey.add(
      test::volume_of(test::grid({static_cast<std::int64_t>(values.size()), 1, 1}, {1, 1, 1}), values));
  return survey;
}

}  // namespace

TEST_CASE("survey: counts of what CT has below fat and air", "[image]") {
  const ValueSurvey ct = survey_of<std::int16_t>({-1024, -901, -900, -100, -31, -30, 0, 0, 50, 300});
  CHECK(ct.nonzero() == 8);
  CHECK(ct.below_air() == 2);
  CHECK(ct.below_fat() == 5);
  CHECK(ct.most() == 300);
  CHECK(survey_of<std::uint16_t>({0, 5, 60000}).below_fat() == 0);
  CHECK(survey_of<float>({-1000.0F, 0.5F}).below_air() == 1);
}

TEST_CASE("survey: the one value of a blank image", "[image]") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double inf = std::numeric_limits<double>::infinity();
  CHECK(survey_of<std::uint8_t>({7, 7, 7}).only_value() == std::optional<double>(7));
  CHECK(survey_of<double>({-0.5, -0.5}).only_value() == std::optional<double>(-0.5));
  CHECK_FALSE(survey_of<double>({1, 2}).only_value());
  CHECK_FALSE(survey_of<double>({1, nan, 1}).only_value());
  CHECK_FALSE(survey_of<double>({inf, inf}).only_value());
  CHECK_FALSE(survey_of<std::int16_t>({3}).only_value());
}

TEST_CASE("survey: few integers are counted, others are not", "[image]") {
  CHECK(survey_of<std::int16_t>({0, 0, 7, -3, 7}).few_integers() == std::optional<std::size_t>(3));
  CHECK(survey_of<double>({0, 2, 32767, -32768}).few_integers() == std::optional<std::size_t>(4));
  CHECK_FALSE(survey_of<double>({0, 0.5}).few_integers());
  CHECK_FALSE(survey_of<double>({0, 1e300}).few_integers());
  CHECK_FALSE(survey_of<float>({0, std::numeric_limits<float>::quiet_NaN()}).few_integers());
  CHECK_FALSE(survey_of<std::int32_t>({40000}).few_integers());
  std::vector<std::int16_t> many(300);
  for (std::size_t n = 0; n < many.size(); ++n) many[n] = static_cast<std::int16_t>(n);
  CHECK_FALSE(survey_of(many).few_integers());
  many.resize(256);
  CHECK(survey_of(many).few_integers() == std::optional<std::size_t>(256));
}

TEST_CASE("survey: image and label map in each other's place", "[image]") {
  const ValueSurvey labels_as_image = survey_of<std::uint8_t>({0, 1, 2, 0});
  const ValueSurvey grey = survey_of<double>({0.5, 3.25});
  const LabelCounts scattered{1000, 5000, 4800};
  CHECK(doubt_of_places(labels_as_image, scattered));
  CHECK_FALSE(doubt_of_places(grey, scattered));
  CHECK_FALSE(doubt_of_places(labels_as_image, {114, 5000, 300}));     // a whole body
  CHECK_FALSE(doubt_of_places(labels_as_image, {1000, 90000, 9000}));  // cells
  CHECK_FALSE(doubt_of_places(labels_as_image, {12, 5000, 4800}));
  CHECK_FALSE(doubt_of_places(labels_as_image, {0, 0, 0}));
}

}  // namespace musclemap::image
