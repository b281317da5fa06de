// Text in lines of a width.
#ifndef MUSCLEMAP_CLI_WRAPPED_TEXT_HPP_
#define MUSCLEMAP_CLI_WRAPPED_TEXT_HPP_

#include <cstddef>
#include <string>

namespace musclemap::cli {

/// Lines of at most `columns`, broken at blanks; a longer word has a line of its own. Lines after the first
/// begin with `indent` blanks, and the first is taken to begin there too.
std::string wrapped(const std::string& text, std::size_t columns, std::size_t indent = 0);

/// A term and its meaning beside it, or below it where the term is wide, with a line's end. A command line
/// that is too wide goes on after a backslash, so that it can be copied.
std::string definition(const std::string& term, const std::string& meaning, std::size_t columns);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_WRAPPED_TEXT_HPP_
