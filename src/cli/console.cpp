#include "cli/console.hpp"

#include <unistd.h>

#include <iostream>

#include "base/text.hpp"
#include "cli/json_line.hpp"
#include "cli/standard_output.hpp"
#include "cli/terminal.hpp"

namespace musclemap::cli {
namespace {

// Whole, however long: advice comes last in a message.
std::string one_line(const std::string& text) { return base::printable(text, text.size()); }

std::unique_ptr<ProgressView> view_of(Voice voice) {
  if (voice.quiet) return nullptr;
  if (voice.json) return json_view();
  return is_terminal(STDERR_FILENO) ? bar_view() : line_view();
}

}  // namespace

Console::Console(Voice voice) : voice_(voice), view_(view_of(voice)) {
  if (view_) timer_.emplace(view_->pace());
}

Console::~Console() { end_progress(); }

void Console::say(const std::string& line) {
  end_progress();
  if (!voice_.json && !voice_.quiet) std::cerr << one_line(line) << '\n';
}

void Console::warn(const std::string& file, const Warning& warning) {
  end_progress();
  if (!voice_.json && !voice_.quiet) std::cerr << "warning: " << one_line(file + ": " + warning.text) << '\n';
  object({{"warning", {{"code", warning_name(warning.code)}, {"file", file}, {"message", warning.text}}}});
}

void Console::fail(const Error& error) {
  end_progress();
  if (voice_.json) {
    print_line(json_line(error_object(error)));
    return;
  }
  const std::string file = error.file().empty() ? "" : error.file().string() + ": ";
  std::cerr << "error: " << one_line(file + error.what()) << '\n';
}

void Console::object(const nlohmann::ordered_json& object) {
  if (voice_.json && !voice_.quiet) print_line(json_line(object));
}

void Console::result(const std::string& line) {
  if (!voice_.json && !voice_.quiet) print_line(line);
}

void Console::progress(const std::string& file, const Progress& progress) {
  if (view_ && timer_->note(progress)) view_->show(file, progress, timer_->seconds_left());
}

void Console::end_progress() {
  if (view_) view_->clear();
}

}  // namespace musclemap::cli
