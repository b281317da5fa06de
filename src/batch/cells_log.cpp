#include "batch/cells_log.hpp"

#include <array>
#include <ctime>
#include <limits>

#include "base/text.hpp"
#include "musclemap/version.hpp"
#include "quant/table/number_text.hpp"

namespace musclemap::batch {
namespace {

constexpr const char* kWho = " (VLabApp - segmentation module) [INFO] ";
constexpr const char* kNotUsed = "not used";

std::string range_words(const image::ZProjection& projection) {
  switch (projection.range) {
    case image::ProjectionRange::best:
      return "the section with best focus";
    case image::ProjectionRange::around:
      return "the sections around the one with best focus, " + std::to_string(projection.around) +
             " on either side";
    case image::ProjectionRange::fixed:
      return "sections " + std::to_string(projection.first) + " to " + std::to_string(projection.last);
    default:
      return "all sections";
  }
}

void log_cellpose_settings(const CellsLogStart& start, CellsLog* log) {
  if (start.user_model) {
    log->add("User trained model path: " + *start.user_model);
  } else {
    log->add("Diameter: " + base::number_text(start.diameter));
  }
  log->add("cellprob threshold: " + quant::real_text(start.cellprob_threshold));
  log->add("flow threshold: " + quant::real_text(start.flow_threshold));
}

}  // namespace

std::string log_time(std::chrono::system_clock::time_point time) {
  using std::chrono::milliseconds;
  constexpr std::int64_t kThousand = 1000;
  const std::int64_t total = std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count();
  std::int64_t seconds = total / kThousand;
  std::int64_t rest = total % kThousand;
  if (rest < 0) {
    rest += kThousand;
    --seconds;
  }
  const auto moment = static_cast<std::time_t>(seconds);
  std::tm parts{};
  ::localtime_r(&moment, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
  const std::string digits = std::to_string(kThousand + rest);
  return std::string(text.data()) + "," + digits.substr(1);
}

void CellsLog::add(const std::string& text) {
  text_ += log_time(clock_()) + kWho + base::printable(text, std::numeric_limits<std::size_t>::max()) + "\n";
}

void log_start(const CellsLogStart& start, CellsLog* log) {
  log->add("System info:");
  log->add("- platform: " + start.platform);
  log->add(std::string("- python version: ") + kNotUsed);
  log->add(std::string("- VLabApp version: ") + kNotUsed);
  log->add(std::string("- numpy version: ") + kNotUsed);
  log->add(std::string(start.micro_sam ? "- micro_sam version: " : "- cellpose version: ") + "rules of " +
           start.rules);
  log->add(std::string("- torch version: ") + kNotUsed);
  log->add(std::string("- musclemap version: ") + kVersion);
  log->add("- engine: " + start.engine);
  log->add("- device: " + start.device);
  log->add("Input image path: " + start.image);
  log->add(std::string("Segmentation method: ") +
           (start.micro_sam ? "Segment Anything for Microscopy" : "cellpose"));
  log->add("Model type: " + start.model_type);
  if (!start.micro_sam) log_cellpose_settings(start, log);
  for (const auto& [name, value] : start.more) log->add(name + ": " + value);
}

void log_projection(const image::ZProjection& projection, const std::vector<SectionsUsed>& used,
                    CellsLog* log) {
  log->add("Preparing image to segment: performing Z-projection");
  log->add(std::string("Z-projection: ") + base::word_of(projection.type) + " of " + range_words(projection));
  for (const SectionsUsed& each : used) {
    const image::Sections& sections = each.sections;
    log->add("F=" + std::to_string(each.field) + ", T=" + std::to_string(each.time) +
             ", C=" + std::to_string(each.channel) + ": sections used: " + std::to_string(sections.first) +
             " to " + std::to_string(sections.first + sections.count - 1));
  }
}

void log_stack(std::int64_t sections, CellsLog* log) {
  log->add("Preparing image to segment: keeping all " + std::to_string(sections) + " sections");
}

std::vector<std::pair<std::string, std::string>> stack_settings(const CellOptions& options) {
  std::vector<std::pair<std::string, std::string>> settings;
  if (options.do_3d) {
    settings.emplace_back("do 3D", "True");
    settings.emplace_back("anisotropy", quant::real_text(options.anisotropy));
    if (options.flow3d_smooth > 0) {
      settings.emplace_back("flow 3D smooth", quant::real_text(options.flow3d_smooth));
    }
    if (options.flow3d_mean) settings.emplace_back("flow 3D mean", "True");
  } else {
    settings.emplace_back("stitch threshold", quant::real_text(options.stitch_threshold));
  }
  return settings;
}

void log_channel(std::int64_t channel, CellsLog* log) {
  log->add("Preparing image to segment: selecting channel " + std::to_string(channel));
}

void log_segmentation(bool micro_sam, std::optional<double> diameter, CellsLog* log) {
  if (micro_sam) {
    log->add("Segment Anything for Microscopy segmentation");
    return;
  }
  log->add("Cellpose segmentation (diameter=" + (diameter ? base::number_text(*diameter) : "None") + ")");
}

void log_diameter(std::int64_t time, double diameter, CellsLog* log) {
  log->add("T=" + std::to_string(time) + ": estimated diameter " + quant::real_text(diameter));
}

void log_saving(const std::string& file, CellsLog* log) { log->add("Saving segmentation mask to " + file); }

}  // namespace musclemap::batch
