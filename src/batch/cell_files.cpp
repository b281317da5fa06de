#include "batch/cell_files.hpp"

#include <sys/utsname.h>

#include <memory>
#include <string>
#include <utility>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "base/warnings.hpp"
#include "batch/cells_log.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/output_guard.hpp"
#include "io/tiff/ome_tiff_writer.hpp"
#include "musclemap/error.hpp"

namespace musclemap::batch {
namespace {

namespace fs = std::filesystem;

std::string platform() {
  utsname names{};
  if (::uname(&names) != 0) return "unknown";
  return std::string(names.sysname) + "-" + names.release + "-" + names.machine;
}

/// Of a job's results.
fs::path stem_of(const CellJob& job) { return fs::path(job.log).replace_extension(); }

CellsLogStart log_facts(const FrameSegmenter& segmenter, const CellJob& job, const CellSettings& settings) {
  CellsLogStart start;
  start.platform = platform();
  start.device = settings.device;
  start.image = job.image.string();
  segmenter.describe(&start);
  return start;
}

/// One picture on its way from file to file.
class PictureRun {
 public:
  PictureRun(FrameSegmenter& segmenter, const CellJob& job, const CellSettings& settings,
             const RunControl& control)
      : segmenter_(segmenter),
        job_(job),
        settings_(settings),
        control_(control),
        threads_(base::resolve_threads(control.threads)),
        picture_(open_picture(job.image)),
        info_(picture_->info()) {}

  CellSummary run() {
    base::warn(control_, info_.warnings);
    log_start(log_facts(segmenter_, job_, settings_), &log_);
    segment();
    write();
    const fs::path stem = stem_of(job_);
    write_viewer_files(stem, settings_.viewers, *picture_, settings_.frames, labels_, threads_);
    summary_.files = viewer_files(stem, settings_.viewers, info_.geometry.shape[0], sections());
    return std::move(summary_);
  }

 private:
  void segment() {
    const std::int64_t frames = info_.geometry.shape[0];
    const base::Steps steps(control_, std::vector<double>(static_cast<std::size_t>(frames), 1.0));
    std::vector<SectionsUsed> used;
    for (std::int64_t t = 0; t < frames; ++t) {
      task::FrameReader frame(*picture_, t, settings_.frames, threads_);
      used.push_back({0, t, settings_.frames.channel, frame.sections()});
      segment(frame, steps.step(static_cast<std::size_t>(t)));
    }
    if (settings_.frames.stack) {
      log_stack(sections(), &log_);
    } else if (info_.geometry.shape[2] > 1) {
      log_projection(settings_.frames.projection, used, &log_);
    }
    log_channel(settings_.frames.channel, &log_);
    segmenter_.log_segmentation(summary_.diameters, &log_);
  }

  std::int64_t sections() const { return task::sections_left(info_, settings_.frames); }

  void segment(PictureReader& frame, const RunControl& control) {
    FrameCells cells = segmenter_.segment(frame, control);
    summary_.counts.push_back(cells.count);
    if (cells.diameter > 0) summary_.diameters.push_back(cells.diameter);
    if (info_.geometry.shape[0] == 1) {
      labels_ = std::move(cells.labels);
    } else {
      labels_.insert(labels_.end(), cells.labels.begin(), cells.labels.end());
    }
  }

  /// The log is part of the masks' file, so that it is complete before.
  void write() {
    log_saving(job_.masks.string(), &log_);
    io::OmeMaskFacts facts;
    facts.frames = info_.geometry.shape[0];
    facts.sections = sections();
    facts.height = info_.geometry.shape[3];
    facts.width = info_.geometry.shape[4];
    facts.pixel_size_um = info_.geometry.pixel_size_um;
    facts.comments = io::carried_comments(log_.text(), job_.image.string(), info_.comments);
    facts.wide = io::needs_wide_labels(labels_.data(), static_cast<std::int64_t>(labels_.size()));
    if (facts.wide)
      base::warn(control_, WarningCode::wide_labels, "there are more than 65,535 cells: labels have 32 bits");
    io::MaskFile masks(job_.masks, facts);
    for (std::int64_t page = 0; page < facts.frames * facts.sections; ++page)
      masks.write(labels_.data() + page * facts.height * facts.width);
    io::AtomicFile log(job_.log);
    log.write(log_.text().data(), log_.text().size());
    masks.commit();
    log.commit();
  }

  FrameSegmenter& segmenter_;
  const CellJob& job_;
  const CellSettings& settings_;
  const RunControl& control_;
  int threads_;
  std::unique_ptr<PictureReader> picture_;
  const PictureInfo& info_;
  CellsLog log_;
  CellSummary summary_;
  std::vector<std::uint32_t> labels_;  // (T, Y, X), of stacks (T, Z, Y, X)
};

}  // namespace

void check_cell_files(const CellJob& job, const CellSettings& settings) {
  const PictureInfo info = open_picture(job.image)->info();
  task::check_frames(info, settings.frames);
  if (settings.dumps && info.geometry.shape[0] > 1) {
    throw Error(ErrorCode::argument, Reason::invalid,
                "has " + std::to_string(info.geometry.shape[0]) + " frames; a dump is of one", job.image);
  }
  std::error_code failed;
  fs::create_directories(job.masks.parent_path(), failed);  // what it cannot make, the files tell
  std::vector<fs::path> files = viewer_files(stem_of(job), settings.viewers, info.geometry.shape[0],
                                             task::sections_left(info, settings.frames));
  io::OutputGuard guard;
  guard.reads(job.image, "picture");
  for (const fs::path& file : files) guard.writes(file, "file for viewers");
  files.insert(files.end(), {job.masks, job.log});
  for (const fs::path& file : files) const io::AtomicFile probe(file);
}

CellSummary write_cell_files(FrameSegmenter& segmenter, const CellJob& job, const CellSettings& settings,
                             const RunControl& control) {
  return PictureRun(segmenter, job, settings, control).run();
}

}  // namespace musclemap::batch
