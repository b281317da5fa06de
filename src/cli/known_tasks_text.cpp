#include "cli/known_tasks_text.hpp"

#include <algorithm>
#include <sstream>

namespace musclemap::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string padded(const std::string& text, std::size_t width) {
  return text.size() < width ? text + std::string(width - text.size(), ' ') : text;
}

std::string weights_text(const Json& task) {
  std::string text;
  for (const Json& variant : task["variants"]) {
    if (variant["there"] != true) continue;
    text += (text.empty() ? "" : ", ") + variant["name"].get<std::string>();
  }
  return text.empty() ? "not there" : text;
}

// As many digits as a person reads.
std::string number_text(const Json& number) {
  std::ostringstream text;
  text << number.get<double>();
  return text.str();
}

std::string spacing_text(const Json& spacing) {
  if (spacing.is_null()) return "the image's own grid";
  std::string text;
  for (const Json& each : spacing) text += (text.empty() ? "" : " x ") + number_text(each);
  return text + " mm";
}

std::string crop_text(const Json& crop) {
  if (crop.is_null()) return "nothing";
  std::string classes;
  for (const Json& each : crop["classes"]) classes += (classes.empty() ? "" : ", ") + each.get<std::string>();
  return classes + " of " + crop["task"].get<std::string>() + " (" + crop["variant"].get<std::string>() +
         "), and " + number_text(crop["margin_mm"]) + " mm around";
}

}  // namespace

std::string task_list_text(const Json& list) {
  std::size_t widest = 0;
  for (const Json& task : list["tasks"]) widest = std::max(widest, task["name"].get<std::string>().size());
  std::ostringstream out;
  out << padded("TASK", widest) << "  IMAGE  CLASSES  LICENCE       WEIGHTS\n";
  for (const Json& task : list["tasks"]) {
    out << padded(task["name"], widest) << "  " << padded(task["image"], 5) << "  "
        << padded(std::to_string(task["classes"].size()), 7) << "  " << padded(task["licence"], 12) << "  "
        << weights_text(task) << "\n";
  }
  out << "\nTotalSegmentator " << list["version"].get<std::string>() << "; please cite "
      << list["citation"].get<std::string>() << "\nlooked in";
  if (list["looked_in"].empty()) out << " no folder: neither TOTALSEG_WEIGHTS_PATH nor HOME is set";
  for (std::size_t n = 0; n < list["looked_in"].size(); ++n)
    out << (n == 0 ? " " : ", ") << list["looked_in"][n].get<std::string>();
  out << "\n";
  return out.str();
}

std::string known_task_text(const Json& task) {
  std::ostringstream out;
  out << "name        " << task["name"].get<std::string>() << "\n"
      << "version     " << task["version"].get<std::string>() << "\n"
      << "image       " << task["image"].get<std::string>() << "\n"
      << "licence     " << task["licence"].get<std::string>() << "\n"
      << "crop to     " << crop_text(task["crop"]) << "\n";
  for (const Json& variant : task["variants"]) {
    out << "variant     " << variant["name"].get<std::string>() << ", " << spacing_text(variant["spacing_mm"])
        << ", windows " << variant["step"] << " of their size apart\n";
    for (const Json& network : variant["networks"]) {
      out << "  network   " << network["folder"].get<std::string>()
          << (network["found"].is_null() ? ", which is not there"
                                         : ", found: " + network["found"].get<std::string>())
          << "\n";
    }
  }
  for (const auto& [value, name] : task["classes"].items())
    out << "class       " << padded(value, 4) << name.get<std::string>() << "\n";
  if (!task["missing"].is_null()) out << "missing     " << task["missing"].get<std::string>() << "\n";
  return out.str();
}

}  // namespace musclemap::cli
