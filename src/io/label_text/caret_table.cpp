#include "io/label_text/caret_table.hpp"

#include <array>
#include <charconv>

namespace musclemap::io {
namespace {

// By value, from the first again behind the last.
constexpr std::array<std::uint32_t, 12> kColours{0xFF0000, 0x00FF00, 0x0000FF, 0xFFFF00, 0xFF00FF, 0x00FFFF,
                                                 0xFF8000, 0xFF0080, 0x80FF80, 0x0080FF, 0x808080, 0xB9AA9B};

// A part of 255 as Python prints a double: the fewest digits that mean it, with a point.
std::string part_text(std::uint32_t part) {
  constexpr double kWhole = 255;
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), part / kWhole).ptr;
  const std::string text(digits.data(), end);
  return text.find('.') == std::string::npos ? text + ".0" : text;
}

std::string without_end_of_data(std::string name) {
  for (std::size_t at = name.find("]]>"); at != std::string::npos; at = name.find("]]>", at))
    name.erase(at + 2, 1);
  return name;
}

std::string row(std::int32_t value, const std::string& name) {
  const auto count = static_cast<std::int64_t>(kColours.size());
  const std::uint32_t colour = kColours[static_cast<std::size_t>((value % count + count) % count)];
  return "<Label Key=\"" + std::to_string(value) + "\" Red=\"" + part_text(colour >> 16 & 0xFF) +
         "\" Green=\"" + part_text(colour >> 8 & 0xFF) + "\" Blue=\"" + part_text(colour & 0xFF) +
         R"(" Alpha="1"><![CDATA[)" + without_end_of_data(name) + "]]></Label>\n";
}

}  // namespace

std::string caret_label_table(const std::vector<std::pair<std::int32_t, std::string>>& names) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?> <CaretExtension>  "
      "<Date><![CDATA[2013-07-14T05:45:09]]></Date>  "
      " <VolumeInformation Index=\"0\">   <LabelTable>\n";
  for (const auto& [value, name] : names) text += row(value, name);
  text +=
      "\n  </LabelTable>  <StudyMetaDataLinkSet>  </StudyMetaDataLinkSet>  <VolumeType><![CDATA[Label]]>"
      "</VolumeType>   </VolumeInformation></CaretExtension>\n";
  return text + std::string(14, ' ');
}

}  // namespace musclemap::io
