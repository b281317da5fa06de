#include "quant/organs/organ_votes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>

#include "quant/trees/boosted_trees.hpp"
#include "quant/trees/embedded_trees.hpp"

namespace musclemap::quant {
namespace {

struct PhaseRange {
  double below_s;
  const char* phase;
  double probability;
};

constexpr std::array<PhaseRange, 9> kPhaseRanges{{{5, "native", 1.0},
                                                  {10, "native", 0.7},
                                                  {20, "arterial_early", 0.7},
                                                  {30, "arterial_early", 1.0},
                                                  {50, "arterial_late", 1.0},
                                                  {60, "arterial_late", 0.7},
                                                  {90, "portal_venous", 1.0},
                                                  {100, "portal_venous", 0.7},
                                                  {HUGE_VAL, "portal_venous", 0.3}}};

std::vector<double> folds_of(const std::vector<BoostedTrees>& ensemble, const std::vector<double>& features) {
  std::vector<double> folds;
  folds.reserve(ensemble.size());
  for (const BoostedTrees& trees : ensemble) folds.push_back(trees.predict(features));
  return folds;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

const std::vector<std::string>& phase_organs() {
  static const std::vector<std::string> names{"liver",
                                              "pancreas",
                                              "urinary_bladder",
                                              "gallbladder",
                                              "heart",
                                              "aorta",
                                              "inferior_vena_cava",
                                              "portal_vein_and_splenic_vein",
                                              "iliac_vena_left",
                                              "iliac_vena_right",
                                              "iliac_artery_left",
                                              "iliac_artery_right",
                                              "pulmonary_vein",
                                              "brain",
                                              "colon",
                                              "small_bowel"};
  return names;
}

const std::vector<std::string>& phase_neck_vessels() {
  static const std::vector<std::string> names{"internal_carotid_artery_right", "internal_carotid_artery_left",
                                              "internal_jugular_vein_right", "internal_jugular_vein_left"};
  return names;
}

const std::vector<std::string>& modality_organs() {
  static const std::vector<std::string> names{"brain",
                                              "esophagus",
                                              "colon",
                                              "spinal_cord",
                                              "scapula_left",
                                              "scapula_right",
                                              "femur_left",
                                              "femur_right",
                                              "hip_left",
                                              "hip_right",
                                              "gluteus_maximus_left",
                                              "gluteus_maximus_right",
                                              "autochthon_left",
                                              "autochthon_right",
                                              "iliopsoas_left",
                                              "iliopsoas_right"};
  return names;
}

std::vector<double> phase_folds(const std::vector<double>& medians) {
  static const std::vector<BoostedTrees> ensemble = parse_trees(embedded_phase_trees());
  return folds_of(ensemble, medians);
}

std::vector<double> modality_folds(const std::vector<double>& moments) {
  static const std::vector<BoostedTrees> ensemble = parse_trees(embedded_modality_trees());
  return folds_of(ensemble, moments);
}

std::vector<double> normalised_modality_folds(const std::vector<double>& medians) {
  static const std::vector<BoostedTrees> ensemble = parse_trees(embedded_modality_normalised_trees());
  return folds_of(ensemble, medians);
}

double rounded_decimals(double value, int decimals) {
  std::array<char, 400> text{};
  const std::to_chars_result written =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals);
  double result = value;
  std::from_chars(text.data(), written.ptr, result);
  return result;
}

ContrastPhase phase_of_folds(const std::vector<double>& folds) {
  const double mean = mean_of(folds);
  std::vector<double> squares;
  squares.reserve(folds.size());
  for (const double fold : folds) squares.push_back((fold - mean) * (fold - mean));
  constexpr int kStddevDecimals = 4;
  ContrastPhase result;
  result.pi_time_s = rounded_decimals(mean, 2);
  result.pi_time_min_s = rounded_decimals(*std::min_element(folds.begin(), folds.end()), 2);
  result.pi_time_max_s = rounded_decimals(*std::max_element(folds.begin(), folds.end()), 2);
  result.stddev_s = rounded_decimals(std::sqrt(mean_of(squares)), kStddevDecimals);
  const auto* const range =
      std::find_if(kPhaseRanges.begin(), kPhaseRanges.end() - 1,
                   [&](const PhaseRange& candidate) { return result.pi_time_s < candidate.below_s; });
  result.phase = range->phase;
  result.probability = range->probability;
  return result;
}

Modality modality_of_folds(const std::vector<double>& folds) {
  std::vector<double> votes;
  votes.reserve(folds.size());
  for (const double fold : folds) votes.push_back(fold > 0.5 ? 1.0 : 0.0);
  const double mr = mean_of(votes);
  return mr < 0.5 ? Modality{"ct", 1 - mr} : Modality{"mr", mr};
}

}  // namespace musclemap::quant
