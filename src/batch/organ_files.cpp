#include "batch/organ_files.hpp"

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/progress.hpp"
#include "base/warnings.hpp"
#include "batch/class_files.hpp"
#include "batch/organ_report.hpp"
#include "image/labels/skin.hpp"
#include "image/volume_reader.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/output_guard.hpp"
#include "io/label_text/caret_table.hpp"
#include "io/nifti/result_header.hpp"
#include "musclemap/error.hpp"
#include "musclemap/nifti.hpp"
#include "musclemap/organs.hpp"
#include "musclemap/picture.hpp"
#include "quant/organs/class_name.hpp"
#include "quant/organs/mask_of_labels.hpp"
#include "quant/organs/organ_statistics.hpp"
#include "task/probability_files.hpp"
#include "task/radiomics_json.hpp"
#include "task/sidecar.hpp"
#include "task/task_state.hpp"
#include "task/totalsegmentator/known_tasks.hpp"

namespace musclemap::batch {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

std::unique_ptr<NiftiReader> open_image(const fs::path& image) {
  NiftiReadOptions options;
  options.first_volume = true;
  std::unique_ptr<NiftiReader> reader = open_nifti(image, options);
  if (reader->info().shape.size() < 3) {
    throw Error(ErrorCode::unsupported, Reason::unsupported, "the image has 2 axes, a volume has 3", image);
  }
  return reader;
}

void create_folder(const fs::path& folder) {
  if (folder.empty()) return;
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) throw Error(ErrorCode::io, Reason::io, "cannot be created: " + failed.message(), folder);
}

std::vector<ClassFile> class_files_of(const Task& task, const fs::path& folder) {
  std::vector<ClassFile> files;
  for (const Label& label : task.labels())
    files.push_back({label.value, folder / (quant::class_name(label) + ".nii.gz")});
  return files;
}

// body and skin of task body.
bool has_derived_masks(const Task& task, const TaskOptions& options) {
  const task::KnownTask* known = task::known_task(task.name());
  return known != nullptr && !known->derived_masks.empty() && !options.no_derived_masks;
}

std::string label_table(const Task& task) {
  std::vector<std::pair<std::int32_t, std::string>> names;
  for (const Label& label : task.labels()) names.emplace_back(label.value, quant::class_name(label));
  return io::caret_label_table(names);
}

// Files on their way, which get their names together.
class Outputs {
 public:
  void add(std::unique_ptr<SlabWriter> writer) { volumes_.push_back(std::move(writer)); }
  void add_bytes(const fs::path& file, const std::string& bytes) {
    create_folder(file.parent_path());
    bytes_.push_back(std::make_unique<io::AtomicFile>(file));
    bytes_.back()->write(bytes.data(), bytes.size());
    files_.push_back(file);
  }
  void named(const fs::path& file) { files_.push_back(file); }
  void commit() {
    for (const auto& volume : volumes_) volume->commit();
    for (const auto& bytes : bytes_) bytes->commit();
  }
  const std::vector<fs::path>& files() const { return files_; }

 private:
  std::vector<std::unique_ptr<SlabWriter>> volumes_;
  std::vector<std::unique_ptr<io::AtomicFile>> bytes_;
  std::vector<fs::path> files_;
};

// One image on its way to its files.
class OrganRun {
 public:
  OrganRun(Segmenter& segmenter, const OrganJob& job, const OrganRequest& request, const TaskOptions& options,
           const RunControl& control)
      : segmenter_(segmenter), job_(job), request_(request), options_(options), control_(control) {}

  std::vector<fs::path> files() {
    RunControl noted = control_;
    noted.on_warning = [this](const Warning& warning) {
      warnings_.push_back(warning);
      if (control_.on_warning) control_.on_warning(warning);
    };
    const base::Steps steps(noted, {kSegmenting, 1 - kSegmenting});
    image_ = open_image(job_.image);
    base::warn(noted, image_->info().warnings);
    segment(noted, steps.step(0));
    write_label_map(noted);
    write_classes(steps.step(1));
    measure(noted);
    describe(noted);
    draw();
    if (probabilities_) {
      for (const fs::path& each : probabilities_->files()) outputs_.named(each);
    }
    tell();
    if (probabilities_) probabilities_->commit();
    outputs_.commit();
    return outputs_.files();
  }

 private:
  static constexpr double kSegmenting = 0.95;  // beside what is done with the labels

  // What lies on the task's grid is held where it is asked for.
  void segment(const RunControl& noted, const RunControl& control) {
    std::vector<std::unique_ptr<NiftiReader>> others;
    std::vector<SlabReader*> images{image_.get()};
    for (const fs::path& each : job_.others) {
      others.push_back(open_image(each));
      base::warn(noted, others.back()->info().warnings);
      images.push_back(others.back().get());
    }
    ProbabilitySink keep;
    if (!job_.probabilities.empty()) {
      probabilities_.emplace(task().state().spec, job_.probabilities);
      keep = [this](const NetworkProbabilities& found) { probabilities_->take(found); };
    }
    if (measures_on_grid() || !job_.preview.empty() || keep) {
      found_ = segmenter_.run_with_grid(images, control, keep);
    } else {
      found_.labels = segmenter_.run(images, control);
    }
  }

  const Task& task() const { return segmenter_.task(); }
  bool nothing_run() const { return segmenter_.report().box_empty; }
  bool measures_on_grid() const { return !job_.statistics.empty() && options_.fast; }
  const Geometry& geometry() const { return found_.labels.geometry(); }

  NiftiWriteOptions header(bool plain) const {
    NiftiWriteOptions options;
    options.content = NiftiContent::labels;
    options.like = request_.header_text ? image_->header() : io::without_text(*image_->header());
    constexpr int kMmAndSeconds = 10;
    if (options_.save_lowres && !options_.higher_order_resampling) {
      options.like = io::plain_header(geometry(), kMmAndSeconds);
    } else if (plain || nothing_run() || image_->info().shape.size() > 3) {
      options.like = io::plain_header(geometry());
    }
    return options;
  }

  std::unique_ptr<SlabWriter> written(const fs::path& file, const Volume& volume,
                                      const NiftiWriteOptions& options) const {
    create_folder(file.parent_path());
    std::unique_ptr<SlabWriter> writer =
        create_nifti(file, volume.geometry(), volume.dtype(), options, control_.threads);
    writer->write(0, volume);
    return writer;
  }

  void write_label_map(const RunControl& control) {
    if (job_.label_map.empty()) return;
    NiftiWriteOptions options = header(false);
    options.like = io::with_extension(*options.like, request_.label_extension, label_table(task()));
    outputs_.add(written(job_.label_map, found_.labels, options));
    outputs_.named(job_.label_map);
    base::report(control, Stage::write, 1, 1);
  }

  void write_classes(const RunControl& control) {
    if (job_.class_folder.empty()) return;
    create_folder(job_.class_folder);
    for (auto& writer :
         write_class_files(found_.labels, class_files_of(task(), job_.class_folder), header(false), control))
      outputs_.add(std::move(writer));
    outputs_.named(job_.class_folder);
    if (!has_derived_masks(task(), options_)) return;
    std::vector<std::int32_t> all;
    for (const Label& label : task().labels()) all.push_back(label.value);
    const Volume body = quant::mask_of_labels(found_.labels, all);
    outputs_.add(written(job_.class_folder / "body.nii.gz", body, header(true)));
    outputs_.add(written(job_.class_folder / "skin.nii.gz", image::skin_of(body, *image_), header(true)));
  }

  // With `fast` on the task's grid; if no network has run there, there is nothing to state.
  void measure(const RunControl& control) {
    if (job_.statistics.empty()) return;
    if (!options_.fast) {
      image::VolumeReader labels(found_.labels, "label map");
      const std::vector<double>& stored = image_->info().pixdim;
      return state_statistics(*image_, labels, {stored[0], stored[1], stored[2]}, control);
    }
    if (nothing_run()) return;
    image::VolumeReader image(found_.grid_image, "image");
    image::VolumeReader labels(found_.grid_labels, "label map");
    state_statistics(image, labels, found_.grid_image.geometry().spacing(), control);
  }

  void state_statistics(SlabReader& image, SlabReader& labels, const Spacing& voxel_mm,
                        const RunControl& control) {
    quant::OrganStatisticsOptions how;
    how.border_classes = request_.stats_include_incomplete;
    how.median = request_.stats_aggregation == "median";
    how.extra = request_.stats_extra && !options_.fast;
    std::vector<quant::OrganClass> classes;
    for (const Label& label : task().labels()) classes.push_back({label.value, quant::class_name(label)});
    const std::array<float, 3> zooms_mm{static_cast<float>(voxel_mm[0]), static_cast<float>(voxel_mm[1]),
                                        static_cast<float>(voxel_mm[2])};
    outputs_.add_bytes(
        job_.statistics,
        quant::organ_statistics_json(quant::organ_statistics(image, labels, zooms_mm, classes, how, control),
                                     how.extra));
  }

  // Of the class files, by their names.
  void describe(const RunControl& control) {
    if (job_.radiomics.empty()) return;
    NiftiReadOptions first;
    first.first_volume = true;
    outputs_.add_bytes(job_.radiomics,
                       task::radiomics_json(task::features_by_class(
                           read_nifti(job_.image, first), found_.labels, task().labels(), control)));
  }

  void draw() {
    MontageOptions options;
    options.title = job_.image.filename().string();
    options.subtitle = "task " + task().name();
    if (!job_.picture.empty()) {
      NiftiReadOptions first;
      first.first_volume = true;
      outputs_.add_bytes(job_.picture, qc_montage_png(read_nifti(job_.image, first), found_.labels,
                                                      task().labels(), options));
    }
    if (!job_.preview.empty() && !nothing_run()) {
      outputs_.add_bytes(job_.preview,
                         organ_preview_png(found_.grid_image, found_.grid_labels, task().labels(), options));
    }
  }

  void tell() {
    if (!job_.sidecar.empty()) {
      std::vector<fs::path> images{job_.image};
      images.insert(images.end(), job_.others.begin(), job_.others.end());
      outputs_.add_bytes(job_.sidecar, task::task_sidecar_text(segmenter_, images, control_, warnings_));
    }
    if (!job_.report.empty()) {
      const std::chrono::duration<double> seconds = Clock::now() - start_;
      outputs_.add_bytes(job_.report,
                         report_text(segmenter_, job_, options_, seconds.count(), outputs_.files()));
    }
  }

  Segmenter& segmenter_;
  const OrganJob& job_;
  const OrganRequest& request_;
  const TaskOptions& options_;
  const RunControl& control_;
  const Clock::time_point start_ = Clock::now();
  std::unique_ptr<NiftiReader> image_;
  TaskGridLabels found_;
  std::vector<Warning> warnings_;
  Outputs outputs_;
  std::optional<task::ProbabilityFiles> probabilities_;
};

}  // namespace

void check_organ_files(const OrganJob& job, const Task& task, const TaskOptions& options) {
  io::OutputGuard guard;
  open_image(job.image);
  guard.reads_image(job.image, "image");
  for (const fs::path& each : job.others) {
    open_image(each);
    guard.reads_image(each, "image");
  }
  guard.writes(job.label_map, "label map");
  guard.writes(job.statistics, "statistics");
  guard.writes(job.radiomics, "radiomics");
  guard.writes(job.preview, "preview");
  guard.writes(job.picture, "picture");
  guard.writes(job.sidecar, "JSON about the labels");
  guard.writes(job.report, "report");
  if (!job.probabilities.empty()) {
    for (const fs::path& each : task::probability_files(task.state().spec, job.probabilities)) {
      guard.writes(each, "probabilities");
      create_folder(each.parent_path());
      const io::AtomicFile probe(each);
    }
  }
  if (!job.class_folder.empty()) {
    std::vector<ClassFile> files = class_files_of(task, job.class_folder);
    if (has_derived_masks(task, options)) {
      files.push_back({0, job.class_folder / "body.nii.gz"});
      files.push_back({0, job.class_folder / "skin.nii.gz"});
    }
    for (const ClassFile& each : files) guard.writes(each.file, "class file");
    create_folder(job.class_folder);
    const io::AtomicFile probe(
        files.front().file);  // shows now, not after hours, that the folder cannot be written
  }
  if (!job.label_map.empty()) {
    create_folder(job.label_map.parent_path());
    const io::AtomicFile probe(job.label_map);
  }
}

std::vector<fs::path> write_organ_files(Segmenter& segmenter, const OrganJob& job,
                                        const OrganRequest& request, const TaskOptions& options,
                                        const RunControl& control) {
  return OrganRun(segmenter, job, request, options, control).files();
}

}  // namespace musclemap::batch
