#include "task/cells/stack_channels.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "musclemap/error.hpp"
#include "task/cells/cell_planes.hpp"

namespace musclemap::task {
namespace {

using Sections = std::vector<image::FloatPlane>;

/// The channel of all sections; `number` is its place among those of the network.
Sections sections_of(const ImageStack& stack, const std::array<std::int64_t, 2>& channels,
                     std::size_t number) {
  const Index5& shape = stack.shape();
  const Index5 one{1, shape[1], 1, shape[3], shape[4]};
  Sections sections;
  for (std::int64_t z = 0; z < shape[2]; ++z) {
    try {
      const std::array<std::int64_t, 2> wanted{number == 0 ? channels[0] : channels[1], 0};
      sections.push_back(std::move(cell_planes(stack.substack({0, 0, z, 0, 0}, one), wanted, 1)[0]));
    } catch (const Error& error) {
      throw Error(error.code(), error.reason(), "section z " + std::to_string(z) + ": " + error.what());
    }
  }
  return sections;
}

image::FloatVolume volume_of(Sections sections) {
  image::FloatVolume volume(static_cast<std::int64_t>(sections.size()), sections[0].height,
                            sections[0].width);
  for (std::size_t z = 0; z < sections.size(); ++z) {
    std::copy(sections[z].values.begin(), sections[z].values.end(),
              volume.row(static_cast<std::int64_t>(z), 0));
    sections[z] = {};
  }
  return volume;
}

}  // namespace

std::vector<StackChannel> stack_channels(const ImageStack& stack, const std::array<std::int64_t, 2>& channels,
                                         const std::vector<image::CellContrast>& contrasts, int threads) {
  const Index5& shape = stack.shape();
  if (shape[0] != 1) {
    throw Error(ErrorCode::argument, "the stack has " + std::to_string(shape[0]) + " times; 1 is allowed");
  }
  for (const std::int64_t channel : channels) {
    if (channel < 0 || channel > shape[1]) {
      throw Error(ErrorCode::argument, "channels has " + std::to_string(channel) + "; 0 to the stack's " +
                                           std::to_string(shape[1]) + " are allowed");
    }
  }
  const auto used = static_cast<std::size_t>(used_channels(channels));
  std::vector<StackChannel> result(contrasts.size());
  for (std::size_t c = 0; c < result.size(); ++c) {
    if (c < used) {
      Sections sections = sections_of(stack, channels, c);
      image::apply_cell_contrast(contrasts[c], &sections, threads);
      result[c].volume = volume_of(std::move(sections));
    } else {
      Sections zeros{image::FloatPlane(1, 1)};
      image::apply_cell_contrast(contrasts[c], &zeros, threads);
      result[c].constant = zeros[0].values[0];
    }
  }
  return result;
}

std::vector<float> all_values(const std::vector<StackChannel>& channels) {
  std::size_t voxels = 0;
  for (const StackChannel& channel : channels) voxels = std::max(voxels, channel.volume.values.size());
  std::vector<float> values;
  for (const StackChannel& channel : channels) {
    const std::vector<float>& own = channel.volume.values;
    if (own.empty()) {
      values.insert(values.end(), voxels, channel.constant);
    } else {
      values.insert(values.end(), own.begin(), own.end());
    }
  }
  return values;
}

}  // namespace musclemap::task
