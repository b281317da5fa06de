#include "cli/interrupt.hpp"

#include <csignal>

namespace musclemap::cli {
namespace {

CancelToken* token_of_process = nullptr;
volatile std::sig_atomic_t signal_that_came = 0;

// A closing terminal sends SIGHUP twice, and others follow it: these are no impatience.
void on_signal(int signal) {
  if (signal == SIGINT && token_of_process->cancelled()) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
  if (signal_that_came == 0) signal_that_came = signal;
  token_of_process->cancel();
}

void listen_to(int signal) {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigaction(signal, &action, nullptr);
}

bool is_ignored(int signal) {
  struct sigaction action {};
  sigaction(signal, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}

}  // namespace

CancelToken interrupt_token() {
  static CancelToken token;
  if (token_of_process == nullptr) {
    token_of_process = &token;
    listen_to(SIGINT);
    listen_to(SIGTERM);
    if (!is_ignored(SIGHUP)) listen_to(SIGHUP);  // nohup
  }
  return token;
}

int interrupted_status() {
  constexpr int kOfShells = 128;
  return kOfShells + (signal_that_came == 0 ? SIGINT : signal_that_came);
}

}  // namespace musclemap::cli
