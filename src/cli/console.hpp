// What the programs say: messages and progress to standard error, results to standard output.
#ifndef MUSCLEMAP_CLI_CONSOLE_HPP_
#define MUSCLEMAP_CLI_CONSOLE_HPP_

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cli/progress_timer.hpp"
#include "cli/progress_view.hpp"
#include "cli/voice.hpp"
#include "musclemap/error.hpp"
#include "musclemap/run.hpp"

namespace musclemap::cli {

/// One thread at a time.
class Console {
 public:
  explicit Console(Voice voice = {});
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  /// One line of prose on standard error.
  void say(const std::string& line);
  /// "warning: file: text" on standard error; {"warning": {"code", "file", "message"}} as JSON.
  void warn(const std::string& file, const Warning& warning);
  /// Said always: "file: message", or {"error": …} as JSON.
  void fail(const Error& error);
  /// One JSON object a line on standard output; silent otherwise.
  void object(const nlohmann::ordered_json& object);
  /// One result a line on standard output; silent when JSON.
  void result(const std::string& line);
  /// A bar on a terminal, a line now and then elsewhere, {"progress": …} as JSON; `file` is what is worked
  /// on.
  void progress(const std::string& file, const Progress& progress);
  /// Takes the bar away.
  void end_progress();

 private:
  Voice voice_;
  std::unique_ptr<ProgressView> view_;  // none when quiet
  std::optional<ProgressTimer> timer_;
};

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_CONSOLE_HPP_
