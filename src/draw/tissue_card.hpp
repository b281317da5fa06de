// The card of one muscle group: its slice, its figures, its histogram.
#ifndef MUSCLEMAP_DRAW_TISSUE_CARD_HPP_
#define MUSCLEMAP_DRAW_TISSUE_CARD_HPP_

#include "draw/canvas.hpp"
#include "draw/histogram.hpp"
#include "draw/tissue_groups.hpp"
#include "draw/views.hpp"

namespace musclemap::draw {

/// Where the parts of every card lie, from the card's upper left corner.
struct CardLayout {
  int width = 0;
  int height = 0;
  Box image;
  Box table;
  Box histogram;
};

/// The narrowest card that holds the table.
constexpr int kCardLeast = 364;

/// Image above the figures, or beside them in wide cards; `table_rows`: lines of the longest table.
CardLayout card_layout(int width, int table_rows);

/// What is drawn into a card.
struct Card {
  int number;
  const TissueGroup& group;
  const Histogram& histogram;
  const TissueOptions& options;
};

void draw_card(Canvas& canvas, int x, int y, const CardLayout& layout, const Views& views, const Card& card);

/// Background, title and one line below it.
void draw_card_frame(Canvas& canvas, const Box& box, const std::string& number, const std::string& title,
                     const std::string& line);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_TISSUE_CARD_HPP_
