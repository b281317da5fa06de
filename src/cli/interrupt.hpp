// Signals that ask a run to end.
#ifndef MUSCLEMAP_CLI_INTERRUPT_HPP_
#define MUSCLEMAP_CLI_INTERRUPT_HPP_

#include "musclemap/run.hpp"

namespace musclemap::cli {

/// Cancelled by Ctrl-C, SIGTERM and, unless nohup has it ignored, SIGHUP; a second Ctrl-C ends the process at
/// once. Installed on the first call.
CancelToken interrupt_token();

/// 128 and the number of the signal: 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP.
int interrupted_status();

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_INTERRUPT_HPP_
