// Title and facts at the top of a picture.
#ifndef MUSCLEMAP_DRAW_HEADING_HPP_
#define MUSCLEMAP_DRAW_HEADING_HPP_

#include <string>
#include <utility>
#include <vector>

#include "draw/canvas.hpp"
#include "draw/views.hpp"

namespace musclemap::draw {

class Heading {
 public:
  /// `facts` (empty ones are left out) and what there is to know of `views`, in as many lines as `width`
  /// needs.
  Heading(const Views& views, const std::string& title, std::vector<std::string> facts, int width)
      : Heading(views, views.window(), title, std::move(facts), width) {}
  /// The same for a picture with a window of its own.
  Heading(const Views& views, const Window& window, const std::string& title, std::vector<std::string> facts,
          int width);

  int height() const;
  void draw(Canvas& canvas, int x, int y) const;

 private:
  std::string title_;
  std::vector<std::string> facts_;
};

/// Where a section lies: its index along the file's axis, and its place in the world.
std::string place_of(const Views& views, std::int64_t z);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_HEADING_HPP_
