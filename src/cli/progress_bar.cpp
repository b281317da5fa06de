#include "cli/progress_bar.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "cli/display_text.hpp"

namespace musclemap::cli {
namespace {

constexpr std::int64_t kWidestBar = 30;
constexpr std::int64_t kNarrowestBar = 10;
constexpr std::int64_t kFrameOfBar = 3;  // "[] "
constexpr std::int64_t kLeastName = 8;
constexpr const char* kAfterName = ": ";
constexpr std::int64_t kColumnsAfterName = 2;

std::string time_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  const std::int64_t minutes = whole / 60;
  if (minutes == 0) return std::to_string(whole) + " s";
  if (minutes < 60) return std::to_string(minutes) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
}

std::string state_text(const Progress& progress, std::optional<double> seconds_left) {
  return std::string(stage_name(progress.stage)) + " " + std::to_string(progress.done) + "/" +
         std::to_string(progress.total) + ", " + (seconds_left ? time_text(*seconds_left) : "? s") + " left";
}

std::string bar(const Progress& progress, std::int64_t columns) {
  const double share =
      static_cast<double>(progress.done) / static_cast<double>(std::max<std::int64_t>(progress.total, 1));
  const auto full =
      std::clamp<std::int64_t>(std::llround(std::floor(share * static_cast<double>(columns))), 0, columns);
  return "[" + std::string(static_cast<std::size_t>(full), '=') +
         std::string(static_cast<std::size_t>(columns - full), ' ') + "] ";
}

}  // namespace

std::string progress_line(const std::string& name, const Progress& progress,
                          std::optional<double> seconds_left) {
  return name + kAfterName + state_text(progress, seconds_left);
}

std::string bar_line(const std::string& name, const Progress& progress, std::optional<double> seconds_left,
                     std::size_t columns) {
  const std::string state = state_text(progress, seconds_left);
  // Some terminals wrap as soon as the last column is taken.
  const std::size_t usable = columns - std::min<std::size_t>(columns, 1);
  const auto room = static_cast<std::int64_t>(usable) - static_cast<std::int64_t>(state.size());
  const auto wanted = static_cast<std::int64_t>(display_columns(name));

  const std::int64_t others = kFrameOfBar + kColumnsAfterName;
  const std::int64_t width = std::clamp(room - wanted - others, kNarrowestBar, kWidestBar);
  if (room - width - others >= std::min(wanted, kLeastName)) {
    return bar(progress, width) + shortened(name, static_cast<std::size_t>(room - width - others)) +
           kAfterName + state;
  }
  if (room - kColumnsAfterName >= std::min(wanted, kLeastName))
    return shortened(name, static_cast<std::size_t>(room - kColumnsAfterName)) + kAfterName + state;
  return shortened(state, usable);
}

}  // namespace musclemap::cli
