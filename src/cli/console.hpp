// What the programs say: messages and progress to standard error, results to standard output.
#ifndef MUSCLEMAP_CLI_CONSOLE_HPP_
#define MUSCLEMAP_CLI_CONSOLE_HPP_

#include <chrono>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "musclemap/error.hpp"
#include "musclemap/run.hpp"

namespace musclemap::cli {

enum class Voice { prose, json, quiet };

/// Of the flags --json and --quiet; the first wins.
inline Voice chosen_voice(bool json, bool quiet) {
  return json ? Voice::json : quiet ? Voice::quiet : Voice::prose;
}

/// One thread at a time.
class Console {
 public:
  explicit Console(Voice voice = Voice::prose);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  Voice voice() const { return voice_; }
  /// One line of prose on standard error; silent when quiet or JSON.
  void say(const std::string& line);
  /// The same with "warning: " before it; {"warning": …} as JSON.
  void warn(const std::string& file, const std::string& line);
  /// Said always: "file: message", or {"error": …} as JSON.
  void fail(const Error& error);
  /// One JSON object a line on standard output; silent otherwise.
  void object(const nlohmann::ordered_json& object);
  /// One result a line on standard output; silent when JSON.
  void result(const std::string& line);
  /// A bar on a terminal, a line now and then elsewhere; `what` names the work.
  void progress(const std::string& what, const Progress& progress);
  /// Takes the bar away.
  void end_progress();

 private:
  using Clock = std::chrono::steady_clock;

  Voice voice_;
  bool terminal_;
  bool bar_shown_ = false;
  Stage stage_ = Stage::read;
  std::int64_t last_done_ = std::numeric_limits<std::int64_t>::max();  // what comes first begins a stage
  Clock::time_point stage_start_;
  Clock::time_point last_shown_;
};

/// {"error": {"code", "reason", "file", "message"}}; bytes that are no UTF-8 are replaced.
nlohmann::ordered_json error_object(const Error& error);

/// One line of JSON.
std::string dump(const nlohmann::ordered_json& object);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_CONSOLE_HPP_
