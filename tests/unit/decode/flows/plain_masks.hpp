// The way from flows to masks, written down as docs/chains/cells.md says it: one pixel and one label at a
// time, every step taken, everything dense.
#ifndef MUSCLEMAP_TESTS_UNIT_DECODE_FLOWS_PLAIN_MASKS_HPP_
#define MUSCLEMAP_TESTS_UNIT_DECODE_FLOWS_PLAIN_MASKS_HPP_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "musclemap/cells.hpp"

namespace musclemap::test {

/// Flows of a picture with their memory.
struct Flows {
  std::int64_t height;
  std::int64_t width;
  std::vector<float> flows;
  std::vector<float> cellprob;

  CellFlows view() const { return {flows.data(), cellprob.data(), 0, height, width}; }
};

/// Flows to centres that lie `period` pixels apart, with noise; logits above 0 near the centres.
inline Flows noisy_cells(std::int64_t height, std::int64_t width, float period, float noise, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> any(-noise, noise);
  const auto pixels = static_cast<std::size_t>(height * width);
  Flows made{height, width, std::vector<float>(2 * pixels), std::vector<float>(pixels)};
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      const auto to_centre = [period](std::int64_t at) {
        const auto place = static_cast<float>(at) + 0.3F;
        return (std::floor(place / period) + 0.5F) * period - place;
      };
      const float dy = to_centre(y);
      const float dx = to_centre(x);
      const float length = std::sqrt(dy * dy + dx * dx) + 1e-3F;
      const auto at = static_cast<std::size_t>(y * width + x);
      made.flows[at] = 5 * dy / length + any(random);
      made.flows[at + pixels] = 5 * dx / length + any(random);
      made.cellprob[at] = period * 0.45F - length + 0.1F * any(random);
    }
  }
  return made;
}

/// Masks of the options `cpu` and `fixed`.
class PlainMasks {
 public:
  PlainMasks(const Flows& flows, const CellMaskOptions& options) : in_(flows), options_(options) {
    follow();
    label();
    if (options.flow_threshold > 0) check();
    clean();
  }

  std::vector<float> positions;  // (2, n)
  std::vector<std::uint32_t> labels;

 private:
  using Map = std::vector<std::uint32_t>;

  std::size_t index(std::int64_t y, std::int64_t x) const {
    return static_cast<std::size_t>(y * in_.width + x);
  }
  bool inside(std::int64_t y, std::int64_t x) const {
    return y >= 0 && x >= 0 && y < in_.height && x < in_.width;
  }
  bool is_cell(std::size_t at) const {
    return in_.cellprob[at] > static_cast<float>(options_.cellprob_threshold);
  }
  float step(std::size_t axis, std::int64_t y, std::int64_t x) const {
    const std::size_t at = index(y, x);
    return is_cell(at) ? in_.flows[at + axis * in_.cellprob.size()] / 5 : 0;
  }
  float step_at(std::size_t axis, float y, float x) const {
    const auto y0 = static_cast<std::int64_t>(y);
    const auto x0 = static_cast<std::int64_t>(x);
    if (!options_.interp) return step(axis, y0, x0);
    const std::int64_t y1 = std::min(y0 + 1, in_.height - 1);
    const std::int64_t x1 = std::min(x0 + 1, in_.width - 1);
    const float ry = y - static_cast<float>(y0);
    const float rx = x - static_cast<float>(x0);
    const double qy = 1.0 - ry;
    const double qx = 1.0 - rx;
    const float c = step(axis, y1, x0) * ry;
    const float e = step(axis, y1, x1) * ry;
    const float ex = e * rx;
    const double a = double{step(axis, y0, x0)} * qy * qx;
    const double b = double{step(axis, y0, x1)} * qy * double{rx};
    return static_cast<float>(a + b + double{c} * qx + double{ex});
  }

  void follow() {
    std::vector<float> ys;
    std::vector<float> xs;
    for (std::size_t at = 0; at < in_.cellprob.size(); ++at) {
      if (!is_cell(at)) continue;
      pixels_.push_back(at);
      auto y = static_cast<float>(static_cast<std::int64_t>(at) / in_.width);
      auto x = static_cast<float>(static_cast<std::int64_t>(at) % in_.width);
      for (int n = 0; n < static_cast<int>(options_.niter); ++n) {
        const float dy = step_at(0, y, x);
        const float dx = step_at(1, y, x);
        y = std::clamp(y + dy, 0.0F, static_cast<float>(in_.height - 1));
        x = std::clamp(x + dx, 0.0F, static_cast<float>(in_.width - 1));
      }
      ys.push_back(y);
      xs.push_back(x);
    }
    positions = ys;
    positions.insert(positions.end(), xs.begin(), xs.end());
  }

  void label() {
    Map ends(in_.cellprob.size());
    const std::size_t count = pixels_.size();
    std::vector<std::size_t> end_of(count);
    for (std::size_t n = 0; n < count; ++n) {
      end_of[n] =
          index(static_cast<std::int64_t>(positions[n]), static_cast<std::int64_t>(positions[n + count]));
      ++ends[end_of[n]];
    }
    std::vector<std::pair<std::uint32_t, std::size_t>> seeds;
    for (std::int64_t y = 0; y < in_.height; ++y) {
      for (std::int64_t x = 0; x < in_.width; ++x) {
        std::uint32_t most = 0;
        for (std::int64_t v = y - 2; v <= y + 2; ++v) {
          for (std::int64_t u = x - 2; u <= x + 2; ++u) {
            if (inside(v, u)) most = std::max(most, ends[index(v, u)]);
          }
        }
        const std::uint32_t here = ends[index(y, x)];
        if (here > 10 && here == most) seeds.emplace_back(here, index(y, x));
      }
    }
    std::sort(seeds.begin(), seeds.end());
    Map label_at(ends.size());
    for (std::size_t n = 0; n < seeds.size(); ++n) {
      std::set<std::size_t> grown{seeds[n].second};
      for (int round = 0; round < 5; ++round) {
        std::set<std::size_t> wider;
        for (const std::size_t at : grown) {
          const std::int64_t y = static_cast<std::int64_t>(at) / in_.width;
          const std::int64_t x = static_cast<std::int64_t>(at) % in_.width;
          for (std::int64_t v = y - 1; v <= y + 1; ++v) {
            for (std::int64_t u = x - 1; u <= x + 1; ++u) {
              if (inside(v, u) && ends[index(v, u)] > 2) wider.insert(index(v, u));
            }
          }
        }
        grown = wider;
      }
      for (const std::size_t at : grown) label_at[at] = static_cast<std::uint32_t>(n + 1);
    }
    labels.assign(ends.size(), 0);
    for (std::size_t n = 0; n < count; ++n) labels[pixels_[n]] = label_at[end_of[n]];
    const double most = options_.max_size_fraction * static_cast<double>(labels.size());
    drop([most](std::size_t size) { return static_cast<double>(size) > most; });
    renumber();
  }

  template <class Which>
  void drop(const Which& which) {
    std::map<std::uint32_t, std::size_t> sizes;
    for (const std::uint32_t each : labels) ++sizes[each];
    for (std::uint32_t& each : labels) {
      if (which(sizes[each])) each = 0;
    }
  }
  void renumber() {
    std::map<std::uint32_t, std::uint32_t> number{{0, 0}};
    for (std::uint32_t& each : labels) {
      each = number.emplace(each, static_cast<std::uint32_t>(number.size())).first->second;
    }
  }

  double error_of(std::uint32_t label) const {
    std::vector<std::pair<std::int64_t, std::int64_t>> pixels;
    for (std::size_t at = 0; at < labels.size(); ++at) {
      if (labels[at] != label) continue;
      pixels.emplace_back(static_cast<std::int64_t>(at) / in_.width,
                          static_cast<std::int64_t>(at) % in_.width);
    }
    double y_mean = 0;
    double x_mean = 0;
    std::int64_t y_most = 0;
    std::int64_t x_most = 0;
    std::int64_t x_least = in_.width;
    for (const auto& [y, x] : pixels) {
      y_mean += static_cast<double>(y) / static_cast<double>(pixels.size());
      x_mean += static_cast<double>(x) / static_cast<double>(pixels.size());
      y_most = std::max(y_most, y);
      x_most = std::max(x_most, x);
      x_least = std::min(x_least, x);
    }
    const auto distance = [&](const auto& at) {
      const double dy = static_cast<double>(at.first) - y_mean;
      const double dx = static_cast<double>(at.second) - x_mean;
      return dy * dy + dx * dx;
    };
    auto centre = pixels.front();
    for (const auto& each : pixels) {
      if (distance(each) < distance(centre) - 1e-9) centre = each;
    }
    std::map<std::pair<std::int64_t, std::int64_t>, double> heat;
    for (const auto& each : pixels) heat[each] = 0;
    const auto warmth = [&heat](std::int64_t y, std::int64_t x) {
      const auto found = heat.find({y, x});
      return found == heat.end() ? 0 : found->second;
    };
    const std::int64_t steps = 2 * (y_most - pixels.front().first + 3 + x_most - x_least + 3);
    for (std::int64_t n = 0; n < steps; ++n) {
      heat[centre] += 1;
      auto next = heat;
      for (auto& [at, value] : next) {
        value = 0;
        for (std::int64_t v = -1; v <= 1; ++v) {
          for (std::int64_t u = -1; u <= 1; ++u) value += warmth(at.first + v, at.second + u) / 9;
        }
      }
      heat = next;
    }
    double sum = 0;
    for (const auto& [y, x] : pixels) {
      const double dy = warmth(y + 1, x) - warmth(y - 1, x);
      const double dx = warmth(y, x + 1) - warmth(y, x - 1);
      const double length = 1e-60 + std::sqrt(dy * dy + dx * dx);
      sum +=
          std::pow(dy / length - double{step(0, y, x)}, 2) + std::pow(dx / length - double{step(1, y, x)}, 2);
    }
    return sum / static_cast<double>(pixels.size());
  }
  void check() {
    const std::set<std::uint32_t> present(labels.begin(), labels.end());
    std::set<std::uint32_t> bad;
    for (const std::uint32_t label : present) {
      if (label != 0 && error_of(label) > options_.flow_threshold) bad.insert(label);
    }
    for (std::uint32_t& each : labels) {
      if (bad.count(each) != 0) each = 0;
    }
  }

  // Holes are what a label's complement has that does not reach the border of its box.
  void fill(std::uint32_t label, const std::vector<std::size_t>& of_label, std::uint32_t number) {
    std::int64_t y0 = in_.height;
    std::int64_t y1 = 0;
    std::int64_t x0 = in_.width;
    std::int64_t x1 = 0;
    for (const std::size_t at : of_label) {
      y0 = std::min(y0, static_cast<std::int64_t>(at) / in_.width);
      y1 = std::max(y1, static_cast<std::int64_t>(at) / in_.width);
      x0 = std::min(x0, static_cast<std::int64_t>(at) % in_.width);
      x1 = std::max(x1, static_cast<std::int64_t>(at) % in_.width);
    }
    std::set<std::pair<std::int64_t, std::int64_t>> outside;
    for (bool grew = true; grew;) {
      grew = false;
      for (std::int64_t y = y0; y <= y1; ++y) {
        for (std::int64_t x = x0; x <= x1; ++x) {
          if (labels[index(y, x)] == label || outside.count({y, x}) != 0) continue;
          if (y == y0 || y == y1 || x == x0 || x == x1 ||
              outside.count({y - 1, x}) + outside.count({y + 1, x}) + outside.count({y, x - 1}) +
                      outside.count({y, x + 1}) >
                  0) {
            outside.insert({y, x});
            grew = true;
          }
        }
      }
    }
    for (std::int64_t y = y0; y <= y1; ++y) {
      for (std::int64_t x = x0; x <= x1; ++x) {
        if (outside.count({y, x}) == 0) labels[index(y, x)] = number;
      }
    }
  }

  void clean() {
    const auto small = [this](std::size_t size) {
      return static_cast<std::int64_t>(size) < options_.min_size;
    };
    if (options_.min_size > 0) {
      drop(small);
      renumber();
    }
    std::map<std::uint32_t, std::vector<std::size_t>> boxes;
    for (std::size_t at = 0; at < labels.size(); ++at) {
      if (labels[at] != 0) boxes[labels[at]].push_back(at);
    }
    std::uint32_t number = 0;
    for (const auto& [label, of_label] : boxes) fill(label, of_label, ++number);
    if (options_.min_size > 0) {
      drop(small);
      renumber();
    }
  }

  const Flows& in_;
  const CellMaskOptions& options_;
  std::vector<std::size_t> pixels_;
};

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_UNIT_DECODE_FLOWS_PLAIN_MASKS_HPP_
