#include "infer/native/linear_blend.hpp"

#include <algorithm>

namespace musclemap::infer::native {
namespace {

// Rows that one thread adds at a time; each needs two rows more of the windows' maps.
constexpr std::int64_t kRowsAtOnce = 32;

std::int64_t rows_of_ring(const SlicePlan& plan) { return std::min(plan.x.window, plan.image_x); }

// Activated rows of a window, three that follow each other, with a zero pixel at either end.
class RowWindow {
 public:
  RowWindow(const Kernels& kernels, const WindowFeatures& window, int block, float* memory)
      : kernels_(kernels), map_(window.features.map), block_(block), memory_(memory) {
    activation_ = window.features.activation.from_block(block);
  }

  static std::int64_t size(std::int64_t columns) { return 3 * (columns + 2) * kLanes; }

  // Row `index` of the map, or zeros outside.
  void load(std::int64_t index) {
    float* to = at(index) - kLanes;
    const std::int64_t pixels = map_.columns + 2;
    if (index < 0 || index >= map_.rows) {
      std::fill(to, to + pixels * kLanes, 0.0F);
      return;
    }
    std::fill(to, to + kLanes, 0.0F);
    std::fill(to + (pixels - 1) * kLanes, to + pixels * kLanes, 0.0F);
    CombineCall call;
    call.a = map_.block(block_) + index * map_.columns * kLanes;
    call.a_activation = activation_;
    call.output = to + kLanes;
    call.pixels = map_.columns;
    kernels_.combine(call);
  }

  // First pixel of a loaded row.
  float* at(std::int64_t index) const {
    return memory_ + (((index + 3) % 3) * (map_.columns + 2) + 1) * kLanes;
  }

 private:
  const Kernels& kernels_;
  Map map_;
  int block_;
  Activation activation_;
  float* memory_;
};

}  // namespace

LinearBlend::LinearBlend(const Layer& layer, const Kernels& kernels, base::WorkerPool& pool,
                         const SlicePlan& plan, const std::vector<float>& importance)
    : layer_(layer),
      kernels_(kernels),
      pool_(pool),
      plan_(plan),
      importance_(importance),
      blocks_(static_cast<int>(layer.input_blocks / kTaps)),
      ring_rows_(rows_of_ring(plan)),
      // Products of the last row read a few pixels too many.
      maps_(bytes(blocks_, plan) / static_cast<std::int64_t>(sizeof(float)) + kTileUnit * kLanes),
      scratch_(static_cast<std::size_t>(pool.threads())) {}

std::int64_t LinearBlend::bytes(int feature_blocks, const SlicePlan& plan) {
  return kTaps * feature_blocks * rows_of_ring(plan) * plan.image_y * kLanes *
         static_cast<std::int64_t>(sizeof(float));
}

float* LinearBlend::row(std::int64_t tap, std::int64_t block, std::int64_t x) {
  return maps_.data() + ((tap * blocks_ + block) * ring_rows_ + x % ring_rows_) * plan_.image_y * kLanes;
}

void LinearBlend::add_rows(const std::vector<WindowFeatures>& windows, int block, std::int64_t x_begin,
                           std::int64_t x_end, float* scratch) {
  const std::int64_t size = RowWindow::size(plan_.y.window);
  std::vector<RowWindow> rows;
  rows.reserve(windows.size());
  for (std::size_t w = 0; w < windows.size(); ++w) {
    rows.emplace_back(kernels_, windows[w], block, scratch + static_cast<std::int64_t>(w) * size);
    const std::int64_t first = x_begin - windows[w].place.x;
    rows[w].load(first - 1);
    rows[w].load(first);
  }
  for (std::int64_t x = x_begin; x < x_end; ++x) {
    for (std::size_t w = 0; w < windows.size(); ++w) rows[w].load(x - windows[w].place.x + 1);
    for (int tap = 0; tap < kTaps; ++tap) {
      float* sums = row(tap, block, x);
      for (std::size_t w = 0; w < windows.size(); ++w) {
        const WindowPlace& place = windows[w].place;
        const VisiblePart seen = visible_part(plan_, place);
        const std::int64_t i = x - place.x;
        AddWeightedCall call;
        call.pixels = seen.y_end - seen.y_begin;
        call.weights = importance_.data() + i * plan_.y.window + seen.y_begin;
        call.values = rows[w].at(i + tap / 3 - 1) + (seen.y_begin + tap % 3 - 1) * kLanes;
        call.sums = sums + (place.y + seen.y_begin) * kLanes;
        kernels_.add_weighted(call);
      }
    }
  }
}

void LinearBlend::add(const std::vector<WindowFeatures>& windows) {
  const VisiblePart seen = visible_part(plan_, windows[0].place);
  const std::int64_t begin = windows[0].place.x + seen.x_begin;
  const std::int64_t end = windows[0].place.x + seen.x_end;
  const auto needed = static_cast<std::int64_t>(windows.size()) * RowWindow::size(plan_.y.window);
  for (base::AlignedFloats& memory : scratch_) {
    if (memory.size() < needed) memory = base::AlignedFloats(needed);
  }
  const std::int64_t parts = (end - begin + kRowsAtOnce - 1) / kRowsAtOnce;
  pool_.run(blocks_ * parts, [&](std::int64_t item, int worker) {
    const std::int64_t first = begin + item % parts * kRowsAtOnce;
    add_rows(windows, static_cast<int>(item / parts), first, std::min(first + kRowsAtOnce, end),
             scratch_[static_cast<std::size_t>(worker)].data());
  });
}

void LinearBlend::multiply_row(std::int64_t x, float* products, image::ScoreSlice* scores) {
  const auto pixels = static_cast<int>(plan_.image_y);
  ProductCall product;
  product.inputs[0] = row(0, 0, x);
  product.input_stride = ring_rows_ * plan_.image_y * kLanes;
  product.input_blocks = layer_.input_blocks;
  product.tiles = static_cast<int>(whole_units(pixels));
  product.products[0] = products;
  product.frequencies = 1;
  for (int group = 0; group < layer_.groups(); ++group) {
    product.weights = layer_.weights_of_group(group);
    product.output_blocks = layer_.blocks_of_group(group);
    kernels_.multiply(product);
    OutputCall output;
    output.products = products;
    output.tiles = {x * plan_.image_y, pixels, pixels};
    output.blocks = product.output_blocks;
    output.output = {scores->at(static_cast<std::int64_t>(group) * kGroup, 0, 0), output.blocks,
                     static_cast<int>(plan_.image_x), pixels};
    kernels_.store[static_cast<int>(Scheme::pointwise)](output);
  }
}

void LinearBlend::finish_rows(std::int64_t end, image::ScoreSlice* scores) {
  const std::int64_t begin = finished_;
  finished_ = std::max(begin, std::min(end, plan_.image_x));
  const std::int64_t needed = whole_units(plan_.image_y) * kGroup * kLanes;
  for (base::AlignedFloats& memory : scratch_) {
    if (memory.size() < needed) memory = base::AlignedFloats(needed);
  }
  pool_.run(finished_ - begin, [&](std::int64_t item, int worker) {
    multiply_row(begin + item, scratch_[static_cast<std::size_t>(worker)].data(), scores);
  });
  // Once all are read, as a product reads a few pixels of the next row.
  pool_.run((finished_ - begin) * kTaps * blocks_, [&](std::int64_t item, int) {
    const std::int64_t map = item % (kTaps * blocks_);
    float* first = row(map / blocks_, map % blocks_, begin + item / (kTaps * blocks_));
    std::fill(first, first + plan_.image_y * kLanes, 0.0F);
  });
}

}  // namespace musclemap::infer::native
