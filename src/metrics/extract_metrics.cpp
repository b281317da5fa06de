#include <algorithm>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/progress.hpp"
#include "base/text.hpp"
#include "base/warnings.hpp"
#include "base/whole_bones.hpp"
#include "image/section_axis.hpp"
#include "io/files/atomic_file.hpp"
#include "io/files/output_folder.hpp"
#include "metrics/map_writers.hpp"
#include "metrics/metrics_files.hpp"
#include "metrics/metrics_inputs.hpp"
#include "metrics/metrics_options.hpp"
#include "metrics/metrics_picture.hpp"
#include "metrics/metrics_sidecar.hpp"
#include "metrics/tissue_edits.hpp"
#include "musclemap/error.hpp"
#include "musclemap/metrics.hpp"
#include "quant/label_intensities.hpp"
#include "quant/label_shapes.hpp"
#include "quant/label_sweep.hpp"
#include "quant/measure_stream.hpp"
#include "quant/table/metrics_tables.hpp"
#include "quant/tissue_pass.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;

TissueMethod tissue_method(MetricsMethod method) {
  if (method == MetricsMethod::kmeans) return TissueMethod::kmeans;
  return method == MetricsMethod::gmm ? TissueMethod::gmm : TissueMethod::hu;
}

// A flat file is one slice, wherever it lies in the patient, unless the caller names an axis.
SectionAxis section_of(SectionAxis wanted, const metrics::MetricsInputs& inputs) {
  const bool named = wanted != SectionAxis::superior && wanted != SectionAxis::stored;
  return inputs.flat_axis && !named ? image::named_axis(*inputs.flat_axis) : wanted;
}

// One run: from open files to files with names.
class Extraction {
 public:
  Extraction(const MetricsRequest& request, const RunControl& control)
      : request_(metrics::with_files_read(request, &warnings_of_names_)),
        control_(control),
        files_(metrics::metrics_files(request_)),
        inputs_(metrics::open_metrics_inputs(request_)),
        section_(section_of(request.section_axis, inputs_)),
        scale_(quant::table_scale(inputs_.labels->geometry(), inputs_.voxel_size, section_)),
        steps_(control, weights()) {
    request_.tissue.method = tissue_method(request.method);
    request_.tissue.geometry_tolerance = request.geometry_tolerance;
    inputs_.warnings.insert(inputs_.warnings.begin(), warnings_of_names_.begin(), warnings_of_names_.end());
    if (inputs_.flat_axis) scale_.slice_axis = *inputs_.flat_axis;
    check_memory();
  }

  MetricsReport run() {
    prepare_outputs();
    if (metrics::divides(request_.method)) {
      divide();
    } else {
      take_means();
    }
    metrics_.warnings.insert(metrics_.warnings.begin(), inputs_.warnings.begin(), inputs_.warnings.end());
    base::warn(control_, metrics_.warnings);
    write_tables();
    draw();
    commit();
    return {files_.table, files_.all(request_.picture), std::move(metrics_)};
  }

 private:
  // Those that a request does not need weigh nothing.
  enum Step : std::size_t { gathering, fitting, ranging, dividing, drawing, finishing };

  struct TextFile {
    std::unique_ptr<io::AtomicFile> file;
    std::string text;
  };

  void check_memory() const {
    std::size_t bytes = inputs_.labels->held_bytes();
    for (const auto& values : inputs_.values) bytes += values->held_bytes();
    bytes += metrics::held_bytes(files_.maps, *inputs_.labels, request_.compat_types);
    image::check_held_memory(bytes, control_);
  }

  // Shows now, not after the work, what cannot be written.
  void prepare_outputs() {
    io::OutputGuard guard;
    metrics::check_metrics_outputs(request_, files_, &guard);
    for (const fs::path& path : files_.all(request_.picture)) {
      if (!path.parent_path().empty()) create_folder(path.parent_path());
    }
    const io::AtomicFile probe(files_.table);
    if (files_.other_map.empty()) return;
    inputs_.warnings.push_back(
        {WarningCode::results_apart, "the usual names hold the results of another label map, " +
                                         base::printable(files_.other_map) + "; these are in " +
                                         base::printable(files_.table.filename().native())});
  }

  static void create_folder(const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) throw Error(ErrorCode::io, Reason::io, "cannot be created: " + failed.message(), folder);
  }

  void take_means() {
    quant::MeanSource source{ValueKind::intensity, inputs_.values.front().get()};
    if (request_.method == MetricsMethod::dixon) {
      source = {ValueKind::fat_fraction, inputs_.values[0].get(), inputs_.values[1].get()};
    }
    metrics_ =
        quant::measure_mean_stream(*inputs_.labels, source, request_.names, scale_, steps_.step(gathering));
  }

  void divide() {
    quant::LabelShapes shapes(inputs_.labels->geometry().shape, scale_.slice_axis, scale_.section_axis);
    quant::LabelIntensities intensities;
    SlabReader& image = *inputs_.values.front();
    quant::LabelSweep reading(*inputs_.labels, {&image});
    reading.run(Stage::read, steps_.step(gathering), [&](const quant::SweepSlab& slab) {
      shapes.add(slab);
      intensities.add(slab);
      return quant::SweepTasks{};
    });
    inputs_.warnings.insert(inputs_.warnings.end(), reading.warnings().begin(), reading.warnings().end());
    fits_ = intensities.fit(request_.tissue, steps_.step(fitting), &inputs_.warnings);
    if (fits_.empty()) {
      throw Error(ErrorCode::format, Reason::labels, "no labels found: every voxel is 0", request_.labels);
    }
    // MuscleMap divides bones like muscles, so its own columns have them unless the caller says otherwise.
    const bool own_columns = !request_.table.all_columns && request_.table.columns.empty();
    fits_ = base::whole_bones(std::move(fits_), request_.names,
                              request_.tissue.divide_bones.value_or(own_columns));
    open_erasures();
    open_maps();
    quant::TissuePass pass = new_pass();
    sweep(dividing, Stage::measure, [&](const quant::SweepSlab& slab) {
      if (files_.maps.empty()) {
        pass.add(slab, {});
        return quant::SweepTasks{};
      }
      const std::shared_ptr<metrics::MapWriters::Slab> planes = maps_->begin(slab.labels.geometry());
      pass.add(slab, planes->planes());
      return maps_->tasks(slab.k_begin, planes);
    });
    metrics_ = quant::tissue_tables(shapes.of_label(), scale_, fits_, request_.tissue, pass.counts(),
                                    request_.names);
  }

  // The image and the masks of the edits.
  template <class Work>
  void sweep(Step step, Stage stage, const Work& work) {
    std::vector<SlabReader*> values{inputs_.values.front().get()};
    for (const auto& mask : masks_) values.push_back(mask.get());
    quant::LabelSweep(*inputs_.labels, values).run(stage, steps_.step(step), work);
  }

  quant::TissuePass new_pass() const { return {fits_, request_.tissue, scale_.section_axis, exclusions_}; }

  void open_erasures() {
    for (const metrics::Erasure& erasure :
         metrics::apply_edits(request_.edits, request_.names, request_.tissue, &fits_)) {
      masks_.push_back(metrics::open_on_grid(erasure.mask, *inputs_.labels, "mask",
                                             request_.geometry_tolerance, &inputs_.warnings));
      exclusions_.push_back({false, erasure.labels});
    }
  }

  void open_maps() {
    std::vector<metrics::ProbabilityRange> ranges;
    if (needs_ranges()) ranges = find_ranges();
    maps_.emplace(files_.maps, *inputs_.labels, request_.compat_types, request_.header_text, ranges);
  }

  bool needs_ranges() const {
    return metrics::needs_ranges(files_.maps, inputs_.labels->file(), request_.compat_types);
  }

  std::vector<metrics::ProbabilityRange> find_ranges() {
    const auto components = static_cast<std::size_t>(request_.tissue.components);
    std::vector<metrics::ProbabilityRange> ranges(components, {1, 0});
    quant::TissuePass pass = new_pass();
    sweep(ranging, Stage::classify, [&](const quant::SweepSlab& slab) {
      metrics::MapWriters::Slab planes(slab.labels.geometry(), false, components);
      pass.add(slab, planes.planes());
      const Index3& n = slab.labels.geometry().shape;
      for (std::size_t c = 0; c < components; ++c) {
        const float* first = planes.planes().probabilities[c].data;
        const auto [least, most] = std::minmax_element(first, first + n[0] * n[1] * n[2]);
        ranges[c] = {std::min(ranges[c].least, *least), std::max(ranges[c].most, *most)};
      }
      return quant::SweepTasks{};
    });
    return ranges;
  }

  void add_text(const fs::path& path, std::string text) {
    if (path.empty()) return;
    TextFile file{std::make_unique<io::AtomicFile>(path), std::move(text)};
    file.file->write(file.text.data(), file.text.size());
    texts_.push_back(std::move(file));
  }

  void write_tables() {
    const metrics::MetricsRecord record{request_, fits_, metrics_, scale_};
    const bool record_inside = request_.sidecar && request_.table.format == TableFormat::json;
    add_text(files_.table,
             record_inside ? metrics_json_text(record) : text_of(metrics_.labels, request_.table));
    if (!files_.sidecar.empty()) add_text(files_.sidecar, metrics_sidecar_text(record));
    TableWriteOptions slices = request_.table;
    slices.columns.clear();
    if (!files_.slices.empty()) add_text(files_.slices, text_of(metrics_.slices, slices));
    if (!files_.slices_dictionary.empty()) {
      add_text(files_.slices_dictionary, metrics_.slices.dictionary(slices) + "\n");
    }
  }

  static std::string text_of(const MetricsTable& table, const TableWriteOptions& options) {
    std::ostringstream text;
    table.write(text, options);
    return text.str();
  }

  // The table's own axis where that was chosen by the voxel size that the file states.
  SectionAxis picture_section() const {
    return section_ == SectionAxis::stored ? image::named_axis(scale_.section_axis) : section_;
  }

  void draw() {
    if (request_.picture.empty()) return;
    const metrics::PictureOfMetrics picture(request_, inputs_, fits_, metrics_.labels, picture_section());
    if (metrics::divides(request_.method)) {
      add_text(request_.picture, picture.tissue_png(tissue_in_memory()));
    } else {
      add_text(request_.picture, picture.label_png());
    }
  }

  Volume tissue_in_memory() {
    Volume tissue = Volume::zeros(inputs_.labels->geometry(), DType::u8);
    quant::TissuePass pass = new_pass();
    sweep(drawing, Stage::classify, [&](const quant::SweepSlab& slab) {
      const Index3 shape = slab.labels.geometry().shape;
      const VoxelView<std::uint8_t> codes =
          tissue.subvolume({0, 0, slab.k_begin}, shape).mutable_view<std::uint8_t>();
      pass.add(slab, {codes, {}});
      const std::int64_t count = shape[0] * shape[1] * shape[2];
      std::transform(codes.data, codes.data + count, codes.data, quant::combined_code);
      return quant::SweepTasks{};
    });
    return tissue;
  }

  // By the passes over the voxels.
  std::vector<double> weights() const {
    const double pass = base::stage_weight(Stage::read);
    const bool divides = metrics::divides(request_.method);
    return {pass,
            divides ? base::stage_weight(Stage::classify) : 0,
            divides && needs_ranges() ? pass : 0,
            divides ? base::stage_weight(Stage::measure) : 0,
            request_.picture.empty() ? 0 : pass,
            base::stage_weight(Stage::write)};
  }

  void commit() {
    base::report(steps_.step(finishing), Stage::write, 1, 1);
    if (maps_) maps_->commit();
    for (TextFile& file : texts_) file.file->commit();
  }

  std::vector<Warning> warnings_of_names_;  // filled while the request is made
  MetricsRequest request_;
  const RunControl& control_;
  metrics::MetricsFiles files_;
  metrics::MetricsInputs inputs_;
  SectionAxis section_;
  quant::TableScale scale_;
  base::Steps steps_;
  std::vector<TissueFit> fits_;
  std::vector<std::unique_ptr<metrics::AlignedFile>> masks_;
  std::vector<quant::Exclusion> exclusions_;
  std::optional<metrics::MapWriters> maps_;
  Metrics metrics_;
  std::vector<TextFile> texts_;
};

}  // namespace

MetricsReport extract_metrics(const MetricsRequest& request, const RunControl& control) {
  metrics::check_request(request);
  io::check_output_folder(request.output_folder);
  try {
    return Extraction(request, control).run();
  } catch (const Error& error) {
    // What is wrong with voxels is wrong with labels: the readers name their own files.
    throw error.code() == ErrorCode::format ? error.about(request.labels) : error;
  }
}

}  // namespace musclemap
