// Standard output, which may be full or closed.
#ifndef MUSCLEMAP_CLI_STANDARD_OUTPUT_HPP_
#define MUSCLEMAP_CLI_STANDARD_OUTPUT_HPP_

#include <string_view>

namespace musclemap::cli {

/// To be called before any file is opened. A reader that has gone is an error of print() from here on, not
/// the end of the process in the middle of a file; and no file gets the number of a closed standard stream.
void open_standard_output();

/// Writes at once. The first failure is told on standard error; the work goes on, as its files are what
/// counts.
void print(std::string_view text);

/// The same with a line's end.
void print_line(std::string_view line);

/// True when something could not be written.
bool standard_output_failed();

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_STANDARD_OUTPUT_HPP_
