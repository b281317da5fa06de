// Numbers as pictures write them.
#ifndef MUSCLEMAP_DRAW_NUMBER_HPP_
#define MUSCLEMAP_DRAW_NUMBER_HPP_

#include <string>

namespace musclemap::draw {

/// A decimal number, the same in every locale; "-" for what is not finite or has 13 digits and more.
std::string decimal(double value, int digits);

}  // namespace musclemap::draw

#endif  // MUSCLEMAP_DRAW_NUMBER_HPP_
