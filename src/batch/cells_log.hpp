// The log of a run on one file of cells, as VLabApp's segmentation module words it (docs/chains/cells.md,
// "The log").
#ifndef MUSCLEMAP_BATCH_CELLS_LOG_HPP_
#define MUSCLEMAP_BATCH_CELLS_LOG_HPP_

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "image/steps/project_z.hpp"
#include "musclemap/cell_segmenter.hpp"

namespace musclemap::batch {

/// "2025-09-08 07:33:18,001" in the local zone of the machine.
std::string log_time(std::chrono::system_clock::time_point time);

/// Lines, each with the time at which it was added. One thread at a time.
class CellsLog {
 public:
  using Clock = std::function<std::chrono::system_clock::time_point()>;
  explicit CellsLog(Clock clock = std::chrono::system_clock::now) : clock_(std::move(clock)) {}

  /// Control characters of `text` are written as \xNN, so that it stays one line.
  void add(const std::string& text);
  /// All lines, each with its line end.
  const std::string& text() const noexcept { return text_; }

 private:
  Clock clock_;
  std::string text_;
};

/// What is known before a file is opened.
struct CellsLogStart {
  std::string platform;    ///< "Linux-6.1-x86_64"
  bool micro_sam = false;  ///< Segment Anything for Microscopy instead of Cellpose
  std::string rules;       ///< version of that program whose rules hold
  std::string engine;      ///< what ran the network, with its version
  std::string device;      ///< "cpu", "cuda:0"
  std::vector<std::pair<std::string, std::string>> more;  ///< further settings that change masks: name, value
  std::string image;                                      ///< path of the input
  std::string model_type;                                 ///< "User trained model", "cyto3", …
  std::optional<std::string> user_model;                  ///< path of the user's model
  double diameter = 0;                                    ///< as it was asked for; logged for built-in models
  double cellprob_threshold = 0;
  double flow_threshold = 0.4;
};

/// Sections of one stack of the file.
struct SectionsUsed {
  std::int64_t field = 0;
  std::int64_t time = 0;
  std::int64_t channel = 0;
  image::Sections sections;
};

/// System, input and settings.
void log_start(const CellsLogStart& start, CellsLog* log);
/// Of a file with more than one section.
void log_projection(const image::ZProjection& projection, const std::vector<SectionsUsed>& used,
                    CellsLog* log);
/// Of a file whose sections are kept.
void log_stack(std::int64_t sections, CellsLog* log);
/// How cells of a stack are found: names and values, for CellsLogStart::more.
std::vector<std::pair<std::string, std::string>> stack_settings(const CellOptions& options);
/// From 0.
void log_channel(std::int64_t channel, CellsLog* log);
/// @param diameter that Cellpose is called with; none: it estimates it, or the model knows it
void log_segmentation(bool micro_sam, std::optional<double> diameter, CellsLog* log);
/// What was estimated for a frame.
void log_diameter(std::int64_t time, double diameter, CellsLog* log);
void log_saving(const std::string& file, CellsLog* log);

}  // namespace musclemap::batch

#endif  // MUSCLEMAP_BATCH_CELLS_LOG_HPP_
