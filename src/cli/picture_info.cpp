#include "cli/picture_info.hpp"

#include <cstdint>
#include <iomanip>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>

#include "base/text.hpp"
#include "cli/standard_output.hpp"
#include "musclemap/pictures.hpp"
#include "task/info_json.hpp"

namespace musclemap::cli {
namespace {

void picture_line(std::ostream& out, const std::string& name, const std::string& value) {
  out << "  " << std::left << std::setw(13) << name << value << '\n';
}

std::string shape_of(const PictureInfo& info) {
  const Index5& shape = info.geometry.shape;
  std::string text;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    text += std::string(axis == 0 ? "" : " x ") + std::to_string(shape[axis]);
  }
  return text + " (T, C, Z, Y, X; in the file " + base::printable(info.axes) + ") " + info.stored_dtype;
}

std::string pixel_size_of(const PictureInfo& info) {
  std::string text;
  for (const double um : info.geometry.pixel_size_um) {
    text += (text.empty() ? "" : " x ") + (um > 0 ? base::number_text(um) : std::string("unknown"));
  }
  return text + " um (x, y, z)";
}

}  // namespace

void show_picture(const std::filesystem::path& file, const PictureInfoOptions& options, Console& console) {
  const std::unique_ptr<PictureReader> pictures = open_picture(file);
  if (options.json) {
    console.object(task::picture_json(file, *pictures));
    return;
  }
  const PictureInfo& info = pictures->info();
  std::ostringstream out;
  out << base::printable(file.native()) << '\n';
  picture_line(out, "format", info.format);
  picture_line(out, "pixels", shape_of(info));
  picture_line(out, "pixel size", pixel_size_of(info));
  for (const std::string& name : info.geometry.channel_names) {
    picture_line(out, "channel", base::printable(name));
  }
  if (!info.comments.empty()) picture_line(out, "comments", std::to_string(info.comments.size()));
  if (options.verify) picture_line(out, "sha256", pixels_sha256(*pictures));
  for (const Warning& warning : info.warnings) picture_line(out, "warning", warning.text);
  print(out.str());
}

}  // namespace musclemap::cli
