#include "cli/console.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iostream>

#include "base/text.hpp"

namespace musclemap::cli {
namespace {

constexpr std::size_t kBarWidth = 30;
constexpr auto kBarInterval = std::chrono::milliseconds(100);
constexpr auto kLineInterval = std::chrono::seconds(10);
constexpr const char* kClearLine = "\r\033[K";

// Whole, however long: advice comes last in a message.
std::string one_line(const std::string& text) { return base::printable(text, text.size()); }

std::string time_left(double seconds) {
  const auto whole = static_cast<long>(std::lround(seconds));
  if (whole < 60) return std::to_string(whole) + " s";
  return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
}

}  // namespace

Console::Console(Voice voice) : voice_(voice), terminal_(isatty(STDERR_FILENO) != 0) {}

Console::~Console() { end_progress(); }

void Console::say(const std::string& line) {
  end_progress();
  if (voice_ == Voice::prose) std::cerr << one_line(line) << '\n';
}

void Console::warn(const std::string& file, const std::string& line) {
  end_progress();
  if (voice_ == Voice::prose) std::cerr << "warning: " << one_line(file + ": " + line) << '\n';
  if (voice_ == Voice::json) object({{"warning", {{"file", file}, {"message", line}}}});
}

void Console::fail(const Error& error) {
  end_progress();
  if (voice_ == Voice::json) {
    object(error_object(error));
    return;
  }
  const std::string file = error.file().empty() ? "" : error.file().string() + ": ";
  std::cerr << "error: " << one_line(file + error.what()) << '\n';
}

void Console::object(const nlohmann::ordered_json& object) {
  if (voice_ == Voice::json) std::cout << dump(object) << std::endl;
}

void Console::result(const std::string& line) {
  if (voice_ != Voice::json) std::cout << line << std::endl;
}

void Console::progress(const std::string& what, const Progress& progress) {
  if (voice_ != Voice::prose) return;
  const Clock::time_point now = Clock::now();
  if (progress.stage != stage_ || progress.done <= last_done_) {
    stage_ = progress.stage;
    stage_start_ = now;
    if (!terminal_) last_shown_ = now;
  }
  last_done_ = progress.done;
  const bool done = progress.done >= progress.total;
  if (now - last_shown_ < (terminal_ ? Clock::duration(kBarInterval) : Clock::duration(kLineInterval)))
    return;
  if (done && !terminal_) return;
  last_shown_ = now;
  const double share =
      static_cast<double>(progress.done) / static_cast<double>(std::max<std::int64_t>(progress.total, 1));
  const double spent = std::chrono::duration<double>(now - stage_start_).count();
  std::string line = one_line(what) + ": " + stage_name(progress.stage) + " " +
                     std::to_string(progress.done) + "/" + std::to_string(progress.total);
  if (spent > 1 && share > 0) line += ", " + time_left(spent * (1 - share) / share) + " left";
  if (!terminal_) {
    std::cerr << line << '\n';
    return;
  }
  const auto filled = std::min(kBarWidth, static_cast<std::size_t>(share * static_cast<double>(kBarWidth)));
  std::cerr << kClearLine << '[' << std::string(filled, '=') << std::string(kBarWidth - filled, ' ') << "] "
            << line << std::flush;
  bar_shown_ = true;
}

void Console::end_progress() {
  if (bar_shown_) std::cerr << kClearLine << std::flush;
  bar_shown_ = false;
}

nlohmann::ordered_json error_object(const Error& error) {
  return {{"error",
           {{"code", code_name(error.code())},
            {"reason", reason_name(error.reason())},
            {"file", error.file().native()},
            {"message", error.what()}}}};
}

std::string dump(const nlohmann::ordered_json& object) {
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace musclemap::cli
