#include "metrics/map_writers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "image/typed_view.hpp"
#include "musclemap/error.hpp"

namespace musclemap::metrics {
namespace {

// The stored type of the label map, or the next wider one that can be written.
DType type_like(const NiftiReader& labels) {
  static constexpr std::array<std::pair<const char*, DType>, 10> kTypes{{{"uint8", DType::u8},
                                                                         {"int8", DType::i16},
                                                                         {"int16", DType::i16},
                                                                         {"uint16", DType::u16},
                                                                         {"int32", DType::i32},
                                                                         {"uint32", DType::i32},
                                                                         {"int64", DType::i32},
                                                                         {"uint64", DType::i32},
                                                                         {"float32", DType::f32},
                                                                         {"float64", DType::f64}}};
  for (const auto& [name, type] : kTypes) {
    if (labels.stored_dtype() == name) return type;
  }
  return labels.dtype();
}

bool holds_fractions(DType type) { return type == DType::f32 || type == DType::f64; }

struct Limits {
  double least;
  double most;
};

Limits limits_of(DType type) {
  switch (type) {
    case DType::u8:
      return {0, std::numeric_limits<std::uint8_t>::max()};
    case DType::u16:
      return {0, std::numeric_limits<std::uint16_t>::max()};
    case DType::i16:
      return {std::numeric_limits<std::int16_t>::min(), std::numeric_limits<std::int16_t>::max()};
    default:
      // The largest 32-bit integer that a float32 holds exactly, as nibabel takes it.
      return {std::numeric_limits<std::int32_t>::min(), 2147483520.0};
  }
}

struct Scaling {
  double slope = 1;
  double inter = 0;
};

// How nibabel spreads a range over an integer type: slope and intercept in single precision.
Scaling scaling_of(DType type, const ProbabilityRange& range) {
  if (range.most == range.least) return {1, static_cast<double>(range.least)};
  const Limits limits = limits_of(type);
  const double wide = static_cast<double>(range.most) - static_cast<double>(range.least);
  const double slope = wide / (limits.most - limits.least);
  const double inter = static_cast<double>(range.least) - limits.least * slope;
  return {static_cast<double>(static_cast<float>(slope)), static_cast<double>(static_cast<float>(inter))};
}

template <class To, class From, class Convert>
Volume converted(const Volume& volume, DType type, const Convert& convert) {
  Volume result = Volume::zeros(volume.geometry(), type);
  const VoxelView<const From> from = volume.view<From>();
  const VoxelView<To> to = result.mutable_view<To>();
  const std::int64_t count = from.shape[0] * from.shape[1] * from.shape[2];
  std::transform(from.data, from.data + count, to.data, [&](From x) { return static_cast<To>(convert(x)); });
  return result;
}

template <class From, class Convert>
Volume as_type(const Volume& volume, DType type, const Convert& convert) {
  return image::with_type(
      type, [&](auto voxel) { return converted<decltype(voxel), From>(volume, type, convert); });
}

DType type_of(const MapFile& file, const NiftiReader& labels, bool compat) {
  if (compat) return type_like(labels);
  return file.kind == MapFile::Kind::probability ? DType::f32 : DType::u8;
}

std::uint8_t code_of(const MapFile& map, std::uint8_t bits) {
  if (map.kind == MapFile::Kind::combined) return quant::combined_code(bits);
  const int bit = map.tissue == Tissue::muscle      ? quant::muscle_bit
                  : map.tissue == Tissue::undefined ? quant::undefined_bit
                                                    : quant::fat_bit;
  return (bits & bit) != 0 ? 1 : 0;
}

}  // namespace

struct MapWriters::Map {
  MapFile file;
  DType type;
  Scaling scaling;
  std::unique_ptr<SlabWriter> writer;

  Volume content(const Slab& slab) const {
    if (file.kind != MapFile::Kind::probability) {
      return as_type<std::uint8_t>(slab.bits_.front(), type,
                                   [this](std::uint8_t bits) { return code_of(file, bits); });
    }
    const Volume& probabilities = slab.probabilities_[file.component];
    if (type == DType::f32) return probabilities;
    if (type == DType::f64) return as_type<float>(probabilities, type, [](float p) { return p; });
    const Limits limits = limits_of(type);
    return as_type<float>(probabilities, type, [&](float p) {
      return std::clamp(std::nearbyint((static_cast<double>(p) - scaling.inter) / scaling.slope),
                        limits.least, limits.most);
    });
  }
};

MapWriters::Slab::Slab(const Geometry& geometry, bool bits, std::size_t probabilities) {
  if (bits) bits_.push_back(Volume::zeros(geometry, DType::u8));
  for (std::size_t n = 0; n < probabilities; ++n) {
    probabilities_.push_back(Volume::zeros(geometry, DType::f32));
  }
}

quant::TissuePlanes MapWriters::Slab::planes() {
  quant::TissuePlanes planes;
  if (!bits_.empty()) planes.bits = bits_.front().mutable_view<std::uint8_t>();
  for (Volume& volume : probabilities_) planes.probabilities.push_back(volume.mutable_view<float>());
  return planes;
}

MapWriters::MapWriters(const std::vector<MapFile>& maps, const AlignedFile& labels, bool compat,
                       bool header_text, const std::vector<ProbabilityRange>& ranges) {
  const Geometry stored = labels.file().geometry();
  for (const MapFile& file : maps) {
    const bool probability = file.kind == MapFile::Kind::probability;
    Map map{file, type_of(file, labels.file(), compat), {}, nullptr};
    if (probability && !holds_fractions(map.type)) map.scaling = scaling_of(map.type, ranges[file.component]);
    NiftiWriteOptions options;
    options.like = labels.file().header();
    options.content = probability ? NiftiContent::other : NiftiContent::labels;
    options.header_text = header_text;
    options.slope = map.scaling.slope;
    options.inter = map.scaling.inter;
    constexpr int kThreads = 1;  // each map is a task of its own
    map.writer = std::make_unique<image::ReorderedWriter>(
        create_nifti(file.path, stored, map.type, options, kThreads), stored, map.type, labels.axes());
    maps_.push_back(std::move(map));
    bits_ = bits_ || !probability;
    if (probability) probabilities_ = std::max(probabilities_, file.component + 1);
  }
}

MapWriters::~MapWriters() = default;

std::shared_ptr<MapWriters::Slab> MapWriters::begin(const Geometry& slab) const {
  return std::make_shared<Slab>(slab, bits_, probabilities_);
}

quant::SweepTasks MapWriters::tasks(std::int64_t k_begin, const std::shared_ptr<Slab>& slab) {
  quant::SweepTasks tasks;
  for (Map& map : maps_) {
    tasks.emplace_back([&map, k_begin, slab] { map.writer->write(k_begin, map.content(*slab)); });
  }
  return tasks;
}

void MapWriters::commit() {
  for (Map& map : maps_) map.writer->commit();
}

std::size_t held_bytes(const std::vector<MapFile>& maps, const AlignedFile& labels, bool compat) {
  std::size_t bytes = 0;
  for (const MapFile& map : maps) {
    bytes +=
        image::held_bytes(labels.file().geometry().shape, type_of(map, labels.file(), compat), labels.axes());
  }
  return bytes;
}

bool needs_ranges(const std::vector<MapFile>& maps, const NiftiReader& labels, bool compat) {
  return compat && !holds_fractions(type_like(labels)) &&
         std::any_of(maps.begin(), maps.end(),
                     [](const MapFile& map) { return map.kind == MapFile::Kind::probability; });
}

}  // namespace musclemap::metrics
