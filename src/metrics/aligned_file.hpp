// A file as a source of slabs along the axes of another one of the same space.
#ifndef MUSCLEMAP_METRICS_ALIGNED_FILE_HPP_
#define MUSCLEMAP_METRICS_ALIGNED_FILE_HPP_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "image/reordered.hpp"
#include "musclemap/nifti.hpp"

namespace musclemap::metrics {

/// Stays where it is made. One thread at a time.
class AlignedFile : public SlabReader {
 public:
  /// `axes` turn those of the file into those of the slabs.
  AlignedFile(std::unique_ptr<NiftiReader> file, const image::Orientation& axes)
      : file_(std::move(file)), axes_(axes), slabs_(*file_, axes) {}
  AlignedFile(const AlignedFile&) = delete;
  AlignedFile& operator=(const AlignedFile&) = delete;

  Geometry geometry() const override { return slabs_.geometry(); }
  DType dtype() const override { return slabs_.dtype(); }
  std::string stored_dtype() const override { return slabs_.stored_dtype(); }
  Volume read(std::int64_t k_begin, std::int64_t k_count) override { return slabs_.read(k_begin, k_count); }

  /// As it is stored.
  const NiftiReader& file() const { return *file_; }
  const image::Orientation& axes() const { return axes_; }
  /// What the slabs need in memory beside themselves.
  std::size_t held_bytes() const { return image::held_bytes(file_->geometry().shape, dtype(), axes_); }

 private:
  std::unique_ptr<NiftiReader> file_;
  image::Orientation axes_;
  image::ReorderedReader slabs_;
};

}  // namespace musclemap::metrics

#endif  // MUSCLEMAP_METRICS_ALIGNED_FILE_HPP_
