#include "draw/heading.hpp"

#include "draw/number.hpp"
#include "draw/style.hpp"
#include "draw/text_lines.hpp"

namespace musclemap::draw {
namespace {

constexpr int kFactsTop = 36;
constexpr int kLine = 22;
constexpr std::size_t kPartLines = 4;

// Parts of one line stay whole where they can.
std::vector<std::string> lines_of(const std::vector<std::string>& parts, int width) {
  const std::string between = "   |   ";
  std::vector<std::string> lines;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!lines.empty() && text_width(lines.back() + between + part, Font::medium) <= width) {
      lines.back() += between + part;
      continue;
    }
    for (std::string& line : fit_lines(part, Font::medium, width, kPartLines))
      lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

Heading::Heading(const Views& views, const Window& window, const std::string& title,
                 std::vector<std::string> facts, int width)
    : title_(fit_text(title, Font::large, width)) {
  const Index3& n = views.shape();
  const Spacing& s = views.spacing();
  facts.push_back(std::to_string(n[0]) + " x " + std::to_string(n[1]) + " x " + std::to_string(n[2]) +
                  " voxels of " + decimal(s[0], 2) + " x " + decimal(s[1], 2) + " x " + decimal(s[2], 2) +
                  " mm (" + views.direction(0) + ", " + views.direction(1) + ", " + views.direction(2) + ")");
  facts.push_back("grey values " + decimal(window.low, 0) + " to " + decimal(window.high, 0));
  facts.push_back(std::string("patient's ") + views.direction(0) + " is on the left");
  facts_ = lines_of(facts, width);
}

int Heading::height() const { return kFactsTop + kLine * static_cast<int>(facts_.size()); }

void Heading::draw(Canvas& canvas, int x, int y) const {
  canvas.text(x, y, title_, Font::large, kTitle);
  y += kFactsTop;
  for (const std::string& line : facts_) {
    canvas.text(x, y, line, Font::medium, kFaint);
    y += kLine;
  }
}

std::string place_of(const Views& views, std::int64_t z) {
  return std::string(1, views.stored_axis_letter()) + " = " + std::to_string(views.stored_index(z)) + ",  " +
         views.world_axis_letter() + " " + decimal(views.place_mm(z), 1) + " mm";
}

}  // namespace musclemap::draw
