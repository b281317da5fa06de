// The JSON beside a label map: what the values mean and how they came about.
#ifndef MUSCLEMAP_PIPELINE_SIDECAR_HPP_
#define MUSCLEMAP_PIPELINE_SIDECAR_HPP_

#include <filesystem>
#include <string>
#include <vector>

#include "musclemap/segmenter.hpp"

namespace musclemap::pipeline {

/// `<labels without .nii or .nii.gz>.json`.
std::filesystem::path sidecar_path(const std::filesystem::path& labels);

/// Text of the sidecar of the segmenter's last run.
std::string sidecar_text(const Segmenter& segmenter, const std::filesystem::path& image,
                         const RunControl& control, const std::vector<Warning>& warnings);

}  // namespace musclemap::pipeline

#endif  // MUSCLEMAP_PIPELINE_SIDECAR_HPP_
