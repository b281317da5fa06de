#include "infer/native/linear_blend.hpp"

#include <algorithm>

namespace musclemap::infer::native {
namespace {

// Rows that one thread adds at a time; each needs two rows more of the windows' maps.
constexpr std::int64_t kRowsAtOnce = 32;

// Rows between the first and the last that hold sums: those of the windows added last.
std::int64_t rows_of_ring(const SlicePlan& plan, std::int64_t windows) {
  const std::vector<std::int64_t>& starts = plan.x.starts;
  const auto of_row = static_cast<std::int64_t>(plan.y.starts.size());
  const auto more = static_cast<std::size_t>((windows + of_row - 1) / of_row - 1);
  std::int64_t apart = 0;
  for (std::size_t first = 0; first < starts.size(); ++first) {
    apart = std::max(apart, starts[std::min(first + more, starts.size() - 1)] - starts[first]);
  }
  return std::min(plan.x.window + apart, plan.image_x);
}

// A window's activated rows, three that follow each other, with a zero pixel at either end.
class RowWindow {
 public:
  RowWindow(const Kernels& kernels, const SlicePlan& plan, const WindowFeatures& window, int block,
            float* memory)
      : seen_(visible_part(plan, window.place)),
        place_(window.place),
        weights_(window.weights),
        kernels_(kernels),
        map_(window.features.map),
        block_(block),
        activation_(window.features.activation.from_block(block)),
        memory_(memory) {}

  static std::int64_t size(std::int64_t columns) { return 3 * (columns + 2) * kLanes; }

  bool reaches(std::int64_t x) const { return x >= place_.x + seen_.x_begin && x < place_.x + seen_.x_end; }
  std::int64_t y_begin() const { return place_.y + seen_.y_begin; }
  std::int64_t y_end() const { return place_.y + seen_.y_end; }

  /// Makes the rows around row `x` of the slice ready.
  void move_to(std::int64_t x) {
    const std::int64_t row = x - place_.x;
    for (std::int64_t index = std::max(loaded_, row - 1); index <= row + 1; ++index) load(index);
    loaded_ = row + 2;
  }
  /// The vector at pixel (x + tap_row - 1, y - 1) of the slice.
  const float* values(std::int64_t x, int tap_row, std::int64_t y) const {
    return at(x - place_.x + tap_row - 1) + (y - place_.y - 1) * kLanes;
  }
  /// The weights from pixel (x, y) of the slice on.
  const float* weights(std::int64_t x, std::int64_t y) const {
    return weights_ + (x - place_.x) * map_.columns + y - place_.y;
  }

 private:
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

  VisiblePart seen_;
  WindowPlace place_;
  const float* weights_;
  const Kernels& kernels_;
  Map map_;
  int block_;
  Activation activation_;
  float* memory_;
  std::int64_t loaded_ = -1;  // the row of the map that is loaded next, unless one further down is wanted
};

}  // namespace

LinearBlend::LinearBlend(const Layer& layer, const Kernels& kernels, base::WorkerPool& pool,
                         const SlicePlan& plan, std::int64_t windows)
    : layer_(layer),
      kernels_(kernels),
      pool_(pool),
      plan_(plan),
      blocks_(static_cast<int>(layer.input_blocks / kTaps)),
      ring_rows_(rows_of_ring(plan, windows)),
      // Products of the last row read a few pixels too many.
      maps_(bytes(blocks_, plan, windows) / static_cast<std::int64_t>(sizeof(float)) + kTileUnit * kLanes),
      scratch_(static_cast<std::size_t>(pool.threads())) {}

std::int64_t LinearBlend::bytes(int feature_blocks, const SlicePlan& plan, std::int64_t windows) {
  return kTaps * feature_blocks * rows_of_ring(plan, windows) * plan.image_y * kLanes *
         static_cast<std::int64_t>(sizeof(float));
}

void LinearBlend::restart() {
  begun_ = 0;
  finished_ = 0;
}

float* LinearBlend::row(std::int64_t tap, std::int64_t block, std::int64_t x) {
  return maps_.data() + ((tap * blocks_ + block) * ring_rows_ + x % ring_rows_) * plan_.image_y * kLanes;
}

void LinearBlend::need_scratch(std::int64_t floats) {
  for (base::AlignedFloats& memory : scratch_) {
    if (memory.size() < floats) memory = base::AlignedFloats(floats);
  }
}

void LinearBlend::add_rows(const std::vector<WindowFeatures>& windows, int block, std::int64_t x_begin,
                           std::int64_t x_end, float* scratch) {
  std::vector<RowWindow> all;
  all.reserve(windows.size());
  std::vector<std::int64_t> cuts = {0, plan_.image_y};  // between them the same windows add to every pixel
  for (const WindowFeatures& window : windows) {
    all.emplace_back(kernels_, plan_, window, block, scratch);
    scratch += RowWindow::size(plan_.y.window);
    cuts.push_back(all.back().y_begin());
    cuts.push_back(all.back().y_end());
  }
  std::sort(cuts.begin(), cuts.end());
  for (std::int64_t x = x_begin; x < x_end; ++x) {
    for (RowWindow& window : all) {
      if (window.reaches(x)) window.move_to(x);
    }
    for (int tap_row = 0; tap_row < 3; ++tap_row) {
      for (std::size_t cut = 0; cut + 1 < cuts.size(); ++cut) {
        AddTapsCall call;
        const std::int64_t y = cuts[cut];
        call.pixels = cuts[cut + 1] - y;
        call.first = x >= begun_;
        for (const RowWindow& window : all) {
          if (!window.reaches(x) || y < window.y_begin() || y >= window.y_end()) continue;
          call.values[call.windows] = window.values(x, tap_row, y);
          call.weights[call.windows++] = window.weights(x, y);
        }
        if (call.pixels == 0 || (call.windows == 0 && !call.first)) continue;
        for (int k = 0; k < 3; ++k) call.sums[k] = row(3 * tap_row + k, block, x) + y * kLanes;
        kernels_.add_taps(call);
      }
    }
  }
}

void LinearBlend::add(const std::vector<WindowFeatures>& windows) {
  const std::int64_t begin = std::max<std::int64_t>(windows.front().place.x, 0);
  const std::int64_t end = std::min(windows.back().place.x + plan_.x.window, plan_.image_x);
  need_scratch(static_cast<std::int64_t>(windows.size()) * RowWindow::size(plan_.y.window));
  const std::int64_t parts = (end - begin + kRowsAtOnce - 1) / kRowsAtOnce;
  pool_.run(blocks_ * parts, [&](std::int64_t item, int worker) {
    const std::int64_t first = begin + item % parts * kRowsAtOnce;
    add_rows(windows, static_cast<int>(item / parts), first, std::min(first + kRowsAtOnce, end),
             scratch_[static_cast<std::size_t>(worker)].data());
  });
  begun_ = std::max(begun_, end);
}

std::int64_t LinearBlend::row_scratch() const {
  const std::int64_t inputs = layer_.split ? layer_.input_blocks : 0;
  return whole_units(plan_.image_y) * (kGroup + inputs) * kLanes;
}

void LinearBlend::multiply_row(std::int64_t x, float* scratch, image::ScoreSlice* scores) {
  const auto pixels = static_cast<int>(plan_.image_y);
  ProductCall product;
  product.inputs[0] = row(0, 0, x);
  product.input_stride = ring_rows_ * plan_.image_y * kLanes;
  product.input_blocks = layer_.input_blocks;
  product.tiles = static_cast<int>(whole_units(pixels));
  float* products = scratch;
  product.products[0] = products;
  product.frequencies = 1;
  if (layer_.split) {
    InputCall split;
    split.input = whole_map(row(0, 0, x), layer_.input_blocks, {1, static_cast<int>(ring_rows_), pixels});
    split.tiles = {0, pixels, pixels, 1};
    split.block_end = layer_.input_blocks;
    split.tile_stride = product.tiles;
    split.transformed = scratch + static_cast<std::int64_t>(product.tiles) * kGroup * kLanes;
    kernels_.input_split[static_cast<int>(Scheme::pointwise)](split);
    product.inputs[0] = split.transformed;
    product.input_stride = split.tile_stride * kLanes;
  }
  for (int group = 0; group < layer_.groups(); ++group) {
    product.weights = layer_.weights_of_group(group);
    product.output_blocks = layer_.blocks_of_group(group);
    product.next = product.weights + layer_.input_blocks * kLanes * product.output_blocks * kLanes;
    (layer_.split ? kernels_.multiply_split : kernels_.multiply)(product);
    OutputCall output;
    output.products = products;
    output.tiles = {x * plan_.image_y, pixels, pixels, static_cast<int>(plan_.image_x)};
    output.blocks = product.output_blocks;
    output.bias = layer_.bias.data() + static_cast<std::int64_t>(group) * kGroup * kLanes;
    output.output = whole_map(scores->at(static_cast<std::int64_t>(group) * kGroup, 0, 0), output.blocks,
                              {1, static_cast<int>(plan_.image_x), pixels});
    kernels_.store[static_cast<int>(Scheme::pointwise)](output);
  }
}

void LinearBlend::finish_rows(std::int64_t end, image::ScoreSlice* scores) {
  const std::int64_t begin = finished_;
  finished_ = std::max(begin, std::min(end, plan_.image_x));
  need_scratch(row_scratch());
  pool_.run(finished_ - begin, [&](std::int64_t item, int worker) {
    multiply_row(begin + item, scratch_[static_cast<std::size_t>(worker)].data(), scores);
  });
}

}  // namespace musclemap::infer::native
