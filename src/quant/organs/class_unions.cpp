#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "image/typed_view.hpp"
#include "musclemap/error.hpp"
#include "musclemap/organs.hpp"
#include "quant/organs/class_name.hpp"
#include "quant/organs/mask_of_labels.hpp"

namespace musclemap {
namespace {

using Classes = std::vector<std::string>;

void add_numbered(Classes* classes, const std::string& stem, int first, int last) {
  for (int n = first; n <= last; ++n) classes->push_back(stem + std::to_string(n));
}

Classes vertebrae() {
  Classes classes{"sacrum", "vertebrae_S1"};
  add_numbered(&classes, "vertebrae_L", 1, 5);
  add_numbered(&classes, "vertebrae_T", 1, 12);
  add_numbered(&classes, "vertebrae_C", 1, 7);
  return classes;
}

Classes ribs() {
  Classes classes;
  add_numbered(&classes, "rib_left_", 1, 12);
  add_numbered(&classes, "rib_right_", 1, 12);
  return classes;
}

Classes both(Classes first, const Classes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

const std::map<std::string, Classes>& unions() {
  static const Classes left{"lung_upper_lobe_left", "lung_lower_lobe_left"};
  static const Classes right{"lung_upper_lobe_right", "lung_middle_lobe_right", "lung_lower_lobe_right"};
  static const std::map<std::string, Classes> all{
      {"lung", both(left, right)},
      {"lungcomm", both(left, right)},
      {"lung_left", left},
      {"lung_right", right},
      {"vertebrae", vertebrae()},
      {"ribs", ribs()},
      {"vertebrae_ribs", both(vertebrae(), ribs())},
      {"heart", {"heart"}},
      {"pelvis", {"femur_left", "femur_right", "hip_left", "hip_right"}},
      {"body", {"body_trunc", "body_extremities"}},
  };
  return all;
}

}  // namespace

std::vector<std::string> classes_of_union(const std::string& name) {
  const auto found = unions().find(name);
  if (found != unions().end()) return found->second;
  std::string known;
  for (const auto& entry : unions()) known += (known.empty() ? "" : ", ") + entry.first;
  throw Error(ErrorCode::argument,
              "'" + base::printable(name) + "' is no union of classes; there are " + known);
}

Volume combined_mask(const NamedLabelMap& labels, const std::vector<std::string>& classes) {
  image::check_voxels(labels.map, "label map");
  return quant::mask_of_labels(labels.map, quant::values_of_classes(labels.names, classes));
}

namespace quant {

std::vector<std::int32_t> values_of_classes(const std::vector<Label>& names,
                                            const std::vector<std::string>& classes) {
  std::vector<std::int32_t> values;
  for (const std::string& name : classes) {
    const std::optional<std::int32_t> value = value_of_class(names, name);
    if (!value) throw Error(ErrorCode::argument, "the label map names no class '" + name + "'");
    values.push_back(*value);
  }
  std::sort(values.begin(), values.end());
  return values;
}

Volume mask_of_labels(const Volume& labels, const std::vector<std::int32_t>& values) {
  Volume mask = Volume::zeros(labels.geometry(), DType::u8);
  const VoxelView<std::uint8_t> to = mask.mutable_view<std::uint8_t>();
  image::with_view(labels, [&](const auto& from) {
    for (std::int64_t k = 0; k < from.shape[2]; ++k) {
      for (std::int64_t j = 0; j < from.shape[1]; ++j) {
        for (std::int64_t i = 0; i < from.shape[0]; ++i) {
          const auto value = static_cast<double>(from(i, j, k));
          const auto place = std::lower_bound(values.begin(), values.end(), value);
          to(i, j, k) = place != values.end() && *place == value ? 1 : 0;
        }
      }
    }
  });
  return mask;
}

}  // namespace quant
}  // namespace musclemap
