#include "draw/names.hpp"

#include <algorithm>
#include <vector>

#include "draw/spread.hpp"
#include "draw/text_lines.hpp"
#include "musclemap/labels.hpp"

namespace musclemap::draw {
namespace {

constexpr Font kFont = Font::small;
constexpr std::size_t kLinesBeside = 4;

// Where a structure is thickest, and how large it shows.
struct Anchor {
  std::int32_t value = 0;
  int x = 0;
  int y = 0;
  int depth = 0;
  int pixels = 0;
};

// City-block distance of every pixel to the nearest pixel of another label, in two sweeps.
std::vector<Anchor> find_anchors(const PanelLabels& panel) {
  const int width = panel.box.width;
  const int height = panel.box.height;
  std::vector<int> depth(panel.values.size());
  const auto index = [width](int x, int y) {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
  };
  const auto step = [&](int x, int y, int nx, int ny) {
    const bool same = nx >= 0 && ny >= 0 && nx < width && ny < height &&
                      panel.values[index(nx, ny)] == panel.values[index(x, y)];
    return same ? depth[index(nx, ny)] + 1 : 1;
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) depth[index(x, y)] = std::min(step(x, y, x - 1, y), step(x, y, x, y - 1));
  }
  std::map<std::int32_t, Anchor> anchors;
  for (int y = height - 1; y >= 0; --y) {
    for (int x = width - 1; x >= 0; --x) {
      const std::size_t here = index(x, y);
      depth[here] = std::min(depth[here], std::min(step(x, y, x + 1, y), step(x, y, x, y + 1)));
      const std::int32_t value = panel.values[here];
      if (value == 0) continue;
      Anchor& anchor = anchors[value];
      ++anchor.pixels;
      if (depth[here] > anchor.depth)
        anchor = {value, x + panel.box.x, y + panel.box.y, depth[here], anchor.pixels};
    }
  }
  std::vector<Anchor> result;
  result.reserve(anchors.size());
  for (const auto& entry : anchors) result.push_back(entry.second);
  std::sort(result.begin(), result.end(),
            [](const Anchor& a, const Anchor& b) { return a.pixels > b.pixels; });
  return result;
}

Colour text_colour(std::int32_t value) { return mix(label_colour(value), {255, 255, 255}, 0.45); }

// True where nearly all of the box lies on the structure.
bool lies_on(const PanelLabels& panel, const Box& box, std::int32_t value) {
  int inside = 0;
  int all = 0;
  for (int y = box.y; y < box.y + box.height; y += 2) {
    for (int x = box.x; x < box.x + box.width; x += 2) {
      ++all;
      inside += static_cast<int>(panel.at(x, y) == value);
    }
  }
  return inside * 100 >= all * 97;
}

// A name and where it stands.
struct Inside {
  Anchor anchor;
  std::vector<std::string> lines;
};

bool fits_inside(const PanelLabels& panel, const std::string& name, Inside& inside) {
  const int high = line_height(kFont);
  for (const int width : {400, 110, 80, 50}) {
    inside.lines = wrap_text(name, kFont, width);
    int wide = 0;
    for (const std::string& line : inside.lines) wide = std::max(wide, text_width(line, kFont));
    const int tall = high * static_cast<int>(inside.lines.size());
    const Box box{inside.anchor.x - wide / 2 - 2, inside.anchor.y - tall / 2, wide + 4, tall};
    if (lies_on(panel, box, inside.anchor.value)) return true;
  }
  return false;
}

void draw_inside(Canvas& canvas, const Inside& inside) {
  const int high = line_height(kFont);
  int y = inside.anchor.y - high * static_cast<int>(inside.lines.size()) / 2;
  for (const std::string& line : inside.lines) {
    canvas.text_on_image(inside.anchor.x - text_width(line, kFont) / 2, y, line, kFont, {255, 255, 255});
    y += high;
  }
}

struct Note {
  Anchor anchor;
  std::vector<std::string> lines;
  int y = 0;
  int height = 0;
};

// Places the notes from `top` to `bottom`, each near its structure; the smallest structures are left out
// where there is no room.
void place(std::vector<Note>& notes, int top, int bottom) {
  int room = bottom - top;
  std::sort(notes.begin(), notes.end(),
            [](const Note& a, const Note& b) { return a.anchor.pixels > b.anchor.pixels; });
  std::size_t kept = 0;
  while (kept < notes.size() && room >= notes[kept].height) room -= notes[kept++].height;
  notes.resize(kept);
  std::sort(notes.begin(), notes.end(), [](const Note& a, const Note& b) { return a.anchor.y < b.anchor.y; });
  std::vector<Stretch> stretches;
  stretches.reserve(notes.size());
  for (const Note& note : notes) stretches.push_back({note.anchor.y - note.height / 2, note.height});
  spread(stretches, top, bottom);
  for (std::size_t n = 0; n < notes.size(); ++n) notes[n].y = stretches[n].begin;
}

void draw_beside(Canvas& canvas, const PanelLabels& panel, std::vector<Note> notes, bool left) {
  place(notes, panel.box.y, panel.box.y + panel.box.height);
  const int high = line_height(kFont);
  for (const Note& note : notes) {
    const Colour colour = text_colour(note.anchor.value);
    const int edge = left ? panel.box.x - 10 : panel.box.x + panel.box.width + 10;
    int y = note.y + 2;
    for (const std::string& line : note.lines) {
      const int wide = text_width(line, kFont);
      canvas.text(left ? edge - wide : edge, y, line, kFont, colour);
      y += high;
    }
    const double middle = note.y + note.height / 2.0;
    const double start = left ? edge + 3 : edge - 3;
    canvas.line(start, middle + 1, note.anchor.x, note.anchor.y + 1, {0, 0, 0});
    canvas.line(start, middle, note.anchor.x, note.anchor.y, colour);
    canvas.dot(note.anchor.x, note.anchor.y, 3.5, {0, 0, 0});
    canvas.dot(note.anchor.x, note.anchor.y, 2.5, colour);
  }
}

}  // namespace

void draw_names(Canvas& canvas, const PanelLabels& panel, const std::map<std::int32_t, std::string>& names,
                int gutter_px) {
  std::vector<Inside> inside;
  std::vector<Note> left;
  std::vector<Note> right;
  for (const Anchor& anchor : find_anchors(panel)) {
    const auto name = names.find(anchor.value);
    if (name == names.end() || name->second.empty()) continue;
    Inside within{anchor, {}};
    if (fits_inside(panel, name->second, within)) {
      inside.push_back(within);
      continue;
    }
    Note note{anchor, fit_lines(name->second, kFont, gutter_px - 16, kLinesBeside), 0, 0};
    note.height = line_height(kFont) * static_cast<int>(note.lines.size()) + 4;
    const bool on_left = anchor.x < panel.box.x + panel.box.width / 2;
    (on_left ? left : right).push_back(note);
  }
  draw_beside(canvas, panel, left, true);
  draw_beside(canvas, panel, right, false);
  for (const Inside& name : inside) draw_inside(canvas, name);
}

}  // namespace musclemap::draw
