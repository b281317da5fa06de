#include "decode/flows/flow_check.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "decode/flows/label_heat.hpp"

namespace musclemap::decode {
namespace {

constexpr std::int64_t kLabelsAtOnce = 8;

// Of a label: rows and columns [begin, end) that hold it.
struct LabelBox {
  std::int32_t y_begin = std::numeric_limits<std::int32_t>::max();
  std::int32_t y_end = 0;
  std::int32_t x_begin = std::numeric_limits<std::int32_t>::max();
  std::int32_t x_end = 0;

  std::int32_t height() const { return y_end - y_begin; }
  std::int32_t width() const { return x_end - x_begin; }
};

std::vector<LabelBox> boxes_of(const Foreground& foreground, const std::vector<std::uint32_t>& labels,
                               std::uint32_t greatest) {
  std::vector<LabelBox> boxes(std::size_t{greatest} + 1);
  for (std::int32_t y = 0; y < foreground.shape().height; ++y) {
    foreground.for_runs(y, [&](const ForegroundRun& run, const float* /*steps*/) {
      const std::uint32_t* of_run = labels.data() + run.first;
      for (std::int32_t x = run.begin; x < run.end; ++x) {
        LabelBox& box = boxes[of_run[x - run.begin]];
        box.y_begin = std::min(box.y_begin, y);
        box.y_end = y + 1;
        box.x_begin = std::min(box.x_begin, x);
        box.x_end = std::max(box.x_end, x + 1);
      }
    });
  }
  return boxes;
}

// Calls body(y, x, steps) for the pixels of a label in raster order, counted from its box.
template <class Body>
void for_pixels(const Foreground& foreground, const std::vector<std::uint32_t>& labels, std::uint32_t label,
                const LabelBox& box, const Body& body) {
  for (std::int32_t y = box.y_begin; y < box.y_end; ++y) {
    foreground.for_runs(y, box.x_begin, box.x_end, [&](const ForegroundRun& run, const float* steps) {
      const std::uint32_t* of_run = labels.data() + run.first;
      const std::int32_t end = std::min(run.end, box.x_end);
      for (std::int32_t x = std::max(run.begin, box.x_begin); x < end; ++x) {
        const std::int32_t n = x - run.begin;
        if (of_run[n] == label) body(y - box.y_begin, x - box.x_begin, steps + std::ptrdiff_t{2} * n);
      }
    });
  }
}

// What a thread uses for one label after the other.
struct Room {
  std::vector<LabelPixel> pixels;
  std::vector<float> steps;
  LabelHeat heat;
};

void take_pixels(const Foreground& foreground, const std::vector<std::uint32_t>& labels, std::uint32_t label,
                 const LabelBox& box, Room* room) {
  room->pixels.clear();
  room->steps.clear();
  for_pixels(foreground, labels, label, box, [&](std::int32_t y, std::int32_t x, const float* step) {
    room->pixels.push_back({y, x});
    room->steps.insert(room->steps.end(), {step[0], step[1]});
  });
}

// flow_of(y, x) of the pixels in the room, counted from their box.
template <class FlowOf>
double error_of(const Room& room, const FlowOf& flow_of) {
  // A sum for each axis, as Cellpose adds them.
  double y_sum = 0;
  double x_sum = 0;
  for (std::size_t n = 0; n < room.pixels.size(); ++n) {
    const std::array<double, 2> flow = flow_of(room.pixels[n].y, room.pixels[n].x);
    const double dy = flow[0] - static_cast<double>(room.steps[2 * n]);
    const double dx = flow[1] - static_cast<double>(room.steps[2 * n + 1]);
    y_sum += dy * dy;
    x_sum += dx * dx;
  }
  const auto count = static_cast<double>(room.pixels.size());
  return y_sum / count + x_sum / count;
}

// body(label, box, room) for the labels that have pixels, on several threads.
template <class Body>
void for_labels(const std::vector<LabelBox>& boxes, const RunControl& control, const Body& body) {
  const auto greatest = static_cast<std::int64_t>(boxes.size()) - 1;
  const std::int64_t blocks = (greatest + kLabelsAtOnce - 1) / kLabelsAtOnce;
  base::parallel_for(blocks, base::resolve_threads(control.threads), [&](std::int64_t block) {
    base::stop_if_cancelled(control);
    Room room;
    const std::int64_t first = block * kLabelsAtOnce + 1;
    const std::int64_t last = std::min(first + kLabelsAtOnce, greatest + 1);
    for (std::int64_t label = first; label < last; ++label) {
      const LabelBox& box = boxes[static_cast<std::size_t>(label)];
      if (box.y_end > 0) body(static_cast<std::uint32_t>(label), box, &room);
    }
  });
}

}  // namespace

JointHeat::JointHeat(const Foreground& foreground, const std::vector<std::uint32_t>& labels,
                     std::uint32_t greatest, const RunControl& control)
    : stride_(static_cast<std::size_t>(foreground.shape().width) + 2),
      heat_((static_cast<std::size_t>(foreground.shape().height) + 2) * stride_) {
  const std::vector<LabelBox> boxes = boxes_of(foreground, labels, greatest);
  std::int64_t steps = 0;
  for (std::size_t label = 1; label < boxes.size(); ++label) {
    const LabelBox& box = boxes[label];
    if (box.y_end > 0) steps = std::max(steps, 2 * (std::int64_t{box.height()} + box.width() + 2));
  }
  for_labels(boxes, control, [&](std::uint32_t label, const LabelBox& box, Room* room) {
    take_pixels(foreground, labels, label, box, room);
    room->heat.spread(room->pixels, box.height(), box.width(), steps);
    for (const LabelPixel& each : room->pixels) {
      heat_[index(box.y_begin + each.y, box.x_begin + each.x)] = room->heat.at(each.y, each.x);
    }
  });
}

std::vector<double> flow_errors(const Foreground& foreground, const std::vector<std::uint32_t>& labels,
                                std::uint32_t greatest, const RunControl& control) {
  std::vector<double> errors(greatest, std::numeric_limits<double>::quiet_NaN());
  for_labels(boxes_of(foreground, labels, greatest), control,
             [&](std::uint32_t label, const LabelBox& box, Room* room) {
               take_pixels(foreground, labels, label, box, room);
               room->heat.spread(room->pixels, box.height(), box.width(),
                                 LabelHeat::steps_in(box.height(), box.width()));
               errors[label - 1] =
                   error_of(*room, [&](std::int32_t y, std::int32_t x) { return room->heat.flow(y, x); });
             });
  return errors;
}

std::vector<double> joint_flow_errors(const Foreground& foreground, const std::vector<std::uint32_t>& labels,
                                      std::uint32_t greatest, const RunControl& control) {
  const JointHeat heat(foreground, labels, greatest, control);
  std::vector<double> errors(greatest, std::numeric_limits<double>::quiet_NaN());
  for_labels(boxes_of(foreground, labels, greatest), control,
             [&](std::uint32_t label, const LabelBox& box, Room* room) {
               take_pixels(foreground, labels, label, box, room);
               errors[label - 1] = error_of(*room, [&](std::int32_t y, std::int32_t x) {
                 return heat.flow(box.y_begin + y, box.x_begin + x);
               });
             });
  return errors;
}

}  // namespace musclemap::decode
