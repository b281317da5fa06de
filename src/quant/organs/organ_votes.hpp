// From features to contrast phase and modality, with the trees of quant/trees (docs/chains/companions.md).
#ifndef MUSCLEMAP_QUANT_ORGANS_ORGAN_VOTES_HPP_
#define MUSCLEMAP_QUANT_ORGANS_ORGAN_VOTES_HPP_

#include <string>
#include <vector>

#include "musclemap/organs.hpp"

namespace musclemap::quant {

/// Classes of the task total whose medians are the first features, in their order.
const std::vector<std::string>& phase_organs();
/// Classes of headneck_bones_vessels whose medians follow.
const std::vector<std::string>& phase_neck_vessels();
/// Classes of total_mr whose medians tell the modality of a normalised image.
const std::vector<std::string>& modality_organs();

/// One number a fold: seconds after the injection.
std::vector<double> phase_folds(const std::vector<double>& medians);
/// One number a fold: the probability of MR. Of mean, population standard deviation, least and largest value.
std::vector<double> modality_folds(const std::vector<double>& moments);
std::vector<double> normalised_modality_folds(const std::vector<double>& medians);

ContrastPhase phase_of_folds(const std::vector<double>& folds);
Modality modality_of_folds(const std::vector<double>& folds);

/// Correctly rounded, half to even, as Python's round() does.
double rounded_decimals(double value, int decimals);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_ORGANS_ORGAN_VOTES_HPP_
