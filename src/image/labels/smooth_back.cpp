#include "image/labels/smooth_back.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <type_traits>
#include <vector>

#include "base/parallel.hpp"
#include "image/grid.hpp"
#include "image/near_box.hpp"
#include "image/polish/parts.hpp"

namespace musclemap::image {
namespace {

constexpr std::int64_t kMargin = 2;

// Neighbours of a coordinate and their weights, as SciPy's map_coordinates(order=1, mode="nearest") has them.
struct Neighbours {
  std::array<std::int64_t, 2> at{};
  std::array<double, 2> weight{};
};

std::vector<Neighbours> neighbours_of(const NearBox& box, std::int64_t from, std::int64_t to) {
  std::vector<Neighbours> result;
  for (std::int64_t i = box.target_begin; i < box.target_end; ++i) {
    const auto last = static_cast<double>(box.end - box.begin - 1);
    const double held = std::min(std::max(near_coordinate(i, from, to, box.begin), 0.0), last);
    const double lower = std::floor(held);
    Neighbours each;
    each.weight[0] = 1 - (held - lower);
    each.weight[1] = 1 - each.weight[0];
    each.at[0] = box.begin + static_cast<std::int64_t>(lower);
    each.at[1] = std::min(each.at[0] + 1, box.end - 1);
    result.push_back(each);
  }
  return result;
}

template <class View>
std::map<std::int64_t, Block> boxes_of(const View& labels) {
  std::map<std::int64_t, Block> boxes;
  for (std::int64_t z = 0; z < labels.shape[2]; ++z) {
    for (std::int64_t y = 0; y < labels.shape[1]; ++y) {
      for (std::int64_t x = 0; x < labels.shape[0]; ++x) {
        const std::int64_t label = labels(x, y, z);
        if (label == 0) continue;
        Block& box = boxes.try_emplace(label, Block{labels.shape, {0, 0, 0}}).first->second;
        const Index3 voxel{x, y, z};
        for (std::size_t a = 0; a < 3; ++a) {
          box.begin[a] = std::min(box.begin[a], voxel[a]);
          box.end[a] = std::max(box.end[a], voxel[a] + 1);
        }
      }
    }
  }
  return boxes;
}

template <class From, class To>
void paint(std::int64_t label, const Block& box, const From& from, const To& to, int threads) {
  std::array<NearBox, 3> near{};
  std::array<std::vector<Neighbours>, 3> along;
  for (std::size_t a = 0; a < 3; ++a) {
    near[a] = near_box({box.begin[a], box.end[a]}, kMargin, from.shape[a], to.shape[a]);
    along[a] = neighbours_of(near[a], from.shape[a], to.shape[a]);
  }
  const auto is_label = [&](std::int64_t x, std::int64_t y, std::int64_t z) {
    return from(x, y, z) == label ? 1.0 : 0.0;
  };
  base::parallel_for(static_cast<std::int64_t>(along[2].size()), threads, [&](std::int64_t k) {
    const Neighbours& nz = along[2][static_cast<std::size_t>(k)];
    for (std::size_t j = 0; j < along[1].size(); ++j) {
      const Neighbours& ny = along[1][j];
      for (std::size_t i = 0; i < along[0].size(); ++i) {
        const Neighbours& nx = along[0][i];
        double sum = 0;  // x outermost, z innermost
        for (std::size_t a = 0; a < 2; ++a) {
          for (std::size_t b = 0; b < 2; ++b) {
            for (std::size_t c = 0; c < 2; ++c)
              sum += is_label(nx.at[a], ny.at[b], nz.at[c]) * nx.weight[a] * ny.weight[b] * nz.weight[c];
          }
        }
        if (!(static_cast<float>(sum) >= 0.5F)) continue;
        to(near[0].target_begin + static_cast<std::int64_t>(i),
           near[1].target_begin + static_cast<std::int64_t>(j), near[2].target_begin + k) =
            static_cast<std::decay_t<decltype(to(0, 0, 0))>>(label);
      }
    }
  });
}

}  // namespace

Volume smooth_back(const Volume& labels, const Geometry& to, int threads) {
  if (labels.geometry().shape == to.shape) return labels;
  Volume back = Volume::zeros(to, labels.dtype());
  with_labels(back, [&](const auto& view) {
    const auto from = labels.view<std::decay_t<decltype(view(0, 0, 0))>>();
    for (const auto& [label, box] : boxes_of(from)) paint(label, box, from, view, threads);
  });
  return back;
}

}  // namespace musclemap::image
