#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace musclemap::cli {

bool is_terminal(int descriptor) {
  const char* kind = std::getenv("TERM");
  return isatty(descriptor) != 0 && (kind == nullptr || std::strcmp(kind, "dumb") != 0);
}

std::size_t terminal_columns(int descriptor) {
  constexpr std::size_t kUnknown = 80;
  winsize window{};
  if (ioctl(descriptor, TIOCGWINSZ, &window) == 0 && window.ws_col > 0) return window.ws_col;
  const char* named = std::getenv("COLUMNS");
  if (named == nullptr) return kUnknown;
  std::size_t columns = 0;
  std::from_chars(named, named + std::strlen(named), columns);
  return columns > 0 ? columns : kUnknown;
}

}  // namespace musclemap::cli
