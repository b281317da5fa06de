#include "io/label_text/caret_labels.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "io/label_text/label_rows.hpp"

namespace musclemap::io {
namespace {

constexpr std::string_view kElement = "<Label";
constexpr std::string_view kElementEnd = "</Label>";
constexpr std::string_view kCdata = "<![CDATA[";
constexpr std::string_view kCdataEnd = "]]>";

/// The value of the attribute in the start of an element.
std::optional<std::string_view> attribute(std::string_view start, std::string_view name) {
  for (std::size_t at = start.find(name); at != std::string_view::npos; at = start.find(name, at + 1)) {
    const std::size_t quote = at + name.size() + 1;
    const bool whole = at > 0 && (start[at - 1] == ' ' || start[at - 1] == '\t' || start[at - 1] == '\n');
    if (!whole || quote >= start.size() || start[quote - 1] != '=') continue;
    const char mark = start[quote];
    if (mark != '"' && mark != '\'') continue;
    const std::size_t end = start.find(mark, quote + 1);
    if (end == std::string_view::npos) return std::nullopt;
    return start.substr(quote + 1, end - quote - 1);
  }
  return std::nullopt;
}

std::string without_entities(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string plain;
  while (!text.empty()) {
    std::size_t taken = 1;
    char letter = text.front();
    for (const auto& [entity, meaning] : kEntities) {
      if (text.substr(0, entity.size()) != entity) continue;
      taken = entity.size();
      letter = meaning;
    }
    plain += letter;
    text.remove_prefix(taken);
  }
  return plain;
}

std::string name_of(std::string_view content) {
  content = trimmed(content);
  if (content.substr(0, kCdata.size()) != kCdata) return without_entities(content);
  content.remove_prefix(kCdata.size());
  return std::string(content.substr(0, content.find(kCdataEnd)));
}

/// What stands between the start and the end of an element; moves `text` behind it.
struct Element {
  std::string_view start;
  std::string_view content;
};

std::optional<Element> next_element(std::string_view* text) {
  for (;;) {
    const std::size_t begin = text->find(kElement);
    if (begin == std::string_view::npos) return std::nullopt;
    text->remove_prefix(begin + kElement.size());
    // <LabelTable> is another element.
    if (!text->empty() && (text->front() == ' ' || text->front() == '\t' || text->front() == '\n')) break;
  }
  const std::size_t start = text->find('>');
  const std::size_t end = text->find(kElementEnd);
  if (start == std::string_view::npos || end == std::string_view::npos || end < start) return std::nullopt;
  const Element element{text->substr(0, start), text->substr(start + 1, end - start - 1)};
  text->remove_prefix(end + kElementEnd.size());
  return element;
}

}  // namespace

std::vector<Label> parse_caret_labels(std::string_view text) {
  std::map<std::int32_t, Label> labels;
  while (const std::optional<Element> element = next_element(&text)) {
    const std::optional<std::string_view> key = attribute(element->start, "Key");
    if (!key) return {};
    if (*key == "0") continue;
    Label label;
    label.anatomy = name_of(element->content);
    const std::optional<std::int32_t> value = label_value(*key);
    const bool usable = value && label.anatomy.size() <= kLongestLabelName &&
                        label.anatomy.find('\0') == std::string::npos && labels.size() < kMostNamedLabels;
    if (!usable) return {};
    label.value = *value;
    if (!labels.emplace(*value, std::move(label)).second) return {};
  }
  std::vector<Label> result;
  result.reserve(labels.size());
  for (auto& entry : labels) result.push_back(std::move(entry.second));
  return result;
}

}  // namespace musclemap::io
