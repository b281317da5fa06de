// Objects and exceptions over the C interface, in a header alone: for C++ programs whose compiler or standard
// library is not that of musclemap. Only plain C crosses into the library. C++17.
//
// Objects own their handles and move; Volume also copies, which shares the voxels. Threads and lifetimes are
// those of musclemap.h. A function that a call needs but that is not wrapped takes get().
#ifndef MUSCLEMAP_CAPI_HPP_
#define MUSCLEMAP_CAPI_HPP_

#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "musclemap.h"

/// Objects and exceptions over the C interface. Members call the functions of their names in musclemap.h,
/// whose errors they throw as Error.
namespace musclemap::c {

/// A status that was not MM_OK, with what mm_last_error_info() said of it.
class Error : public std::runtime_error {
 public:
  /// @param code MM_E_*
  /// @param reason MM_REASON_*
  /// @param file that the error is about; empty for none
  /// @param message one line without the file
  Error(mm_status code, std::int32_t reason, std::string file, const std::string& message)
      : std::runtime_error(message), code_(code), reason_(reason), file_(std::move(file)) {}
  /// @return MM_E_*
  mm_status code() const noexcept { return code_; }
  /// @return MM_REASON_*
  std::int32_t reason() const noexcept { return reason_; }
  /// @return the file that the error is about; empty for none
  const std::string& file() const noexcept { return file_; }

 private:
  mm_status code_;
  std::int32_t reason_;
  std::string file_;
};

/// @return a struct of the C interface with its size set and all else 0
template <class T>
T make() {
  T made{};
  made.struct_size = sizeof made;
  return made;
}

/// Throws Error for anything but MM_OK.
/// @param status of the call that this thread made last
inline void check(mm_status status) {
  if (status == MM_OK) return;
  auto info = make<mm_error_info>();
  if (mm_last_error_info(&info) != MM_OK) throw Error(status, 0, {}, mm_status_name(status));
  throw Error(status, info.reason, info.file, info.message);
}

/// Owner of a handle.
template <class T, void (*Free)(T*)>
class Handle {
 public:
  /// Of nothing.
  Handle() = default;
  /// @param handle is freed with this object
  explicit Handle(T* handle) noexcept : handle_(handle) {}
  /// @return the handle, for functions of the C interface; null where there is none
  T* get() const noexcept { return handle_.get(); }
  /// @return whether there is a handle
  explicit operator bool() const noexcept { return handle_ != nullptr; }

 private:
  struct Deleter {
    void operator()(T* handle) const noexcept { Free(handle); }
  };
  std::unique_ptr<T, Deleter> handle_;
};

/// @param call takes a T** and returns a status
/// @return the object that `call(&handle)` makes
template <class Object, class T, class Call>
Object made_by(const Call& call) {
  T* handle = nullptr;
  check(call(&handle));
  return Object(handle);
}

/// An mm_write_fn.
/// @param bytes are appended
/// @param count of them
/// @param to a std::string
/// @return 0; 1 where there is no memory
inline std::int32_t append_text(const char* bytes, std::size_t count, void* to) noexcept {
  try {
    static_cast<std::string*>(to)->append(bytes, count);
    return 0;
  } catch (...) {
    return 1;
  }
}

/// @param call takes an mm_write_fn and its user_data, and returns a status
/// @return the bytes that the call hands over
template <class Call>
std::string text_of(const Call& call) {
  std::string text;
  check(call(append_text, &text));
  return text;
}

/// Ends runs from any thread.
class CancelToken : public Handle<mm_cancel_token, mm_cancel_token_free> {
 public:
  /// Not cancelled.
  CancelToken() : Handle(made_by<Handle, mm_cancel_token>(mm_cancel_token_create)) {}
  /// Ends the runs that have the token, and all later ones.
  void cancel() const noexcept { mm_cancel_token_cancel(get()); }
  /// @return whether it was cancelled
  bool cancelled() const noexcept { return mm_cancel_token_is_cancelled(get()) != 0; }
};

/// How a long call runs. What a callback throws ends the run and comes out of the call.
struct Run {
  std::function<void(const mm_progress&)> on_progress;  ///< on the calling thread; empty: none
  std::function<void(const mm_warning&)> on_warning;    ///< a remark about the input; empty: none
  const CancelToken* cancel = nullptr;                  ///< lives until the call returns; null: none
  std::int32_t threads = 0;                             ///< see mm_run_options
  std::uint64_t memory_budget = 0;                      ///< bytes; see mm_run_options
};

/// Makes one call with the options of a Run.
/// @param run progress, cancelling, limits
/// @param call takes a const mm_run_options* and returns a status
template <class Call>
void run_with(const Run& run, const Call& call) {
  struct State {
    const Run* run;
    std::exception_ptr thrown;
  } state{&run, nullptr};
  auto options = make<mm_run_options>();
  options.threads = run.threads;
  options.memory_budget = run.memory_budget;
  options.cancel = run.cancel != nullptr ? run.cancel->get() : nullptr;
  options.user_data = &state;
  // Always there: a warning that throws is noticed at the next progress.
  options.on_progress = [](const mm_progress* progress, void* data) -> std::int32_t {
    auto* own = static_cast<State*>(data);
    if (own->thrown) return 1;
    try {
      if (own->run->on_progress) own->run->on_progress(*progress);
    } catch (...) {
      own->thrown = std::current_exception();
    }
    return own->thrown ? 1 : 0;
  };
  options.on_warning = [](const mm_warning* warning, void* data) {
    auto* own = static_cast<State*>(data);
    if (own->thrown || !own->run->on_warning) return;
    try {
      own->run->on_warning(*warning);
    } catch (...) {
      own->thrown = std::current_exception();
    }
  };
  const mm_status status = call(&options);
  if (state.thrown) std::rethrow_exception(state.thrown);
  check(status);
}

/// The same for a call that makes an object.
/// @param run progress, cancelling, limits
/// @param call takes a const mm_run_options* and a T**, and returns a status
/// @return what the call makes
template <class Object, class T, class Call>
Object made_by_run(const Run& run, const Call& call) {
  Object object;
  run_with(run, [&](const mm_run_options* options) {
    T* handle = nullptr;
    const mm_status status = call(options, &handle);
    if (status == MM_OK) object = Object(handle);
    return status;
  });
  return object;
}

/// Shared voxels.
class Volume : public Handle<mm_volume, mm_volume_free> {
 public:
  using Handle::Handle;
  /// One more owner of the voxels.
  /// @param other may be of nothing
  Volume(const Volume& other) : Handle(shared(other.get())) {}
  /// The other is of nothing afterwards.
  Volume(Volume&&) noexcept = default;
  /// One more owner of the voxels.
  /// @param other may be of nothing
  /// @return this
  Volume& operator=(const Volume& other) {
    if (this != &other) *this = Volume(other);
    return *this;
  }
  /// The other is of nothing afterwards.
  /// @return this
  Volume& operator=(Volume&&) noexcept = default;
  ~Volume() = default;

  /// Memory without a copy.
  /// @param desc where the voxels are
  /// @param owner let go with the last user of the voxels
  /// @return shows the memory
  static Volume wrap(const mm_volume_desc& desc, std::shared_ptr<const void> owner = nullptr) {
    auto kept = std::make_unique<std::shared_ptr<const void>>(std::move(owner));
    const mm_release_fn release = [](void* data) { delete static_cast<std::shared_ptr<const void>*>(data); };
    Volume volume = made_by<Volume, mm_volume>(
        [&](mm_volume** out) { return mm_volume_wrap(&desc, release, kept.get(), out); });
    static_cast<void>(kept.release());
    return volume;
  }
  /// @param desc dtype, shape and affine count
  /// @return new memory, all zero, contiguous with i fastest
  static Volume zeros(const mm_volume_desc& desc) {
    return made_by<Volume, mm_volume>([&](mm_volume** out) { return mm_volume_zeros(&desc, out); });
  }
  /// @param path a NIfTI file
  /// @param options null: the defaults
  /// @param run progress, cancelling
  /// @return as mm_volume_read() gives it
  static Volume read(const std::string& path, const mm_nifti_read_options* options = nullptr,
                     const Run& run = {}) {
    return made_by_run<Volume, mm_volume>(run, [&](const mm_run_options* run_options, mm_volume** out) {
      return mm_volume_read(path.c_str(), options, run_options, out);
    });
  }
  /// @param path .nii or .nii.gz
  /// @param options null: the defaults
  /// @param run progress, cancelling, threads
  void write(const std::string& path, const mm_nifti_write_options* options = nullptr,
             const Run& run = {}) const {
    run_with(run, [&](const mm_run_options* run_options) {
      return mm_volume_write(get(), path.c_str(), options, run_options);
    });
  }
  /// @return where the voxels are; `data` lives as long as the volume
  mm_volume_desc describe() const {
    auto desc = make<mm_volume_desc>();
    check(mm_volume_describe(get(), &desc));
    return desc;
  }
  /// @return the voxels in new memory, contiguous with i fastest
  Volume deep_copy() const {
    return made_by<Volume, mm_volume>([&](mm_volume** out) { return mm_volume_copy(get(), out); });
  }

 private:
  static mm_volume* shared(mm_volume* volume) {
    if (volume != nullptr) check(mm_volume_retain(volume));
    return volume;
  }
};

/// What a value of a label map is.
struct Label {
  std::int32_t value = 0;   ///< not 0
  std::string region;       ///< body region; may be empty, as the four below
  std::string anatomy;      ///< structure, such as "vastus lateralis"
  std::string side;         ///< "left", "right", "no side" or empty
  std::string snomed = {};  ///< SNOMED CT code
  std::string kind = {};    ///< "muscle", "bone", "organ", "fat", "other" or empty
};

/// Names of label values.
class Labels : public Handle<mm_labels, mm_labels_free> {
 public:
  using Handle::Handle;
  /// @param path as for mm_labels_read()
  /// @return ascending by value
  static Labels read(const std::string& path) {
    return made_by<Labels, mm_labels>([&](mm_labels** out) { return mm_labels_read(path.c_str(), out); });
  }
  /// @param region such as "thigh", any case
  /// @param version such as "1.4"; "latest": the highest by number
  /// @return a table that the library holds
  static Labels builtin(const std::string& region, const std::string& version = "latest") {
    return made_by<Labels, mm_labels>(
        [&](mm_labels** out) { return mm_labels_builtin(region.c_str(), version.c_str(), out); });
  }
  /// @param labels at least one, in any order
  /// @return ascending by value
  static Labels of(const std::vector<Label>& labels) {
    std::vector<mm_label> plain;
    for (const Label& label : labels) {
      plain.push_back({sizeof(mm_label), label.value, label.region.c_str(), label.anatomy.c_str(),
                       label.side.c_str(), label.snomed.c_str(), label.kind.c_str()});
    }
    const auto count = static_cast<std::int64_t>(plain.size());
    const mm_label none{};
    return made_by<Labels, mm_labels>(
        [&](mm_labels** out) { return mm_labels_create(plain.empty() ? &none : plain.data(), count, out); });
  }
  /// @return copies, ascending by value
  std::vector<Label> all() const {
    std::int64_t count = 0;
    check(mm_labels_count(get(), &count));
    std::vector<Label> labels;
    for (std::int64_t n = 0; n < count; ++n) {
      auto label = make<mm_label>();
      check(mm_labels_at(get(), n, &label));
      labels.push_back({label.value, label.region, label.anatomy, label.side, label.snomed, label.kind});
    }
    return labels;
  }
  /// @param viewer MM_VIEWER_*
  /// @return its table of names and colours
  std::string table(std::int32_t viewer) const {
    return text_of([&](mm_write_fn write, void* to) { return mm_labels_write(get(), viewer, write, to); });
  }
};

/// A model.
class Bundle : public Handle<mm_bundle, mm_bundle_free> {
 public:
  using Handle::Handle;
  /// @param path as for mm_bundle_open()
  /// @param trust run this TorchScript file although its SHA-256 is registered nowhere
  /// @param run progress, cancelling
  /// @return read and checked
  static Bundle open(const std::string& path, bool trust = false, const Run& run = {}) {
    auto options = make<mm_bundle_options>();
    options.trust = trust ? 1 : 0;
    return made_by_run<Bundle, mm_bundle>(run, [&](const mm_run_options* run_options, mm_bundle** out) {
      return mm_bundle_open(path.c_str(), &options, run_options, out);
    });
  }
  /// @return texts live as long as the bundle
  mm_bundle_info describe() const {
    auto info = make<mm_bundle_info>();
    check(mm_bundle_describe(get(), &info));
    return info;
  }
  /// @return what the values of its label maps mean
  Labels labels() const {
    return made_by<Labels, mm_labels>([&](mm_labels** out) { return mm_bundle_labels(get(), out); });
  }
};

/// What is done to an image, with which networks, until it is a label map.
class Task : public Handle<mm_task, mm_task_free> {
 public:
  using Handle::Handle;
  /// @param name_or_path as for mm_task_open()
  /// @param options null: the defaults
  /// @param run cancelling
  /// @return checked; weights are not read
  static Task open(const std::string& name_or_path, const mm_task_options* options = nullptr,
                   const Run& run = {}) {
    return made_by_run<Task, mm_task>(run, [&](const mm_run_options* run_options, mm_task** out) {
      return mm_task_open(name_or_path.c_str(), options, run_options, out);
    });
  }
  /// @return texts live as long as the task
  mm_task_info describe() const {
    auto info = make<mm_task_info>();
    check(mm_task_describe(get(), &info));
    return info;
  }
  /// @return what the values of its label maps mean
  Labels labels() const {
    return made_by<Labels, mm_labels>([&](mm_labels** out) { return mm_task_labels(get(), out); });
  }
  /// @return the task as JSON, indented
  std::string json() const {
    return text_of([&](mm_write_fn write, void* data) { return mm_task_write_json(get(), write, data); });
  }
};

/// An image that is handed over slice by slice; see mm_slab_source.
struct SlabSource {
  std::int32_t dtype = MM_DTYPE_F32;    ///< MM_DTYPE_*, native byte order
  std::array<std::int64_t, 3> shape{};  ///< voxels along i, j, k
  std::array<double, 16> affine{};      ///< row-major, voxel to RAS+ mm; all 0: the identity
  /// Fills request.voxels; what it throws ends the run and comes out of it.
  std::function<void(const mm_slab_request&)> read;
};

/// Segments images. One run at a time; cancel() from any thread.
class Segmenter : public Handle<mm_segmenter, mm_segmenter_free> {
 public:
  /// Loads the engine and the weights.
  /// @param bundle may go afterwards
  /// @param options null: the defaults
  /// @param run threads that prepare the weights, cancelling
  explicit Segmenter(const Bundle& bundle, const mm_segment_options* options = nullptr, const Run& run = {})
      : Handle(made_by_run<Handle, mm_segmenter>(
            run, [&](const mm_run_options* run_options, mm_segmenter** out) {
              return mm_segmenter_create(bundle.get(), options, run_options, out);
            })) {}
  /// The same for a task, whose networks are loaded when they are first run.
  /// @param task may go afterwards
  /// @param options null: the defaults
  /// @param run threads, cancelling
  explicit Segmenter(const Task& task, const mm_segment_options* options = nullptr, const Run& run = {})
      : Handle(made_by_run<Handle, mm_segmenter>(
            run, [&](const mm_run_options* run_options, mm_segmenter** out) {
              return mm_segmenter_create_of_task(task.get(), options, run_options, out);
            })) {}
  /// @param image of any dtype
  /// @param run progress, cancelling, limits
  /// @return on the image's grid: i16, of a task u8 where its labels are small enough
  Volume run(const Volume& image, const Run& run = {}) {
    return made_by_run<Volume, mm_volume>(run, [&](const mm_run_options* options, mm_volume** out) {
      return mm_segmenter_run(get(), image.get(), options, out);
    });
  }
  /// @param source of the image, in slabs
  /// @param run progress, cancelling, limits
  /// @return on the source's grid, as above
  Volume run(const SlabSource& source, const Run& run = {}) {
    struct State {
      const SlabSource* source;
      std::exception_ptr thrown;
    } state{&source, nullptr};
    auto plain = make<mm_slab_source>();
    plain.dtype = source.dtype;
    std::copy(source.shape.begin(), source.shape.end(), std::begin(plain.shape));
    std::copy(source.affine.begin(), source.affine.end(), std::begin(plain.affine));
    plain.user_data = &state;
    plain.read = [](mm_slab_request* request, void* data) -> std::int32_t {
      auto* own = static_cast<State*>(data);
      try {
        own->source->read(*request);
        return MM_OK;
      } catch (...) {
        own->thrown = std::current_exception();
        return MM_E_CANCELLED;
      }
    };
    try {
      return made_by_run<Volume, mm_volume>(run, [&](const mm_run_options* options, mm_volume** out) {
        return mm_segmenter_run_slabs(get(), &plain, options, out);
      });
    } catch (const Error&) {
      if (state.thrown) std::rethrow_exception(state.thrown);
      throw;
    }
  }
  /// By streaming; files appear whole or not at all.
  /// @param image a NIfTI file
  /// @param labels .nii or .nii.gz
  /// @param run progress, cancelling, limits
  /// @param file_options null: the defaults
  void run_file(const std::string& image, const std::string& labels, const Run& run = {},
                const mm_segment_file_options* file_options = nullptr) {
    run_with(run, [&](const mm_run_options* options) {
      return mm_segmenter_run_file(get(), image.c_str(), labels.c_str(), file_options, options);
    });
  }
  /// @param image shape and affine count
  /// @return bytes that a run takes at its peak beside what the process holds; an upper estimate
  std::uint64_t peak_bytes(const mm_volume_desc& image) const {
    std::uint64_t bytes = 0;
    check(mm_segmenter_peak_bytes(get(), &image, nullptr, &bytes));
    return bytes;
  }
  /// @return of the last run; texts live until the next one
  mm_segment_report report() const {
    auto report = make<mm_segment_report>();
    check(mm_segmenter_report(get(), &report));
    return report;
  }
  /// Ends the run that is under way, from any thread.
  void cancel() const noexcept { mm_segmenter_cancel(get()); }
};

/// Rows and columns.
class Table : public Handle<mm_table, mm_table_free> {
 public:
  using Handle::Handle;
  /// @return number of rows
  std::int64_t rows() const {
    std::int64_t count = 0;
    check(mm_table_row_count(get(), &count));
    return count;
  }
  /// @return number of columns
  std::int64_t columns() const {
    std::int64_t count = 0;
    check(mm_table_column_count(get(), &count));
    return count;
  }
  /// @param number from 0
  /// @return texts and values live as long as the table
  mm_column column(std::int64_t number) const {
    auto column = make<mm_column>();
    check(mm_table_describe_column(get(), number, &column));
    return column;
  }
  /// @param name identifier or title, any case
  /// @return number of the column, from 0
  std::int64_t find(const std::string& name) const {
    std::int64_t number = 0;
    check(mm_table_find_column(get(), name.c_str(), &number));
    return number;
  }
  /// @param name identifier or title of a column of numbers, any case
  /// @return one per row, NaN: not measurable; empty for a column of texts
  std::vector<double> values(const std::string& name) const {
    const double* values = column(find(name)).values;
    if (values == nullptr) return {};
    return {values, values + rows()};
  }
  /// @param column of texts, from 0
  /// @param row from 0
  /// @return the cell
  std::string text(std::int64_t column, std::int64_t row) const {
    const char* cell = nullptr;
    check(mm_table_text(get(), column, row, &cell));
    return cell;
  }
  /// @param options null: the defaults
  /// @return the table as text, the same in every locale
  std::string write(const mm_table_write_options* options = nullptr) const {
    return text_of([&](mm_write_fn take, void* to) { return mm_table_write(get(), options, take, to); });
  }
};

/// An image divided into muscle and fat.
class Tissue : public Handle<mm_tissue, mm_tissue_free> {
 public:
  using Handle::Handle;
  /// @param image of any dtype
  /// @param labels whole numbers of any dtype on the image's grid; 0 is background
  /// @param options null: the defaults
  /// @param run progress, cancelling, limits
  /// @return holds image and labels
  static Tissue classify(const Volume& image, const Volume& labels,
                         const mm_tissue_options* options = nullptr, const Run& run = {}) {
    return made_by_run<Tissue, mm_tissue>(run, [&](const mm_run_options* run_options, mm_tissue** out) {
      return mm_tissue_classify(image.get(), labels.get(), options, run_options, out);
    });
  }
  /// @return ascending by label
  std::vector<mm_tissue_fit> fits() const {
    std::int64_t count = 0;
    check(mm_tissue_fit_count(get(), &count));
    std::vector<mm_tissue_fit> fits(static_cast<std::size_t>(count), make<mm_tissue_fit>());
    for (std::int64_t n = 0; n < count; ++n)
      check(mm_tissue_fit_at(get(), n, &fits[static_cast<std::size_t>(n)]));
    return fits;
  }
  /// @return u8, MM_TISSUE_* of every voxel on the labels' grid; read-only
  Volume volume() const {
    return made_by<Volume, mm_volume>([&](mm_volume** out) { return mm_tissue_volume(get(), out); });
  }
  /// @param kind MM_TISSUE_MUSCLE, _FAT or _UNDEFINED
  /// @return u8, 1 where the voxel is of that tissue
  Volume mask(std::int32_t kind) const {
    return made_by<Volume, mm_volume>([&](mm_volume** out) { return mm_tissue_mask(get(), kind, out); });
  }
  /// @param kind MM_TISSUE_MUSCLE, _FAT or _UNDEFINED
  /// @return f32, probability of that tissue, 0 outside the labels
  Volume posterior(std::int32_t kind) const {
    return made_by<Volume, mm_volume>([&](mm_volume** out) { return mm_tissue_posterior(get(), kind, out); });
  }
  /// Takes effect with recompute().
  /// @param label whose thresholds move
  /// @param muscle_max largest intensity of muscle
  /// @param fat_min smallest intensity of fat; not used with two components
  void set_thresholds(std::int32_t label, double muscle_max, double fat_min) {
    check(mm_tissue_set_thresholds(get(), label, muscle_max, fat_min));
  }
  /// Takes effect with recompute().
  /// @param mask u8 on the labels' grid; voxels that are not 0 leave every count and map
  void set_exclusion_mask(const Volume& mask) { check(mm_tissue_set_exclusion_mask(get(), mask.get())); }
  /// Divides the voxels anew by the thresholds and the mask that are set.
  /// @param run progress, cancelling, limits
  void recompute(const Run& run = {}) {
    run_with(run, [&](const mm_run_options* options) { return mm_tissue_recompute(get(), options); });
  }
};

/// Composition of every label.
/// @param tissue the divided image
/// @param names of nothing: none
/// @param run progress, cancelling, limits
/// @return a row per label
inline Table measure(const Tissue& tissue, const Labels& names = {}, const Run& run = {}) {
  return made_by_run<Table, mm_table>(run, [&](const mm_run_options* options, mm_table** out) {
    return mm_measure(tissue.get(), names.get(), nullptr, options, nullptr, out);
  });
}

/// Mean under every label.
/// @param labels whole numbers of any dtype; 0 is background
/// @param values on the labels' grid
/// @param value_kind MM_VALUES_*
/// @param names of nothing: none
/// @param run progress, cancelling, limits
/// @return a row per label
inline Table measure_mean(const Volume& labels, const Volume& values, std::int32_t value_kind,
                          const Labels& names = {}, const Run& run = {}) {
  return made_by_run<Table, mm_table>(run, [&](const mm_run_options* options, mm_table** out) {
    return mm_measure_mean(labels.get(), values.get(), value_kind, names.get(), nullptr, options, nullptr,
                           out);
  });
}

/// Measures files by streaming and writes tables and maps, whole or not at all.
/// @param request what to measure and what to write
/// @param run progress, cancelling, limits
/// @return a row per label
inline Table extract_metrics(const mm_metrics_request& request, const Run& run = {}) {
  return made_by_run<Table, mm_table>(run, [&](const mm_run_options* options, mm_table** out) {
    return mm_extract_metrics(&request, options, nullptr, out);
  });
}

/// Dixon fat fraction F / (F + W).
/// @param fat of any dtype
/// @param water of any dtype on the same grid
/// @param run progress, cancelling, limits
/// @param geometry_tolerance most that corners of the grids may lie apart, in voxels; 0: 0.05
/// @return f32, 0 where F + W is 0
inline Volume fat_fraction(const Volume& fat, const Volume& water, const Run& run = {},
                           double geometry_tolerance = 0) {
  return made_by_run<Volume, mm_volume>(run, [&](const mm_run_options* options, mm_volume** out) {
    return mm_fat_fraction(fat.get(), water.get(), geometry_tolerance, options, out);
  });
}

/// The labels over the image.
/// @param image of any dtype
/// @param labels of an integer dtype on the image's grid
/// @param names of nothing: none
/// @param options null: the defaults
/// @return the bytes of a PNG file
inline std::string qc_montage_png(const Volume& image, const Volume& labels, const Labels& names = {},
                                  const mm_montage_options* options = nullptr) {
  return text_of([&](mm_write_fn write, void* to) {
    return mm_qc_montage_png(image.get(), labels.get(), names.get(), options, write, to);
  });
}

/// The structures as shaded surfaces by body system, and one slice.
/// @param image of any dtype
/// @param labels of an integer dtype on the image's grid
/// @param names of nothing: none
/// @param options null: the defaults
/// @return the bytes of a PNG file
inline std::string organ_preview_png(const Volume& image, const Volume& labels, const Labels& names = {},
                                     const mm_montage_options* options = nullptr) {
  return text_of([&](mm_write_fn write, void* to) {
    return mm_organ_preview_png(image.get(), labels.get(), names.get(), options, write, to);
  });
}

/// The tissues over the image.
/// @param tissue the divided image
/// @param names of nothing: none
/// @param options null: the defaults
/// @return the bytes of a PNG file
inline std::string tissue_montage_png(const Tissue& tissue, const Labels& names = {},
                                      const mm_montage_options* options = nullptr) {
  return text_of([&](mm_write_fn write, void* to) {
    return mm_tissue_montage_png(tissue.get(), names.get(), options, write, to);
  });
}

/// Pictures of a microscope, in memory or in an open file.
class Image : public Handle<mm_image, mm_image_free> {
 public:
  using Handle::Handle;
  /// Memory without a copy.
  /// @param desc where the pixels are
  /// @param owner let go with the last user of the pixels
  /// @return shows the memory
  static Image wrap(const mm_image_desc& desc, std::shared_ptr<const void> owner = nullptr) {
    auto kept = std::make_unique<std::shared_ptr<const void>>(std::move(owner));
    const mm_release_fn release = [](void* data) { delete static_cast<std::shared_ptr<const void>*>(data); };
    Image image = made_by<Image, mm_image>(
        [&](mm_image** out) { return mm_image_wrap(&desc, release, kept.get(), out); });
    static_cast<void>(kept.release());
    return image;
  }
  /// @param path a file of pictures, whose planes are read when they are asked for
  /// @param run hears warnings
  /// @return holds the file open
  static Image open(const std::string& path, const Run& run = {}) {
    return made_by_run<Image, mm_image>(run, [&](const mm_run_options* options, mm_image** out) {
      return mm_image_open(path.c_str(), options, out);
    });
  }
  /// @param path a file of pictures
  /// @param run progress, cancelling
  /// @return all planes in memory
  static Image read(const std::string& path, const Run& run = {}) {
    return made_by_run<Image, mm_image>(run, [&](const mm_run_options* options, mm_image** out) {
      return mm_image_read(path.c_str(), options, out);
    });
  }
  /// @return what the pixels are and where; lives as long as the image
  mm_image_desc describe() const {
    auto desc = make<mm_image_desc>();
    check(mm_image_describe(get(), &desc));
    return desc;
  }
  /// @return what the file said; lives as long as the image
  mm_image_file describe_file() const {
    auto file = make<mm_image_file>();
    check(mm_image_describe_file(get(), &file));
    return file;
  }
  /// @param t from 0
  /// @param c from 0
  /// @param z from 0
  /// @return one plane
  Image plane(std::int64_t t, std::int64_t c, std::int64_t z) const {
    return made_by<Image, mm_image>([&](mm_image** out) { return mm_image_plane(get(), t, c, z, out); });
  }
  /// @param path .tif or .tiff
  /// @param options null: the defaults
  /// @param run progress, cancelling
  void write_ome_tiff(const std::string& path, const mm_ome_tiff_options* options = nullptr,
                      const Run& run = {}) const {
    run_with(run, [&](const mm_run_options* run_options) {
      return mm_image_write_ome_tiff(get(), path.c_str(), options, run_options);
    });
  }
};

/// What a run of Cells gives.
struct CellsResult {
  Image labels;    ///< (T, 1, Z, Y, X)
  Image flows;     ///< of nothing where it was not asked for
  Image cellprob;  ///< as flows
};

/// Finds cells with a network of Cellpose 3. One run at a time.
class Cells : public Handle<mm_cells, mm_cells_free> {
 public:
  /// Loads the engine and the weights.
  /// @param name_or_path a file, or a name of Cellpose's own models
  /// @param options null: the defaults
  /// @param run progress, cancelling, threads
  explicit Cells(const std::string& name_or_path, const mm_cells_model_options* options = nullptr,
                 const Run& run = {})
      : Handle(made_by_run<Handle, mm_cells>(run, [&](const mm_run_options* run_options, mm_cells** out) {
          return mm_cells_open(name_or_path.c_str(), options, run_options, out);
        })) {}
  /// @return texts live as long as this object
  mm_cells_info describe() const {
    auto info = make<mm_cells_info>();
    check(mm_cells_describe(get(), &info));
    return info;
  }
  /// @param image each time is a picture of its own
  /// @param options null: the defaults
  /// @param run progress, cancelling, limits
  /// @param with_flows whether flows and logits are wanted too
  /// @return labels
  CellsResult run(const Image& image, const mm_cells_options* options = nullptr, const Run& run = {},
                  bool with_flows = false) {
    CellsResult result;
    run_with(run, [&](const mm_run_options* run_options) {
      mm_image* flows = nullptr;
      mm_image* cellprob = nullptr;
      mm_image* labels = nullptr;
      const mm_status status =
          mm_cells_run(get(), image.get(), options, run_options, with_flows ? &flows : nullptr,
                       with_flows ? &cellprob : nullptr, &labels);
      if (status == MM_OK) result = {Image(labels), Image(flows), Image(cellprob)};
      return status;
    });
    return result;
  }
  /// @return of the last run; numbers live until the next one
  mm_cells_run_report report() const {
    auto report = make<mm_cells_run_report>();
    check(mm_cells_report(get(), &report));
    return report;
  }
};

/// Masks of the cells in flows that a network gave.
/// @param flows along y and x
/// @param cellprob logits
/// @param options null: the defaults
/// @param run progress, cancelling, threads
/// @return labels
inline Image cells_masks(const Image& flows, const Image& cellprob,
                         const mm_cells_mask_options* options = nullptr, const Run& run = {}) {
  return made_by_run<Image, mm_image>(run, [&](const mm_run_options* run_options, mm_image** out) {
    return mm_cells_masks(flows.get(), cellprob.get(), options, run_options, out);
  });
}

/// @param labels of cells
/// @param image of nothing: no intensities
/// @return a row for each time and cell
inline Table cells_measure(const Image& labels, const Image& image = {}) {
  return made_by<Table, mm_table>(
      [&](mm_table** out) { return mm_cells_measure(labels.get(), image.get(), out); });
}

/// @param path a NIfTI file of any shape and type
/// @param verify every voxel is read and checked too
/// @param run progress, cancelling
/// @return the text of `musclemap info --json`
inline std::string nifti_json(const std::string& path, bool verify = false, const Run& run = {}) {
  std::string text;
  run_with(run, [&](const mm_run_options* options) {
    return mm_nifti_write_json(path.c_str(), nullptr, verify ? 1 : 0, options, append_text, &text);
  });
  return text;
}

}  // namespace musclemap::c

#endif  // MUSCLEMAP_CAPI_HPP_
