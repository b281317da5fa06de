#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "quant/organs/organ_statistics.hpp"
#include "quant/table/number_text.hpp"

namespace musclemap::quant {
namespace {

// Values and names of an array or an object, a line each.
class Lines {
 public:
  Lines(char open, char close, int depth) : text_(1, open), close_(close), depth_(depth) {}
  void add(const std::string& line) {
    text_ += (empty_ ? "\n" : ",\n") + indent(depth_ + 1) + line;
    empty_ = false;
  }
  std::string text() const { return text_ + (empty_ ? "" : "\n" + indent(depth_)) + close_; }

 private:
  static std::string indent(int depth) { return std::string(static_cast<std::size_t>(depth) * 4, ' '); }

  std::string text_;
  char close_;
  int depth_;
  bool empty_ = true;
};

std::string python_text(double value) { return std::isnan(value) ? "NaN" : real_text(value); }

std::string quoted_name(const std::string& name) {
  return nlohmann::json(name).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + ": ";
}

constexpr int kNumbers = 2;  // depth of a class's own lists

std::string centroid_text(const OrganShape& shape) {
  Lines lines('[', ']', kNumbers);
  for (const double place : shape.centroid) lines.add(python_text(place));
  return lines.text();
}

std::string box_text(const OrganShape& shape) {
  Lines lines('[', ']', kNumbers);
  for (const auto& [first, last] : shape.box) {
    Lines axis('[', ']', kNumbers + 1);
    axis.add(std::to_string(first));
    axis.add(std::to_string(last));
    lines.add(axis.text());
  }
  return lines.text();
}

std::string class_text(const OrganStatistics& statistics, bool extra) {
  Lines lines('{', '}', 1);
  lines.add("\"volume\": " + python_text(statistics.volume_mm3));
  lines.add("\"intensity\": " + python_text(statistics.intensity));
  if (!extra) return lines.text();
  lines.add("\"n_voxels\": " + std::to_string(statistics.voxels));
  lines.add("\"intensity_std\": " + python_text(statistics.deviation));
  lines.add("\"intensity_min\": " + python_text(statistics.least));
  lines.add("\"intensity_max\": " + python_text(statistics.largest));
  lines.add("\"centroid_vox\": " + (statistics.shape ? centroid_text(*statistics.shape) : "null"));
  lines.add("\"bbox_vox\": " + (statistics.shape ? box_text(*statistics.shape) : "null"));
  return lines.text();
}

}  // namespace

std::string organ_statistics_json(const std::vector<OrganStatistics>& statistics, bool extra) {
  Lines lines('{', '}', 0);
  for (const OrganStatistics& each : statistics) lines.add(quoted_name(each.name) + class_text(each, extra));
  return lines.text();
}

}  // namespace musclemap::quant
