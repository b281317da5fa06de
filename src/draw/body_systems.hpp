// What kind of structure a label is, by its name, and the colour that people expect of it.
#ifndef MUSCLEMAP_DRAW_BODY_SYSTEMS_HPP_
#define MUSCLEMAP_DRAW_BODY_SYSTEMS_HPP_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "draw/canvas.hpp"
#include "musclemap/labels.hpp"

namespace musclemap::draw {

/// In the order in which pictures show them.
enum class BodySystem : std::uint8_t { bones, muscles, organs, vessels, head, tissue };

constexpr std::size_t kBodySystems = 6;

/// Such as "Heart and vessels".
const char* name_of(BodySystem system);

/// A label as a picture of organs shows it.
struct ShownLabel {
  std::int32_t value = 0;
  Colour colour{};
};

/// Labels that share a line of a legend: both sides of a structure, the ribs, the vertebrae, the teeth.
struct OrganGroup {
  std::string name;
  BodySystem system = BodySystem::organs;
  std::vector<ShownLabel> labels;
};

/// The system of a name such as "rib_left_4" or "psoas major": the first word of a list that it holds
/// decides, `kind` of the label where no word fits; else an organ.
BodySystem system_of(const Label& label);

/// Groups of the labels, in the order of their first ones. Names lose side and number; numbered neighbours
/// differ in brightness.
std::vector<OrganGroup> organ_groups(const std::vector<Label>& labels);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_BODY_SYSTEMS_HPP_
