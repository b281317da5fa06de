#include "cli/program.hpp"

#include <csignal>
#include <cstring>
#include <exception>
#include <new>

#include "cli/console.hpp"
#include "musclemap/error.hpp"

namespace musclemap::cli {
namespace {

CancelToken* token_of_process = nullptr;

void on_signal(int signal) {
  if (token_of_process->cancelled()) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
  token_of_process->cancel();
}

// The voice for errors that come before, or instead of, a command's own options.
Voice voice_of(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) return Voice::json;
  }
  return Voice::prose;
}

int status_of(const Error& error) {
  if (error.code() == ErrorCode::cancelled) return kInterrupted;
  return error.code() == ErrorCode::argument ? kWrongCommandLine : kFailed;
}

}  // namespace

CancelToken interrupt_token() {
  static CancelToken token;
  if (token_of_process == nullptr) {
    token_of_process = &token;
    struct sigaction action {};
    action.sa_handler = on_signal;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
  }
  return token;
}

int run_program(CLI::App& app, int argc, char** argv, int& exit_status) {
  Console console(voice_of(argc, argv));
  try {
    app.parse(argc, argv);
    return exit_status;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    console.fail(Error(ErrorCode::argument, error.what()));
    return kWrongCommandLine;
  } catch (const Error& error) {
    console.fail(error);
    return status_of(error);
  } catch (const std::bad_alloc&) {
    console.fail(Error(ErrorCode::memory, "out of memory"));
  } catch (const std::exception& error) {
    console.fail(Error(ErrorCode::internal, error.what()));
  }
  return kFailed;
}

}  // namespace musclemap::cli
