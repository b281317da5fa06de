#include "io/tiff/ome_xml.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <pugixml.hpp>
#include <utility>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "io/files/io_error.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20U;
constexpr std::ptrdiff_t kMostElements = 2'000'000;
constexpr std::ptrdiff_t kMostAttributes = 8'000'000;
constexpr int kMostLevels = 64;
constexpr std::int64_t kMostSize = std::numeric_limits<std::int32_t>::max();

[[noreturn]] void refuse_xml(const std::string& text, Reason reason = Reason::corrupt) {
  throw_format(reason, "OME-XML: " + text, {});
}

// Names without the prefix of their namespace.
std::string_view local(const char* name) {
  const std::string_view whole = name;
  return whole.substr(whole.rfind(':') == std::string_view::npos ? 0 : whole.rfind(':') + 1);
}

bool is_element(const pugi::xml_node& node, std::string_view name) {
  return node.type() == pugi::node_element && local(node.name()) == name;
}

std::int64_t whole_number(const pugi::xml_attribute& attribute, std::int64_t least, std::int64_t most) {
  const std::string_view text = attribute.value();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most) {
    refuse_xml(std::string(attribute.name()) + " is \"" + base::printable(text, 40) + "\"; " +
               std::to_string(least) + " to " + std::to_string(most) + " is allowed");
  }
  return value;
}

std::int64_t number_or(const pugi::xml_node& node, const char* name, std::int64_t otherwise,
                       std::int64_t least) {
  const pugi::xml_attribute attribute = node.attribute(name);
  return attribute ? whole_number(attribute, least, kMostSize) : otherwise;
}

std::string all_text(const pugi::xml_node& node) {
  std::string text;
  for (const pugi::xml_node& part : node.children()) {
    if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata) text += part.value();
  }
  return text;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::string_view before = text;
    if (base::take_code_point(text) != base::kReplacement) continue;
    if (before.substr(0, 3) != "\xEF\xBF\xBD") return false;
  }
  return true;
}

double pixel_size(const pugi::xml_node& pixels, const char* axis, std::vector<std::string>& unknown) {
  const std::string name = std::string("PhysicalSize") + axis;
  const pugi::xml_attribute value = pixels.attribute(name.c_str());
  if (!value) return 0;
  const pugi::xml_attribute unit = pixels.attribute((name + "Unit").c_str());
  const std::string text = unit ? unit.value() : "\u00B5m";
  // The same decimals whatever the locale.
  const std::string_view digits = value.value();
  double size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  if (error != std::errc{} || end != digits.data() + digits.size() || !std::isfinite(size) || size <= 0)
    return 0;
  const double um = ome_length_um(size, text);
  if (um == 0) unknown.push_back(text);
  return std::isfinite(um) ? um : 0;
}

OmeTiffData tiff_data(const pugi::xml_node& node) {
  OmeTiffData data;
  data.first = {number_or(node, "FirstT", 0, 0), number_or(node, "FirstC", 0, 0),
                number_or(node, "FirstZ", 0, 0)};
  data.ifd = number_or(node, "IFD", 0, 0);
  // A page that is named alone is one plane.
  data.planes = number_or(node, "NumPlanes", node.attribute("IFD") ? 1 : 0, 0);
  data.planes = number_or(node, "PlaneCount", data.planes, 0);
  for (const pugi::xml_node& child : node.children()) {
    if (!is_element(child, "UUID")) continue;
    data.uuid = all_text(child);
    data.file_name = child.attribute("FileName").value();
    break;
  }
  return data;
}

void read_channel(const pugi::xml_node& node, OmeImage& image) {
  const std::int64_t samples = number_or(node, "SamplesPerPixel", 1, 1);
  if (!image.channel_names.empty() && samples != image.samples) {
    throw Error(ErrorCode::unsupported, "OME-XML: channels of " + std::to_string(image.samples) + " and of " +
                                            std::to_string(samples) + " samples in one picture");
  }
  image.samples = samples;
  const pugi::xml_attribute name = node.attribute("Name");
  const std::string otherwise = "Channel:0:" + std::to_string(image.channel_names.size());
  image.channel_names.emplace_back(name ? name.value() : node.attribute("ID").as_string(otherwise.c_str()));
}

OmeImage read_image(const pugi::xml_node& node) {
  OmeImage image;
  pugi::xml_node pixels;
  for (const pugi::xml_node& child : node.children()) {
    if (!pixels && is_element(child, "Pixels")) pixels = child;
  }
  if (!pixels) refuse_xml("an Image without Pixels");
  image.order = pixels.attribute("DimensionOrder").value();
  std::string sorted = image.order;
  std::sort(sorted.begin(), sorted.end());
  if (sorted != "CTXYZ" || image.order.compare(0, 2, "XY") != 0) {
    refuse_xml("DimensionOrder is \"" + base::printable(image.order, 40) +
               "\"; XY and an order of Z, C and T are allowed");
  }
  static constexpr std::array<const char*, 5> kSizes{"SizeT", "SizeC", "SizeZ", "SizeY", "SizeX"};
  for (std::size_t axis = 0; axis < kSizes.size(); ++axis) {
    const pugi::xml_attribute size = pixels.attribute(kSizes[axis]);
    if (!size) refuse_xml(std::string("Pixels without ") + kSizes[axis]);
    image.shape[axis] = whole_number(size, 1, kMostSize);
  }
  image.pixel_size_um = {pixel_size(pixels, "X", image.unknown_units),
                         pixel_size(pixels, "Y", image.unknown_units),
                         pixel_size(pixels, "Z", image.unknown_units)};
  for (const pugi::xml_node& child : pixels.children()) {
    if (is_element(child, "Channel")) read_channel(child, image);
    if (is_element(child, "TiffData")) image.data.push_back(tiff_data(child));
  }
  // Older writers leave it out where all pages are meant.
  if (image.data.empty()) image.data.emplace_back();
  return image;
}

void read_annotations(const pugi::xml_node& node, OmeDocument& document) {
  for (const pugi::xml_node& annotation : node.children()) {
    const std::string_view space = annotation.attribute("Namespace").value();
    if (space.size() >= 6 && space.substr(space.size() - 6) == "modulo") document.modulo = true;
    if (!is_element(annotation, "CommentAnnotation") || space != kVLabAppNamespace) continue;
    for (const pugi::xml_node& value : annotation.children()) {
      if (is_element(value, "Value")) document.comments.push_back(all_text(value));
    }
  }
}

void check_levels(const pugi::xml_node& root) {
  int level = 0;
  for (pugi::xml_node node = root; node;) {
    if (node.first_child()) {
      node = node.first_child();
      if (++level > kMostLevels) {
        refuse_xml("more than " + std::to_string(kMostLevels) + " levels of elements", Reason::limit);
      }
      continue;
    }
    while (node && node != root && !node.next_sibling()) {
      node = node.parent();
      --level;
    }
    node = node == root ? pugi::xml_node() : node.next_sibling();
  }
}

}  // namespace

double ome_length_um(double value, std::string_view unit) {
  struct Unit {
    std::string_view name;
    double times;
    double over;
  };
  // Decimal parts as divisors, so that 182 nm are 0.182 µm to the last bit. Both letters µ of Unicode.
  static constexpr Unit kUnits[] = {
      {"\u00B5m", 1, 1},
      {"\u03BCm", 1, 1},
      {"um", 1, 1},
      {"micron", 1, 1},
      {"nm", 1, 1e3},
      {"pm", 1, 1e6},
      {"fm", 1, 1e9},
      {"am", 1, 1e12},
      {"zm", 1, 1e15},
      {"ym", 1, 1e18},
      {"\u00C5", 1, 1e4},
      {"\u212B", 1, 1e4},
      {"mm", 1e3, 1},
      {"cm", 1e4, 1},
      {"dm", 1e5, 1},
      {"m", 1e6, 1},
      {"dam", 1e7, 1},
      {"hm", 1e8, 1},
      {"km", 1e9, 1},
      {"Mm", 1e12, 1},
      {"Gm", 1e15, 1},
      {"Tm", 1e18, 1},
      {"Pm", 1e21, 1},
      {"Em", 1e24, 1},
      {"Zm", 1e27, 1},
      {"Ym", 1e30, 1},
      {"thou", 254, 10},
      {"li", 25400, 12},
      {"in", 25400, 1},
      {"ft", 304800, 1},
      {"yd", 914400, 1},
      {"mi", 1609344000, 1},
      {"pt", 25400, 72},
      {"ua", 1.495978707e17, 1},
      {"ly", 9.4607304725808e21, 1},
      {"pc", 3.0856775814913673e22, 1},
  };
  for (const Unit& known : kUnits) {
    if (unit == known.name) return value * known.times / known.over;
  }
  return 0;
}

OmeDocument parse_ome_xml(std::string_view text) {
  if (text.size() > kMostBytes) {
    refuse_xml(std::to_string(text.size()) + " bytes; at most " + std::to_string(kMostBytes) + " are allowed",
               Reason::limit);
  }
  // What the document would take in memory, before there is one.
  if (std::count(text.begin(), text.end(), '<') > 2 * kMostElements ||
      std::count(text.begin(), text.end(), '=') > kMostAttributes) {
    refuse_xml("more than " + std::to_string(kMostElements) + " elements", Reason::limit);
  }
  if (text.find("<!DOCTYPE") != std::string_view::npos || text.find("<!ENTITY") != std::string_view::npos) {
    refuse_xml("a document type declaration, which is not allowed");
  }
  pugi::xml_document parsed;
  // Comments of white space alone are kept; no more than the five entities of XML is expanded.
  const unsigned options = pugi::parse_default | pugi::parse_ws_pcdata_single;
  const pugi::xml_parse_result result = parsed.load_buffer(
      text.data(), text.size(), options, is_utf8(text) ? pugi::encoding_utf8 : pugi::encoding_latin1);
  if (!result) refuse_xml(std::string(result.description()) + " at byte " + std::to_string(result.offset));
  check_levels(parsed);
  const pugi::xml_node root = parsed.document_element();
  if (!is_element(root, "OME")) {
    refuse_xml("the element is \"" + base::printable(root.name(), 40) + "\"; OME is allowed");
  }
  OmeDocument document;
  document.uuid = root.attribute("UUID").value();
  for (const pugi::xml_node& node : root.children()) {
    if (is_element(node, "BinaryOnly")) document.metadata_file = node.attribute("MetadataFile").value();
    if (is_element(node, "StructuredAnnotations")) read_annotations(node, document);
    if (is_element(node, "Image") && document.image_count++ == 0) document.image = read_image(node);
  }
  if (document.image_count == 0 && document.metadata_file.empty()) refuse_xml("no Image");
  return document;
}

}  // namespace musclemap::io
