// Numbers as pandas writes them into CSV: rounded decimals in the layout of Python's repr, in every locale.
#ifndef MUSCLEMAP_QUANT_TABLE_NUMBER_TEXT_HPP_
#define MUSCLEMAP_QUANT_TABLE_NUMBER_TEXT_HPP_

#include <string>

namespace musclemap::quant {

/// The number whose decimal form is that of `value` correctly rounded to `decimals` places, ties to even:
/// Python's round(). Below 0 decimals, and for values that are not finite: `value`.
double rounded(double value, int decimals);

/// Python's repr: the shortest text that reads back equal, always with a fractional part or an exponent
/// ("50.0", "-0.0", "1e-05", "1e+16"); "nan", "inf", "-inf".
std::string real_text(double value);

/// Without point ("50"), rounded where it is not whole; "nan", "inf", "-inf".
std::string integer_text(double value);

}  // namespace musclemap::quant

#endif  // MUSCLEMAP_QUANT_TABLE_NUMBER_TEXT_HPP_
