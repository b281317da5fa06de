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

namespace musclemap::c {

/// A status that was not MM_OK, with what mm_last_error_info() said of it.
class Error : public std::runtime_error {
 public:
  Error(mm_status code, std::int32_t reason, std::string file, const std::string& message)
      : std::runtime_error(message), code_(code), reason_(reason), file_(std::move(file)) {}
  mm_status code() const noexcept { return code_; }
  std::int32_t reason() const noexcept { return reason_; }
  const std::string& file() const noexcept { return file_; }

 private:
  mm_status code_;
  std::int32_t reason_;
  std::string file_;
};

/// A struct of the C interface with its size set and all else 0.
template <class T>
T make() {
  T made{};
  made.struct_size = sizeof made;
  return made;
}

/// Throws Error for anything but MM_OK.
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
  Handle() = default;
  explicit Handle(T* handle) noexcept : handle_(handle) {}
  T* get() const noexcept { return handle_.get(); }
  explicit operator bool() const noexcept { return handle_ != nullptr; }

 private:
  struct Deleter {
    void operator()(T* handle) const noexcept { Free(handle); }
  };
  std::unique_ptr<T, Deleter> handle_;
};

/// The object that `call(&handle)` makes.
template <class Object, class T, class Call>
Object made_by(const Call& call) {
  T* handle = nullptr;
  check(call(&handle));
  return Object(handle);
}

/// The bytes that a call hands to its mm_write_fn.
template <class Call>
std::string text_of(const Call& call) {
  std::string text;
  const mm_write_fn append = [](const char* bytes, std::size_t count, void* to) -> std::int32_t {
    try {
      static_cast<std::string*>(to)->append(bytes, count);
      return 0;
    } catch (...) {
      return 1;
    }
  };
  check(call(append, &text));
  return text;
}

/// Ends runs from any thread.
class CancelToken : public Handle<mm_cancel_token, mm_cancel_token_free> {
 public:
  CancelToken() : Handle(made_by<Handle, mm_cancel_token>(mm_cancel_token_create)) {}
  void cancel() const noexcept { mm_cancel_token_cancel(get()); }
  bool cancelled() const noexcept { return mm_cancel_token_is_cancelled(get()) != 0; }
};

/// How a long call runs. What a callback throws ends the run and comes out of the call.
struct Run {
  std::function<void(const mm_progress&)> on_progress;
  std::function<void(const std::string&)> on_warning;
  const CancelToken* cancel = nullptr;
  std::int32_t threads = 0;
  std::uint64_t memory_budget = 0;
};

/// Makes one call with the options of a Run.
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
  options.on_warning = [](const char* message, void* data) {
    auto* own = static_cast<State*>(data);
    if (own->thrown || !own->run->on_warning) return;
    try {
      own->run->on_warning(message);
    } catch (...) {
      own->thrown = std::current_exception();
    }
  };
  const mm_status status = call(&options);
  if (state.thrown) std::rethrow_exception(state.thrown);
  check(status);
}

/// The same for a call that makes an object.
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
  Volume(const Volume& other) : Handle(shared(other.get())) {}
  Volume(Volume&&) noexcept = default;
  Volume& operator=(const Volume& other) {
    if (this != &other) *this = Volume(other);
    return *this;
  }
  Volume& operator=(Volume&&) noexcept = default;
  ~Volume() = default;

  /// Without a copy; `owner` is let go with the last user of the voxels.
  static Volume wrap(const mm_volume_desc& desc, std::shared_ptr<const void> owner = nullptr) {
    auto kept = std::make_unique<std::shared_ptr<const void>>(std::move(owner));
    const mm_release_fn release = [](void* data) { delete static_cast<std::shared_ptr<const void>*>(data); };
    Volume volume = made_by<Volume, mm_volume>(
        [&](mm_volume** out) { return mm_volume_wrap(&desc, release, kept.get(), out); });
    static_cast<void>(kept.release());
    return volume;
  }
  static Volume zeros(const mm_volume_desc& desc) {
    return made_by<Volume, mm_volume>([&](mm_volume** out) { return mm_volume_zeros(&desc, out); });
  }
  static Volume read(const std::string& path, const mm_nifti_options* options = nullptr) {
    return made_by<Volume, mm_volume>(
        [&](mm_volume** out) { return mm_volume_read(path.c_str(), options, out); });
  }
  void write(const std::string& path, const mm_nifti_write_options* options = nullptr) const {
    check(mm_volume_write(get(), path.c_str(), options));
  }
  mm_volume_desc describe() const {
    auto desc = make<mm_volume_desc>();
    check(mm_volume_describe(get(), &desc));
    return desc;
  }
  Volume deep_copy() const {
    return made_by<Volume, mm_volume>([&](mm_volume** out) { return mm_volume_copy(get(), out); });
  }

 private:
  static mm_volume* shared(mm_volume* volume) {
    if (volume != nullptr) check(mm_volume_retain(volume));
    return volume;
  }
};

struct Label {
  std::int32_t value = 0;
  std::string region, anatomy, side, snomed;
};

/// Names of label values.
class Labels : public Handle<mm_labels, mm_labels_free> {
 public:
  using Handle::Handle;
  static Labels read(const std::string& path) {
    return made_by<Labels, mm_labels>([&](mm_labels** out) { return mm_labels_read(path.c_str(), out); });
  }
  static Labels builtin(const std::string& region, const std::string& version = "latest") {
    return made_by<Labels, mm_labels>(
        [&](mm_labels** out) { return mm_labels_builtin(region.c_str(), version.c_str(), out); });
  }
  static Labels of(const std::vector<Label>& labels) {
    std::vector<mm_label> plain;
    for (const Label& label : labels) {
      plain.push_back({sizeof(mm_label), label.value, label.region.c_str(), label.anatomy.c_str(),
                       label.side.c_str(), label.snomed.c_str()});
    }
    const auto count = static_cast<std::int64_t>(plain.size());
    const mm_label none{};
    return made_by<Labels, mm_labels>(
        [&](mm_labels** out) { return mm_labels_create(plain.empty() ? &none : plain.data(), count, out); });
  }
  std::vector<Label> all() const {
    std::int64_t count = 0;
    check(mm_labels_count(get(), &count));
    std::vector<Label> labels;
    for (std::int64_t n = 0; n < count; ++n) {
      auto label = make<mm_label>();
      check(mm_labels_at(get(), n, &label));
      labels.push_back({label.value, label.region, label.anatomy, label.side, label.snomed});
    }
    return labels;
  }
  /// MM_VIEWER_*.
  std::string table(std::int32_t viewer) const {
    return text_of([&](mm_write_fn write, void* to) { return mm_labels_write(get(), viewer, write, to); });
  }
};

/// A model.
class Bundle : public Handle<mm_bundle, mm_bundle_free> {
 public:
  using Handle::Handle;
  static Bundle open(const std::string& path, bool trust = false) {
    auto options = make<mm_bundle_options>();
    options.trust = trust ? 1 : 0;
    return made_by<Bundle, mm_bundle>(
        [&](mm_bundle** out) { return mm_bundle_open(path.c_str(), &options, out); });
  }
  /// Texts live as long as the bundle.
  mm_bundle_info describe() const {
    auto info = make<mm_bundle_info>();
    check(mm_bundle_describe(get(), &info));
    return info;
  }
  Labels labels() const {
    return made_by<Labels, mm_labels>([&](mm_labels** out) { return mm_bundle_labels(get(), out); });
  }
};

/// An image that is handed over slice by slice; see mm_slab_source.
struct SlabSource {
  std::int32_t dtype = MM_DTYPE_F32;
  std::array<std::int64_t, 3> shape{};
  std::array<double, 16> affine{};
  /// Fills request.voxels; what it throws ends the run and comes out of it.
  std::function<void(const mm_slab_request&)> read;
};

/// Segments images. One run at a time; cancel() from any thread.
class Segmenter : public Handle<mm_segmenter, mm_segmenter_free> {
 public:
  explicit Segmenter(const Bundle& bundle, const mm_segment_options* options = nullptr)
      : Handle(made_by<Handle, mm_segmenter>(
            [&](mm_segmenter** out) { return mm_segmenter_create(bundle.get(), options, out); })) {}
  Volume run(const Volume& image, const Run& run = {}) {
    return made_by_run<Volume, mm_volume>(run, [&](const mm_run_options* options, mm_volume** out) {
      return mm_segmenter_run(get(), image.get(), options, out);
    });
  }
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
  void run_file(const std::string& image, const std::string& labels, const Run& run = {},
                const mm_segment_file_options* file_options = nullptr) {
    run_with(run, [&](const mm_run_options* options) {
      return mm_segmenter_run_file(get(), image.c_str(), labels.c_str(), file_options, options);
    });
  }
  std::uint64_t peak_bytes(const mm_volume_desc& image) const {
    std::uint64_t bytes = 0;
    check(mm_segmenter_peak_bytes(get(), &image, nullptr, &bytes));
    return bytes;
  }
  /// Texts live until the next run.
  mm_segment_report report() const {
    auto report = make<mm_segment_report>();
    check(mm_segmenter_report(get(), &report));
    return report;
  }
  void cancel() const noexcept { mm_segmenter_cancel(get()); }
};

/// Rows and columns.
class Table : public Handle<mm_table, mm_table_free> {
 public:
  using Handle::Handle;
  std::int64_t rows() const {
    std::int64_t count = 0;
    check(mm_table_row_count(get(), &count));
    return count;
  }
  std::int64_t columns() const {
    std::int64_t count = 0;
    check(mm_table_column_count(get(), &count));
    return count;
  }
  /// Texts and values live as long as the table.
  mm_column column(std::int64_t number) const {
    auto column = make<mm_column>();
    check(mm_table_describe_column(get(), number, &column));
    return column;
  }
  std::int64_t find(const std::string& name) const {
    std::int64_t number = 0;
    check(mm_table_find_column(get(), name.c_str(), &number));
    return number;
  }
  /// Of a column of numbers, by identifier or title.
  std::vector<double> values(const std::string& name) const {
    const double* values = column(find(name)).values;
    if (values == nullptr) return {};
    return {values, values + rows()};
  }
  std::string text(std::int64_t column, std::int64_t row) const {
    const char* cell = nullptr;
    check(mm_table_text(get(), column, row, &cell));
    return cell;
  }
  std::string write(const mm_table_write_options* options = nullptr) const {
    return text_of([&](mm_write_fn take, void* to) { return mm_table_write(get(), options, take, to); });
  }
};

/// An image divided into muscle and fat.
class Tissue : public Handle<mm_tissue, mm_tissue_free> {
 public:
  using Handle::Handle;
  static Tissue classify(const Volume& image, const Volume& labels,
                         const mm_tissue_options* options = nullptr, const Run& run = {}) {
    return made_by_run<Tissue, mm_tissue>(run, [&](const mm_run_options* run_options, mm_tissue** out) {
      return mm_tissue_classify(image.get(), labels.get(), options, run_options, out);
    });
  }
  std::vector<mm_tissue_fit> fits() const {
    std::int64_t count = 0;
    check(mm_tissue_fit_count(get(), &count));
    std::vector<mm_tissue_fit> fits(static_cast<std::size_t>(count), make<mm_tissue_fit>());
    for (std::int64_t n = 0; n < count; ++n)
      check(mm_tissue_fit_at(get(), n, &fits[static_cast<std::size_t>(n)]));
    return fits;
  }
  Volume volume() const {
    return made_by<Volume, mm_volume>([&](mm_volume** out) { return mm_tissue_volume(get(), out); });
  }
  Volume mask(std::int32_t kind) const {
    return made_by<Volume, mm_volume>([&](mm_volume** out) { return mm_tissue_mask(get(), kind, out); });
  }
  Volume posterior(std::int32_t kind) const {
    return made_by<Volume, mm_volume>([&](mm_volume** out) { return mm_tissue_posterior(get(), kind, out); });
  }
  void set_thresholds(std::int32_t label, double muscle_max, double fat_min) {
    check(mm_tissue_set_thresholds(get(), label, muscle_max, fat_min));
  }
  void set_exclusion_mask(const Volume& mask) { check(mm_tissue_set_exclusion_mask(get(), mask.get())); }
  void recompute(const Run& run = {}) {
    run_with(run, [&](const mm_run_options* options) { return mm_tissue_recompute(get(), options); });
  }
};

inline Table measure(const Tissue& tissue, const Labels& names = {}, const Run& run = {}) {
  return made_by_run<Table, mm_table>(run, [&](const mm_run_options* options, mm_table** out) {
    return mm_measure(tissue.get(), names.get(), nullptr, options, nullptr, out);
  });
}

/// MM_VALUES_*.
inline Table measure_mean(const Volume& labels, const Volume& values, std::int32_t value_kind,
                          const Labels& names = {}, const Run& run = {}) {
  return made_by_run<Table, mm_table>(run, [&](const mm_run_options* options, mm_table** out) {
    return mm_measure_mean(labels.get(), values.get(), value_kind, names.get(), nullptr, options, nullptr,
                           out);
  });
}

inline Table extract_metrics(const mm_metrics_request& request, const Run& run = {}) {
  return made_by_run<Table, mm_table>(run, [&](const mm_run_options* options, mm_table** out) {
    return mm_extract_metrics(&request, options, nullptr, out);
  });
}

inline Volume fat_fraction(const Volume& fat, const Volume& water, const Run& run = {}) {
  return made_by_run<Volume, mm_volume>(run, [&](const mm_run_options* options, mm_volume** out) {
    return mm_fat_fraction(fat.get(), water.get(), options, out);
  });
}

/// The labels over the image: the bytes of a PNG file.
inline std::string qc_montage_png(const Volume& image, const Volume& labels, const Labels& names = {},
                                  const mm_montage_options* options = nullptr) {
  return text_of([&](mm_write_fn write, void* to) {
    return mm_qc_montage_png(image.get(), labels.get(), names.get(), options, write, to);
  });
}

/// The tissues over the image: the bytes of a PNG file.
inline std::string tissue_montage_png(const Tissue& tissue, const Labels& names = {},
                                      const mm_montage_options* options = nullptr) {
  return text_of([&](mm_write_fn write, void* to) {
    return mm_tissue_montage_png(tissue.get(), names.get(), options, write, to);
  });
}

/// The text of `musclemap info --json`.
inline std::string nifti_json(const std::string& path, bool verify = false) {
  return text_of([&](mm_write_fn write, void* to) {
    return mm_nifti_write_json(path.c_str(), nullptr, verify ? 1 : 0, write, to);
  });
}

}  // namespace musclemap::c

#endif  // MUSCLEMAP_CAPI_HPP_
