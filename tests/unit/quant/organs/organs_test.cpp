// Contrast phase, modality and unions of classes in memory.
#include "musclemap/organs.hpp"

#include <limits>
#include <string>
#include <vector>

#include "quant/organs/class_name.hpp"
#include "quant/organs/label_histograms.hpp"
#include "quant/organs/organ_votes.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/volumes.hpp"

namespace musclemap {
namespace {

Label named(std::int32_t value, const std::string& anatomy, const std::string& side = "") {
  Label label;
  label.value = value;
  label.anatomy = anatomy;
  label.side = side;
  return label;
}

std::vector<Label> numbered(const std::vector<std::string>& classes) {
  std::vector<Label> names;
  for (const std::string& name : classes)
    names.push_back(named(static_cast<std::int32_t>(names.size()) + 1, name));
  return names;
}

TEST_CASE("organs: a class is known by its name or by anatomy and side", "[quant]") {
  const std::vector<Label> names{named(3, "vertebrae_L5"), named(5, "gluteus maximus", "left")};
  CHECK(quant::value_of_class(names, "vertebrae_L5") == 3);
  CHECK(quant::value_of_class(names, "gluteus_maximus_left") == 5);
  CHECK_FALSE(quant::value_of_class(names, "gluteus_maximus"));
}

TEST_CASE("organs: values become 16-bit integers as NumPy casts them", "[quant]") {
  CHECK(quant::wrapped_int16(-1.9) == -1);
  CHECK(quant::wrapped_int16(32768) == -32768);
  CHECK(quant::wrapped_int16(-32769.5) == 32767);
  CHECK(quant::wrapped_int16(65536 + 7.9) == 7);
  CHECK(quant::wrapped_int16(3e9) == 0);
  CHECK(quant::wrapped_int16(std::numeric_limits<double>::quiet_NaN()) == 0);
}

TEST_CASE("organs: decimals are rounded half to even on the exact value", "[quant]") {
  CHECK(quant::rounded_decimals(0.125, 2) == 0.12);
  CHECK(quant::rounded_decimals(0.375, 2) == 0.38);
  CHECK(quant::rounded_decimals(2.675, 2) == 2.67);
  CHECK(quant::rounded_decimals(-0.0361, 2) == -0.04);
}

TEST_CASE("organs: the phase of every range of times", "[quant]") {
  const auto phase_at = [](double time) {
    const ContrastPhase phase = quant::phase_of_folds({time, time, time, time, time});
    return phase.phase + " " + std::to_string(phase.probability).substr(0, 3);
  };
  CHECK(phase_at(-3) == "native 1.0");
  CHECK(phase_at(4.996) == "native 0.7");
  CHECK(phase_at(10) == "arterial_early 0.7");
  CHECK(phase_at(29.99) == "arterial_early 1.0");
  CHECK(phase_at(30) == "arterial_late 1.0");
  CHECK(phase_at(59) == "arterial_late 0.7");
  CHECK(phase_at(60) == "portal_venous 1.0");
  CHECK(phase_at(99) == "portal_venous 0.7");
  CHECK(phase_at(1000) == "portal_venous 0.3");
}

/// One voxel an organ with its number as HU, of 10 mm a side.
struct Case {
  Volume image;
  NamedLabelMap map;
};

Case one_voxel_each(const std::vector<std::string>& classes, double side_mm) {
  std::vector<std::int16_t> hu;
  std::vector<std::uint8_t> labels;
  for (std::size_t n = 1; n <= classes.size(); ++n) {
    hu.push_back(static_cast<std::int16_t>(10 * n));
    labels.push_back(static_cast<std::uint8_t>(n));
  }
  const auto count = static_cast<std::int64_t>(classes.size());
  const Geometry geometry = test::grid({count, 1, 1}, {side_mm, side_mm, side_mm});
  return {test::volume_of(geometry, hu), {test::volume_of(geometry, labels), numbered(classes)}};
}

TEST_CASE("organs: the phase rests on the medians in the trees' order", "[quant]") {
  std::vector<std::string> classes = quant::phase_organs();
  classes.insert(classes.end(), quant::phase_neck_vessels().begin(), quant::phase_neck_vessels().end());
  const Case big = one_voxel_each(classes, 10);
  std::vector<double> medians;
  for (std::size_t n = 1; n <= classes.size(); ++n) medians.push_back(10.0 * static_cast<double>(n));
  const ContrastPhase expected = quant::phase_of_folds(quant::phase_folds(medians));
  const ContrastPhase seen = contrast_phase(big.image, {big.map});
  CHECK(seen.pi_time_s == expected.pi_time_s);
  CHECK(seen.stddev_s == expected.stddev_s);
  CHECK(seen.pi_time_min_s == expected.pi_time_min_s);
  CHECK(seen.pi_time_max_s == expected.pi_time_max_s);
  CHECK_FALSE(seen.head_neck_missing);

  // 100 mm3 of brain or less: the vessels of the neck count as 0.
  for (std::size_t n = quant::phase_organs().size(); n < medians.size(); ++n) medians[n] = 0;
  const Case small = one_voxel_each(classes, 4.6);
  CHECK(contrast_phase(small.image, {small.map}).pi_time_s ==
        quant::phase_of_folds(quant::phase_folds(medians)).pi_time_s);
}

TEST_CASE("organs: neck vessels come from a map of their own, and are missed where there is a brain",
          "[quant]") {
  const Case organs = one_voxel_each(quant::phase_organs(), 10);
  CHECK(contrast_phase(organs.image, {organs.map}).head_neck_missing);
  NamedLabelMap neck{organs.map.map, numbered(quant::phase_neck_vessels())};
  CHECK_FALSE(contrast_phase(organs.image, {organs.map, neck}).head_neck_missing);
}

TEST_CASE("organs: a map that lacks an organ is refused by its name", "[quant]") {
  Case organs = one_voxel_each(quant::phase_organs(), 10);
  organs.map.names.pop_back();
  CHECK(test::contains(test::error_of([&] { contrast_phase(organs.image, {organs.map}); }),
                       "argument/invalid: the label map names no class 'small_bowel'"));
  const Volume other = test::line_of(std::vector<std::uint8_t>{1, 2});
  CHECK(test::contains(test::error_of([&] {
                         contrast_phase(organs.image, {{other, organs.map.names}});
                       }),
                       "geometry/"));
}

TEST_CASE("organs: negative values make an image a CT", "[quant]") {
  const Modality ct = image_modality(test::line_of(std::vector<std::int16_t>{-1, 0, 400}));
  CHECK(ct.modality == "ct");
  CHECK(ct.probability == 1);
  CHECK(image_modality(test::line_of(std::vector<std::int16_t>{0, 300})).modality == "mr");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(image_modality(test::line_of(std::vector<float>{-1, nan, -2})).modality == "mr");
}

TEST_CASE("organs: the modality of a normalised image rests on medians scaled to its range", "[quant]") {
  const Case organs = one_voxel_each(quant::modality_organs(), 10);
  std::vector<double> medians;
  for (int n = 0; n < 16; ++n) medians.push_back(quant::rounded_decimals(n / 15.0, 5));
  const Modality expected = quant::modality_of_folds(quant::normalised_modality_folds(medians));
  const Modality seen = normalised_modality(organs.image, organs.map);
  CHECK(seen.modality == expected.modality);
  CHECK(seen.probability == expected.probability);
}

TEST_CASE("organs: unions have the classes of the original", "[quant]") {
  CHECK(classes_of_union("lung").size() == 5);
  CHECK(classes_of_union("lungcomm") == classes_of_union("lung"));
  CHECK(classes_of_union("vertebrae").size() == 26);
  CHECK(classes_of_union("ribs").size() == 24);
  CHECK(classes_of_union("vertebrae_ribs").size() == 50);
  CHECK(classes_of_union("heart") == std::vector<std::string>{"heart"});
  CHECK(classes_of_union("pelvis").size() == 4);
  CHECK(classes_of_union("body").size() == 2);
  CHECK(test::contains(test::error_of([] { classes_of_union("liver"); }), "'liver' is no union of classes"));
}

TEST_CASE("organs: a union is 1 where one of its classes is", "[quant]") {
  const NamedLabelMap labels{test::line_of(std::vector<std::int32_t>{0, 1, 2, 3, 70000, 2}),
                             {named(2, "hip_left"), named(3, "liver"), named(70000, "hip_right")}};
  const Volume mask = combined_mask(labels, {"hip_left", "hip_right"});
  CHECK(test::voxels_of<std::uint8_t>(mask) == std::vector<std::uint8_t>{0, 0, 1, 0, 1, 1});
  CHECK(test::contains(test::error_of([&] { combined_mask(labels, {"femur_left"}); }),
                       "names no class 'femur_left'"));
}

}  // namespace
}  // namespace musclemap
