#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/checked.hpp"
#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "base/warnings.hpp"
#include "image/typed_view.hpp"
#include "io/files/byte_sink.hpp"
#include "io/files/output_guard.hpp"
#include "io/nifti/nifti_header.hpp"
#include "io/nifti/nifti_new_header.hpp"
#include "io/nifti/nifti_paths.hpp"
#include "io/nifti/nifti_voxels.hpp"
#include "musclemap/error.hpp"
#include "musclemap/nifti.hpp"

namespace musclemap {
namespace {

constexpr bool kBigEndianMachine = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

const unsigned char* first_byte(const Volume& volume) {
  return image::with_view(volume,
                          [](const auto& view) { return reinterpret_cast<const unsigned char*>(view.data); });
}

class FileWriter : public SlabWriter {
 public:
  FileWriter(const std::filesystem::path& file, const Geometry& geometry, DType dtype,
             const NiftiWriteOptions& options, int threads)
      : path_(file), shape_(geometry.shape), dtype_(dtype) {
    const io::OutputKind kind = io::output_kind(file);
    if (options.like) {
      io::OutputGuard guard;
      guard.reads_image(options.like->file, "file whose header is kept");
      guard.writes(file, "volume");
    }
    const std::vector<unsigned char> header = io::new_header(geometry, dtype, options, file);
    // Fails for a size that no file can have, before anything is created.
    auto bytes = static_cast<std::int64_t>(dtype_size(dtype));
    for (const std::int64_t length : shape_) bytes = base::checked_mul(bytes, length);
    sink_ = kind == io::OutputKind::gzip ? io::create_gzip_sink(file, threads) : io::create_plain_sink(file);
    sink_->write(header.data(), header.size());
  }

  void write(std::int64_t k_begin, const Volume& slab) override {
    check(k_begin, slab);
    const std::int64_t slices = slab.geometry().shape[2];
    if (slices > 1 && is_in_place(slab) && slab.stride_bytes()[2] == slice_bytes()) {
      send(first_byte(slab), static_cast<std::size_t>(slices * slice_bytes()));
    } else {
      for (std::int64_t k = 0; k < slices; ++k) write_slice(slab, k);
    }
    next_ += slab.geometry().shape[2];
  }

  void commit() override {
    if (sink_ == nullptr) throw_argument("the file is complete or has been given up");
    if (next_ != shape_[2]) {
      throw_argument(std::to_string(next_) + " of " + std::to_string(shape_[2]) +
                     " slices have been written");
    }
    // Whether this works or throws, there is nothing more to write.
    const std::unique_ptr<io::ByteSink> sink = std::move(sink_);
    sink->commit();
  }

 private:
  [[noreturn]] void throw_argument(const std::string& message) const {
    throw Error(ErrorCode::argument, Reason::invalid, message, path_);
  }

  void check(std::int64_t k_begin, const Volume& slab) const {
    if (sink_ == nullptr) throw_argument("the file is complete or has been given up");
    if (slab.dtype() != dtype_) {
      throw_argument(std::string("the slab holds ") + dtype_name(slab.dtype()) + ", the file " +
                     dtype_name(dtype_));
    }
    const Index3& shape = slab.geometry().shape;
    if (shape[0] != shape_[0] || shape[1] != shape_[1]) {
      throw_argument("slices of " + std::to_string(shape[0]) + "x" + std::to_string(shape[1]) +
                     " do not fit a file of " + std::to_string(shape_[0]) + "x" + std::to_string(shape_[1]));
    }
    if (k_begin != next_ || shape[2] > shape_[2] - next_) {
      throw_argument("slices " + std::to_string(k_begin) + " to " + std::to_string(k_begin + shape[2] - 1) +
                     " came where slice " + std::to_string(next_) + " of " + std::to_string(shape_[2]) +
                     " is next");
    }
  }

  std::int64_t slice_bytes() const {
    return shape_[0] * shape_[1] * static_cast<std::int64_t>(dtype_size(dtype_));
  }

  // Whether each slice lies in memory as in the file.
  bool is_in_place(const Volume& slab) const {
    const auto size = static_cast<std::int64_t>(dtype_size(dtype_));
    const Index3 stride = slab.stride_bytes();
    return !kBigEndianMachine && (shape_[0] == 1 || stride[0] == size) &&
           (shape_[1] == 1 || stride[1] == size * shape_[0]);
  }

  // A slice that lies in memory as in the file is passed on as it is; any other is gathered first.
  void write_slice(const Volume& slab, std::int64_t k) {
    const auto size = static_cast<std::int64_t>(dtype_size(dtype_));
    const Index3 stride = slab.stride_bytes();
    const unsigned char* from = first_byte(slab) + k * stride[2];
    const auto bytes = static_cast<std::size_t>(slice_bytes());
    if (is_in_place(slab)) return send(from, bytes);
    slice_.resize(bytes);
    unsigned char* to = slice_.data();
    for (std::int64_t j = 0; j < shape_[1]; ++j) {
      for (std::int64_t i = 0; i < shape_[0]; ++i, to += size) {
        std::memcpy(to, from + j * stride[1] + i * stride[0], static_cast<std::size_t>(size));
      }
    }
    if (kBigEndianMachine) io::reverse_numbers(slice_.data(), bytes, static_cast<int>(size));
    send(slice_.data(), bytes);
  }

  // After an error the stream has a gap, so the file is given up.
  void send(const void* bytes, std::size_t count) {
    try {
      sink_->write(bytes, count);
    } catch (...) {
      sink_.reset();
      throw;
    }
  }

  std::filesystem::path path_;
  Index3 shape_;
  DType dtype_;
  std::int64_t next_ = 0;
  std::vector<unsigned char> slice_;
  std::unique_ptr<io::ByteSink> sink_;
};

}  // namespace

std::unique_ptr<SlabWriter> create_nifti(const std::filesystem::path& file, const Geometry& geometry,
                                         DType dtype, const NiftiWriteOptions& options, int threads) {
  return std::make_unique<FileWriter>(file, geometry, dtype, options, threads);
}

void write_nifti(const Volume& volume, const std::filesystem::path& file, const NiftiWriteOptions& options,
                 const RunControl& control) {
  if (volume.empty()) {
    throw Error(ErrorCode::argument, Reason::invalid, "an empty volume has no voxels to write", file);
  }
  const Geometry& geometry = volume.geometry();
  if (options.like == nullptr && !geometry.spacing_known) {
    base::warn(control, WarningCode::no_spacing,
               "the volume has no voxel size; the file says that a voxel is a cube of 1 mm");
  }
  const std::unique_ptr<SlabWriter> writer =
      create_nifti(file, geometry, volume.dtype(), options, base::resolve_threads(control.threads));
  const auto [ni, nj, nk] = geometry.shape;
  const std::int64_t slice_bytes = ni * nj * static_cast<std::int64_t>(dtype_size(volume.dtype()));
  const std::int64_t at_once = std::max<std::int64_t>(1, base::kReportBytes / slice_bytes);
  for (std::int64_t k = 0; k < nk; k += at_once) {
    const std::int64_t count = std::min(at_once, nk - k);
    writer->write(k, volume.subvolume({0, 0, k}, {ni, nj, count}));
    base::report(control, Stage::write, k + count, nk);
  }
  writer->commit();
}

}  // namespace musclemap
