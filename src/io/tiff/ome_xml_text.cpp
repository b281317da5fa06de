#include "io/tiff/ome_xml_text.hpp"

#include <array>
#include <cmath>
#include <string_view>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "musclemap/version.hpp"

namespace musclemap::io {
namespace {

constexpr const char* kOpening = R"(<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06")"
                                 R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance")"
                                 R"( xsi:schemaLocation="http://www.openmicroscopy.org/Schemas/OME/2016-06)"
                                 R"( http://www.openmicroscopy.org/Schemas/OME/2016-06/ome.xsd" Creator=")";

void put_utf8(char32_t code, std::string* out) {
  if (code < 0x80) {
    *out += static_cast<char>(code);
  } else if (code < 0x800) {
    *out += static_cast<char>(0xc0 | code >> 6);
    *out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    *out += static_cast<char>(0xe0 | code >> 12);
    *out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    *out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    *out += static_cast<char>(0xf0 | code >> 18);
    *out += static_cast<char>(0x80 | (code >> 12 & 0x3f));
    *out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    *out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

// Character data of an element, or between the quotes of an attribute, where readers take line ends and tabs
// for spaces that are not written as numbers.
std::string escaped(std::string_view text, bool attribute = false) {
  std::string result;
  while (!text.empty()) {
    const char32_t code = base::take_code_point(text);
    switch (code) {
      case U'&':
        result += "&amp;";
        break;
      case U'<':
        result += "&lt;";
        break;
      case U'>':
        result += "&gt;";
        break;
      case U'\r':
        result += "&#13;";
        break;
      case U'"':
        result += attribute ? "&quot;" : "\"";
        break;
      case U'\n':
        result += attribute ? "&#10;" : "\n";
        break;
      case U'\t':
        result += attribute ? "&#9;" : "\t";
        break;
      default:
        const bool control = code < 0x20;
        put_utf8(control || code == 0xFFFE || code == 0xFFFF ? base::kReplacement : code, &result);
        break;
    }
  }
  return result;
}

// Decimal text of an attribute: a whole number keeps its fraction.
std::string real_attribute(double value) {
  const std::string text = base::number_text(value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string attribute(const char* name, const std::string& value) {
  return " " + std::string(name) + "=\"" + value + "\"";
}

const char* ome_type(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return "float";
    case DType::f64:
      return "double";
    default:
      return dtype_name(dtype);
  }
}

std::string sizes_text(const StackGeometry& geometry) {
  constexpr std::array<const char*, 5> kCounts = {"SizeX", "SizeY", "SizeZ", "SizeC", "SizeT"};
  constexpr std::array<std::size_t, 5> kAxes = {4, 3, 2, 1, 0};
  constexpr std::array<const char*, 3> kSizes = {"PhysicalSizeX", "PhysicalSizeY", "PhysicalSizeZ"};
  std::string text;
  for (std::size_t n = 0; n < kCounts.size(); ++n)
    text += attribute(kCounts[n], std::to_string(geometry.shape[kAxes[n]]));
  for (std::size_t axis = 0; axis < kSizes.size(); ++axis) {
    const double size = geometry.pixel_size_um[axis];
    if (size > 0 && std::isfinite(size)) text += attribute(kSizes[axis], real_attribute(size));
  }
  return text;
}

}  // namespace

std::string ome_xml_text(const OmeFacts& facts) {
  const Index5& shape = facts.geometry.shape;
  std::string text = std::string(kOpening) + "musclemap " + kVersion + "\">\n";
  text +=
      "  <Image ID=\"Image:0\">\n    <Pixels ID=\"Pixels:0:0\"" + attribute("DimensionOrder", facts.order);
  text += attribute("Type", ome_type(facts.dtype)) + sizes_text(facts.geometry) + ">\n";
  for (std::int64_t c = 0; c < shape[1]; ++c) {
    const auto channel = static_cast<std::size_t>(c);
    text += "      <Channel ID=\"Channel:0:" + std::to_string(c) + "\"";
    if (channel < facts.geometry.channel_names.size())
      text += attribute("Name", escaped(facts.geometry.channel_names[channel], true));
    text += " SamplesPerPixel=\"1\"/>\n";
  }
  text +=
      R"(      <TiffData IFD="0" PlaneCount=")" + std::to_string(shape[0] * shape[1] * shape[2]) + "\"/>\n";
  text += "    </Pixels>\n  </Image>\n";
  if (!facts.comments.empty()) {
    text += "  <StructuredAnnotations>\n";
    for (std::size_t n = 0; n < facts.comments.size(); ++n) {
      text += "    <CommentAnnotation ID=\"Annotation:" + std::to_string(n) + "\" Namespace=\"VLabApp\">\n";
      text += "      <Value>" + escaped(facts.comments[n]) + "</Value>\n    </CommentAnnotation>\n";
    }
    text += "  </StructuredAnnotations>\n";
  }
  return text + "</OME>\n";
}

std::string ome_xml_text(const OmeMaskFacts& facts) {
  OmeFacts all;
  all.geometry = {{facts.frames, 1, facts.sections, facts.height, facts.width},
                  facts.pixel_size_um,
                  {"Segmentation mask"}};
  all.dtype = facts.wide ? DType::u32 : DType::u16;
  all.order = "XYTZC";
  all.comments = facts.comments;
  return ome_xml_text(all);
}

std::vector<std::string> carried_comments(const std::string& log, const std::string& input_path,
                                          const std::vector<std::string>& of_input) {
  std::vector<std::string> comments = {log};
  for (const std::string& each : of_input) {
    comments.push_back(comments.size() == 1 ? "Metadata for " + input_path + ":\n" + each : each);
  }
  return comments;
}

}  // namespace musclemap::io
