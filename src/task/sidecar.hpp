// The JSON beside a label map: what the values mean and how they came about.
#ifndef MUSCLEMAP_TASK_SIDECAR_HPP_
#define MUSCLEMAP_TASK_SIDECAR_HPP_

#include <filesystem>
#include <string>
#include <vector>

#include "musclemap/segmenter.hpp"

namespace musclemap::task {

/// Text of the sidecar of the last run of a model's segmenter.
std::string sidecar_text(const Segmenter& segmenter, const std::filesystem::path& image,
                         const RunControl& control, const std::vector<Warning>& warnings);

/// The same where a task ran instead of a model, on these images as channels.
std::string task_sidecar_text(const Segmenter& segmenter, const std::vector<std::filesystem::path>& images,
                              const RunControl& control, const std::vector<Warning>& warnings);

}  // namespace musclemap::task

#endif  // MUSCLEMAP_TASK_SIDECAR_HPP_
