#include "image/labels_back.hpp"

#include <numeric>

namespace musclemap::image {

LabelsBack labels_as_they_are(const Index3& shape) {
  LabelsBack back;
  for (std::size_t a = 0; a < 3; ++a) {
    back.at[a].resize(static_cast<std::size_t>(shape[a]));
    std::iota(back.at[a].begin(), back.at[a].end(), std::int64_t{0});
  }
  return back;
}

}  // namespace musclemap::image
