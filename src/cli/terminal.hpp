// The window that a person looks at.
#ifndef MUSCLEMAP_CLI_TERMINAL_HPP_
#define MUSCLEMAP_CLI_TERMINAL_HPP_

#include <cstddef>

namespace musclemap::cli {

/// True for a terminal whose lines can be written anew.
bool is_terminal(int descriptor);

/// Of the terminal behind the descriptor as it is now, else what COLUMNS says, else 80.
std::size_t terminal_columns(int descriptor);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_TERMINAL_HPP_
