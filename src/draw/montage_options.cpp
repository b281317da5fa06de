#include "draw/montage_options.hpp"

#include "musclemap/error.hpp"

namespace musclemap::draw {
namespace {

void check_range(int value, int low, int high, const std::string& what) {
  if (value >= low && value <= high) return;
  throw Error(ErrorCode::argument, what + " of " + std::to_string(value) +
                                       ", allowed: " + std::to_string(low) + " to " + std::to_string(high));
}

}  // namespace

void check(const MontageOptions& options) {
  check_range(options.width_px, 800, 8000, "a picture's width in pixels");
  check_range(options.max_slices, 0, 64, "a number of slices in a picture");
  check_range(options.max_groups, 1, 200, "a number of groups in a picture");
}

}  // namespace musclemap::draw
