#include "cli/standard_output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <iostream>
#include <string>
#include <system_error>

namespace musclemap::cli {
namespace {

bool failed = false;

// A reader that does not wait is waited for.
bool can_go_on(int error) {
  if (error == EINTR) return true;
  if (error != EAGAIN && error != EWOULDBLOCK) return false;
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  poll(&output, 1, -1);
  return true;
}

void note_failure(int error) {
  failed = true;
  std::cerr << "error: standard output cannot be written: " << std::generic_category().message(error) << '\n';
}

}  // namespace

void open_standard_output() {
  failed = false;
  std::signal(SIGPIPE, SIG_IGN);
  // Reading alone, so that writing stays an error.
  int taken = open("/dev/null", O_RDONLY);
  while (taken >= 0 && taken <= STDERR_FILENO) taken = open("/dev/null", O_RDONLY);
  if (taken > STDERR_FILENO) close(taken);
}

void print(std::string_view text) {
  while (!failed && !text.empty()) {
    const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (!can_go_on(errno)) {
      note_failure(errno);
    }
  }
}

void print_line(std::string_view line) { print(std::string(line) + "\n"); }

bool standard_output_failed() { return failed; }

}  // namespace musclemap::cli
