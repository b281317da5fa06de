#include "quant/label_limits.hpp"

#include <string>

#include "musclemap/error.hpp"

namespace musclemap::quant {
namespace {

[[noreturn]] void refuse(const std::string& what, std::size_t most) {
  throw Error(ErrorCode::format, Reason::limit,
              "the label map has more than " + std::to_string(most) + " " + what +
                  ", which are not measured: is it an image, or noise?");
}

}  // namespace

void check_label_count(std::size_t labels) {
  if (labels > kMostLabels) refuse("labels", kMostLabels);
}

void check_divided_count(std::size_t labels) {
  if (labels > kMostDivided) refuse("labels to divide", kMostDivided);
}

void check_section_count(std::size_t sections) {
  if (sections > kMostSections) refuse("slices of labels", kMostSections);
}

}  // namespace musclemap::quant
