#include "cli/progress_view.hpp"

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <iostream>

#include "base/text.hpp"
#include "cli/json_line.hpp"
#include "cli/progress_bar.hpp"
#include "cli/standard_output.hpp"
#include "cli/terminal.hpp"

namespace musclemap::cli {
namespace {

constexpr const char* kClearLine = "\r\033[K";

std::string name_of(const std::string& file) {
  const std::string name = std::filesystem::path(file).filename().string();
  return base::printable(name, name.size());
}

class BarView : public ProgressView {
 public:
  Pace pace() const override { return {std::chrono::milliseconds(100), true, true}; }
  void show(const std::string& file, const Progress& progress, std::optional<double> seconds_left) override {
    std::cerr << kClearLine
              << bar_line(name_of(file), progress, seconds_left, terminal_columns(STDERR_FILENO))
              << std::flush;
    shown_ = true;
  }
  void clear() override {
    if (shown_) std::cerr << kClearLine << std::flush;
    shown_ = false;
  }

 private:
  bool shown_ = false;
};

class LineView : public ProgressView {
 public:
  Pace pace() const override { return {std::chrono::seconds(10), false, false}; }
  void show(const std::string& file, const Progress& progress, std::optional<double> seconds_left) override {
    std::cerr << progress_line(name_of(file), progress, seconds_left) << '\n';
  }
};

class JsonView : public ProgressView {
 public:
  Pace pace() const override { return {std::chrono::milliseconds(500), false, true}; }
  void show(const std::string& file, const Progress& progress, std::optional<double> seconds_left) override {
    nlohmann::ordered_json left;
    if (seconds_left) left = std::round(*seconds_left * 10) / 10;
    print_line(json_line({{"progress",
                           {{"file", file},
                            {"stage", stage_name(progress.stage)},
                            {"done", progress.done},
                            {"total", progress.total},
                            {"seconds_left", left}}}}));
  }
};

}  // namespace

std::unique_ptr<ProgressView> bar_view() { return std::make_unique<BarView>(); }

std::unique_ptr<ProgressView> line_view() { return std::make_unique<LineView>(); }

std::unique_ptr<ProgressView> json_view() { return std::make_unique<JsonView>(); }

}  // namespace musclemap::cli
